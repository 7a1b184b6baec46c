// Package saved keeps searches for people, and writes to them when something
// new is found: once for each find, as often as they asked for, never more.
package saved

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/search"
)

// A Search is a search that somebody keeps.
type Search struct {
	ID      string              `json:"id"`
	Person  string              `json:"person"`
	Name    string              `json:"name"`
	Words   string              `json:"words"`
	Filters map[string][]string `json:"filters,omitempty"` // as in the page's address; see search.Conditions
	Lang    string              `json:"lang"`              // of the page it was saved on
	Mail    Mail                `json:"mail"`
	Created time.Time           `json:"created"`
	Since   time.Time           `json:"since"`          // what came before is no news
	Looked  time.Time           `json:"looked"`         // when it was last searched for a letter
	Told    []Told              `json:"told,omitempty"` // what the letters of the last days named
	Stop    string              `json:"stop"`           // secret of the link that ends the letters
}

// Told is a find that a letter has named, and its day.
type Told struct {
	Find search.Ref `json:"find"`
	Date time.Time  `json:"date"`
}

// Mail is how often somebody wants a letter.
type Mail string

// How often.
const (
	Never  Mail = "never"
	Daily  Mail = "daily"
	Weekly Mail = "weekly"
)

// Mails lists how often, in the order it is offered.
var Mails = []Mail{Never, Daily, Weekly}

const (
	// Most is how many searches one person may keep.
	Most = 50

	maxName  = 80
	maxWords = 200
	hour     = 7                  // of the morning, when letters are written
	overlap  = 48 * time.Hour     // a find may reach the index later than its day
	letter   = 10                 // finds that a letter names
	looked   = 4 * search.MaxSize // finds that are looked at
)

// Faults of saving.
var (
	ErrWords = fault.New(fault.Invalid, "saved.words_missing").On("q")
	ErrName  = fault.New(fault.Invalid, "saved.name_long", maxName).On("name")
	ErrMail  = fault.New(fault.Invalid, "saved.mail_unknown").On("mail")
	ErrLang  = fault.New(fault.Invalid, "saved.lang_unknown").On("lang")
	ErrMost  = fault.New(fault.Conflict, "saved.too_many", Most)
)

// check trims a new search and says what is wrong with it. A search without a
// name goes by its words.
func (s *Search) check() error {
	s.Words, s.Name = strings.TrimSpace(s.Words), strings.Join(strings.Fields(s.Name), " ")
	if s.Name == "" {
		s.Name = shortened(s.Words, maxName)
	}
	var wrong []*fault.Error
	for _, rule := range []struct {
		broken bool
		err    *fault.Error
	}{
		{s.Words == "" || utf8.RuneCountInString(s.Words) > maxWords, ErrWords},
		{utf8.RuneCountInString(s.Name) > maxName, ErrName},
		{!slices.Contains(Mails, s.Mail), ErrMail},
		{!i18n.Known(s.Lang), ErrLang},
	} {
		if rule.broken {
			wrong = append(wrong, rule.err)
		}
	}
	return fault.Join(wrong...)
}

func shortened(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// DueAt is the last moment up to now at which a letter could be written: this
// morning, or Monday's; the zero time for those who want none.
func (m Mail) DueAt(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), hour, 0, 0, 0, zone)
	if at.After(now) {
		at = at.AddDate(0, 0, -1)
	}
	switch m {
	case Daily:
		return at
	case Weekly:
		return at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	}
	return time.Time{}
}

// due reports whether it is time to look for a letter.
func (s Search) due(now time.Time, zone *time.Location) bool {
	return s.Looked.Before(s.Mail.DueAt(now, zone))
}

// fresh are those of the finds, the newest first, that are news: not from before
// letters were asked for, nor named in one already.
func (s Search) fresh(found []search.Document) []search.Document {
	since := s.Looked.Add(-overlap)
	if since.Before(s.Since) {
		since = s.Since
	}
	var list []search.Document
	for _, d := range found {
		ref := search.Ref{Kind: d.Kind, ID: d.ID}
		if d.Date.After(since) && !slices.ContainsFunc(s.Told, func(t Told) bool { return t.Find == ref }) {
			list = append(list, d)
		}
	}
	return list
}

// tell notes what a letter has named, as long as it could be found anew.
func (s *Search) tell(list []search.Document, now time.Time) {
	told := append([]Told(nil), s.Told...)
	for _, d := range list {
		told = append(told, Told{Find: search.Ref{Kind: d.Kind, ID: d.ID}, Date: d.Date})
	}
	since := now.Add(-overlap)
	s.Told = slices.DeleteFunc(told, func(t Told) bool { return t.Date.Before(since) })
	s.Looked = now
}

// Query is the search as the address of its page asks it.
func (s Search) Query() string { return search.Query(s.Words, s.Filters) }

// Subject is how the journal names a search.
func (s Search) Subject() string { return "saved_search:" + s.ID }
