package weeks

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

// WriteCSV writes somebody's own plan for a spreadsheet: UTF-8 with a mark. A
// text that would be taken for a formula gets an apostrophe in front.
func WriteCSV(w io.Writer, p i18n.Printer, lines []Line) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	var head []string
	for _, key := range []string{"experiment", "plan", "week", "until", "action", "state", "moves", "reason"} {
		head = append(head, p.T("weeks.column_"+key))
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, l := range lines {
		err := out.Write([]string{
			plain(l.Title), strconv.Itoa(l.Plan), strconv.Itoa(l.Due), l.Until.Format(time.DateOnly), plain(l.Text), p.T("theme.plan_" + l.State()),
			strconv.Itoa(len(l.Moves)), plain(l.reasons()),
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// reasons are why the action was moved or taken along.
func (l Line) reasons() string {
	var list []string
	if l.Carried != nil {
		list = append(list, l.Carried.Reason)
	}
	for _, m := range l.Moves {
		list = append(list, m.Reason)
	}
	return strings.Join(list, "; ")
}

// plain makes sure that a spreadsheet reads a text as text.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Markdown is somebody's own plan as a text: a list for each week.
func Markdown(p i18n.Printer, lines []Line, now time.Time) string {
	var b strings.Builder
	b.WriteString("# " + p.T("weeks.own_plan") + "\n\n" + p.T("weeks.own_plan_on", p.Date(now)) + "\n")
	last := time.Time{}
	for _, l := range lines {
		if !l.Until.Equal(last) {
			b.WriteString("\n## " + p.T("weeks.own_week", l.Due, p.DateShort(l.Until)) + "\n\n")
			last = l.Until
		}
		box := "[ ]"
		if l.IsDone() {
			box = "[x]"
		}
		b.WriteString("- " + box + " " + escape(l.Text) + " (" + escape(l.Title) + "; " + p.T("theme.plan_"+l.State()) + ")\n")
		if why := l.reasons(); why != "" {
			b.WriteString("  " + p.T("weeks.moved_because", escape(why)) + "\n")
		}
	}
	b.WriteString("\n" + p.T("weeks.no_pay") + "\n")
	return b.String()
}

var markup = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`, "<", `\<`, "#", `\#`, "\n", " ")

// escape makes sure that a text is read as it was typed.
func escape(s string) string { return markup.Replace(s) }

// calendar is an empty calendar that is called name.
func calendar(portal, name string) *ics.Calendar {
	cal := ics.NewCalendarFor(portal)
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(name)
	cal.SetXWRCalName(name)
	return cal
}

// addDays adds something that lasts whole days, the last one included.
func addDays(cal *ics.Calendar, id string, first, last, changed time.Time, version int, summary, url string) {
	e := cal.AddEvent(id)
	e.SetDtStampTime(changed)
	e.SetModifiedAt(changed)
	e.SetSequence(version)
	e.SetAllDayStartAt(first)
	e.SetAllDayEndAt(last.AddDate(0, 0, 1))
	e.SetSummary(summary)
	e.SetURL(url)
}

// Events are a plan's own days: its beginning, the weeks in which results are
// asked for, and the review. It names no person.
func (v *View) Events(cal *ics.Calendar, p web.Page) {
	host, url := hostOf(p.Portal.PublicURL), p.Absolute(p.URL("experiments", v.Card.ID, "weeks", strconv.Itoa(v.Plan.N)))
	id := "weeks-" + v.Card.ID + "-" + strconv.Itoa(v.Plan.N) + "-"
	add := func(name string, week int, summary string) {
		addDays(cal, id+name+"@"+host, v.Cal.Monday(week), v.Cal.Sunday(week), v.Plan.Changed, v.Plan.Version, summary, url)
	}
	add("begin", 1, p.T("weeks.ics_begin", v.Card.Title))
	for _, gate := range v.Plan.Gates() {
		add("results-"+strconv.Itoa(gate), gate, p.T("weeks.ics_results", gate, v.Card.Title))
	}
	add("review", v.Cal.Review(), p.T("weeks.ics_review", v.Card.Title))
}

// event adds one of somebody's own actions, on the last day of its week.
func (l Line) event(cal *ics.Calendar, p web.Page) {
	id := "action-" + l.Experiment + "-" + strconv.Itoa(l.Plan) + "-" + strconv.Itoa(l.N)
	changed := l.Created
	for _, at := range append([]time.Time{l.Done}, moments(l.Moves)...) {
		if at.After(changed) {
			changed = at
		}
	}
	monday := l.Until.AddDate(0, 0, -6)
	addDays(cal, id+"@"+hostOf(p.Portal.PublicURL), monday, l.Until, changed, len(l.Moves), p.T("weeks.ics_action", l.Text, p.T("theme.plan_"+l.State())), p.Absolute(p.URL(l.Path())))
}

func moments(moves []Move) (list []time.Time) {
	for _, m := range moves {
		list = append(list, m.At)
	}
	return list
}

func hostOf(publicURL string) string {
	_, name, ok := strings.Cut(publicURL, "://")
	if !ok || name == "" {
		return "kokeilu"
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}

// resultsPath is where the results of a week are written.
func resultsPath(lang string, p *Plan, week int) string {
	return web.Path(lang, "experiments", p.Experiment, "weeks", strconv.Itoa(p.N), "results", strconv.Itoa(week))
}
