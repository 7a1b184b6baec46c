package search

import (
	"cmp"
	"hash/fnv"
	"time"
)

// Order says which finds come first.
type Order string

// The orders. The empty one is Best.
const (
	Best   Order = "best"
	Newest Order = "newest"
	Copied Order = "copied" // by most other municipalities
)

// Orders lists the orders as they are offered.
var Orders = []Order{Best, Newest, Copied}

// scored is a find before it is read: first and second are what it is ordered
// by, more before less.
type scored struct {
	doc           uint32
	first, second float64
	score         float64
}

// before reports whether a stands before b; of equals, what was indexed
// earlier.
func (a scored) before(b scored) bool { return a.compare(b) < 0 }

func (a scored) compare(b scored) int {
	return cmp.Or(cmp.Compare(b.first, a.first), cmp.Compare(b.second, a.second), cmp.Compare(a.doc, b.doc))
}

// leastOf is the share of what was asked for that a find must have. Where the
// best do not come first, what has less than half of it would stand in the way.
func leastOf(o Order) float64 {
	if o == Newest || o == Copied {
		return 0.5
	}
	return leastShare
}

// What a find's score is multiplied by beside what was asked for. All are
// light: none lifts a text over one that has clearly more of the words.
const (
	ownLang     = 1.04 // the text is in the reader's language
	freshShare  = 0.03 // what was published today; less with every day, nothing after freshYears
	freshYears  = 5
	proofShare  = 0.01 // for each piece of evidence; see Document.Evidence
	partOfShare = 0.7  // what the share of the words asked for decides of the score
)

// wholeness is what a score is multiplied by for the share of what was asked
// for that a text has.
func wholeness(share float64) float64 { return 1 - partOfShare + partOfShare*share*share }

// freshness is what a text's date adds; both in seconds since 1970.
func freshness(date, now float64) float64 {
	const longest = freshYears * 365.25 * 24 * 3600
	return 1 + freshShare*min(max(1-(now-date)/longest, 0), 1)
}

// proof is what a text's evidence adds.
func proof(evidence uint8) float64 { return 1 + proofShare*float64(evidence) }

// seconds reads a date of the index.
func seconds(date string) float64 {
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		return 0
	}
	return float64(t.UnixMicro()) / 1e6
}

// datedAs is a document's date in the index. The part of the second tells
// documents of one moment apart in a way that stays: without it, pages of an
// answer could overlap after the index has rearranged itself.
func datedAs(d Document) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(d.Kind + ":" + d.ID)) // it never fails
	apart := time.Duration(h.Sum32()%1_000_000) * time.Microsecond
	return d.Date.UTC().Truncate(time.Second).Add(apart).Format("2006-01-02T15:04:05.000000Z07:00")
}
