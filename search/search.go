package search

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Limits of an answer.
const (
	MaxSize = 50
	MaxFrom = 1_000_000

	// longest is how long a search may take.
	longest = 1500 * time.Millisecond
	// maxLike is how many bytes of a text Like looks at.
	maxLike = 40_000
)

// ErrSlow is returned when an answer takes too long to find.
var ErrSlow = fault.New(fault.Unavailable, "error.busy")

// Facets are the fields an answer can be narrowed by.
var Facets = [...]string{"kind", "lang", "outcome", "theme", "country", "size", "year"}

// Request asks for documents.
type Request struct {
	Text    string              // what was typed
	Lang    string              // the reader's language
	Filters map[string][]string // field of Facets, or sector, org, stage → values, any of which will do
	Members bool                // the reader is a member of an organisation
	Without map[string][]string // the same; none of the values may be there
	Order   Order
	Explain bool      // say of each find why it is there
	Now     time.Time // how new a text is counts from here; the present when zero
	From    int
	Size    int  // 10 when zero
	Count   bool // count the facets

	least float64 // share of what was asked for that a find must have; leastShare when zero
}

// unscored reports whether nobody asks how well finds match.
func (r Request) unscored() bool { return r.Order != Best && r.Order != "" && !r.Explain }

// Hit is one document found.
type Hit struct {
	Document
	Score   float64 // 0 in another order than Best, unless it is to be explained
	Title   []Piece // with what matched marked
	Snippet []Piece
	Foreign bool // in another language than the reader's
	Means   []Meaning
	Where   []string     // parts of it in which something was found: title, summary; text when in neither
	Why     *Explanation // when the request asks for it
}

// Meaning says which words of a text in another language stand for what was
// typed: "home care = kotihoito".
type Meaning struct{ Typed, Found string }

// Bucket is a value of a facet and how many finds have it.
type Bucket struct {
	Value string
	Count int
}

// Results is an answer.
type Results struct {
	Total  int
	Hits   []Hit
	Facets map[string][]Bucket
}

// Search answers a request. Things that changed since they were indexed are
// shown as they are now; what has disappeared is left out. It fails with
// ErrUnavailable while the index is being mended and cannot answer, and with
// ErrSlow when the answer takes too long.
func (x *Index) Search(ctx context.Context, r Request) (Results, error) {
	r.Text = short(r.Text)
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	out, err := x.search(ctx, r)
	if err != nil && ctx.Err() != nil {
		err = ErrSlow.Because(err)
	}
	if err != nil {
		return Results{}, fmt.Errorf("search %q: %w", r.Text, err)
	}
	return out, nil
}

func (x *Index) search(ctx context.Context, r Request) (out Results, err error) {
	r.Size = min(max(r.Size, 0), MaxSize)
	if r.Size == 0 {
		r.Size = 10
	}
	r.From = min(max(r.From, 0), MaxFrom)
	if r.Now.IsZero() {
		r.Now = time.Now()
	}
	p, refs, err := x.found(ctx, r, &out, true)
	if err != nil {
		return Results{}, err
	}
	if len(p.phrases) > 0 {
		if refs, err = x.withPhrases(ctx, refs, p, r, &out); err != nil {
			return Results{}, err
		}
		if len(refs) == 0 && out.Total == 0 { // somebody may quote from memory
			if p, refs, err = x.found(ctx, r, &out, false); err != nil {
				return Results{}, err
			}
		}
	}
	// Documents are read outside of the index: the store has its own deadline.
	for _, f := range refs {
		if err := ctx.Err(); err != nil {
			return Results{}, err
		}
		hit, ok, err := x.hit(ctx, f, p, r)
		if err != nil {
			return Results{}, err
		}
		if ok {
			out.Hits = append(out.Hits, hit)
		}
	}
	return out, nil
}

// found plans a request and finds what it asks for in the index as it is now; see
// find.
func (x *Index) found(ctx context.Context, r Request, out *Results, quoted bool) (p planned, refs []found, err error) {
	err = x.use(ctx, func(e *edition) error {
		refs, err = x.find(ctx, e, r, quoted, &p, out)
		return err
	})
	return p, refs, err
}

type found struct {
	Ref
	score float64
	why   *Explanation // when it is wanted
}

// find plans and scores a request on the index as it is now. Where phrases count
// as quoted, it finds the best that may hold them; otherwise the stretch that was
// asked for.
func (x *Index) find(ctx context.Context, live *edition, r Request, quoted bool, p *planned, out *Results) ([]found, error) {
	reader, err := live.snapshot()
	if err != nil {
		return nil, err
	}
	defer func() { _ = reader.Close() }()
	segments, err := x.columns.segments(live, reader)
	if err != nil {
		return nil, err
	}
	var ok bool
	v := newEyes(ctx, reader, segments, r)
	if *p, ok = (planner{newVocabulary(v), x.thesaurus(), x.Names, r.Lang, quoted}).plan(r.Text); !ok {
		return nil, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.least = cmp.Or(r.least, leastOf(r.Order))
	run := newRun(ctx, segments, r.Members)
	defer run.done()
	run.sharesOnly = r.unscored()
	from, size := r.From, r.Size
	if quoted && len(p.phrases) > 0 { // those that hold them are picked from the best
		from, size = 0, maxVerified
		run.hold(p.phraseWords())
	}
	if err := run.score(*p); err != nil {
		return nil, err
	}
	got := run.collect(segments, *p, r, from, size)
	out.Total, out.Facets = got.total, got.facets
	return refer(v, *p, r, quoted, got.best)
}

// refer says which documents finds are, and why they are found when that is
// wanted.
func refer(v *eyes, p planned, r Request, quoted bool, list []scored) ([]found, error) {
	refs := make([]found, len(list))
	for i, s := range list {
		id, err := v.reader.ExternalID(index.NewIndexInternalID(nil, uint64(s.doc)))
		if err != nil {
			return nil, err
		}
		refs[i] = found{Ref: unkey(id), score: s.score}
	}
	if !r.Explain {
		return refs, nil
	}
	again := newRun(v.ctx, v.segments, r.Members)
	defer again.done()
	if quoted && len(p.phrases) > 0 {
		again.hold(p.phraseWords())
	}
	reasons, err := again.explain(p, r, v, list)
	for i := range reasons {
		refs[i].why = &reasons[i]
	}
	return refs, err
}

func (x *Index) hit(ctx context.Context, f found, p planned, r Request) (Hit, bool, error) {
	source := x.source(f.Kind)
	if source == nil {
		return Hit{}, false, nil
	}
	d, ok, err := source.Glance(ctx, f.ID)
	if err != nil || !ok || d.Members && !r.Members {
		return Hit{}, false, err
	}
	v := p.see(ctx, d)
	if f.why != nil {
		p.quote(f.why, v)
	}
	return Hit{
		Document: d, Score: f.score, Foreign: d.Lang != r.Lang,
		Title: mark(d.Title, v.title), Snippet: v.snippet(), Means: p.meanings(v), Where: v.where(), Why: f.why,
	}, true, nil
}

var filterFields = append([]string{"sector", "org", "stage"}, Facets[:]...)

// Similar is a document like a given text, and the words they share.
type Similar struct {
	Document
	Shared []string
}

// Like finds public cases and experiments about the same as a text that
// somebody is writing; except leaves one out.
func (x *Index) Like(ctx context.Context, lang, text, except string, n int) ([]Similar, error) {
	picked := telling(strings.ToValidUTF8(text[:min(len(text), maxLike)], ""))
	if len(picked) == 0 {
		return nil, nil
	}
	results, err := x.Search(ctx, Request{Text: strings.Join(picked, " "), Lang: lang, Size: n + 1, least: likeShare,
		Filters: map[string][]string{"kind": {"case", "experiment"}}})
	if err != nil {
		return nil, fmt.Errorf("like: %w", err)
	}
	var list []Similar
	for _, h := range results.Hits {
		if h.ID != except && len(list) < n {
			list = append(list, Similar{h.Document, shared(h)})
		}
	}
	return list, nil
}

// telling picks the words of a text that say most about it: the longer ones,
// each once.
func telling(text string) []string {
	seen := map[string]bool{}
	var picked []string
	for _, w := range words(text) {
		if len([]rune(w.text)) >= 5 && !isCommon(w.text) && !seen[w.text] && len(picked) < maxTerms {
			seen[w.text] = true
			picked = append(picked, w.text)
		}
	}
	return picked
}

func shared(h Hit) []string {
	seen := map[string]bool{}
	var list []string
	for _, p := range append(append([]Piece{}, h.Title...), h.Snippet...) {
		w := strings.ToLower(p.Text)
		if p.Found && !seen[w] && len(list) < 4 {
			seen[w] = true
			list = append(list, w)
		}
	}
	return list
}
