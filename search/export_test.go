package search

import "time"

// TermsOf are the terms that count gives, as the index sees them.
func TermsOf(count func()) int {
	f := &indexed{name: "text", count: func() termCounts {
		count()
		return termCounts{"x": nil}
	}}
	f.Analyze()
	return len(f.AnalyzedTokenFrequencies())
}

// Live is the folder of the index in use.
func (x *Index) Live() string {
	if e := x.live.Load(); e != nil {
		return e.path
	}
	return ""
}

// IsBlocked lets tests see what does not count as damage.
func IsBlocked(err error) bool { return isBlocked(err) }

// Standstill is work that does not go on.
type Standstill struct{ s standstill }

// Lasts tells how long nothing was done though much was left.
func (s *Standstill) Lasts(done, left uint64) time.Duration { return s.s.lasts(done, left) }

// Parsed is how many parts and words a query is taken for.
func Parsed(typed string) (parts, words int) {
	for _, p := range parse(typed) {
		parts++
		words += len(p.words)
	}
	return parts, words
}

// KeepForGood is keepForGood.
var KeepForGood = keepForGood
