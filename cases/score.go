package cases

import (
	"math"
	"slices"
	"strings"
	"time"
)

// The formula of the TOP-10: score = 100 × (0.35 A + 0.25 E + 0.20 H + 0.20 D).
const (
	weightA, weightE, weightH, weightD = 35.0, 25.0, 20.0, 20.0

	monthDays     = 30.4375
	adoptionHalf  = 18.0 // months in which an adoption loses half its weight
	endorseHalf   = 12.0
	adoptionEase  = 3.0 // A = a / (a + 3)
	endorseEase   = 5.0 // E = e / (e + 5)
	votesPerPlace = 3
	accountAge    = 14 * 24 * time.Hour
	z95           = 1.96

	minComplete = 0.7
	minPlaces   = 2
)

// A Weighed signal is one adoption or endorsement and what it counts: the
// product of its factors.
type Weighed struct {
	Organisation string    `json:"organisation"`
	At           time.Time `json:"at"`
	Months       float64   `json:"months"`
	Own          bool      `json:"own,omitempty"`    // by an owner of the case: counts 0
	Young        bool      `json:"young,omitempty"`  // by an account younger than 14 days: counts 0 so far
	Region       bool      `json:"region,omitempty"` // from the owner's region: counts half
	Mutual       bool      `json:"mutual,omitempty"` // the two endorse each other: counts half
	Weight       float64   `json:"weight"`
}

// A Score is the four parts of a case's place in the TOP-10 and everything
// that went into them, so that anybody can count it again.
type Score struct {
	A     float64 `json:"a"` // adopted elsewhere, 0 to 1
	E     float64 `json:"e"` // endorsed
	H     float64 `json:"h"` // useful to readers
	D     float64 `json:"d"` // complete card
	Total float64 `json:"total"`

	Adopted        float64   `json:"adopted"`  // a
	Endorsed       float64   `json:"endorsed"` // e
	Yes            int       `json:"yes"`
	Votes          int       `json:"votes"`
	Municipalities int       `json:"municipalities"` // others that adopt or endorse
	Adoptions      []Weighed `json:"adoptions"`
	Endorsements   []Weighed `json:"endorsements"`
}

// PointsA returns the points of adoptions, of 35.
func (s Score) PointsA() float64 { return weightA * s.A }

// PointsE returns the points of endorsements, of 25.
func (s Score) PointsE() float64 { return weightE * s.E }

// PointsH returns the points of usefulness, of 20.
func (s Score) PointsH() float64 { return weightH * s.H }

// PointsD returns the points of a complete card, of 20.
func (s Score) PointsD() float64 { return weightD * s.D }

// Tally is what others did with one case.
type Tally struct {
	Adoptions    []Adoption
	Endorsements []Endorsement
	Votes        []Vote
}

// Relations are what scoring knows about municipalities beside the case.
type Relations struct {
	Region func(organisation string) string            // "" when not known
	Mutual func(endorser string, owners []string) bool // whether they endorse each other
}

// ScoreAt counts the score of a case at one moment. What happened after it is
// left out, so the list of a Monday can be counted on Tuesday.
func ScoreAt(now time.Time, owners []string, complete float64, t Tally, r Relations) Score {
	s := Score{D: min(max(complete, 0), 1)}
	places := map[string]bool{}
	for _, a := range t.Adoptions {
		if a.At.After(now) {
			continue
		}
		w := weigh(now, a.Organisation, a.At, a.Since, owners, adoptionHalf)
		s.Adoptions = append(s.Adoptions, w)
		s.Adopted += w.Weight
		places[w.Organisation] = places[w.Organisation] || w.Weight > 0
	}
	for _, e := range t.Endorsements {
		if e.At.After(now) {
			continue
		}
		w := weigh(now, e.Organisation, e.At, e.Since, owners, endorseHalf)
		w.Region = r.sameRegion(e.Organisation, owners)
		w.Mutual = r.Mutual != nil && r.Mutual(e.Organisation, owners)
		w.Weight *= half(w.Region) * half(w.Mutual)
		s.Endorsements = append(s.Endorsements, w)
		s.Endorsed += w.Weight
		places[w.Organisation] = places[w.Organisation] || w.Weight > 0
	}
	for _, counts := range places {
		if counts {
			s.Municipalities++
		}
	}
	s.Yes, s.Votes = countVotes(now, owners, t.Votes)
	s.A = s.Adopted / (s.Adopted + adoptionEase)
	s.E = s.Endorsed / (s.Endorsed + endorseEase)
	s.H = Wilson(s.Yes, s.Votes)
	s.Total = s.PointsA() + s.PointsE() + s.PointsH() + s.PointsD()
	return s
}

func weigh(now time.Time, organisation string, at, since time.Time, owners []string, halfLife float64) Weighed {
	w := Weighed{
		Organisation: organisation, At: at,
		Months: now.Sub(at).Hours() / 24 / monthDays,
		Own:    slices.Contains(owners, organisation),
		Young:  now.Sub(since) < accountAge,
	}
	if !w.Own && !w.Young {
		w.Weight = math.Pow(0.5, w.Months/halfLife)
	}
	return w
}

func half(yes bool) float64 {
	if yes {
		return 0.5
	}
	return 1
}

func (r Relations) sameRegion(organisation string, owners []string) bool {
	if r.Region == nil {
		return false
	}
	region := r.Region(organisation)
	return region != "" && slices.ContainsFunc(owners, func(o string) bool { return r.Region(o) == region })
}

// Alarms that a moderator looks into.
const (
	AlarmBurst = "burst" // more than half of the endorsements came within a day
	AlarmYoung = "young" // more than half came from accounts younger than 14 days
)

// alarmFrom is how many endorsements a case needs before they can alarm: the
// first one is always all of them.
const alarmFrom = 3

// Alarm returns what is odd about a case's endorsements, or "".
func (t Tally) Alarm() string {
	if len(t.Endorsements) < alarmFrom {
		return ""
	}
	list := slices.SortedFunc(slices.Values(t.Endorsements), func(a, b Endorsement) int { return a.At.Compare(b.At) })
	young, burst := 0, 0
	for i, e := range list {
		if e.At.Sub(e.Since) < accountAge {
			young++
		}
		within := 0
		for _, next := range list[i:] {
			if next.At.Sub(e.At) <= 24*time.Hour {
				within++
			}
		}
		burst = max(burst, within)
	}
	switch {
	case 2*young > len(list):
		return AlarmYoung
	case 2*burst > len(list):
		return AlarmBurst
	}
	return ""
}

// countVotes counts the first three votes of each other municipality.
func countVotes(now time.Time, owners []string, list []Vote) (yes, n int) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Vote) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Person, b.Person)
	})
	perPlace := map[string]int{}
	for _, v := range list {
		if v.At.After(now) || now.Sub(v.Since) < accountAge || slices.Contains(owners, v.Organisation) || perPlace[v.Organisation] == votesPerPlace {
			continue
		}
		perPlace[v.Organisation]++
		n++
		if v.Useful {
			yes++
		}
	}
	return yes, n
}

// Wilson returns the lower bound of the 95 % interval of yes among n, the
// cautious share: few votes are believed less. Without votes it is 0.
func Wilson(yes, n int) float64 {
	if n == 0 {
		return 0
	}
	count, share, zz := float64(n), float64(yes)/float64(n), z95*z95
	spread := z95 * math.Sqrt(share*(1-share)/count+zz/(4*count*count))
	return max(0, (share+zz/(2*count)-spread)/(1+zz/count))
}
