package experiments_test

import (
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
)

var helsinki = mustZone("Europe/Helsinki")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func num(f float64) *float64 { return &f }

func cents(n int64) *int64 { return &n }

// on is noon of a day of 2026 in Helsinki.
func on(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 12, 0, 0, 0, helsinki)
}

func midnight(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 0, 0, 0, 0, helsinki)
}

// daycare is the worked example of the model: changing a day-care place by
// text message, five families. All three faces are complete.
func daycare() experiments.Experiment {
	return experiments.Experiment{
		ID: "daycare", Version: 1, Lang: "fi", Type: experiments.Complete, Stage: experiments.Draft, Visibility: experiments.Public,
		Created: on(time.January, 5),
		Title:   "Varhaiskasvatuspaikan vaihto tekstiviestillä, 5 perhettä",
		Summary: "Perhe vaihtaa hoitoajan tekstiviestillä. Toimistosihteeri vastaa käsin.",
		Problem: "Keittiö valmistaa joka viikko yhdeksän annosta lapsille, jotka eivät tule.",
		Owner:   "owner", Organisation: "FI:889", Sector: "09.1",
		Checked:  experiments.Checked{None: true, Words: "päiväkoti tekstiviesti"},
		Belief:   "Jos vanhemmat voivat vaihtaa hoitoajan tekstiviestillä, keittiön yllätyspoissaolot vähenevät.",
		Test:     "5 perhettä, 4 viikkoa. Toimistosihteeri vastaa käsin.",
		StopRule: "Jos yksikin viesti menee väärälle perheelle.",
		Measures: []experiments.Measure{{
			Name: "Ilmoittamattomat poissaolot viikossa", Unit: "kpl", Direction: experiments.Less,
			Baseline: num(9), Limit: num(5), How: "Keittiön lista", Final: num(4), N: 5, Source: "Keittiön lista",
		}},
		People:    experiments.Participants{Number: 5, Who: "Viisi perhettä", Consent: "Kirjallinen", PersonalData: experiments.No},
		Steps:     []experiments.Step{{What: "lähettää viestin", Who: "Perhe", Channel: "tekstiviesti"}, {What: "vastaa", Who: "Sihteeri", Mocked: true}},
		Calendar:  experiments.Calendar{Start: midnight(time.February, 2), End: midnight(time.March, 1), CheckIn: time.Friday},
		Decisions: experiments.Decisions{None: true},
		Money:     experiments.Money{None: true, Currency: "EUR"},
		After:     "Jos toimii: 60 perhettä. Jos ei: palataan soittoon.",
		Learning: experiments.Learning{
			Outcome: experiments.Confirmed, Surprise: "Isovanhemmat käyttivät sitä eniten.",
			Works: "Viesti ilman kirjautumista.", DoesNot: "Käsin vastaaminen aamulla.", Unclear: "Riittääkö yksi sihteeri 60 perheelle?",
			Conditions: "Yksi ihminen, joka lukee viestit kello 6.30.", Hours: num(22), Cents: cents(0),
			Next: experiments.Next{What: experiments.Retry, Who: "Varhaiskasvatuksen johtaja", Day: midnight(time.March, 10), Text: "60 perhettä."},
		},
	}
}

// at moves a complete card to a stage the usual way.
func at(t *testing.T, e experiments.Experiment, stages ...experiments.Stage) experiments.Experiment {
	t.Helper()
	for i, to := range stages {
		if err := e.Advance(experiments.Move{To: to, At: on(time.February, 2+i), By: "owner", Reason: "why"}, helsinki); err != nil {
			t.Fatalf("to %s: %v", to, err)
		}
	}
	return e
}
