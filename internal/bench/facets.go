package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/blevesearch/bleve/v2"

	"github.com/kokeilu/kokeilu/content/corpus"
	"github.com/kokeilu/kokeilu/search"
)

// counting is S4: what counting the facets costs, and whether the counts are
// right. Both are measured in this process, on the portal's own index.
func (b *bench) counting(ctx context.Context) (err error) {
	s := b.newShelf(b.size)
	x, err := s.index(ctx, b.options, b.out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	var rounds pairs
	for i := range b.rounds + 1 {
		// Each its own questions: what was asked before is partly remembered.
		with, err := searchOwn(ctx, x, b.questions.some(b.queries), true)
		if err != nil {
			return err
		}
		without, err := searchOwn(ctx, x, b.questions.some(b.queries), false)
		if err != nil {
			return err
		}
		if i > 0 { // the first warms
			rounds = append(rounds, pair{with, without})
		}
	}
	b.table.ratio("S4", fmt.Sprintf("search counting %d facets, CPU, %s", len(search.Facets), size(b.size)), "µs", rounds, atMost, 1.6)
	return b.recount(ctx, x, s)
}

// searchOwn is this process's time for each search.
func searchOwn(ctx context.Context, x *search.Index, questions []question, count bool) (micros float64, err error) {
	before, err := ownCPU()
	if err != nil {
		return 0, err
	}
	for _, q := range questions {
		if _, err := x.Search(ctx, search.Request{Text: q.words, Lang: q.lang, Count: count}); err != nil {
			return 0, err
		}
	}
	after, err := ownCPU()
	return float64(after-before) / float64(time.Microsecond) / float64(len(questions)), err
}

// recounted is how many queries' counts are held against Bleve's own.
const recounted = 1000

// recount has Bleve count the facets of exactly those documents that a search
// finds. The portal finds more than a bare index does, so that the same words
// would not ask for the same documents.
func (b *bench) recount(ctx context.Context, x *search.Index, s *shelf) error {
	bare, done, err := b.bareIndex(ctx, b.size, b.out)
	if err != nil {
		return err
	}
	defer func() { _ = done() }()
	r := rand.New(rand.NewPCG(b.seed, 4))
	wrong, documents := 0, 0
	for range min(recounted, 3*b.queries) {
		q := b.questions.next()
		ids, facets, err := findAll(ctx, x, search.Request{Text: q.words, Lang: q.lang, Filters: someFilters(r, s.texts[r.IntN(len(s.texts))])})
		if err != nil {
			return err
		}
		documents += len(ids)
		same, err := sameCounts(ctx, bare, ids, facets)
		if err != nil {
			return err
		}
		if !same {
			wrong++
		}
	}
	b.table.add(line{
		bar: "S4", what: fmt.Sprintf("of %d queries, facets counted otherwise than by Bleve, %s", min(recounted, 3*b.queries), size(b.size)),
		measured: fmt.Sprint(wrong), reference: fmt.Sprintf("%d finds", documents), judged: float64(wrong), bound: atMost,
	})
	return nil
}

// someFilters are none, one or several filters that a text meets.
func someFilters(r *rand.Rand, t corpus.Text) map[string][]string {
	filters := map[string][]string{}
	for name, value := range map[string]string{"lang": t.Lang, "country": t.Organisation[:2], "year": fmt.Sprint(t.End.Year())} {
		if r.IntN(3) == 0 {
			filters[name] = []string{value}
		}
	}
	return filters
}

// findAll is every document that a request finds, and its counts.
func findAll(ctx context.Context, x *search.Index, r search.Request) (ids []string, facets map[string][]search.Bucket, err error) {
	r.Size, r.Count = search.MaxSize, true
	for {
		got, err := x.Search(ctx, r)
		if err != nil {
			return nil, nil, err
		}
		for _, h := range got.Hits {
			ids = append(ids, h.ID)
		}
		if facets = got.Facets; len(ids) >= got.Total || len(got.Hits) == 0 {
			return ids, facets, nil
		}
		r.From, r.Count = len(ids), true
	}
}

// sameCounts asks Bleve.
func sameCounts(ctx context.Context, bare bleve.Index, ids []string, ours map[string][]search.Bucket) (bool, error) {
	req := bleve.NewSearchRequestOptions(bleve.NewDocIDQuery(ids), 0, 0, false)
	for _, name := range facets {
		req.AddFacet(name, bleve.NewFacetRequest(name, 1000))
	}
	result, err := bare.SearchInContext(ctx, req)
	if err != nil {
		return false, err
	}
	for _, name := range facets {
		theirs := map[string]int{}
		for _, t := range result.Facets[name].Terms.Terms() {
			if t.Term != "" {
				theirs[t.Term] = t.Count
			}
		}
		if len(ours[name]) < min(len(theirs), 20) {
			return false, nil
		}
		for _, bucket := range ours[name] {
			if theirs[bucket.Value] != bucket.Count {
				return false, nil
			}
		}
	}
	return true, nil
}
