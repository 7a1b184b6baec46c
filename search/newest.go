package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// FeedKinds are the kinds that are news: a guide is none.
var FeedKinds = []string{"case", "experiment"}

// Newest returns at most n finds of what everybody may read, the newest first.
// It fails as Search does.
func (x *Index) Newest(ctx context.Context, r Request, n int) ([]Document, error) {
	r.Order, r.Members, r.Count, r.From, r.Size = Newest, false, false, 0, min(n, MaxSize)
	var ok bool
	if r.Filters, ok = newsOnly(r.Filters); !ok {
		return nil, nil
	}
	var list []Document
	for len(list) < n {
		results, err := x.Search(ctx, r)
		if err != nil {
			return nil, fmt.Errorf("newest: %w", err)
		}
		for _, h := range results.Hits {
			list = append(list, h.Document)
		}
		if r.From += r.Size; r.From >= results.Total {
			break
		}
	}
	slices.SortStableFunc(list, func(a, b Document) int { return cmp.Or(b.Date.Compare(a.Date), cmp.Compare(a.ID, b.ID)) })
	return list[:min(n, len(list))], nil
}

// newsOnly narrows filters to the kinds that are news; ok is false when nothing
// of them is left.
func newsOnly(filters map[string][]string) (narrow map[string][]string, ok bool) {
	narrow = map[string][]string{}
	for f, values := range filters {
		narrow[f] = values
	}
	var kinds []string
	for _, kind := range FeedKinds {
		if len(filters["kind"]) == 0 || slices.Contains(filters["kind"], kind) {
			kinds = append(kinds, kind)
		}
	}
	narrow["kind"] = kinds
	return narrow, len(kinds) > 0
}

// Glance returns a thing as everybody sees it now, as Source.Glance does. What
// members alone may read is not there.
func (x *Index) Glance(ctx context.Context, ref Ref) (Document, bool, error) {
	source := x.source(ref.Kind)
	if source == nil {
		return Document{}, false, nil
	}
	d, ok, err := source.Glance(ctx, ref.ID)
	if err != nil || !ok || d.Members {
		return Document{}, false, err
	}
	return d, true, nil
}
