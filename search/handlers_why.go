package search

import (
	"strings"

	"github.com/kokeilu/kokeilu/internal/web"
)

// whereIn names parts of a text: "title, summary".
func whereIn(p web.Page, where []string) string {
	var list []string
	for _, w := range where {
		list = append(list, p.T("search.where_"+w))
	}
	return strings.Join(list, ", ")
}

// reasons says in the reader's language why a find stands where it does, a line
// for each reason.
func reasons(p web.Page, e *Explanation) []string {
	if e == nil {
		return nil
	}
	var list []string
	for _, w := range e.Words {
		list = append(list, wordReason(p, w))
	}
	if e.Neighbours > 0 {
		list = append(list, p.T("search.why_neighbours", p.Fixed(e.Neighbours, 1)))
	}
	for _, f := range e.Factors {
		if f.Name == FactorShare {
			list = append(list, p.T("search.why_share", p.Percent(min(e.Share, 1), 0), p.Fixed(f.Times, 2)))
		} else if f.Times != 1 {
			list = append(list, p.T("search.why_"+f.Name, p.Fixed(f.Times, 2)))
		}
	}
	return append(list, p.T("search.why_sum", p.Fixed(e.Score, 1)))
}

func wordReason(p web.Page, w WordReason) string {
	if w.Points == 0 {
		return p.T("search.why_missing", w.Asked)
	}
	how := p.T("search.how_" + string(w.How))
	switch {
	case w.Said != "":
		how += ": " + w.Said
	case len(w.Found) > 0:
		how += ": " + strings.Join(w.Found, ", ")
	}
	return p.T("search.why_word", w.Asked, p.Fixed(w.Points, 1), how, whereIn(p, w.Where))
}
