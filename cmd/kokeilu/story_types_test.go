package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// A trying is one experiment as its people live it, from the first five lines
// to the lesson: over real HTTP, with forms, and with days that go by.
type trying struct {
	story
	app  *App
	days int // since it began
}

// goes lets days go by; the portal does what is due in the morning.
func (s *trying) goes(t *testing.T, days int) {
	t.Helper()
	s.days += days
	y, m, d := time.Now().In(s.app.Config.Zone).Date()
	s.app.moment.goTo(time.Date(y, m, d+1+s.days, 9, 0, 0, 0, s.app.Config.Zone))
	s.app.runDuties(t.Context(), s.app.duties())
}

// day is a day so many days from now, as forms take it.
func (s *trying) day(from int) string {
	return s.app.Now().In(s.app.Config.Zone).AddDate(0, 0, from).Format(time.DateOnly)
}

// begins registers an experiment of a type and shows the idea.
func (s *trying) begins(t *testing.T, kind string, five fields) {
	t.Helper()
	dev := s.as(t, "developer")
	plan := dev.open("/en/experiments/new").send("/experiments/new", with(five, fields{"type": kind, "lang": "fi"}))
	s.experiment = strings.Split(plan.url.Path, "/")[3]
	dev.open(s.at("plan")).send("/advance", fields{"to": "idea"})
	visit(t, s.base).open(s.at()).sees(five["title"], "Idea")
}

// plans writes sections in the order of the card and marks the plan as ready.
func (s *trying) plans(t *testing.T, typed map[string]fields) {
	t.Helper()
	dev := s.as(t, "developer")
	for _, section := range []string{"belief-and-test", "measures", "people", "calendar", "decisions", "money", "after"} {
		if f, ok := typed[section]; ok {
			dev.open(s.at("edit", section)).send("/edit/"+section, f)
		}
	}
	dev.open(s.at("plan")).send("/advance", fields{"to": "planned"})
}

// starts presses the button, when nobody else has to say yes.
func (s *trying) starts(t *testing.T) {
	t.Helper()
	s.as(t, "developer").open(s.at("plan")).send("/advance", fields{"to": "running"}).sees("The experiment is running")
	visit(t, s.base).open(s.at()).sees("Limits locked on")
}

// notes writes in the log.
func (s *trying) notes(t *testing.T, who string, entry fields) {
	t.Helper()
	s.as(t, who).open(s.at("log")).send("/log", with(fields{"kind": "observation", "reach": "public"}, entry))
}

// learns writes the lesson, which is refused without its surprise, and finishes
// it.
func (s *trying) learns(t *testing.T, who string, typed fields) {
	t.Helper()
	v := s.as(t, who)
	v.open(s.at("learning")).trySend("/learning", with(typed, fields{"surprise": "", "finish": "1"})).sees("Write what surprised you.")
	v.open(s.at("learning")).send("/learning", with(typed, fields{"finish": "1"})).sees("The lesson is finished")
	visit(t, s.base).open(s.at()).sees(typed["surprise"], "Learned")
}

// lessonOf is a whole lesson with a result.
func (s *trying) lessonOf(outcome, result string) fields {
	return fields{
		"result_1_value": result, "outcome": outcome, "surprise": "Isovanhemmat käyttivät sitä eniten.", "learnt": "Viesti ilman kirjautumista riittää.",
		"does_not": "Käsin vastaaminen aamulla.", "conditions": "Yksi ihminen, joka lukee viestit kello 6.30.", "cost_real": "22", "cost": "0",
		"decision": "retry", "decision_who": "Varhaiskasvatuksen johtaja", "decision_day": s.day(14),
	}
}

func TestEveryTypeFromIdeaToLearned(t *testing.T) {
	dir := t.TempDir()
	a := openNode(t, dir, "")
	everyType(t, a, listen(t, a), dir)
}

func TestEveryTypeFromIdeaToLearnedOnPostgreSQL(t *testing.T) {
	dir := t.TempDir()
	a := openNode(t, dir, pgtest.DSN(t))
	everyType(t, a, listen(t, a), dir)
}

func everyType(t *testing.T, a *App, base, dir string) {
	t.Helper()
	defer a.moment.goTo(time.Time{})
	for _, one := range []struct {
		name string
		tell func(*trying, *testing.T)
	}{
		{"a micro-experiment of two weeks without money", (*trying).micro},
		{"a complete process for five families", (*trying).complete},
		{"a pilot with money, a decision and a pause", (*trying).pilot},
		{"residents do it, the municipality hosts", (*trying).resident},
		{"a way of leading is tried, and the managers read no log", (*trying).management},
		{"a case is tried again elsewhere, and passes to a colleague", (*trying).replication},
	} {
		t.Run(one.name, func(t *testing.T) {
			one.tell(&trying{story: story{base: base, dir: dir}, app: a}, t)
		})
	}
}

func (s *trying) micro(t *testing.T) {
	live(t,
		chapter{"three lines are enough to begin", func(t *testing.T) {
			s.begins(t, "micro", fields{"title": "Kokous seisten", "summary": "Viikkopalaveri pidetään seisten.", "problem": "Palaveri venyy tunnin.", "sector": ""})
		}},
		chapter{"money is refused, three things are the plan", func(t *testing.T) {
			dev := s.as(t, "developer")
			dev.open(s.at("edit", "money")).trySend("/edit/money", fields{"cost_1_text": "Pöydät", "cost_1_sum": "300"}).sees("A micro-experiment uses no money.")
			dev.open(s.at("plan")).postRaw(s.at("advance"), fields{"to": "planned"}).sees("Write what you believe", "Give one measure whole")
			s.plans(t, map[string]fields{
				"belief-and-test": {"belief": "Jos seisomme, palaveri lyhenee puoleen.", "test": "Kaksi viikkopalaveria."},
				"measures":        {"measure_1_name": "Kesto", "measure_1_unit": "min", "measure_1_direction": "less", "measure_1_baseline": "60", "measure_1_limit": "30", "measure_1_how": "Kello"},
			})
		}},
		chapter{"it starts without anybody's yes and lasts two weeks", func(t *testing.T) {
			s.starts(t)
			visit(t, s.base).open(s.at()).sees("Week 1 of 2")
			s.notes(t, "developer", fields{"kind": "number", "measure": "1", "value": "35", "text": "Ensimmäinen kerta"})
		}},
		chapter{"a week of silence is said", func(t *testing.T) {
			s.goes(t, 9)
			s.as(t, "developer").open(s.at()).sees("The log has been quiet for a while")
		}},
		chapter{"nobody ends it, so it ends by itself two weeks later", func(t *testing.T) {
			s.goes(t, 14+5)
			visit(t, s.base).open(s.at()).sees("Ended")
		}},
		chapter{"four fields are the lesson", func(t *testing.T) {
			s.learns(t, "developer", fields{"result_1_value": "28", "outcome": "confirmed", "surprise": "Hiljaisetkin puhuivat.", "learnt": "Seisominen riittää."})
			visit(t, s.base).open(s.at()).sees("Limit met")
		}},
	)
}

// daycare is the worked example of the model: five families change a day-care
// time by text message.
var daycare = fields{
	"title": "Varhaiskasvatuspaikan vaihto tekstiviestillä, 5 perhettä", "summary": "Perhe vaihtaa hoitoajan viestillä. Toimistosihteeri vastaa käsin.",
	"problem": "Keittiö valmistaa viikossa yhdeksän annosta lapsille, jotka eivät tule.", "sector": "09",
}

// planOf is a whole plan of so many weeks, with changes.
func (s *trying) planOf(weeks int, changes map[string]fields) map[string]fields {
	plan := map[string]fields{
		"belief-and-test": {
			"belief": "Jos vanhemmat voivat vaihtaa hoitoajan tekstiviestillä, yllätyspoissaolot vähenevät keittiöltä.", "test": "5 perhettä, 4 viikkoa. Sihteeri vastaa käsin.",
			"stop_rule": "Jos yksikin viesti menee väärälle perheelle.", "checked_none": "1", "checked_words": "päiväkoti tekstiviesti",
		},
		"measures": {"measure_1_name": "Ilmoittamattomat poissaolot viikossa", "measure_1_unit": "kpl", "measure_1_direction": "less", "measure_1_baseline": "9", "measure_1_limit": "5", "measure_1_how": "Keittiön lista"},
		"people":   {"number": "5", "people": "Viisi perhettä", "consent": "Kirjallinen", "personal_data": "no"},
		"calendar": {"start": s.day(1), "end": s.day(7 * weeks)}, "decisions": {"none": "1"}, "money": {"none": "1"},
		"after": {"after": "Jos toimii: 60 perhettä. Jos ei: palataan soittoon."},
	}
	for section, f := range changes {
		plan[section] = with(plan[section], f)
	}
	return plan
}

func (s *trying) complete(t *testing.T) {
	live(t,
		chapter{"the five lines", func(t *testing.T) { s.begins(t, "complete", daycare) }},
		chapter{"the plan asks for the steps of the service", func(t *testing.T) {
			plan := s.planOf(4, map[string]fields{"belief-and-test": {"type": "complete"}})
			dev := s.as(t, "developer")
			for _, section := range []string{"belief-and-test", "measures", "people", "calendar", "decisions", "money", "after"} {
				dev.open(s.at("edit", section)).send("/edit/"+section, plan[section])
			}
			dev.open(s.at("plan")).postRaw(s.at("advance"), fields{"to": "planned"}).sees("Write the steps of the service.")
			dev.open(s.at("edit", "people")).send("/edit/people", fields{
				"step_1_what": "lähettää viestin", "step_1_who": "Perhe", "step_1_channel": "tekstiviesti", "step_2_what": "vastaa", "step_2_who": "Sihteeri", "step_2_mocked": "1",
			})
			dev.open(s.at("plan")).send("/advance", fields{"to": "planned"})
			visit(t, s.base).open(s.at()).sees("lähettää viestin, Perhe, tekstiviesti", "vastaa, Sihteeri (by hand)")
		}},
		chapter{"four weeks, an entry for each family", func(t *testing.T) {
			s.starts(t)
			for _, family := range []string{"Perhe 1", "Perhe 2", "Perhe 3", "Perhe 4", "Perhe 5"} {
				s.goes(t, 5)
				s.notes(t, "developer", fields{"text": family + " lähetti viestin illalla."})
			}
			s.notes(t, "developer", fields{"kind": "number", "measure": "1", "value": "4", "text": "Viimeinen viikko"})
		}},
		chapter{"it ends, and the limit of the start judges", func(t *testing.T) {
			s.as(t, "developer").open(s.at("plan")).send("/advance", fields{"to": "ended"})
			s.learns(t, "developer", s.lessonOf("confirmed", "4"))
			visit(t, s.base).open(s.at()).sees("Limit met", "Confirmed", "Change and try again")
		}},
	)
}

func (s *trying) pilot(t *testing.T) {
	live(t,
		chapter{"the five lines", func(t *testing.T) {
			s.begins(t, "pilot", with(daycare, fields{"title": "Viestit kaikkiin päiväkoteihin"}))
		}},
		chapter{"a plan with money, personal data, an open decision and a permission", func(t *testing.T) {
			s.plans(t, s.planOf(12, map[string]fields{
				"people": {"personal_data": "yes"}, "money": {"none": "", "cost_1_text": "Viestipalvelu", "cost_1_sum": "180", "own": "180"},
				"decisions": {
					"none": "", "decision_1_what": "Lisämääräraha", "decision_1_body": "Kunnanhallitus", "decision_1_by": s.day(10), "decision_1_kind": "budget", "decision_1_state": "open",
					"permission_1_rule": "Sähköinen tunnistautuminen", "permission_1_by": "Sivistysjohtaja", "permission_1_until": s.day(60),
				},
			}))
			visit(t, s.base).open(s.at()).sees("A budget decision", "Permission card", "Waived by Sivistysjohtaja")
		}},
		chapter{"the open decision blocks the start, then the coordinator's yes is asked", func(t *testing.T) {
			dev := s.as(t, "developer")
			if p := dev.open(s.at("plan")).postRaw(s.at("advance"), fields{"to": "running"}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "A decision is still open") {
				t.Errorf("started with an open decision: %d", p.status)
			}
			dev.open(s.at("edit", "decisions")).send("/edit/decisions", fields{"decision_1_state": "done"})
			dev.open(s.at("plan")).send("/ask-start", nil)
			s.as(t, "coordinator").open(s.at("plan")).send("/confirm", nil)
			s.starts(t)
		}},
		chapter{"the coordinator pauses it, and the end moves by the pause", func(t *testing.T) {
			s.goes(t, 20)
			coordinator := s.as(t, "coordinator")
			coordinator.open(s.at("stage", "paused")).trySend("/advance", fields{"reason": ""}).sees("Say why.")
			coordinator.open(s.at("stage", "paused")).send("/advance", fields{"reason": "Keittiön remontti"})
			s.goes(t, 14)
			visit(t, s.base).open(s.at()).sees("Paused, because:", "Keittiön remontti")
			s.as(t, "developer").open(s.at("plan")).send("/advance", fields{"to": "running"})
			visit(t, s.base).open(s.at()).sees("of 14")
		}},
		chapter{"the permission runs out soon, and the owner extends by two weeks", func(t *testing.T) {
			s.goes(t, 20)
			s.notes(t, "developer", fields{"text": "Lupa haetaan jatkoon."})
			extend := s.as(t, "developer").open(s.at("extend"))
			extend.trySend("/extend", fields{"weeks": "2", "reason": ""}).sees("Say why.")
			extend.send("/extend", fields{"weeks": "2", "reason": "Remontti vei kaksi viikkoa"}).sees("The last day has moved.")
			visit(t, s.base).open(s.at()).sees("Extended by 2 weeks", "Remontti vei kaksi viikkoa", "of 16")
		}},
		chapter{"the lesson is sent back once by a peer, and finished", func(t *testing.T) {
			s.as(t, "developer").open(s.at("plan")).send("/advance", fields{"to": "ended"})
			s.learns(t, "developer", s.lessonOf("partly", "6"))
			peer := s.as(t, "coordinator2")
			peer.open(s.at("stage", "ended")).send("/advance", fields{"reason": "Kuinka monta perhettä vastasi?"})
			s.as(t, "developer").open(s.at("plan")).sees("Kuinka monta perhettä vastasi?")
			s.learns(t, "developer", with(s.lessonOf("partly", "6"), fields{"unclear": "58 perheestä 41 vastasi."}))
			if p := peer.open(s.at()).postRaw(s.at("advance"), fields{"to": "ended", "reason": "Vielä"}); p.status != http.StatusConflict {
				t.Errorf("sent back twice: %d", p.status)
			}
		}},
		chapter{"another municipality does it too", func(t *testing.T) {
			s.as(t, "coordinator3").open(s.at("stage", "spread")).send("/advance", fields{"reason": "Kaksi päiväkotia Skellefteåssa"})
			visit(t, s.base).open(s.at()).sees("Spread", "Kaksi päiväkotia Skellefteåssa")
		}},
	)
}

func (s *trying) resident(t *testing.T) {
	var resident *visitor
	live(t,
		chapter{"the municipality hosts the idea", func(t *testing.T) {
			s.begins(t, "resident", fields{"title": "Kylän oma lainaamo", "summary": "Asukkaat pyörittävät lainaamoa.", "problem": "Työkaluja ostetaan kerran käytettäviksi.", "sector": "08"})
		}},
		chapter{"a resident without an account is invited, and joins by the link", func(t *testing.T) {
			before := s.letters(t)
			s.as(t, "developer").open(s.at("team")).send("/team", fields{"email": "asukas@kyla.example", "role": "lainaamon hoitaja"}).sees("asukas@kyla.example")
			link := s.letter(t, before, "asukas@kyla.example", invitationLink)
			resident = visit(t, s.base)
			resident.open(link).trySend(link, fields{"name": ""}).sees("to go on")
			resident.open(link).send(link, fields{"name": "Aino Asukas", "show_name": "1"}).sees("Welcome! You are in.", "Aino Asukas", "lainaamon hoitaja")
			if p := visit(t, s.base).try(link); p.status != http.StatusGone {
				t.Errorf("the used link answers %d", p.status)
			}
		}},
		chapter{"the plan, written together", func(t *testing.T) {
			resident.open(s.at("edit", "after")).send("/edit/after", fields{"after": "Kyläyhdistys jatkaa tai lopettaa."})
			plan := s.planOf(8, nil)
			delete(plan, "after")
			s.plans(t, plan)
			s.starts(t)
		}},
		chapter{"the resident keeps the log", func(t *testing.T) {
			s.goes(t, 0)
			signedIn, _ := s.byMail(t, "asukas@kyla.example") // an account like any other
			signedIn.open(s.at("log")).send("/log", fields{"text": "Ensimmäinen pora lainassa.", "kind": "small_win", "reach": "public"})
			visit(t, s.base).open(s.at()).sees("Ensimmäinen pora lainassa.", "Aino Asukas")
			resident = signedIn
		}},
		chapter{"a lesson that does not confirm the belief is worth the same", func(t *testing.T) {
			resident.open(s.at("plan")).send("/advance", fields{"to": "ended"})
			s.learns(t, "developer", s.lessonOf("not_confirmed", "8"))
			visit(t, s.base).open(s.at()).sees("Not confirmed")
		}},
	)
}

func (s *trying) management(t *testing.T) {
	const secret = "Pelkäämme johtajan seuraavaa kierrosta."
	live(t,
		chapter{"five departments in one space", func(t *testing.T) {
			s.begins(t, "management", fields{"title": "Viisi osastoa samaan tilaan", "summary": "Osastot istuvat samassa tilassa.", "problem": "Asiakas kiertää viisi ovea.", "sector": "01"})
			s.plans(t, s.planOf(12, nil))
			s.starts(t)
		}},
		chapter{"a methodologist from elsewhere keeps the log, and nothing else", func(t *testing.T) {
			before := s.letters(t)
			s.as(t, "developer").open(s.at("team")).send("/team", fields{"email": "developer2@example.org", "seat": "log"})
			link := s.letter(t, before, "developer2@example.org", invitationLink)
			keeper := s.as(t, "developer2")
			keeper.open(link).send(link, nil).sees("Metodstöd") // the letter was in her language
			s.notes(t, "developer2", fields{"text": "Kello 9: ensimmäinen yhteinen lyhyt palaveri."})
			s.notes(t, "developer2", fields{"text": secret, "reach": "team"})
			for _, closed := range []string{s.at("edit", "after"), s.at("plan"), s.at("extend")} {
				if p := keeper.try(closed); p.status != http.StatusForbidden {
					t.Errorf("the methodologist opens %s: %d", closed, p.status)
				}
			}
			keeper.open(s.at("log")).sees(secret)
		}},
		chapter{"the managers read the log, but not what is for the team", func(t *testing.T) {
			manager, _ := s.byMail(t, "manager@example.org")
			for _, boss := range []*visitor{manager, s.as(t, "coordinator")} {
				boss.open(s.at("log")).sees("ensimmäinen yhteinen lyhyt palaveri").seesNot(secret)
				boss.open(s.at("team")).sees("It is closed to managers and coordinators of:")
			}
			s.as(t, "developer").open(s.at("log")).sees(secret, "Who reads what is for the team only")
		}},
		chapter{"four weeks late, the lesson is stuck, and then written", func(t *testing.T) {
			s.as(t, "developer").open(s.at("plan")).send("/advance", fields{"to": "ended"})
			s.goes(t, 40)
			s.as(t, "developer").open(s.at("plan")).sees("Stuck:")
			s.learns(t, "developer", s.lessonOf("partly", "7"))
			s.as(t, "developer").open(s.at("plan")).seesNot("Stuck:")
		}},
		chapter{"a year later it is still valid", func(t *testing.T) {
			s.goes(t, 370)
			s.as(t, "developer").open(s.at("plan")).sees("Is the lesson still valid?").send("/still", nil).seesNot("Is the lesson still valid?")
		}},
	)
}

func (s *trying) replication(t *testing.T) {
	live(t,
		chapter{"it starts from somebody's case, and each leads to the other", func(t *testing.T) {
			theirs := s.someCase(t)
			dev := s.as(t, "developer")
			plan := dev.open("/en/experiments/new?case="+theirs).send("/experiments/new", fields{"title": "Sama meillä kuin naapurissa", "problem": "Kirjat palautuvat myöhässä.", "sector": "08"})
			s.experiment = strings.Split(plan.url.Path, "/")[3]
			dev.open(s.at("plan")).send("/advance", fields{"to": "idea"})
			visit(t, s.base).open(s.at()).sees("Replication").leadsTo(theirs)
			visit(t, s.base).open("/en/cases/" + theirs).leadsTo(s.experiment)
		}},
		chapter{"the plan that was copied becomes its own", func(t *testing.T) {
			s.plans(t, s.planOf(6, map[string]fields{"belief-and-test": {"type": "replication"}}))
			s.starts(t)
		}},
		chapter{"the owner is offered to a colleague, who accepts", func(t *testing.T) {
			before := s.letters(t)
			s.as(t, "developer").open(s.at("team")).send("/team", fields{"email": "kollega@utajarvi.example", "role": "kirjastonhoitaja"})
			link := s.letter(t, before, "kollega@utajarvi.example", invitationLink)
			colleague := visit(t, s.base)
			colleague.open(link).send(link, fields{"name": "Kaisa Kollega", "show_name": "1"})
			offer := s.as(t, "developer").open(s.at("team"))
			offer.send("/team/offer", fields{"to": s.personOf(t, offer)}).sees("The ownership is offered to Kaisa Kollega")
			colleague.open(s.at("team")).sees("Will you answer for this experiment?").send("/team/answer", fields{"do": "accept"})
			s.as(t, "developer").open(s.at("team")).sees("Kaisa Kollega, kirjastonhoitaja Owner")
			colleague.open(s.at("plan")).send("/advance", fields{"to": "ended"})
		}},
		chapter{"the lesson of the second time", func(t *testing.T) { s.learns(t, "developer", s.lessonOf("confirmed", "3")) }},
		chapter{"the coordinator closes it: readable, and never changed again", func(t *testing.T) {
			s.as(t, "coordinator").open(s.at("plan")).send("/advance", fields{"to": "archived"})
			visit(t, s.base).open(s.at()).sees("Archived", "Isovanhemmat käyttivät")
			if p := s.as(t, "developer").open(s.at("plan")).postRaw(s.at("edit", "after"), fields{"after": "x"}); p.status != http.StatusConflict {
				t.Errorf("the archive was changed: %d", p.status)
			}
		}},
	)
}

// someCase is the id of a case that everybody may read.
func (s *trying) someCase(t *testing.T) string {
	t.Helper()
	for _, link := range visit(t, s.base).open("/en/cases").links() {
		if m := regexp.MustCompile(`^/en/cases/([a-z0-9]{12})`).FindStringSubmatch(link); m != nil {
			return m[1]
		}
	}
	t.Fatal("no case")
	return ""
}

// personOf is the only one to whom the team's page offers the ownership.
func (s *trying) personOf(t *testing.T, p page) string {
	t.Helper()
	for n := range p.form("/team/offer").Descendants() {
		if n.Data == "option" && attr(n, "value") != "" {
			return attr(n, "value")
		}
	}
	t.Fatal("nobody can be offered the ownership")
	return ""
}
