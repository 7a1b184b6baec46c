package experiments

import (
	"context"
	"slices"
)

// Similar is something alike that the portal knows already: a case or another
// experiment. Outcome or Stage says how it went; Why are the words both share.
type Similar struct {
	Kind    string   `json:"kind"` // case or experiment
	ID      string   `json:"id"`
	Lang    string   `json:"lang"`
	Title   string   `json:"title"`
	URL     string   `json:"url"`
	Place   string   `json:"place,omitempty"`
	Outcome string   `json:"outcome,omitempty"`
	Stage   string   `json:"stage,omitempty"`
	Why     []string `json:"why,omitempty"`
}

// Finder finds what is similar to a text, failures included, in any language.
// lang is the reader's.
type Finder interface {
	Similar(ctx context.Context, lang, text string, n int) ([]Similar, error)
}

// WithFailure are the first n of a list. When none of them is a failure, and
// the rest knows of one, the last of them makes room for it.
func WithFailure(list []Similar, n int) []Similar {
	if len(list) <= n || n == 0 {
		return list
	}
	if slices.ContainsFunc(list[:n], Similar.Failed) {
		return list[:n]
	}
	for _, s := range list[n:] {
		if s.Failed() {
			return append(slices.Clone(list[:n-1]), s)
		}
	}
	return list[:n]
}

// Failed reports whether a similar thing is known not to have gone as it was
// believed: the most useful ones to ask.
func (s Similar) Failed() bool {
	return s.Outcome == string(NotConfirmed) || s.Outcome == string(NotTested) || s.Stage == string(Stopped)
}
