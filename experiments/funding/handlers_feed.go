package funding

import (
	"slices"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// public are the calls that everybody may read, the newest first.
func (h *Handlers) public(c *fiber.Ctx) ([]Call, error) {
	list, err := h.Funding.Calls(web.Context(c), accounts.Actor{})
	slices.SortFunc(list, func(x, y Call) int { return y.Created.Compare(x.Created) })
	return list, err
}

// feed is the calls as RSS, Atom and JSON Feed.
func (h *Handlers) feed(c *fiber.Ctx) (web.Channel, error) {
	p := h.Web.Page(c, section)
	ch := web.Channel{Title: p.T("call.feed"), Description: p.T("call.lead"), Home: "calls"}
	list, err := h.public(c)
	for _, call := range list {
		url := p.Absolute(p.URL("calls", call.ID))
		ch.Items = append(ch.Items, web.Item{
			ID: p.Absolute(web.Path(call.Lang, "calls", call.ID)), URL: url, Title: call.Title, Summary: call.Purpose, Lang: call.Lang,
			Topics: []string{p.T("call.state_" + string(call.State))}, Published: call.Created, Updated: call.Changed,
		})
	}
	return ch, err
}

// calendar is the last days of the calls as iCalendar.
func (h *Handlers) calendar(c *fiber.Ctx) error {
	p := h.Web.Page(c, section)
	list, err := h.public(c)
	if err != nil {
		return err
	}
	cal := ics.NewCalendarFor(p.Portal.Name)
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(p.T("call.feed"))
	cal.SetXWRCalName(p.T("call.feed"))
	var changed time.Time
	for _, call := range list {
		if call.Closes.IsZero() {
			continue
		}
		e := cal.AddEvent("call-" + call.ID + "@" + p.Portal.Host())
		last := call.Closes.In(h.Funding.Zone).AddDate(0, 0, -1)
		e.SetDtStampTime(call.Changed)
		e.SetModifiedAt(call.Changed)
		e.SetSequence(call.Version)
		e.SetAllDayStartAt(last)
		e.SetAllDayEndAt(last.AddDate(0, 0, 1))
		e.SetSummary(p.T("call.closing", call.Title))
		e.SetDescription(call.Purpose)
		e.SetURL(p.Absolute(p.URL("calls", call.ID)))
		if call.Changed.After(changed) {
			changed = call.Changed
		}
	}
	return web.SendCached(c, "text/calendar; charset=utf-8", changed, []byte(cal.Serialize(ics.WithNewLineWindows)))
}
