package cases

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/pagecache"
)

// A List is one of the lists of the TOP-10 page. All are counted with the same
// formula.
type List string

// The lists. Practices is the TOP-10 itself.
const (
	Practices List = "practices"
	Lessons   List = "lessons" // not confirmed or could not be tested, and worth knowing
	Small     List = "small"   // of municipalities under 5 000 people
	Newest    List = "newest"  // what was learnt last
	Copied    List = "copied"  // most adopted
)

// Lists are all lists in the order of the page.
var Lists = []List{Practices, Lessons, Small, Newest, Copied}

const (
	listLength    = 10
	maxPerOwner   = 2
	maxPerSector  = 4
	boardFresh    = 10 * time.Minute
	scoreDecimals = 1e9 // equal beyond that is equal
)

// Directions of a Change.
const (
	ChangeNew  = "new"
	ChangeUp   = "up"
	ChangeDown = "down"
	ChangeSame = "same"
)

// A Change is where an entry stood on the list before. It is empty when there
// was no list before.
type Change struct {
	Kind string `json:"kind,omitempty"`
	By   int    `json:"by,omitempty"`
}

// An Entry is one place on a list.
type Entry struct {
	Rank   int
	Row    Row
	Score  Score
	Change Change
}

// A Board is the TOP-10 as it is at one moment, beside the list that was
// frozen on Monday.
type Board struct {
	At     time.Time
	Lists  map[List][]Entry
	Frozen *Frozen // this week's; nil before the first freeze

	scores   map[string]Score
	eligible []Entry // best first
	learned  []Entry
}

// Score returns the score of a case, and whether it has one: imported cases
// have none.
func (b *Board) Score(id string) (Score, bool) {
	s, ok := b.scores[id]
	return s, ok
}

// Rank returns the place of a case on a list, 0 when it is not on it.
func (b *Board) Rank(list List, id string) int {
	for _, e := range b.Lists[list] {
		if e.Row.ID == id {
			return e.Rank
		}
	}
	return 0
}

// Eligible reports whether a case may stand in the TOP-10: learnt or spread, a
// complete card, and two other municipalities behind it.
func Eligible(r Row, s Score, now time.Time) bool {
	return r.IsPublic(now) && !r.Date.After(now) && learnt(r) && s.D >= minComplete && s.Municipalities >= minPlaces
}

func learnt(r Row) bool { return r.Origin.Stage == "L" || r.Origin.Stage == "S" }

// Board returns the TOP-10 as it is now. It is counted from memory; after a
// change only the cases that changed are read again.
func (s *Service) Board(ctx context.Context) (b *Board, err error) {
	defer fault.Wrap(&err, "top ten")
	showsRanks(ctx)
	defer func() {
		if err == nil {
			pagecache.Until(ctx, s.Now(), b.At.Add(boardFresh))
		}
	}()
	m := s.memory()
	m.work.Lock()
	defer m.work.Unlock()
	fresh, err := m.refresh(ctx, s.Store)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	if age := now.Sub(m.boardAt()); fresh && m.board != nil && age >= 0 && age < boardFresh {
		return m.board, nil
	}
	m.board = count(now, m.rows, m.tallies, m.latest)
	return m.board, nil
}

// count makes the lists of one moment.
func count(now time.Time, all map[string]Row, tallies map[string]Tally, latest *Frozen) *Board {
	b := &Board{At: now, scores: map[string]Score{}}
	relations := Relations{Region: region, Mutual: mutual(now, all, tallies)}
	groups := pool(now, all, tallies)
	var learned, eligible []Entry
	for id, r := range all {
		if r.Origin.Experiment == "" || !r.IsPublic(now) || r.Date.After(now) {
			continue
		}
		g := groups[r.Group]
		e := Entry{Row: r, Score: ScoreAt(now, r.Owners(), r.Origin.Completeness, g.tally, relations)}
		b.scores[id] = e.Score
		if g.shown != id {
			continue // one language of an account stands on a list
		}
		if learnt(r) {
			learned = append(learned, e)
		}
		if Eligible(r, e.Score, now) {
			eligible = append(eligible, e)
		}
	}
	slices.SortFunc(eligible, better)
	b.eligible, b.learned = eligible, learned
	if latest != nil {
		shown := latest.only(b)
		b.Frozen = &shown
	}
	b.Lists = b.Only(func(Row) bool { return true })
	return b
}

// Only returns the lists as they would be if there were only the cases that
// fit: of one theme, say. Caps hold there too.
func (b *Board) Only(fits func(Row) bool) map[List][]Entry {
	row := func(e Entry) bool { return fits(e.Row) }
	newest := slices.SortedFunc(slices.Values(b.learned), func(a, b Entry) int {
		return cmp.Or(b.Row.Date.Compare(a.Row.Date), strings.Compare(a.Row.ID, b.Row.ID))
	})
	copied := slices.SortedFunc(slices.Values(b.learned), func(a, b Entry) int {
		return cmp.Or(compareFloat(b.Score.Adopted, a.Score.Adopted), better(a, b))
	})
	lists := map[List][]Entry{
		Practices: top(b.eligible, true, row),
		Lessons: top(b.eligible, true, func(e Entry) bool {
			return row(e) && (e.Row.Outcome == NotConfirmed || e.Row.Outcome == NotTested)
		}),
		Small:  top(b.eligible, true, func(e Entry) bool { return row(e) && isSmall(e) }),
		Newest: top(newest, false, row),
		Copied: top(copied, false, func(e Entry) bool { return row(e) && e.Score.Adopted > 0 }),
	}
	if b.Frozen != nil {
		for name, entries := range lists {
			for i := range entries {
				entries[i].Change = change(b.Frozen.rank(name, entries[i].Row.ID), entries[i].Rank)
			}
		}
	}
	return lists
}

// An account is one case in all its languages: what others did with any of
// them counts once, and one of them stands on the lists.
type account struct {
	shown string // the original, or else the lowest id
	tally Tally
}

func pool(now time.Time, all map[string]Row, tallies map[string]Tally) map[string]account {
	groups := map[string]account{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		r := all[id]
		if !r.IsPublic(now) || r.Date.After(now) {
			continue
		}
		g, known := groups[r.Group]
		if !known || id == r.Group {
			g.shown = id
		}
		g.tally = g.tally.with(tallies[id])
		groups[r.Group] = g
	}
	return groups
}

// with returns the signals of both, one for each municipality or voter: the
// first.
func (t Tally) with(other Tally) Tally {
	return Tally{
		Adoptions:    firsts(t.Adoptions, other.Adoptions, func(a Adoption) (string, time.Time) { return a.Organisation, a.At }),
		Endorsements: firsts(t.Endorsements, other.Endorsements, func(e Endorsement) (string, time.Time) { return e.Organisation, e.At }),
		Votes:        firsts(t.Votes, other.Votes, func(v Vote) (string, time.Time) { return v.Person, v.At }),
	}
}

func firsts[T any](a, b []T, who func(T) (string, time.Time)) []T {
	if len(a) == 0 || len(b) == 0 {
		return append(slices.Clone(a), b...)
	}
	list := slices.Clone(a)
	for _, v := range b {
		name, at := who(v)
		i := slices.IndexFunc(list, func(have T) bool { n, _ := who(have); return n == name })
		if i < 0 {
			list = append(list, v)
		} else if _, earlier := who(list[i]); at.Before(earlier) {
			list[i] = v
		}
	}
	return list
}

// better orders entries: more points, then more municipalities, then learnt
// later, then the lower id.
func better(a, b Entry) int {
	return cmp.Or(
		compareFloat(b.Score.Total, a.Score.Total),
		b.Score.Municipalities-a.Score.Municipalities,
		b.Row.Date.Compare(a.Row.Date),
		strings.Compare(a.Row.ID, b.Row.ID),
	)
}

func compareFloat(a, b float64) int {
	return cmp.Compare(math.Round(a*scoreDecimals), math.Round(b*scoreDecimals))
}

// top takes the first ten that fit; with caps at most two of one owner and
// four of one COFOG division, then the next best.
func top(sorted []Entry, caps bool, fits func(Entry) bool) []Entry {
	var list []Entry
	owners, divisions := map[string]int{}, map[string]int{}
	for _, e := range sorted {
		owner, division := e.Row.Organisation, e.Row.Division()
		if !fits(e) || caps && (owners[owner] == maxPerOwner || divisions[division] == maxPerSector) {
			continue
		}
		owners[owner]++
		divisions[division]++
		e.Rank = len(list) + 1
		if list = append(list, e); len(list) == listLength {
			break
		}
	}
	return list
}

func isSmall(e Entry) bool {
	m, ok := e.Row.Place()
	return ok && m.SizeClass() == content.SizeUnder5k
}

func region(organisation string) string {
	m, ok := content.MunicipalityOf(organisation)
	if !ok || m.Region == "" {
		return ""
	}
	return m.Country + ":" + m.Region
}

// mutual finds pairs of municipalities that endorse each other's cases.
func mutual(now time.Time, all map[string]Row, tallies map[string]Tally) func(string, []string) bool {
	gave := map[[2]string]bool{}
	for id, t := range tallies {
		for _, e := range t.Endorsements {
			for _, owner := range all[id].Owners() {
				if !e.At.After(now) {
					gave[[2]string{e.Organisation, owner}] = true
				}
			}
		}
	}
	return func(endorser string, owners []string) bool {
		return slices.ContainsFunc(owners, func(o string) bool { return o != endorser && gave[[2]string{o, endorser}] })
	}
}
