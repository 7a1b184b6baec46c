package mentoring

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrNoMentor is returned for a mentor that is not there, or not shown.
var ErrNoMentor = fault.New(fault.NotFound, "error.not_found")

// A Profile is a mentor as others see them.
type Profile struct {
	Mentor
	Name  string                // by consent, else the role
	Home  accounts.Organisation // without a name when there is none
	Load  Load
	Again int // of Rated teams, how many would ask again
	Rated int
	Mine  bool
}

// RatedFrom is from how many answers on it is shown how many would ask again.
const RatedFrom = 3

// HasRoom reports whether one more team can ask.
func (p Profile) HasRoom() bool { return p.Mentor.HasRoom(p.Load) }

// Free is how many hours a week are free.
func (p Profile) Free() float64 { return p.FreeHours(p.Load) }

// Keep stores the actor's own profile: a new one, or in the place of the old.
// It fails with a fault for each field that is wrong. ID counts for a new
// profile only; empty, one is made.
func (s *Service) Keep(ctx context.Context, a accounts.Actor, m Mentor) (kept Mentor, err error) {
	defer fault.Wrap(&err, "keep mentor profile")
	if err := accounts.Must(a, accounts.KeepMentor, accounts.Thing{Person: a.ID}); err != nil {
		return Mentor{}, err
	}
	if err := m.check(a); err != nil {
		return Mentor{}, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		kept, err = once.Do(tx, s.Now(), func() (Mentor, error) { return s.keepTx(tx, a, m) })
		return err
	})
	return kept, err
}

func (s *Service) keepTx(tx store.Tx, a accounts.Actor, m Mentor) (Mentor, error) {
	now := s.Now().UTC()
	m.Person, m.Created, m.Updated = a.ID, now, now
	kind := "mentor.added"
	old, err := mentors.One(tx, byPerson, a.ID)
	switch {
	case err == nil:
		m.ID, m.Created, kind = old.ID, old.Created, "mentor.changed"
	case !errors.Is(err, store.ErrNotFound):
		return Mentor{}, err
	case m.ID == "":
		m.ID = s.NewID()
	}
	if err := mentors.Put(tx, m); err != nil {
		return Mentor{}, err
	}
	return m, s.note(tx, a, kind, m.Subject())
}

// Mine is the actor's own profile, and whether there is one.
func (s *Service) Mine(ctx context.Context, a accounts.Actor, lang string) (p Profile, ok bool, err error) {
	defer fault.Wrap(&err, "own mentor profile")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		m, err := mentors.One(tx, byPerson, a.ID)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		p, err = s.profileTx(tx, a, m, lang)
		return err
	})
	return p, ok, err
}

// Get returns a profile that is shown, or one's own. It fails with ErrNoMentor.
func (s *Service) Get(ctx context.Context, a accounts.Actor, id, lang string) (p Profile, err error) {
	defer fault.Wrap(&err, "mentor %q", id)
	return store.Get(ctx, s.Store, func(tx store.Tx) (Profile, error) {
		m, err := mentors.Get(tx, id)
		if errors.Is(err, store.ErrNotFound) || err == nil && !m.IsPublic(s.Now()) && m.Person != a.ID {
			return Profile{}, ErrNoMentor
		}
		if err != nil {
			return Profile{}, err
		}
		return s.profileTx(tx, a, m, lang)
	})
}

func (s *Service) profileTx(tx store.Tx, a accounts.Actor, m Mentor, lang string) (Profile, error) {
	p, err := s.shownTx(tx, a, m, lang)
	if err != nil {
		return p, err
	}
	for ms, err := range mentorships.By(tx, byMentor, store.Exactly(m.ID)) {
		switch {
		case err != nil:
			return p, err
		case ms.IsOpen():
			p.Load.Open++
			if ms.State == Running {
				p.Load.Hours += ms.Wish.Hours
			}
		case ms.TeamAgain != "":
			p.Rated++
			if ms.TeamAgain == WouldAgain {
				p.Again++
			}
		}
	}
	return p, nil
}

// shownTx is a profile with the words for a reader.
func (s *Service) shownTx(tx store.Tx, a accounts.Actor, m Mentor, lang string) (Profile, error) {
	home, err := s.homeTx(tx, m.Organisation)
	return Profile{Mentor: m, Name: s.People.DisplayNameTx(tx, m.Person, lang), Home: home, Mine: a.ID != "" && a.ID == m.Person}, err
}

// homeTx is an organisation; the zero one when there is none with the key.
func (s *Service) homeTx(tx store.Tx, key string) (accounts.Organisation, error) {
	if key == "" {
		return accounts.Organisation{}, nil
	}
	o, err := s.People.OrganisationTx(tx, key)
	if errors.Is(err, store.ErrNotFound) {
		return accounts.Organisation{}, nil
	}
	return o, err
}

// A Query says which mentors a list shows. Empty fields ask for nothing.
type Query struct {
	Skill string
	Lang  string
	Role  Role
	After string // id of the last mentor of the part before
	Limit int    // 0: 24
}

// List is a part of the mentors who have room. Full counts those who fit the
// query and have none. Next is what After takes to go on, or "".
type List struct {
	Mentors []Profile
	Full    int
	Next    string
}

// List finds mentors with room: those with the fewest teams first, then those
// who looked at their profile last.
func (s *Service) List(ctx context.Context, a accounts.Actor, lang string, q Query) (l List, err error) {
	defer fault.Wrap(&err, "list mentors")
	return store.Get(ctx, s.Store, func(tx store.Tx) (List, error) { return s.listTx(tx, a, lang, q) })
}

func (s *Service) listTx(tx store.Tx, a accounts.Actor, lang string, q Query) (l List, err error) {
	loads, err := loadsTx(tx)
	if err != nil {
		return l, err
	}
	for m, err := range mentors.All(tx, store.Range{}) {
		switch {
		case err != nil:
			return l, err
		case !m.IsPublic(s.Now()) || !q.matches(m):
		case !m.HasRoom(loads[m.ID]):
			l.Full++
		default:
			p, err := s.shownTx(tx, a, m, lang)
			if err != nil {
				return l, err
			}
			p.Load = loads[m.ID]
			l.Mentors = append(l.Mentors, p)
		}
	}
	slices.SortFunc(l.Mentors, func(x, y Profile) int {
		return cmp.Or(cmp.Compare(x.Load.Open, y.Load.Open), y.Updated.Compare(x.Updated), cmp.Compare(x.ID, y.ID))
	})
	if i := slices.IndexFunc(l.Mentors, func(p Profile) bool { return p.ID == q.After }); i >= 0 {
		l.Mentors = l.Mentors[i+1:]
	}
	if limit := cmp.Or(q.Limit, 24); len(l.Mentors) > limit {
		l.Mentors = l.Mentors[:limit]
		l.Next = l.Mentors[limit-1].ID
	}
	return l, nil
}

func (q Query) matches(m Mentor) bool {
	return (q.Skill == "" || m.Skills[q.Skill] > 0) &&
		(q.Lang == "" || slices.Contains(m.Languages, q.Lang)) &&
		(q.Role == "" || slices.Contains(m.Roles, q.Role))
}

// Homes are the organisations with the given keys, those that are known.
func (s *Service) Homes(ctx context.Context, keys []string) (list []accounts.Organisation, err error) {
	defer fault.Wrap(&err, "organisations of a mentor")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list = nil
		for _, key := range keys {
			o, err := s.homeTx(tx, key)
			if err != nil {
				return err
			}
			if o.Key != "" {
				list = append(list, o)
			}
		}
		return nil
	})
	return list, err
}

// An Open is a mentorship that waits or runs, with its experiment's title.
type Open struct {
	Mentorship
	Title     string
	TitleLang string
}

// OpenOf are the teams that ask the actor or are helped, the oldest first.
func (s *Service) OpenOf(ctx context.Context, a accounts.Actor) (list []Open, err error) {
	defer fault.Wrap(&err, "open mentorships")
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list = nil
		for m, err := range mentorships.By(tx, byPerson, store.Prefix(a.ID+"/")) {
			if err != nil {
				return err
			}
			if !m.IsOpen() {
				continue
			}
			e, _, err := s.Experiments.SeeTx(tx, accounts.System, m.Experiment)
			if err != nil {
				return err
			}
			list = append(list, Open{m, e.Title, e.Lang})
		}
		return nil
	})
	return list, err
}
