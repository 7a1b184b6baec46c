package main

import (
	"context"
	"fmt"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/search/saved"
)

type sampleWanted struct {
	ID, Words, Lang string
	Days            []int
	Approved        *int
	Merged          *int
	Into            string
}

type sampleSaved struct {
	ID, By, Words, Name, Lang, Mail string
	Day                             int
}

type sampleConcept struct {
	ID    string
	Day   int
	Names map[string][]string
}

// loadSearches lets people look in vain, a moderator decide, and somebody keep
// a search.
func (l *sampler) loadSearches(ctx context.Context) error {
	for _, w := range l.data.Wanted {
		if err := l.loadWanted(ctx, w); err != nil {
			return fmt.Errorf("wanted %s: %w", w.ID, err)
		}
	}
	for _, s := range l.data.Saved {
		err := l.by(s.By, s.Day, func(a accounts.Actor) error {
			l.moment.name(s.ID)
			_, err := l.Saved.Save(ctx, a, saved.Search{Words: s.Words, Name: s.Name, Lang: s.Lang, Mail: saved.Mail(s.Mail)})
			return err
		})
		if err != nil {
			return fmt.Errorf("saved %s: %w", s.ID, err)
		}
	}
	for _, c := range l.data.Concepts {
		err := l.by("admin", c.Day, func(a accounts.Actor) error {
			l.moment.name(c.ID)
			return l.Concepts.Add(ctx, a, c.Names)
		})
		if err != nil {
			return fmt.Errorf("concept %s: %w", c.ID, err)
		}
	}
	return nil
}

func (l *sampler) loadWanted(ctx context.Context, w sampleWanted) error {
	for _, day := range w.Days {
		l.moment.goTo(l.day(day))
		l.moment.name(w.ID)
		if !l.Wanted.Hear(w.Lang, w.Words) {
			return fmt.Errorf("%q would not be counted", w.Words)
		}
		if err := l.Wanted.Count(ctx); err != nil {
			return err
		}
	}
	switch {
	case w.Approved != nil:
		return l.by("admin", *w.Approved, func(a accounts.Actor) error { return l.Wanted.Approve(ctx, a, w.ID) })
	case w.Merged != nil:
		return l.by("admin", *w.Merged, func(a accounts.Actor) error { return l.Wanted.Merge(ctx, a, w.ID, w.Into) })
	}
	return nil
}
