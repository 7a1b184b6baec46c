package experiments

import (
	"strconv"
	"time"

	"github.com/kokeilu/kokeilu/internal/web"
)

func readAbout(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	a := About{
		Barrier: f.Get("barrier"), Means: f.Get("means"), Timing: f.Get("timing"), Tools: f.Get("tools"), Doer: f.Has("doer"),
		Programme: Link{Title: f.Get("programme_title"), URL: f.Get("programme_url")},
		Phases: Phases{
			Steps: f.Get("phase_steps"), Testing: f.Get("phase_testing"), Communication: f.Get("phase_communication"), Participation: f.Get("phase_participation"),
		},
		Benefit: Benefit{Minutes: r.whole("benefit_minutes"), Times: r.whole("benefit_times"), Cents: r.cents("benefit_hour"), Assumption: f.Get("assumption")},
		Sponsor: Sponsor{Who: f.Get("sponsor"), Says: f.Get("sponsor_says"), Day: r.day("sponsor_day")},
		Place:   r.point("lat", "lon"),
	}
	for i := range MaxRisks {
		a.Risks = append(a.Risks, Risk{f.Get(row("risk", i, "what")), f.Get(row("risk", i, "owner")), f.Get(row("risk", i, "remedy"))})
	}
	for i := range MaxNeeds {
		a.Needs = append(a.Needs, f.Get(row("need", i, "text")))
	}
	return AboutEdit{About: a, Parent: f.Get("parent")}, r.err()
}

// point reads a place on the map. Half of one is none.
func (r *reader) point(lat, lon string) *Point {
	x, y := r.number(lat), r.number(lon)
	if (r.Get(lat) == "") != (r.Get(lon) == "") {
		r.add(ErrPlace)
	}
	if x == nil || y == nil {
		return nil
	}
	return &Point{*x, *y}
}

func readTrial(f web.Form, zone *time.Location) (Edit, error) {
	r := reader{Form: f, zone: zone}
	var d TrialEdit
	for i := range MaxSteps {
		d.Minutes = append(d.Minutes, r.whole(row("step", i, "minutes")))
	}
	for i := range MostInComplete {
		d.Observations = append(d.Observations, f.Get(row("observation", i, "text")))
	}
	return d, r.err()
}

type riskRow struct {
	N int
	Risk
}

type needRow struct {
	N    int
	Text string
}

type seenRow struct {
	N    int
	Text string
	Who  string // P1 to P5
}

// about adds the rows of the two pages beside the faces.
func (r *editRows) about(f web.Form, e *Experiment) {
	for i := range shown(f, "risk", "what", len(e.About.Risks), 1, MaxRisks) {
		r.Risks = append(r.Risks, riskRow{i + 1, nth(e.About.Risks, i)})
	}
	for i := range shown(f, "need", "text", len(e.About.Needs), 2, MaxNeeds) {
		r.Needs = append(r.Needs, needRow{i + 1, nth(e.About.Needs, i)})
	}
	people := MostInComplete
	if n := e.People.Number; n > 0 {
		people = min(n, people)
	}
	for i := range MostInComplete {
		if i >= people && e.observed(i) == "" {
			continue
		}
		r.Seen = append(r.Seen, seenRow{i + 1, e.observed(i), participant(i)})
	}
}

// Lat is half of the place as it is typed.
func (p editPage) Lat() string { return p.degrees(func(q Point) float64 { return q.Lat }) }

// Lon is the other half of the place.
func (p editPage) Lon() string { return p.degrees(func(q Point) float64 { return q.Lon }) }

func (p editPage) degrees(of func(Point) float64) string {
	if p.Card.About.Place == nil {
		return ""
	}
	return strconv.FormatFloat(of(*p.Card.About.Place), 'f', -1, 64)
}
