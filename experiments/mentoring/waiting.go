package mentoring

import (
	"context"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Waiting is one thing of mentoring that waits for somebody: about what, in
// which language that is, where (below the language), what to do, and until or
// since when.
type Waiting struct {
	Title, Lang, Path, What, When string
	Urgent                        bool
}

// For how long an answer that came, and the question whether they would do it
// again, are shown among what waits.
const (
	newsDays = 7
	rateDays = 14
)

// Waiting is what waits for the actor: questions to answer for a mentor, the
// answers that came for a team, and for both whether they would do it again.
func (s *Service) Waiting(ctx context.Context, a accounts.Actor, lang string) (list []Waiting, err error) {
	defer fault.Wrap(&err, "what waits in mentoring")
	if !a.SignedIn() {
		return nil, nil
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		list = nil
		p := s.Locales.For(lang)
		asMentor, err := s.mentorWaitsTx(tx, a, p)
		if err != nil {
			return err
		}
		asTeam, err := s.teamWaitsTx(tx, a, p)
		list = append(asMentor, asTeam...)
		return err
	})
	return list, err
}

func (s *Service) mentorWaitsTx(tx store.Tx, a accounts.Actor, p i18n.Printer) (list []Waiting, err error) {
	for m, err := range mentorships.By(tx, byPerson, store.Prefix(a.ID+"/")) {
		if err != nil {
			return nil, err
		}
		w := Waiting{Path: "mentorships/" + m.ID}
		switch {
		case m.State == Waits:
			due := m.Turn().Due
			w.What, w.When = p.T("mentor.task_answer"), p.T("mentor.task_by", p.DateShort(due))
			w.Urgent = !s.Now().Before(due.AddDate(0, 0, -1))
		case m.State == Over && m.MentorAgain == "" && s.within(m.Closed, rateDays):
			w.What, w.When = p.T("mentor.task_again"), p.DateShort(m.Closed)
		default:
			continue
		}
		e, _, err := s.Experiments.SeeTx(tx, accounts.System, m.Experiment)
		if err != nil {
			return nil, err
		}
		w.Title, w.Lang = e.Title, e.Lang
		list = append(list, w)
	}
	stale, err := s.staleTx(tx, a, p)
	return append(list, stale...), err
}

// staleTx asks a mentor whether the profile still holds.
func (s *Service) staleTx(tx store.Tx, a accounts.Actor, p i18n.Printer) ([]Waiting, error) {
	m, err := mentors.One(tx, byPerson, a.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!m.Active || m.IsFresh(s.Now())) {
		return nil, nil
	}
	return []Waiting{{
		Title: p.T("mentor.own_profile"), Lang: p.Lang, Path: "mentors/me", What: p.T("mentor.task_refresh"), When: p.DateShort(m.Updated),
	}}, err
}

func (s *Service) teamWaitsTx(tx store.Tx, a accounts.Actor, p i18n.Printer) (list []Waiting, err error) {
	own, err := s.Experiments.ListTx(tx, a, experiments.Query{Person: a.ID, Limit: 100})
	if err != nil {
		return nil, err
	}
	for _, row := range own.Rows {
		err := s.eachOf(tx, row.ID, func(m Mentorship) {
			w := Waiting{Title: row.Title, Lang: row.Lang, Path: "mentorships/" + m.ID}
			switch {
			case m.State == Running && s.within(m.Start, newsDays):
				w.What, w.When = p.T("mentor.task_accepted"), p.DateShort(m.Start)
			case m.State == Nobody && s.within(m.Closed, newsDays):
				w.What, w.When, w.Urgent = p.T("mentor.task_nobody"), p.DateShort(m.Closed), true
			case m.State == Over && m.TeamAgain == "" && s.within(m.Closed, rateDays):
				w.What, w.When = p.T("mentor.task_again"), p.DateShort(m.Closed)
			default:
				return
			}
			list = append(list, w)
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (s *Service) within(since time.Time, days int) bool {
	return s.Now().Before(since.AddDate(0, 0, days))
}

// OfExperiment is what an experiment's page shows of mentoring: who helps, to
// everybody who may read the page; what waits for an answer, and the way to
// ask, to the team.
func (s *Service) OfExperiment(ctx context.Context, a accounts.Actor, experimentID, lang string) (v experiments.MentoringView, err error) {
	defer fault.Wrap(&err, "mentors of experiment %q", experimentID)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		v = experiments.MentoringView{}
		e, thing, err := s.Experiments.SeeTx(tx, a, experimentID)
		if err != nil {
			return err
		}
		p, team := s.Locales.For(lang), accounts.Can(a, accounts.AskMentor, thing)
		err = s.eachOf(tx, experimentID, func(m Mentorship) {
			turn := m.Turn()
			switch {
			case m.State == Running:
				line := experiments.MentorLine{
					Name: s.People.DisplayNameTx(tx, turn.Person, lang), Role: p.T("mentor.role_" + string(m.Wish.Role)),
					URL: web.Path(lang, "mentors", turn.Mentor),
				}
				if team || a.ID == turn.Person {
					line.URL = web.Path(lang, "mentorships", m.ID)
				}
				v.Mentors = append(v.Mentors, line)
			case m.State == Waits && team:
				v.Note = p.T("mentor.note_asked", p.DateShort(turn.Asked), p.DateShort(turn.Due))
			}
		})
		if team && askable(e.Stage) {
			v.AskURL = web.Path(lang, "experiments", e.ID, "mentors")
		}
		return err
	})
	return v, err
}
