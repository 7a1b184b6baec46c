package cases

import (
	"context"
	"strings"

	"github.com/kokeilu/kokeilu/internal/web"
)

// scoreView is a score as pages show it: the bar, how each part was counted,
// and why the case is on the list.
type scoreView struct {
	Score
	Hows       []string // of A, E, H, D
	Why        string
	Rank       int // in the TOP-10, 0: not on it
	LessonRank int
	Weights    []weightRow
}

// weightRow says what one municipality's adoption or endorsement weighs.
type weightRow struct {
	Place, What, Why string
	Weight           string
}

func viewOf(ctx context.Context, p web.Page, s Score, bank *Service) scoreView {
	v := scoreView{Score: s, Hows: hows(p, s), Why: why(p, s)}
	for _, w := range s.Adoptions {
		v.Weights = append(v.Weights, weightOf(p, w, "topten.copied_it", bank.name(ctx, w.Organisation, p.Lang)))
	}
	for _, w := range s.Endorsements {
		v.Weights = append(v.Weights, weightOf(p, w, "topten.endorsed_it", bank.name(ctx, w.Organisation, p.Lang)))
	}
	return v
}

// hows says in words and arithmetic how the four parts were counted.
func hows(p web.Page, s Score) []string {
	dec := func(f float64) string { return p.Decimal(f, 3) }
	useful := p.T("topten.how_useful_none")
	if s.Votes > 0 {
		useful = p.N("topten.how_useful", s.Votes, p.Num(s.Yes), dec(s.H))
	}
	return []string{
		p.N("topten.how_adopted", len(s.Adoptions), dec(s.Adopted), dec(s.Adopted), dec(s.A)),
		p.N("topten.how_endorsed", len(s.Endorsements), dec(s.Endorsed), dec(s.Endorsed), dec(s.E)),
		useful,
		p.T("topten.how_complete", p.Percent(s.D, 0), dec(s.D)),
	}
}

// why is the sentence that says what brought the case here.
func why(p web.Page, s Score) string {
	var parts []string
	if n := counting(s.Adoptions); n > 0 {
		parts = append(parts, p.N("topten.why_copied", n))
	}
	if n := counting(s.Endorsements); n > 0 {
		parts = append(parts, p.N("topten.why_endorsed", n))
	}
	if s.Votes > 0 {
		parts = append(parts, p.N("topten.why_useful", s.Votes, p.Num(s.Yes)))
	}
	return strings.Join(parts, " ")
}

func counting(list []Weighed) int {
	n := 0
	for _, w := range list {
		if w.Weight > 0 {
			n++
		}
	}
	return n
}

func weightOf(p web.Page, w Weighed, what, place string) weightRow {
	whys := []string{p.T("topten.months_old", p.Decimal(w.Months, 1))}
	for key, yes := range map[string]bool{"topten.factor_own": w.Own, "topten.factor_young": w.Young} {
		if yes {
			whys = append(whys, p.T(key))
		}
	}
	if w.Region {
		whys = append(whys, p.T("topten.factor_region"))
	}
	if w.Mutual {
		whys = append(whys, p.T("topten.factor_mutual"))
	}
	return weightRow{Place: place, What: p.T(what), Why: strings.Join(whys, ", "), Weight: p.Decimal(w.Weight, 3)}
}
