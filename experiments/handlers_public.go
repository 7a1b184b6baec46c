package experiments

import (
	"strings"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// publicView is what the page says first to somebody who has never been here:
// how far it is, and what they can do.
type publicView struct {
	Standing    string // in words, where no week is counted
	Home        string // address of the municipality's page
	HomeName    string
	Feed        web.Feed // of its log; no path when it is not public
	CalendarURL string
	BriefURL    string // while somebody may still have to decide
	SheetURL    string // once there is something to tell
	WhatURL     string
	Needs       []string // what is looked for, in the team's words
	Doer        bool     // somebody is looked for who does it
	OfferURL    string
	Latest      *latestView // the newest entry of the log, while it runs
}

// latestView is the newest entry of the log, shortened: that something happens.
type latestView struct{ Day, Words string }

// latestLength is how much of the newest entry stands on top, in characters.
const latestLength = 180

// open fills in what everybody is told of an experiment.
func (page *showPage) open(h *Handlers) {
	e, today := &page.Card, h.Experiments.today()
	v := publicView{
		Standing: page.standing(today), Home: page.URL("organisations", accounts.KeySlug(e.Organisation)), HomeName: page.Place,
		WhatURL: page.URL("what-is-an-experiment"),
	}
	if e.IsPublic(page.Now) {
		v.Feed = logFeeds(page.Page, e)[0]
		if e.Calendar.Set() && !e.Over() {
			v.CalendarURL = page.URL("experiments", e.ID, "calendar.ics")
		}
	}
	if e.Stage == Idea || e.Stage == Planned || e.Stage == Draft {
		v.BriefURL = page.URL("experiments", e.ID, "brief")
	} else {
		v.SheetURL = page.URL("experiments", e.ID, "one-pager")
	}
	if e.Decisions.Open() > 0 {
		v.BriefURL = page.URL("experiments", e.ID, "brief")
	}
	if !e.Over() {
		v.Needs, v.Doer = e.About.Needs, e.About.Doer
		v.OfferURL = page.URL("mentors", "me")
	}
	if e.Running() && len(page.Lines) > 0 {
		n := page.Lines[0]
		v.Latest = &latestView{Day: n.Day, Words: shortened(join(". ", n.Measured, oneLine(n.Text)), latestLength)}
	}
	page.Public = v
}

// shortened is a text that ends with a word, and with a sign when it goes on.
func shortened(text string, limit int) string {
	if runes(text) <= limit {
		return text
	}
	text = string([]rune(text)[:limit])
	if i := strings.LastIndexByte(text, ' '); i > 0 {
		text = text[:i]
	}
	return strings.TrimRight(text, " ,;.") + " …"
}

// standing is how far an experiment is before and after its weeks are counted.
func (page *showPage) standing(at *today) string {
	e := &page.Card
	switch {
	case e.Stage == Planned && at.ahead(e.Calendar.Start):
		return page.N("experiment.starts_in", days(at.now, e.Calendar.Start, at.zone), page.DateShort(e.Calendar.Start))
	case e.Stage == Planned:
		return page.T("experiment.early_planned")
	case e.Stage == Idea:
		return page.T("experiment.early_idea")
	case e.LessonDue():
		return page.T("experiment.over_unlearned")
	}
	return ""
}
