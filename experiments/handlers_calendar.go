package experiments

import (
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

// calendar is what the public experiments of a list have in the calendar:
// their first and last days and the weekday the team meets, as iCalendar.
func (h *Handlers) calendar(c *fiber.Ctx) error {
	p, q := h.Page(c, section), queryOf(c)
	f, err := h.Experiments.Find(web.Context(c), everybody, q)
	if err != nil {
		return err
	}
	title := p.T("theme.experiments")
	if q.Organisation != "" {
		title += ", " + h.placeName(c, q.Organisation)
	}
	return h.sendCalendar(c, p, title, f.Rows)
}

// ownCalendar is the same for one experiment that everybody may read.
func (h *Handlers) ownCalendar(c *fiber.Ctx) error {
	p := h.Page(c, section)
	sheet, err := h.Experiments.Sheet(web.Context(c), everybody, c.Params("id"), p.Lang, LogQuery{Limit: 1})
	if err != nil {
		return err
	}
	row := rowOf(&sheet.Card)
	return h.sendCalendar(c, p, row.Title, []Listed{{Row: row, Home: sheet.Places[row.Organisation()]}})
}

func (h *Handlers) sendCalendar(c *fiber.Ctx, p web.Page, title string, list []Listed) error {
	cal := ics.NewCalendarFor(p.Portal.Name)
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(title)
	cal.SetXWRCalName(title)
	var changed time.Time
	for i := range list {
		l := &list[i]
		if !l.Calendar.Set() {
			continue
		}
		h.addDays(cal, p, l)
		changed = later(changed, l.Changed)
	}
	return web.SendCached(c, "text/calendar; charset=utf-8", changed, []byte(cal.Serialize(ics.WithNewLineWindows)))
}

// addDays adds the days of one experiment. They are days, not times: the same
// wherever the reader is, summer time or not.
func (h *Handlers) addDays(cal *ics.Calendar, p web.Page, l *Listed) {
	zone := h.Experiments.Zone
	start, end := l.Calendar.Start.In(zone), l.Calendar.End.In(zone)
	h.addDay(cal, p, l, "start", start, statusOf(l, start))
	h.addDay(cal, p, l, "end", end, statusOf(l, end))
	first := start.AddDate(0, 0, (int(l.Calendar.CheckIn)-int(start.Weekday())+7)%7)
	if l.Calendar.CheckIn == time.Sunday || first.After(end) { // no day was chosen
		return
	}
	e := h.addDay(cal, p, l, "check-in", first, statusOf(l, end))
	e.AddRrule("FREQ=WEEKLY;UNTIL=" + end.Format("20060102"))
}

func (h *Handlers) addDay(cal *ics.Calendar, p web.Page, l *Listed, kind string, day time.Time, status ics.ObjectStatus) *ics.VEvent {
	e := cal.AddEvent(kind + "-" + l.ID + "@" + p.Portal.Host())
	e.SetDtStampTime(l.Changed)
	e.SetModifiedAt(l.Changed)
	e.SetAllDayStartAt(day)
	e.SetAllDayEndAt(day.AddDate(0, 0, 1))
	e.SetSummary(p.T("experiment.calendar_"+kind, l.Title))
	e.SetDescription(l.Summary)
	e.SetLocation(l.Home.Name(p.Lang))
	e.SetURL(p.Absolute(p.URL("experiments", l.ID)))
	e.SetStatus(status)
	e.SetTimeTransparency(ics.TransparencyTransparent)
	return e
}

// statusOf says how sure a day is: before the start it may still move, and
// what was stopped does not come to its later days.
func statusOf(l *Listed, day time.Time) ics.ObjectStatus {
	switch {
	case l.Stage == Idea || l.Stage == Planned:
		return ics.ObjectStatusTentative
	case (l.Stage == Stopped || l.Stage == Archived) && day.After(l.StageAt):
		return ics.ObjectStatusCancelled
	}
	return ics.ObjectStatusConfirmed
}
