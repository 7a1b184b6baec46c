package experiments

import (
	"strconv"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// measureView is a measure with what has been read of it.
type measureView struct {
	Measure
	Value    *float64
	When     string // now or after
	Less     bool
	Readings []float64     // the newest, oldest first: what is drawn
	Table    []readingView // the newest, newest first
	Older    int           // how many more there are
	Sources  bool          // a reading says who counted it
	Verdict  Verdict
}

// readingView is a line of the table of readings.
type readingView struct {
	Day, Value, Source string
	Entry              int
	Verdict            Verdict
}

// How many readings are drawn, and how many stand in the table beside them.
const (
	mostDrawn = 60
	mostInRow = 12
)

func (page *showPage) measures(e *Experiment, a accounts.Actor) {
	for i := range e.Measures {
		m := e.asLocked(i)
		v := measureView{Measure: m, When: "now", Less: m.Direction == Less}
		readings := e.ReadingsOf(a, page.Thing, i+1)
		for _, r := range readings[max(0, len(readings)-mostDrawn):] {
			v.Readings = append(v.Readings, r.Value)
		}
		for n := len(readings) - 1; n >= 0 && len(v.Table) < mostInRow; n-- {
			r := readings[n]
			v.Sources = v.Sources || r.Source != ""
			v.Table = append(v.Table, readingView{Day: page.DateShort(r.At), Value: amount(page.Printer, r.Value, m.Unit), Source: r.Source, Entry: r.Entry, Verdict: m.Judge(&r.Value)})
		}
		v.Older = len(readings) - len(v.Table)
		if len(readings) > 0 {
			v.Value = &readings[len(readings)-1].Value
		}
		if m.Final != nil && e.Over() {
			v.Value, v.When, v.Verdict = m.Final, "after", m.Verdict()
		}
		page.Measures = append(page.Measures, v)
		page.MeasureChoices = append(page.MeasureChoices, web.Option{Value: strconv.Itoa(i + 1), Label: join(", ", m.Name, m.Unit)})
	}
	page.Deviations = deviationsOf(page.Page, e)
}

// deviationView is something that was changed after the lock, in words.
type deviationView struct{ What, Then, Now string }

func deviationsOf(p web.Page, e *Experiment) (list []deviationView) {
	for _, d := range e.Deviations() {
		v := deviationView{What: p.T("experiment.deviation_" + string(d.What)), Then: d.Then, Now: d.Now}
		if d.Measure > 0 {
			v.What += " " + strconv.Itoa(d.Measure)
		}
		switch {
		case d.What == DevDirection:
			v.Then, v.Now = directionWords(p, d.Then), directionWords(p, d.Now)
		case d.What == DevStart, d.What == DevEnd:
			v.Then, v.Now = p.DateShort(d.ThenDay), p.DateShort(d.NowDay)
		case d.ThenValue != nil || d.NowValue != nil:
			v.Then, v.Now = valueWords(p, d.ThenValue), valueWords(p, d.NowValue)
		}
		list = append(list, v)
	}
	return list
}

func directionWords(p web.Page, d string) string {
	if d == "" {
		return ""
	}
	return p.T("experiment.direction_" + d)
}

func valueWords(p web.Page, v *float64) string {
	if v == nil {
		return ""
	}
	return amount(p.Printer, *v, "")
}
