package experiments

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/web"
)

// logPage is everything experiments/log.html and experiments/log_print.html may
// use.
type logPage struct {
	showPage
	Draft     Entry  // what the form shows before something is typed
	Correct   *Entry // the entry that is put right
	Follow    *Entry // the obstacle that is followed up
	Slots     []slotView
	Filled    bool   // something stands in the places that are folded away
	Day       string // when it happened, as the form shows it
	Months    []web.Option
	Month     string
	Prompt    string // a question of the day
	Quiet     int    // for how many days nothing was written, if that is long
	Outside   bool   // the writer is not of the team
	Barriers  []Barrier
	FollowUps []FollowUp
	FirstURL  string // the newest part, when this is another
	Narrowed  string // the filters as a query, for print
}

// Sizes of the parts of a log.
const (
	logLength   = 30
	printLength = 500
)

// log is the whole log, page by page, with the form for a new entry.
func (h *Handlers) log(c *fiber.Ctx) error { return h.logbook(c, h.Page(c, section)) }

func (h *Handlers) logbook(c *fiber.Ctx, p web.Page) error {
	q, month := h.logQueryOf(c)
	q.Limit = logLength
	page, err := h.logPage(c, p, q, "log")
	if err != nil {
		return err
	}
	months, err := h.Experiments.Months(web.Context(c), &page.Card)
	if err != nil {
		return err
	}
	for _, m := range months {
		page.Months = append(page.Months, web.Option{Value: monthOf(m), Label: p.Month(m)})
	}
	page.Month = month
	if err := h.prepare(c, &page); err != nil {
		return err
	}
	return h.Render(c, "experiments/log", page)
}

// printLog is the log on paper: oldest first, without forms.
func (h *Handlers) printLog(c *fiber.Ctx) error {
	p := h.Page(c, section)
	q, _ := h.logQueryOf(c)
	q.Limit = printLength
	page, err := h.logPage(c, p, q, "log/print")
	if err != nil {
		return err
	}
	slices.Reverse(page.Lines)
	page.MayLog, page.NoIndex = false, true
	return h.Render(c, "experiments/log_print", page)
}

// logQueryOf reads which part of a log an address wants. What is no number or
// month asks for the newest.
func (h *Handlers) logQueryOf(c *fiber.Ctx) (q LogQuery, month string) {
	if kind := LogKind(c.Query("kind")); slices.Contains(LogKinds, kind) {
		q.Kind = LogKind(strings.Clone(string(kind)))
	}
	if m, err := time.ParseInLocation(monthLayout, c.Query("month"), h.Experiments.Zone); err == nil {
		q.Month, month = m, monthOf(m)
	}
	if n, err := strconv.Atoi(c.Query("before")); err == nil && n > 0 {
		q.Before, q.Month = n, time.Time{}
	}
	return q, month
}

const monthLayout = "2006-01"

func monthOf(t time.Time) string { return t.Format(monthLayout) }

// logPage is a part of a log on the page of a name below the experiment.
func (h *Handlers) logPage(c *fiber.Ctx, p web.Page, q LogQuery, name string) (logPage, error) {
	a := accounts.ActorOf(c)
	sheet, err := h.Experiments.Sheet(web.Context(c), a, c.Params("id"), p.Lang, q)
	if err != nil {
		return logPage{}, err
	}
	page := logPage{showPage: h.sheetPage(p, a, sheet), Barriers: Barriers, FollowUps: FollowUps}
	page.Kind, page.Kinds = q.Kind, LogKinds
	page.Crumbs = crumbs(p, &page.Card, p.T("experiment.log"))
	page.Feeds = logFeeds(p, &page.Card)
	narrowed := url.Values{}
	if q.Kind != "" {
		narrowed.Set("kind", string(q.Kind))
	}
	page.Narrowed = narrowed.Encode()
	here := page.URL("experiments", page.Card.ID, name)
	if q.Before > 0 || !q.Month.IsZero() {
		page.FirstURL = withQuery(here, narrowed)
	}
	if sheet.Log.Older > 0 {
		narrowed.Set("before", strconv.Itoa(sheet.Log.Older))
		page.OlderURL = withQuery(here, narrowed)
	}
	return page, nil
}

func withQuery(address string, values url.Values) string {
	if len(values) == 0 {
		return address
	}
	return address + "?" + values.Encode()
}

// prompts is how many questions of the day there are.
const prompts = 7

// prepare fills in what the form needs, for somebody who may write.
func (h *Handlers) prepare(c *fiber.Ctx, page *logPage) (err error) {
	if !page.MayLog {
		return nil
	}
	page.Draft = Entry{Kind: Observation, Reach: ForAll, At: page.Now}
	if len(page.MeasureChoices) == 1 {
		page.Draft.Measure = 1
	}
	page.Outside = !page.MayEdit
	if page.Correct, err = h.pointedTo(c, page, "corrects"); err != nil {
		return err
	}
	if page.Correct != nil && page.Correct.Corrected == 0 {
		page.Draft = *page.Correct
	} else {
		page.Correct = nil
	}
	if page.Follow, err = h.pointedTo(c, page, "follows"); err != nil {
		return err
	}
	if page.Follow != nil && page.Follow.IsOpen() {
		page.Draft.Reach = page.Follow.Reach
	} else {
		page.Follow = nil
	}
	page.Slots = slotsOf(page.Page, page.Draft)
	page.Day, page.Filled = page.ISO(page.Draft.At), len(page.Slots) > 1 && (page.Slots[1].Kept != "" || page.Slots[2].Kept != "" || page.Slots[0].Link != "")
	h.ask(page)
	return nil
}

// ask puts the question of the day to somebody who has not written today, or
// says how long the log has been quiet.
func (h *Handlers) ask(page *logPage) {
	zone := h.Experiments.Zone
	if e := &page.Card; e.Stage == Running {
		if e.NextAction(page.Now, zone).Key == "experiment.do_log_quiet" {
			page.Quiet = days(e.logQuietSince(), page.Now, zone)
		}
		if days(e.LastLog, page.Now, zone) != 0 {
			page.Prompt = page.T("experiment.log_prompt_" + strconv.Itoa(page.Now.In(zone).YearDay()%prompts+1))
		}
	}
}

// pointedTo is the entry whose number the address, or the form that was sent,
// gives under a name; nil when there is none that the reader may see.
func (h *Handlers) pointedTo(c *fiber.Ctx, page *logPage, name string) (*Entry, error) {
	asked := map[string]string{"corrects": c.Query("corrects"), "follows": c.Query("follows")}[name]
	n, err := strconv.Atoi(page.Value(name, asked))
	if err != nil || n < 1 || n > page.Card.LogCount {
		return nil, nil
	}
	return h.entrySeen(c, page.Card.ID, n)
}

// entrySeen is an entry, or nil when there is none that the reader may see.
func (h *Handlers) entrySeen(c *fiber.Ctx, id string, n int) (*Entry, error) {
	one, err := h.Experiments.Entry(web.Context(c), accounts.ActorOf(c), id, n)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &one, nil
}

// around is how many newer entries a reader who follows the address of one
// entry sees above it.
const around = 5

// permalink leads to an entry on the page of the log where it is.
func (h *Handlers) permalink(c *fiber.Ctx) error {
	id, number := c.Params("id"), c.Params("n")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return fiber.ErrNotFound
	}
	a := accounts.ActorOf(c)
	e, _, err := h.Experiments.Get(web.Context(c), a, id)
	if err != nil {
		return err
	}
	if _, err := h.Experiments.Entry(web.Context(c), a, id, n); err != nil {
		return err
	}
	to := web.Path(web.Lang(c), at(id, "log"))
	if n+around < e.LogCount {
		to += "?before=" + strconv.Itoa(n+around+1)
	}
	return c.Redirect(to+"#n"+strconv.Itoa(n), fiber.StatusFound)
}

// entryView is an entry of the log with its words.
type entryView struct {
	Entry
	Who      string
	Day      string
	Noted    string // the day it was written, if that is another
	Measured string
	Shots    []shot
	Films    []film
}

type shot struct {
	URL, Small, Set, Alt string
	Width, Height        int
}

// film is a video elsewhere: its address and where that is.
type film struct{ URL, Host string }

// Glad reports whether the entry is something to be glad of.
func (v entryView) Glad() bool { return v.Kind == SmallWin || v.Kind == Thanks }

// Hot reports whether the entry is an obstacle that is still in the way.
func (v entryView) Hot() bool { return v.IsOpen() }

// Sort is the type of an obstacle.
func (v entryView) Sort() Barrier { return v.barrier() }

func (page *showPage) entries(zone *time.Location) {
	page.Lines = page.lines(page.Log.Entries, zone)
	page.OpenLines = page.lines(page.Open.Entries, zone)
}

func (page *showPage) lines(list []Entry, zone *time.Location) (lines []entryView) {
	for _, n := range list {
		v := entryView{Entry: n, Who: page.Names[n.By], Day: page.DateShort(n.At)}
		if days(n.At, n.Written, zone) != 0 {
			v.Noted = page.DateShort(n.Written)
		}
		if n.Value != nil && n.Measure >= 1 && n.Measure <= len(page.Card.Measures) {
			m := page.Card.Measures[n.Measure-1]
			v.Measured = m.Name + ": " + amount(page.Printer, *n.Value, m.Unit)
		}
		for _, one := range n.Pictures {
			v.Shots = append(v.Shots, shot{
				URL: files.URL(one.Hash), Small: files.Thumbnail(one.Hash, files.Widths[1]), Alt: one.Alt, Width: one.Width, Height: one.Height,
				Set: files.Thumbnail(one.Hash, files.Widths[0]) + " 480w, " + files.Thumbnail(one.Hash, files.Widths[1]) + " 960w",
			})
		}
		for _, address := range n.Videos {
			if u, err := url.Parse(address); err == nil {
				v.Films = append(v.Films, film{URL: address, Host: u.Hostname()})
			}
		}
		lines = append(lines, v)
	}
	return lines
}

// EntryURL leads to an entry by its number: to its place on this page, if it is
// here.
func (page showPage) EntryURL(n int) string {
	for _, line := range page.Lines {
		if line.N == n {
			return "#n" + strconv.Itoa(n)
		}
	}
	return page.URL("experiments", page.Card.ID, "log", strconv.Itoa(n))
}

// Unseen reports whether the reader does not see an entry that another one
// points to.
func (page showPage) Unseen(n int) bool { return page.Log.Unseen[n] || page.Open.Unseen[n] }

// obstacles are what gets in the way everywhere, the most frequent first; nil
// when nobody met anything.
func (h *Handlers) obstacles(c *fiber.Ctx) ([]BarrierCount, error) {
	list, err := h.Experiments.ObstacleCounts(web.Context(c))
	list = slices.DeleteFunc(list, func(b BarrierCount) bool { return b.All() == 0 })
	slices.SortStableFunc(list, func(a, b BarrierCount) int { return b.All() - a.All() })
	return list, err
}
