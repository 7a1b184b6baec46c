package experiments

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Soon asks for experiments that are planned and whose first day is known and
// still ahead. It is no stage of its own.
const Soon Stage = "soon"

// Order is in which order a list stands.
type Order string

// The orders. What has no such day, or has it behind, comes last.
const (
	Newest   Order = ""         // shown last, first
	Moved    Order = "moved"    // whose stage changed last, first
	Starting Order = "starting" // that starts next, first
	Ending   Order = "ending"   // whose last day comes next, first
)

// Orders lists the orders as they are offered.
var Orders = []Order{Newest, Moved, Starting, Ending}

// A Facet is what a list can be narrowed by. Its name stands in addresses.
type Facet struct {
	Name   string
	asked  func(q *Query) *string
	values func(l *Listed, at *today) []string
}

// today is what a list needs to know of the time.
type today struct {
	now  time.Time
	zone *time.Location
}

func (s *Service) today() *today { return &today{now: s.Now(), zone: s.Zone} }

// ahead reports whether a day is not over yet.
func (d *today) ahead(t time.Time) bool { return !t.IsZero() && days(t, d.now, d.zone) <= 0 }

// Facets are what lists can be narrowed by, in the order they are offered.
var Facets = []Facet{
	{"stage", func(q *Query) *string { return (*string)(&q.Stage) }, stagesOf},
	{"type", func(q *Query) *string { return (*string)(&q.Type) }, func(l *Listed, _ *today) []string { return []string{string(l.Type)} }},
	{"theme", func(q *Query) *string { return &q.Theme }, func(l *Listed, _ *today) []string { return append([]string{division(l.Sector)}, l.Themes...) }},
	{"country", func(q *Query) *string { return &q.Country }, func(l *Listed, _ *today) []string { return []string{l.Country()} }},
	{"size", func(q *Query) *string { return (*string)(&q.Size) }, func(l *Listed, _ *today) []string { return []string{string(l.Home.SizeClass())} }},
	{"needs", func(q *Query) *string { return &q.Needs }, needsOf},
}

// What the facet needs is asked with.
const (
	NeedsAny  = "any"  // somebody or something is looked for
	NeedsDoer = "doer" // somebody who does it is
)

// needsOf says what an experiment looks for, while there is still time.
func needsOf(l *Listed, _ *today) (list []string) {
	if l.card().Over() {
		return nil
	}
	if len(l.Needs) > 0 || l.Doer {
		list = append(list, NeedsAny)
	}
	if l.Doer {
		list = append(list, NeedsDoer)
	}
	return list
}

func stagesOf(l *Listed, at *today) []string {
	if l.Stage == Planned && at.ahead(l.Calendar.Start) {
		return []string{string(Planned), string(Soon)}
	}
	return []string{string(l.Stage)}
}

// Country is the code of the owning municipality's country.
func (r Row) Country() string {
	country, _, _ := strings.Cut(r.Organisation(), ":")
	return country
}

// Found is what a query found: every experiment that fits and that the reader
// may read, in the order asked for.
type Found struct {
	Rows []Listed
	// Counts says, for each facet, how many there would be with each of its
	// values, all else as asked.
	Counts map[string]map[string]int
	// Without says, for each facet that was asked, how many there would be if
	// it was not.
	Without map[string]int
	// Changed is when one of the rows was changed last.
	Changed time.Time
}

// Find lists experiments and counts what each filter would leave. Pages, feeds,
// maps, calendars and the interface all ask it, so that they show the same. It
// never fails for what the reader may not read: that is left out.
func (s *Service) Find(ctx context.Context, a accounts.Actor, q Query) (f Found, err error) {
	defer fault.Wrap(&err, "find experiments")
	all, err := s.all(ctx)
	if err != nil {
		return f, err
	}
	f = Found{Counts: map[string]map[string]int{}, Without: map[string]int{}}
	for _, facet := range Facets {
		f.Counts[facet.Name] = map[string]int{}
	}
	at := s.today()
	for i := range all {
		l := &all[i]
		if !s.sees(a, &l.Row) {
			pagecache.Until(ctx, at.now, l.Embargo)
			continue
		}
		if q.frames(l) {
			f.take(&q, l, at)
		}
	}
	order(f.Rows, q.Order, at)
	if q.After != "" {
		last, ok := find(all, q.After)
		if !ok {
			return f, store.ErrNotFound
		}
		f.Rows = slices.DeleteFunc(f.Rows, func(l Listed) bool { return q.Order.compare(&l, &last, at) <= 0 })
	}
	return f, nil
}

// frames reports whether an experiment is among those that facets narrow.
func (q *Query) frames(l *Listed) bool {
	return strings.HasPrefix(l.Sector, q.Sector) &&
		(q.Organisation == "" || slices.Contains(l.Organisations, q.Organisation)) &&
		(q.Person == "" || slices.Contains(l.Persons, q.Person))
}

// take counts an experiment and, when it fits, lists it.
func (f *Found) take(q *Query, l *Listed, at *today) {
	misses, missed := 0, 0
	var values [8][]string
	for i, facet := range Facets {
		values[i] = facet.values(l, at)
		if asked := *facet.asked(q); asked != "" && !slices.Contains(values[i], asked) {
			misses, missed = misses+1, i
		}
	}
	if misses > 1 {
		return
	}
	for i, facet := range Facets {
		if misses == 1 && i != missed {
			continue
		}
		for _, v := range values[i] {
			f.Counts[facet.Name][v]++
		}
		if *facet.asked(q) != "" {
			f.Without[facet.Name]++
		}
	}
	if misses == 0 {
		f.Rows = append(f.Rows, *l)
		f.Changed = later(f.Changed, l.Changed)
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func find(all []Listed, id string) (Listed, bool) {
	i := slices.IndexFunc(all, func(l Listed) bool { return l.ID == id })
	if i < 0 {
		return Listed{}, false
	}
	return all[i], true
}

func order(list []Listed, by Order, at *today) {
	if by != Newest { // that is how they come
		slices.SortFunc(list, func(a, b Listed) int { return by.compare(&a, &b, at) })
	}
}

// compare says which of two comes first.
func (o Order) compare(a, b *Listed, at *today) int {
	n := 0
	switch o {
	case Moved:
		n = b.StageAt.Compare(a.StageAt)
	case Starting:
		n = nextFirst(a.Calendar.Start, b.Calendar.Start, at)
	case Ending:
		n = nextFirst(a.ends(), b.ends(), at)
	}
	if n != 0 {
		return n
	}
	return byListed(*a, *b)
}

// ends is the last day of an experiment that is not over, or the zero time.
func (l *Listed) ends() time.Time {
	if l.Stage == Running || l.Stage == Paused || l.Stage == Planned {
		return l.Calendar.End
	}
	return time.Time{}
}

func nextFirst(a, b time.Time, at *today) int {
	x, y := at.ahead(a), at.ahead(b)
	switch {
	case x && y:
		return a.Compare(b)
	case x:
		return -1
	case y:
		return 1
	}
	return 0
}

// known makes a query of what an address asked: a word that no filter knows
// asks for nothing.
func (q Query) known() Query {
	for _, facet := range Facets {
		if v := facet.asked(&q); !slices.Contains(offered(facet.Name), *v) {
			*v = ""
		}
	}
	if !slices.Contains(Orders, q.Order) {
		q.Order = Newest
	}
	return q
}

// Filtered reports whether a facet narrows the list.
func (q Query) Filtered() bool {
	return slices.ContainsFunc(Facets, func(f Facet) bool { return *f.asked(&q) != "" })
}

// partOf is the part of a list with a number, from 1, and how many parts there
// are. A number there is none of asks for the first.
func partOf[T any](list []T, number, size int) (part []T, at, of int) {
	of = max(1, (len(list)+size-1)/size)
	at = cmp.Or(number, 1)
	if at < 1 || at > of {
		at = 1
	}
	return list[(at-1)*size : min(at*size, len(list))], at, of
}
