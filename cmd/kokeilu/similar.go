package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/search"
)

// similarCases finds what is like a case, for its page. Looking is a search, so
// what was found is remembered for a while: what is new and similar shows up
// within pagecache.MaxAge. What is shown is read anew each time, so that
// nothing is shown that has been hidden since.
type similarCases struct {
	app *App

	mu   sync.Mutex
	memo map[similarTo]similarFound
}

type similarTo struct{ id, lang string }

type similarFound struct {
	at     time.Time
	themes []string // of the case
	list   []similarThing
}

// similarThing is a find and the words it shares with the case.
type similarThing struct {
	search.Ref
	words []string
}

// similarKept bounds the memory of what was found.
const similarKept = 20_000

// SimilarCase returns at most n public cases and experiments like the one with
// the id.
func (s *similarCases) SimilarCase(ctx context.Context, id, lang string, n int) (list []cases.Related, err error) {
	now := s.app.Now()
	found, ok := s.remembered(similarTo{id, lang}, now)
	if !ok {
		if found, err = s.look(ctx, id, lang, n); err != nil {
			return nil, err
		}
		found.at = now
		s.remember(similarTo{id, lang}, found)
	}
	pagecache.Until(ctx, now, found.at.Add(pagecache.MaxAge))
	for _, thing := range found.list {
		r, themes, ok, err := s.related(ctx, thing.Ref, lang)
		if err != nil {
			return nil, err
		}
		if ok && len(list) < n {
			r.Theme, r.Words = sharedTheme(found.themes, themes, lang), thing.words
			list = append(list, r)
		}
	}
	return list, nil
}

func (s *similarCases) remembered(to similarTo, now time.Time) (similarFound, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.memo[to]
	age := now.Sub(found.at)
	return found, ok && age >= 0 && age < pagecache.MaxAge
}

func (s *similarCases) remember(to similarTo, found similarFound) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.memo == nil || len(s.memo) >= similarKept {
		s.memo = map[similarTo]similarFound{}
	}
	s.memo[to] = found
}

// look asks the index. It does so outside of the page's context: which
// documents a search reads is not what the page shows.
func (s *similarCases) look(ctx context.Context, id, lang string, n int) (similarFound, error) {
	apart := pagecache.Apart(ctx)
	d, ok, err := cases.Documents{Service: s.app.Cases}.Document(apart, id)
	if err != nil || !ok {
		return similarFound{}, err
	}
	found, err := s.app.Index.Like(apart, lang, d.Title+" "+d.Summary, id, 2*n)
	all := similarFound{themes: d.Themes}
	for _, f := range found {
		all.list = append(all.list, similarThing{search.Ref{Kind: f.Kind, ID: f.ID}, f.Shared})
	}
	return all, err
}

// sharedTheme is the first theme that is among both, as readers call it.
func sharedTheme(a, b []string, lang string) string {
	for _, key := range a {
		if theme, ok := content.Theme(key); ok && slices.Contains(b, key) {
			return theme.In(lang)
		}
	}
	return ""
}

// related is a find as it is now, and its themes; ok is false when it is not
// public any more.
func (s *similarCases) related(ctx context.Context, ref search.Ref, lang string) (r cases.Related, themes []string, ok bool, err error) {
	if ref.Kind == "case" {
		row, err := s.app.Cases.Row(ctx, ref.ID)
		if errors.Is(err, cases.ErrUnknown) {
			return r, nil, false, nil
		}
		return cases.Related{Kind: ref.Kind, Title: row.Title, Lang: row.Lang, Path: row.Path(), Place: row.PlaceIn(lang)}, row.Themes, err == nil, err
	}
	d, ok, err := experiments.Documents{Service: s.app.Experiments}.Document(ctx, ref.ID)
	place, _, _ := strings.Cut(d.Places, "\n")
	return cases.Related{Kind: d.Kind, Title: d.Title, Lang: d.Lang, Path: d.Path, Place: place}, d.Themes, ok && !d.Members, err
}
