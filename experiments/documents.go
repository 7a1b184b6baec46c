package experiments

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// Documents gives the experiments to the index: what everybody may read of
// them, and, marked so, what members may.
type Documents struct{ *Service }

// Kind is "experiment".
func (Documents) Kind() string { return "experiment" }

// mostFound is how many entries of a log can be found: each new one makes the
// index read all of them again.
const mostFound = 100

// Document returns an experiment as it can be found now. A draft, a hidden one
// and one whose embargo lasts are not there.
func (d Documents) Document(ctx context.Context, id string) (doc search.Document, ok bool, err error) {
	err = d.Store.View(ctx, func(tx store.Tx) error {
		e, err := cards.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		now := d.Now()
		public, members := e.IsPublic(now), e.Stage != Draft && e.Hidden == "" && e.Visibility == Members && !now.Before(e.Embargo)
		if !public && !members {
			return nil
		}
		log, err := d.publicLogTx(tx, id, mostFound)
		if err != nil {
			return err
		}
		o, err := d.People.OrganisationTx(tx, e.Organisation)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		doc, ok = documentOf(&e, log, o), true
		doc.Members = !public
		return d.planned(tx, id, &doc)
	})
	return doc, ok, err
}

// planned adds what the plans of an experiment found out.
func (d Documents) planned(tx store.Tx, id string, doc *search.Document) error {
	if d.Weeks == nil {
		return nil
	}
	texts, err := d.Weeks.TextsTx(tx, id)
	doc.Body = join("\n", append([]string{doc.Body}, texts...)...)
	return err
}

// Glance is Document: a card is small.
func (d Documents) Glance(ctx context.Context, id string) (search.Document, bool, error) {
	return d.Document(ctx, id)
}

// IDs yields the id of every experiment.
func (d Documents) IDs(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ids, err := store.Get(ctx, d.Store, func(tx store.Tx) (list []string, err error) {
			for e, err := range tx.Scan(rows.Bucket, store.Range{}) {
				if err != nil {
					return nil, err
				}
				list = append(list, e.Key)
			}
			return list, nil
		})
		if err != nil {
			yield("", err)
			return
		}
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// division is the COFOG division of a sector: "09" of "09.1".
func division(sector string) string {
	d, _, _ := strings.Cut(sector, ".")
	return d
}

func documentOf(e *Experiment, log []Entry, o accounts.Organisation) search.Document {
	var places []string
	for _, lang := range i18n.Languages {
		places = append(places, o.Name(lang))
	}
	body := []string{e.Problem, e.Belief, e.Test, e.After, e.Learning.Surprise, e.Learning.Works, e.Learning.DoesNot, e.Learning.Unclear, e.Learning.Conditions}
	body = append(body, e.About.Needs...)
	for _, m := range e.Measures {
		body = append(body, m.Name)
	}
	for _, one := range e.Permissions {
		body = append(body, one.Rule)
	}
	for _, n := range log {
		body = append(body, n.Text)
	}
	country, _, _ := strings.Cut(e.Organisation, ":")
	date := e.Changed
	if at, ok := e.ReachedAt(Idea); ok {
		date = at
	}
	return search.Document{
		Kind: "experiment", ID: e.ID, Lang: e.Lang, Title: e.Title, Summary: e.Summary,
		Body: join("\n", body...), Places: strings.Join(places, "\n"),
		Organisation: e.Organisation, Themes: e.Themes, Sector: division(e.Sector), Outcome: string(e.Learning.Outcome), Stage: string(e.Stage),
		Country: country, SizeClass: string(o.SizeClass()), Year: date.Year(), Path: "/experiments/" + e.ID, Date: date,
	}
}
