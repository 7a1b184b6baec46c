package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

func (l *sampler) loadOrganisations(ctx context.Context) error {
	for _, o := range l.data.Organisations {
		org := accounts.Organisation{Key: o.Key, Kind: accounts.OrgKind(o.Kind), Names: o.Name, Country: o.Country, Region: o.Region, Domains: []string{o.Domain}}
		if err := l.Accounts.AddOrganisation(ctx, accounts.System, org); err != nil {
			return fmt.Errorf("%s: %w", o.Key, err)
		}
	}
	return nil
}

func (l *sampler) loadPeople(ctx context.Context) error {
	for _, p := range l.data.People {
		if err := l.at(p.Since, func() error { return l.loadPerson(ctx, p) }); err != nil {
			return fmt.Errorf("%s: %w", p.Key, err)
		}
	}
	return nil
}

func (l *sampler) loadPerson(ctx context.Context, p samplePerson) error {
	n := accounts.NewPerson{Email: p.Email, Lang: p.Lang, Created: l.Now()}
	// Whose role says it all is shown by it, in each reader's language.
	if !slices.Contains(accounts.DemoRoles, p.Key) && !slices.Contains(p.Roles, string(accounts.Coordinator)) {
		n.Name, n.ShowName = p.Name[p.Lang], true
	}
	for _, role := range p.Roles {
		g := accounts.Grant{Role: accounts.Role(role)}
		if g.Role.InOrganisation() {
			g.Organisation = p.Organisation
		}
		n.Grants = append(n.Grants, g)
	}
	if !slices.ContainsFunc(n.Grants, func(g accounts.Grant) bool { return g.Organisation != "" }) && p.Organisation != "" {
		n.Grants = append(n.Grants, accounts.Grant{Role: accounts.Member, Organisation: p.Organisation})
	}
	person, err := l.Accounts.AddDemo(ctx, p.Key, n)
	if err != nil {
		return err
	}
	return l.remember(ctx, p.Key, person.ID)
}

func (l *sampler) remember(ctx context.Context, key, person string) error {
	actor, err := store.Get(ctx, l.Store, func(tx store.Tx) (accounts.Actor, error) { return l.Accounts.ActorTx(tx, person) })
	l.people[key] = actor
	return err
}

func (l *sampler) loadImports(ctx context.Context) error {
	own := map[string]bool{} // cases that come from an experiment of the sample
	for _, e := range l.data.all() {
		own[e.Case] = true
	}
	for id, c := range l.cases {
		if own[id] {
			continue
		}
		l.moment.goTo(c.Published)
		line, err := l.Cases.ImportOne(ctx, accounts.System, id+".md", c.Raw)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if len(line.Wrong) > 0 {
			return fmt.Errorf("%s: %s", id, line.Text(l.Locales.For("en")))
		}
	}
	return nil
}

// loadVotes lets coordinators endorse and adopt, and readers answer whether a
// case was useful.
func (l *sampler) loadVotes(ctx context.Context) error {
	for _, e := range l.data.Endorsements {
		if err := l.by(e.By, e.Day, func(a accounts.Actor) error { return l.Cases.Endorse(ctx, a, e.Case, e.Reason) }); err != nil {
			return fmt.Errorf("%s endorses %s: %w", e.By, e.Case, err)
		}
	}
	for _, d := range l.data.Adoptions {
		// The sample's adopters tell in words what came out; the outcome they
		// tick is that of the case.
		row, err := l.Cases.Row(ctx, d.Case)
		if err != nil {
			return fmt.Errorf("%s: %w", d.Case, err)
		}
		note := d.Result
		if len([]rune(note)) > cases.MaxNote {
			note = d.Evidence
		}
		err = l.by(d.By, d.Day, func(a accounts.Actor) error {
			return l.Cases.Adopt(ctx, a, d.Case, cases.Adopting{Result: row.Outcome, Note: note, Confirmed: true})
		})
		if err != nil {
			return fmt.Errorf("%s adopts %s: %w", d.By, d.Case, err)
		}
	}
	for _, u := range l.data.Useful {
		for _, v := range u.Votes {
			if err := l.loadAnswers(ctx, u.Case, v.Organisation, v.Yes, v.No); err != nil {
				return fmt.Errorf("answers of %s on %s: %w", v.Organisation, u.Case, err)
			}
		}
	}
	return nil
}

func (l *sampler) by(key string, day int, f func(accounts.Actor) error) error {
	a, err := l.as(key)
	if err != nil {
		return err
	}
	return l.at(day, func() error { return f(a) })
}

// loadAnswers lets yes and no members of an organisation answer. The people
// are made for it: nobody sees more of them than the count.
func (l *sampler) loadAnswers(ctx context.Context, id, organisation string, yes, no int) error {
	for i := range yes + no {
		key := fmt.Sprintf("reader-%d-%s", i+1, accounts.KeySlug(organisation))
		if _, known := l.people[key]; !known {
			l.moment.goTo(l.day(-300))
			p, err := l.Accounts.AddDemo(ctx, key, accounts.NewPerson{Lang: "en", Created: l.Now(), Grants: []accounts.Grant{{Role: accounts.Member, Organisation: organisation}}})
			if err != nil {
				return err
			}
			if err := l.remember(ctx, key, p.ID); err != nil {
				return err
			}
		}
		if err := l.by(key, -20-i, func(a accounts.Actor) error { return l.Cases.Vote(ctx, a, id, i < yes) }); err != nil {
			return err
		}
	}
	return nil
}
