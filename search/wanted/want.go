// Package wanted knows what people look for here and do not find. Searches
// without a find are counted by their words alone: no person, address or cookie
// is kept with them. What is asked for on several days, and a moderator finds fit
// to be seen, becomes the public list of wanted cases.
package wanted

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/search"
)

// A Want is words that were searched for in vain, and how often.
//
// Until they were asked for on EnoughDays different days only a digest of the
// words is kept; a hidden want is a digest again.
type Want struct {
	ID      string         `json:"id"`
	Digest  string         `json:"digest"`
	Words   string         `json:"words,omitempty"`
	Lang    string         `json:"lang"` // of the page they were asked on first
	State   State          `json:"state"`
	Days    []string       `json:"days"`             // the first EnoughDays on which they were asked for
	Months  map[string]int `json:"months"`           // how often, by month: "2026-11"
	Last    time.Time      `json:"last"`             // the minute in which they were counted last
	Also    []string       `json:"also,omitempty"`   // the words of wants that were merged into this
	Reason  string         `json:"reason,omitempty"` // why it was hidden
	Into    string         `json:"into,omitempty"`   // id of the want it was merged into
	Decided time.Time      `json:"decided,omitzero"`
	Found   *Find          `json:"found,omitempty"`
}

// A Find is the case that a want is answered by, and since when.
type Find struct {
	Case string    `json:"case"`
	At   time.Time `json:"at"`
}

// State is how far a want has come.
type State string

// The states.
const (
	Heard   State = "heard"   // on too few days yet
	Waiting State = "waiting" // for a moderator
	Open    State = "open"    // on the public list
	Hidden  State = "hidden"
	Merged  State = "merged"
)

const (
	// EnoughDays is on how many different days words have to be asked for before
	// anybody is shown them.
	EnoughDays = 3
	// MaxWords is how many characters may be wanted.
	MaxWords = 80

	minLetters = 3
	maxDigits  = 4  // a year may stand there; a number of a person, a telephone or a bill is longer
	keepMonths = 12 // how far back counts reach
	maxReason  = 300
	maxAlso    = 10
)

// Faults of moderating.
var (
	ErrDecided = fault.New(fault.Conflict, "wanted.decided_already")
	ErrReason  = fault.New(fault.Invalid, "wanted.reason_missing").On("reason")
	ErrInto    = fault.New(fault.Invalid, "wanted.into_unknown").On("into")
	ErrAct     = fault.New(fault.Invalid, "wanted.act_unknown").On("do")
)

// Countable returns the words to count of what was typed, and whether they may
// be counted: not what is too long or no words, and not what looks like a
// person's, such as an address, a telephone number or an identity code.
func Countable(typed string) (words string, ok bool) {
	if utf8.RuneCountInString(typed) > MaxWords || personal(typed) {
		return "", false
	}
	words = search.Plain(typed)
	letters := 0
	for _, r := range words {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return words, letters >= minLetters
}

// personal reports whether a text looks as if it named somebody: a mail or web
// address, or more digits than a year has.
func personal(text string) bool {
	digits := 0
	for i, r := range text {
		switch {
		case unicode.IsDigit(r):
			digits++
		case r == '@', r == '/', r == '\\', r == '_':
			return true
		case r == '.' && i+1 < len(text) && text[i+1] > ' ': // inside of a word: an address
			return true
		}
	}
	return digits > maxDigits
}

// digestOf is what is kept of words that may not be kept.
func digestOf(words string) string {
	sum := sha256.Sum256([]byte("wanted\n" + words))
	return hex.EncodeToString(sum[:])
}

// count adds one search. The words are kept once there were enough days.
func (w *Want) count(words string, at time.Time, zone *time.Location) {
	day := at.In(zone).Format(time.DateOnly)
	if len(w.Days) < EnoughDays && !slices.Contains(w.Days, day) {
		w.Days = append(w.Days, day)
	}
	if w.State == Heard && len(w.Days) >= EnoughDays {
		w.State, w.Words = Waiting, words
	}
	w.add(day[:7], 1)
}

// add raises the count of a month and forgets the oldest one too many.
func (w *Want) add(month string, n int) {
	months := map[string]int{month: n}
	for m, had := range w.Months {
		months[m] += had
	}
	for len(months) > keepMonths {
		delete(months, slices.Min(monthsOf(months)))
	}
	w.Months = months
}

func monthsOf(months map[string]int) []string {
	list := make([]string, 0, len(months))
	for m := range months {
		list = append(list, m)
	}
	slices.Sort(list)
	return list
}

// Times is how often the words were asked for in the months that are kept.
func (w Want) Times() int {
	n := 0
	for _, times := range w.Months {
		n += times
	}
	return n
}

// LastMonth is the first day of the month in which the words were asked for
// last.
func (w Want) LastMonth() time.Time {
	if len(w.Months) == 0 {
		return time.Time{}
	}
	at, _ := time.Parse("2006-01", slices.Max(monthsOf(w.Months)))
	return at
}

// IsPublic reports whether everybody may see the want now: a moderator said so,
// and it was not answered more than a month ago.
func (w Want) IsPublic(now time.Time) bool {
	return w.State == Open && w.Words != "" && (w.Found == nil || now.Before(w.DropsAt()))
}

// DropsAt is when an answered want leaves the list; the zero time while it is
// not answered.
func (w Want) DropsAt() time.Time {
	if w.Found == nil {
		return time.Time{}
	}
	return w.Found.At.AddDate(0, 1, 0)
}

// approve puts a want on the public list.
func (w *Want) approve(now time.Time) error {
	if w.State != Waiting {
		return ErrDecided
	}
	w.State, w.Decided = Open, now
	return nil
}

// hide takes a want out of everybody's sight for good: its words are forgotten,
// and do not come back when they are asked for again.
func (w *Want) hide(reason string, now time.Time) error {
	switch {
	case w.State != Waiting && w.State != Open:
		return ErrDecided
	case reason == "" || utf8.RuneCountInString(reason) > maxReason:
		return ErrReason
	}
	w.State, w.Reason, w.Decided = Hidden, reason, now
	w.Words, w.Also = "", nil
	return nil
}

// merge says that a want is the same as an open one in other words.
func (w *Want) merge(into *Want, now time.Time) error {
	switch {
	case w.State != Waiting && w.State != Open:
		return ErrDecided
	case into.State != Open || into.ID == w.ID:
		return ErrInto
	}
	for _, words := range append([]string{w.Words}, w.Also...) {
		if len(into.Also) < maxAlso && !slices.Contains(into.Also, words) {
			into.Also = append(into.Also, words)
		}
	}
	for month, n := range w.Months {
		into.add(month, n)
	}
	w.State, w.Into, w.Decided, w.Months = Merged, into.ID, now, nil
	return nil
}

// asked are all words of a want.
func (w Want) asked() []string { return append([]string{w.Words}, w.Also...) }
