package cases_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
)

var noon = time.Date(2026, 11, 18, 12, 0, 0, 0, time.UTC) // a Wednesday

const month = 30.4375 * 24 * float64(time.Hour)

func monthsAgo(n float64) time.Time { return noon.Add(-time.Duration(n * month)) }

var oldAccount = noon.AddDate(-1, 0, 0)

// signals build tallies: n of each, from different municipalities.
func adoptedBy(n int, ago float64) []cases.Adoption {
	var list []cases.Adoption
	for i := range n {
		list = append(list, cases.Adoption{Organisation: fmt.Sprintf("FI:%d-%g", i, ago), At: monthsAgo(ago), Since: oldAccount.AddDate(-9, 0, 0)})
	}
	return list
}

func endorsedBy(n int, ago float64, name string) []cases.Endorsement {
	var list []cases.Endorsement
	for i := range n {
		list = append(list, cases.Endorsement{Organisation: fmt.Sprintf("%s:%d", name, i), At: monthsAgo(ago), Since: oldAccount.AddDate(-9, 0, 0)})
	}
	return list
}

// voted gives each municipality one vote, so that none is left out.
func voted(yes, n int) []cases.Vote {
	var list []cases.Vote
	for i := range n {
		list = append(list, cases.Vote{Person: fmt.Sprint(i), Organisation: fmt.Sprintf("SE:%d", i), Useful: i < yes, At: monthsAgo(1), Since: oldAccount})
	}
	return list
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.Abs(got-want) > within {
		t.Errorf("%s = %.4f, want %.4f", what, got, want)
	}
}

func TestWilsonIsCautiousAboutFewVotes(t *testing.T) {
	for _, tt := range []struct {
		yes, n int
		want   float64
	}{{9, 10, 0.596}, {90, 100, 0.826}, {3, 3, 0.438}, {45, 48, 0.832}, {0, 0, 0}, {0, 5, 0}} {
		near(t, fmt.Sprintf("Wilson(%d, %d)", tt.yes, tt.n), cases.Wilson(tt.yes, tt.n), tt.want, 0.0006)
	}
}

func TestTheThreeCasesOfTheModelGetTheirScores(t *testing.T) {
	mutual := func(string, []string) bool { return true }
	tests := map[string]struct {
		complete  float64
		tally     cases.Tally
		relations cases.Relations
		want      float64
	}{
		"X: six copies, fourteen endorsements, 45 of 48 votes": {
			0.95, cases.Tally{Adoptions: adoptedBy(6, 0), Endorsements: endorsedBy(14, 0, "FI"), Votes: voted(45, 48)}, cases.Relations{}, 77.4,
		},
		"Y: not confirmed, well told": {
			1, cases.Tally{Adoptions: adoptedBy(1, 0), Endorsements: endorsedBy(9, 0, "FI"), Votes: voted(30, 31)}, cases.Relations{}, 61.6,
		},
		"Z: four friendly mutual endorsements": {
			0.6, cases.Tally{Endorsements: endorsedBy(4, 0, "FI"), Votes: voted(3, 3)}, cases.Relations{Mutual: mutual}, 27.9,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := cases.ScoreAt(noon, []string{"FI:own"}, tt.complete, tt.tally, tt.relations)
			near(t, "total", got.Total, tt.want, 0.05)
			near(t, "sum of the parts", got.PointsA()+got.PointsE()+got.PointsH()+got.PointsD(), got.Total, 1e-9)
		})
	}
}

func TestEndorsementsFadeAndFriendsCountHalf(t *testing.T) {
	list := append(endorsedBy(5, 0, "FI"), endorsedBy(2, 12, "SE")...)
	list = append(list, endorsedBy(1, 0, "KZ")...)
	mutual := func(endorser string, _ []string) bool { return endorser == "KZ:0" }
	got := cases.ScoreAt(noon, []string{"FI:own"}, 1, cases.Tally{Endorsements: list}, cases.Relations{Mutual: mutual})
	near(t, "e of 5 fresh, 2 one year old and 1 mutual", got.Endorsed, 6.5, 1e-9)
	if got.Municipalities != 8 {
		t.Errorf("%d municipalities, want 8", got.Municipalities)
	}
}

func TestWhatASignalWeighs(t *testing.T) {
	regions := map[string]string{"FI:own": "north", "FI:near": "north", "FI:far": "south"}
	relations := cases.Relations{
		Region: func(o string) string { return regions[o] },
		Mutual: func(endorser string, _ []string) bool { return endorser == "FI:friend" || endorser == "FI:near" },
	}
	tests := map[string]struct {
		endorsement cases.Endorsement
		want        float64
	}{
		"a fresh one from elsewhere counts one":       {cases.Endorsement{Organisation: "FI:far"}, 1},
		"a year old counts half":                      {cases.Endorsement{Organisation: "FI:far", At: monthsAgo(12)}, 0.5},
		"half a year old counts 0.707":                {cases.Endorsement{Organisation: "FI:far", At: monthsAgo(6)}, math.Sqrt(0.5)},
		"the own municipality counts nothing":         {cases.Endorsement{Organisation: "FI:own"}, 0},
		"mutual counts half":                          {cases.Endorsement{Organisation: "FI:friend"}, 0.5},
		"same region and mutual multiply to a fourth": {cases.Endorsement{Organisation: "FI:near"}, 0.25},
		"an account of 13 days counts nothing yet":    {cases.Endorsement{Organisation: "FI:far", Since: noon.AddDate(0, 0, -13)}, 0},
		"an account of 14 days counts":                {cases.Endorsement{Organisation: "FI:far", Since: noon.AddDate(0, 0, -14)}, 1},
		"an unknown region is no region":              {cases.Endorsement{Organisation: "FI:nowhere"}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e := tt.endorsement
			if e.At.IsZero() {
				e.At = noon
			}
			if e.Since.IsZero() {
				e.Since = oldAccount.AddDate(-9, 0, 0)
			}
			got := cases.ScoreAt(noon, []string{"FI:own"}, 1, cases.Tally{Endorsements: []cases.Endorsement{e}}, relations)
			near(t, "weight", got.Endorsed, tt.want, 1e-9)
			near(t, "E", got.E, tt.want/(tt.want+5), 1e-9)
		})
	}
}

func TestAdoptionsFadeByHalfInEighteenMonths(t *testing.T) {
	got := cases.ScoreAt(noon, []string{"FI:own"}, 1, cases.Tally{Adoptions: append(adoptedBy(1, 18), adoptedBy(1, 36)...)}, cases.Relations{})
	near(t, "a", got.Adopted, 0.75, 1e-9)
	near(t, "A", got.A, 0.75/3.75, 1e-9)
}

func TestVotesCountThreePerMunicipalityAndNeverTheOwn(t *testing.T) {
	vote := func(person, organisation string, useful bool, ago float64) cases.Vote {
		return cases.Vote{Person: person, Organisation: organisation, Useful: useful, At: monthsAgo(ago), Since: oldAccount}
	}
	young := vote("y", "SE:9", true, 0)
	young.Since = noon.AddDate(0, 0, -3)
	list := []cases.Vote{
		vote("d", "SE:1", true, 1), vote("c", "SE:1", false, 2), vote("b", "SE:1", true, 3), vote("a", "SE:1", true, 4),
		vote("e", "FI:own", true, 1), young, vote("f", "SE:2", true, 1), vote("later", "SE:3", true, -1),
	}
	got := cases.ScoreAt(noon, []string{"FI:own"}, 1, cases.Tally{Votes: list}, cases.Relations{})
	if got.Yes != 3 || got.Votes != 4 {
		t.Errorf("%d of %d, want 3 of 4: the first three of SE:1 and one of SE:2", got.Yes, got.Votes)
	}
}

func TestNothingYetIsOnlyTheCard(t *testing.T) {
	got := cases.ScoreAt(noon, nil, 0.8, cases.Tally{}, cases.Relations{})
	if got.Total != 16 || got.H != 0 || got.Municipalities != 0 {
		t.Errorf("got %+v, want 16 points for the card alone", got)
	}
}

func TestWhoMayStandInTheTopTen(t *testing.T) {
	row := func(change func(*cases.Row)) cases.Row {
		r := cases.Row{ID: "a", Date: noon.AddDate(0, -1, 0), Origin: cases.Origin{Experiment: "e", Stage: "L", Completeness: 0.7}}
		change(&r)
		return r
	}
	tests := map[string]struct {
		row   cases.Row
		score cases.Score
		want  bool
	}{
		"learnt, complete, two municipalities": {row(func(*cases.Row) {}), cases.Score{D: 0.7, Municipalities: 2}, true},
		"spread too":                           {row(func(r *cases.Row) { r.Origin.Stage = "S" }), cases.Score{D: 0.7, Municipalities: 2}, true},
		"still running":                        {row(func(r *cases.Row) { r.Origin.Stage = "R" }), cases.Score{D: 0.7, Municipalities: 2}, false},
		"card too thin":                        {row(func(*cases.Row) {}), cases.Score{D: 0.69, Municipalities: 2}, false},
		"one municipality":                     {row(func(*cases.Row) {}), cases.Score{D: 1, Municipalities: 1}, false},
		"members only":                         {row(func(r *cases.Row) { r.Visibility = cases.Members }), cases.Score{D: 1, Municipalities: 2}, false},
		"under embargo":                        {row(func(r *cases.Row) { r.Embargo = noon.AddDate(0, 0, 1) }), cases.Score{D: 1, Municipalities: 2}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := cases.Eligible(tt.row, tt.score, noon); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheWeekBeginsOnMondayAtSixLocalTime(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-18T12:00:00+02:00": "2026-11-16T06:00:00+02:00",
		"2026-11-16T06:00:00+02:00": "2026-11-16T06:00:00+02:00",
		"2026-11-16T05:59:59+02:00": "2026-11-09T06:00:00+02:00",
		"2026-11-22T23:59:59+02:00": "2026-11-16T06:00:00+02:00",
		"2026-10-26T07:00:00+02:00": "2026-10-26T06:00:00+02:00", // winter time began the night before
		"2026-11-16T04:30:00Z":      "2026-11-16T06:00:00+02:00",
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := cases.Monday(at, helsinki).Format(time.RFC3339); got != want {
			t.Errorf("Monday(%s) = %s, want %s", now, got, want)
		}
	}
}

func TestOddEndorsementsAlarm(t *testing.T) {
	fresh := endorsedBy(3, 0, "FI")
	for i := range fresh {
		fresh[i].Since = noon.AddDate(0, 0, -2)
	}
	spread := append(append(endorsedBy(1, 1, "FI"), endorsedBy(1, 2, "SE")...), endorsedBy(1, 3, "KZ")...)
	for name, tt := range map[string]struct {
		list []cases.Endorsement
		want string
	}{
		"none":                       {nil, ""},
		"two on one day are no sign": {endorsedBy(2, 0, "FI"), ""},
		"three on one day":           {endorsedBy(3, 1, "FI"), cases.AlarmBurst},
		"three over three months":    {spread, ""},
		"two of four on one day":     {append(endorsedBy(2, 0, "RU"), spread[:2]...), ""},
		"three of new accounts":      {fresh, cases.AlarmYoung},
	} {
		if got := (cases.Tally{Endorsements: tt.list}).Alarm(); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
