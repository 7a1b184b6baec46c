package main

import (
	"context"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search/concepts"
	"github.com/kokeilu/kokeilu/search/saved"
	"github.com/kokeilu/kokeilu/search/wanted"
)

// wireSearches makes what comes of searches: those that are kept, and those
// that found nothing.
func (a *App) wireSearches() {
	a.Wanted = &wanted.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Zone: a.Config.Zone, Index: a.Index, Trials: trials{a}, Log: a.Log,
	}
	a.Concepts = &concepts.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Index: a.Index, Shipped: content.Thesaurus(),
	}
	a.Saved = &saved.Service{
		Store: a.Store, Journal: a.Journal, Now: a.Now, NewID: a.moment.NewID, Zone: a.Config.Zone, Index: a.Index,
		People: a.Accounts, Mail: a.Accounts.Mail, Locales: a.Locales, PublicURL: a.Config.PublicURL,
	}
	a.Experiments.Wants = wants{a}
}

// trials tells the wanted cases which experiments answer them.
type trials struct{ app *App }

// AnsweringTx are the public experiments that say they answer a want.
func (t trials) AnsweringTx(tx store.Tx, want string) ([]wanted.Trial, error) {
	rows, err := t.app.Experiments.AnsweringTx(tx, want)
	var list []wanted.Trial
	for _, r := range rows {
		list = append(list, wanted.Trial{Title: r.Title, Lang: r.Lang, Path: "experiments/" + r.ID, Case: r.CaseID})
	}
	return list, err
}

// wants tells experiments what is wanted.
type wants struct{ app *App }

// OpenTx are the wants that everybody may see now.
func (w wants) OpenTx(tx store.Tx) ([]experiments.Want, error) {
	open, err := w.app.Wanted.PublicTx(tx)
	var list []experiments.Want
	for _, one := range open {
		list = append(list, experiments.Want{ID: one.ID, Words: one.Words, Lang: one.Lang})
	}
	return list, err
}

// WantTx is one of them, or of those that have been answered since.
func (w wants) WantTx(tx store.Tx, id string) (experiments.Want, bool, error) {
	one, ok, err := w.app.Wanted.WantTx(tx, id)
	return experiments.Want{ID: one.ID, Words: one.Words, Lang: one.Lang}, ok, err
}

// wantedTasks are the wanted cases that wait for a moderator, as one thing to do.
func (a *App) wantedTasks(ctx context.Context, actor accounts.Actor, p web.Page) ([]task, error) {
	n, err := a.Wanted.WaitingFor(ctx, actor)
	if err != nil || n == 0 {
		return nil, err
	}
	return []task{{Title: p.T("wanted.desk"), Lang: p.Lang, URL: p.URL("wanted", "desk"), What: p.N("wanted.task", n)}}, nil
}
