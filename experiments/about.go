package experiments

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// About is what a card may also tell: nothing of it is ever asked for. Risks,
// timing and the sponsor are read where the card is, but are no open data.
type About struct {
	Place     *Point   `json:"place,omitempty"`   // where it is tried
	Barrier   string   `json:"barrier,omitempty"` // of the working culture, that it removes
	Means     string   `json:"means,omitempty"`   // the easiest means to do so
	Risks     []Risk   `json:"risks,omitempty"`
	Programme Link     `json:"programme,omitzero"` // or the item of an agenda, that it belongs to
	Phases    Phases   `json:"phases,omitzero"`
	Doer      bool     `json:"doer,omitempty"`   // somebody is looked for who does it
	Needs     []string `json:"needs,omitempty"`  // "a designer", one a line
	Timing    string   `json:"timing,omitempty"` // what else goes on at the time
	Benefit   Benefit  `json:"benefit,omitzero"`
	Sponsor   Sponsor  `json:"sponsor,omitzero"`
	Tools     string   `json:"tools,omitempty"` // and methods that would help
}

// A Point is a place on the map, in degrees.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// A Risk is a practical obstacle that is seen beforehand, who looks after it
// and how it is met.
type Risk struct {
	What   string `json:"what"`
	Owner  string `json:"owner,omitempty"`
	Remedy string `json:"remedy,omitempty"`
}

// Phases are the plan of phases in four tracks.
type Phases struct {
	Steps         string `json:"steps,omitempty"`
	Testing       string `json:"testing,omitempty"`
	Communication string `json:"communication,omitempty"`
	Participation string `json:"participation,omitempty"`
}

// Benefit is what would be saved, and the assumption the sum stands on. It is
// an estimate: what was really learnt stands elsewhere.
type Benefit struct {
	Minutes    int    `json:"minutes,omitempty"`    // saved each time
	Times      int    `json:"times,omitempty"`      // a year
	Cents      int64  `json:"cents,omitempty"`      // what an hour costs
	Assumption string `json:"assumption,omitempty"` // where the numbers come from
}

// Hours are the hours saved in a year.
func (b Benefit) Hours() float64 { return float64(b.Minutes) * float64(b.Times) / 60 }

// Saved is the money saved in a year, in cents.
func (b Benefit) Saved() int64 { return int64(b.Hours()*float64(b.Cents) + 0.5) }

// Sponsor is who of the leaders stands behind the experiment, what they have
// promised and on which day.
type Sponsor struct {
	Who  string    `json:"who,omitempty"`
	Says string    `json:"says,omitempty"`
	Day  time.Time `json:"day,omitzero"`
}

// Limits of About, in characters and lines.
const (
	MaxBarrier    = 200
	MaxRisks      = 6
	MaxPhase      = 300
	MaxNeeds      = 5
	MaxNeed       = 80
	MaxTiming     = 300
	MaxAssumption = 200
	MaxPromise    = 200
	MaxTools      = 300
	maxMinutes    = 100_000
	maxTimes      = 10_000_000
	maxHour       = 100_000_00
)

// Faults of About.
var (
	ErrPlace      = fault.New(fault.Invalid, "experiment.place_invalid").On("lat")
	ErrRisk       = fault.New(fault.Invalid, "experiment.risk_unnamed")
	ErrAssumption = fault.New(fault.Invalid, "experiment.assumption_missing").On("assumption")
	ErrPromise    = fault.New(fault.Invalid, "experiment.promise_missing").On("sponsor_says")
)

// AboutEdit is the section more: everything optional beside the faces, and the
// experiment it is a part of.
type AboutEdit struct {
	About  About
	Parent string
}

// Section is SectionMore.
func (AboutEdit) Section() Section { return SectionMore }

func (d AboutEdit) into(e *Experiment, f *findings) {
	m := d.About
	trim(&d.Parent, &m.Barrier, &m.Means, &m.Timing, &m.Tools)
	f.text("barrier", m.Barrier, MaxBarrier)
	f.text("means", m.Means, MaxBarrier)
	f.text("timing", m.Timing, MaxTiming)
	f.text("tools", m.Tools, MaxTools)
	f.when(m.Place != nil && !m.Place.onEarth(), ErrPlace)
	m.Risks = d.risks(f)
	m.Needs = d.needs(f)
	m.Phases.into(f)
	m.Benefit.into(f)
	m.Sponsor.into(f)
	trim(&m.Programme.URL, &m.Programme.Title)
	f.text("programme_title", m.Programme.Title, MaxLine)
	if m.Programme.URL != "" {
		f.link("programme_url", m.Programme.URL)
	}
	e.About, e.Parent = m, d.Parent
}

func (p Point) onEarth() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180
}

func (d AboutEdit) risks(f *findings) (list []Risk) {
	f.count("risks", len(d.About.Risks), MaxRisks)
	for i, one := range d.About.Risks {
		trim(&one.What, &one.Owner, &one.Remedy)
		if one == (Risk{}) {
			continue
		}
		f.when(one.What == "", ErrRisk.On(row("risk", i, "what")))
		f.text(row("risk", i, "what"), one.What, MaxLine)
		f.text(row("risk", i, "owner"), one.Owner, MaxLine)
		f.text(row("risk", i, "remedy"), one.Remedy, MaxLine)
		list = append(list, one)
	}
	return list
}

func (d AboutEdit) needs(f *findings) (list []string) {
	f.count("needs", len(d.About.Needs), MaxNeeds)
	for i, one := range d.About.Needs {
		if trim(&one); one == "" {
			continue
		}
		f.text(row("need", i, "text"), one, MaxNeed)
		list = append(list, oneLine(one))
	}
	return list
}

func (p *Phases) into(f *findings) {
	trim(&p.Steps, &p.Testing, &p.Communication, &p.Participation)
	f.text("phase_steps", p.Steps, MaxPhase)
	f.text("phase_testing", p.Testing, MaxPhase)
	f.text("phase_communication", p.Communication, MaxPhase)
	f.text("phase_participation", p.Participation, MaxPhase)
}

func (b *Benefit) into(f *findings) {
	trim(&b.Assumption)
	f.text("assumption", b.Assumption, MaxAssumption)
	f.when(b.Minutes < 0 || b.Minutes > maxMinutes, ErrNumber.On("benefit_minutes"))
	f.when(b.Times < 0 || b.Times > maxTimes, ErrNumber.On("benefit_times"))
	f.when(b.Cents < 0 || b.Cents > maxHour, ErrSum.On("benefit_hour"))
	f.when(b.Assumption == "" && *b != (Benefit{}), ErrAssumption)
}

func (s *Sponsor) into(f *findings) {
	trim(&s.Who, &s.Says)
	f.text("sponsor", s.Who, MaxLine)
	f.text("sponsor_says", s.Says, MaxPromise)
	f.when(s.Who != "" && s.Says == "", ErrPromise)
}
