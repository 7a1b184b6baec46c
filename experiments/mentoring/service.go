package mentoring

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Experiments are what teams ask help for.
type Experiments interface {
	SeeTx(tx store.Tx, a accounts.Actor, id string) (experiments.Experiment, accounts.Thing, error)
	ListTx(tx store.Tx, a accounts.Actor, q experiments.Query) (experiments.List, error)
}

// People are the persons behind profiles and teams.
type People interface {
	PersonTx(tx store.Tx, id string) (accounts.Person, error)
	DisplayNameTx(tx store.Tx, personID, lang string) string
	OrganisationTx(tx store.Tx, key string) (accounts.Organisation, error)
}

// Service is the use cases of mentoring. Its fields are set once, before the
// first call.
type Service struct {
	Store       store.Store
	Journal     *journal.Journal
	Now         func() time.Time
	NewID       func() string
	Zone        *time.Location // of days
	Experiments Experiments
	People      People
	Locales     *i18n.Bundle
	// Mail takes the letters; nil sends none.
	Mail *notify.Outbox
	// PublicURL begins the links of letters.
	PublicURL string
}

// At returns the same service at another time: sample data is made in the
// past.
func (s *Service) At(now func() time.Time) *Service {
	c := *s
	c.Now = now
	return &c
}

// note appends to the journal what happened.
func (s *Service) note(tx store.Tx, by accounts.Actor, kind, subject string) error {
	return s.Journal.Append(tx, journal.Entry{Actor: by.ID, Kind: kind, Subject: subject})
}

// putTx stores a mentorship and says so in the journal. When who helps the
// team has changed, the experiment's page has too.
func (s *Service) putTx(tx store.Tx, by accounts.Actor, kind string, m *Mentorship) error {
	if err := mentorships.Put(tx, *m); err != nil {
		return err
	}
	if kind == "mentorship.accepted" || kind == "mentorship.ended" {
		if err := s.note(tx, by, "experiment.mentor_changed", experiments.Subject(m.Experiment)); err != nil {
			return err
		}
	}
	return s.note(tx, by, kind, m.Subject())
}

// MentorsTx returns the persons who help an experiment's team now. They read
// its team space; the team is told so when it asks.
func (s *Service) MentorsTx(tx store.Tx, experimentID string) ([]string, error) {
	var list []string
	err := s.eachOf(tx, experimentID, func(m Mentorship) {
		if m.State == Running {
			list = append(list, m.Turn().Person)
		}
	})
	return list, err
}

// eachOf calls fn with each mentorship of an experiment, the oldest first.
func (s *Service) eachOf(tx store.Tx, experimentID string, fn func(Mentorship)) error {
	for m, err := range mentorships.By(tx, byExperiment, store.Prefix(experimentID+"/")) {
		if err != nil {
			return err
		}
		fn(m)
	}
	return nil
}

// loadsTx is what each mentor has taken on, by the mentor's id.
func loadsTx(tx store.Tx) (map[string]Load, error) {
	loads := map[string]Load{}
	for m, err := range mentorships.By(tx, byOpen, store.Range{}) {
		if err != nil {
			return nil, err
		}
		l := loads[m.Turn().Mentor]
		l.Open++
		if m.State == Running {
			l.Hours += m.Wish.Hours
		}
		loads[m.Turn().Mentor] = l
	}
	return loads, nil
}

// candidatesTx are the mentors who could be asked for an experiment now.
func (s *Service) candidatesTx(tx store.Tx, e *experiments.Experiment, thing accounts.Thing) ([]Candidate, error) {
	loads, err := loadsTx(tx)
	if err != nil {
		return nil, err
	}
	blocked, err := s.blockedTx(tx, e.ID)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for m, err := range mentors.All(tx, store.Range{}) {
		if err != nil {
			return nil, err
		}
		if !m.IsPublic(s.Now()) {
			continue
		}
		p, err := s.People.PersonTx(tx, m.Person)
		if errors.Is(err, store.ErrNotFound) || err == nil && p.IsErased() {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, Candidate{Mentor: m, Load: loads[m.ID], Conflict: conflict(p, thing), Blocked: slices.Contains(blocked, m.ID)})
	}
	return list, nil
}

// conflict reports whether somebody is too near to mentor a team: belongs to
// it, or manages or coordinates the organisation of one of its members.
func conflict(p accounts.Person, thing accounts.Thing) bool {
	if p.ID == thing.Owner || slices.Contains(thing.Team, p.ID) {
		return true
	}
	a := accounts.Actor{Grants: p.Grants}
	return slices.ContainsFunc(thing.TeamOrganisations, func(o string) bool {
		return a.HasIn(accounts.Manager, o) || a.HasIn(accounts.Coordinator, o)
	})
}

// quietDays is for how long a mentor who said no is not asked again for the
// same experiment.
const quietDays = 28

// blockedTx are the mentors who are asked, help or have said no lately.
func (s *Service) blockedTx(tx store.Tx, experimentID string) (list []string, err error) {
	since := s.Now().AddDate(0, 0, -quietDays)
	err = s.eachOf(tx, experimentID, func(m Mentorship) {
		if m.IsOpen() {
			list = append(list, m.Turn().Mentor)
		}
		for _, t := range m.Turns {
			if t.Answer == No && t.Answered.After(since) {
				list = append(list, t.Mentor)
			}
		}
	})
	return list, err
}

// dueFor is the last day for a mentor's answer, by the calendar of the
// mentor's country, else of the team's.
func (s *Service) dueFor(m Mentor, e *experiments.Experiment) time.Time {
	country := cmp.Or(countryOf(m.Organisation), countryOf(e.Organisation))
	return DueOn(content.Holidays(country), s.Now(), s.Zone)
}

// countryOf is the country of an organisation's key, "FI" of "FI:837".
func countryOf(organisation string) string {
	if len(organisation) < 3 || organisation[2] != ':' {
		return ""
	}
	return organisation[:2]
}

// Export is what is kept about a person's mentoring, for the file of one's own
// data.
func (s *Service) Export(ctx context.Context, a accounts.Actor) (any, error) {
	type export struct {
		Profile     *Mentor      `json:"profile,omitempty"`
		Mentorships []Mentorship `json:"mentorships"`
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) (export, error) {
		e := export{Mentorships: []Mentorship{}}
		m, err := mentors.One(tx, byPerson, a.ID)
		switch {
		case err == nil:
			e.Profile = &m
		case !errors.Is(err, store.ErrNotFound):
			return e, err
		}
		for m, err := range mentorships.By(tx, byPerson, store.Prefix(a.ID+"/")) {
			if err != nil {
				return e, err
			}
			m.TeamAgain, m.Turns = "", []Turn{m.Turn()} // the others' answers are theirs
			e.Mentorships = append(e.Mentorships, m)
		}
		return e, nil
	})
}
