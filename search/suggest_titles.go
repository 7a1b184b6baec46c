package search

import (
	"context"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// titleTries is how many documents are read so that enough may be shown.
const titleTries = 2 * MaxSuggested

// best are the documents whose titles answer best what is typed.
func (s *suggester) best(docs *scores) ([]found, error) {
	list := make(topFinds, 0, titleTries)
	slices.Sort(docs.touched)
	at := place{eyes: s.eyes}
	for _, doc := range docs.touched {
		score := float64(docs.of[doc])
		switch {
		case at.value(doc, "lang") == s.own:
			score += 0.5
		case at.value(doc, "kind") == "page": // it is there in the reader's language too
			continue
		}
		list.offer(scored{doc, score, at.numeric(doc, "date"), score}, titleTries)
	}
	slices.SortFunc(list, scored.compare)
	var refs []found
	for _, t := range list {
		id, err := s.reader.ExternalID(index.NewIndexInternalID(nil, uint64(t.doc)))
		if err != nil {
			return nil, err
		}
		refs = append(refs, found{Ref: unkey(id), score: t.score})
	}
	return refs, nil
}

// withTitles adds titles, read from the things as they are now.
func (x *Index) withTitles(ctx context.Context, r Request, list []Suggestion, titles []found) ([]Suggestion, error) {
	for _, f := range titles {
		if len(list) >= MaxSuggested {
			break
		}
		source := x.source(f.Kind)
		if source == nil {
			continue
		}
		d, ok, err := source.Glance(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		if ok && (!d.Members || r.Members) && !slices.ContainsFunc(list, func(o Suggestion) bool { return strings.EqualFold(o.Text, d.Title) }) {
			list = append(list, Suggestion{Kind: d.Kind, Text: d.Title, Lang: d.Lang, Path: d.Path})
		}
	}
	return list, nil
}
