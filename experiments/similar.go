package experiments

import "context"

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
