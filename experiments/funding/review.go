package funding

import (
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// A Criterion is what reviewers look at, and how much it weighs of 100.
type Criterion struct {
	Key    string `json:"key"`
	Weight int    `json:"weight"`
}

// UsualCriteria are the five criteria with their weights.
var UsualCriteria = []Criterion{
	{"need", 20},        // need and evidence
	{"learning", 25},    // testability and learning value
	{"feasibility", 20}, // in this time, by this team
	{"sharing", 20},     // sharing and transferability
	{"benefit", 15},     // benefit to residents
}

// weightsOK reports whether the criteria are the five known ones, each once,
// and weigh 100 together.
func weightsOK(list []Criterion) bool {
	sum := 0
	for i, c := range list {
		known := slices.ContainsFunc(UsualCriteria, func(u Criterion) bool { return u.Key == c.Key })
		twice := slices.ContainsFunc(list[:i], func(o Criterion) bool { return o.Key == c.Key })
		if !known || twice || c.Weight < 0 || c.Weight > 100 {
			return false
		}
		sum += c.Weight
	}
	return sum == 100
}

// Rules of reviewing.
const (
	TopScore   = 4    // of one criterion; the lowest is 0
	GrantLine  = 60.0 // points a request needs to be granted
	FarApart   = 20.0 // points between two reviewers that bring a third
	MaxComment = 600
)

// A Review is one reviewer's judgement. Statement says that the reviewer
// declared to have no tie to the request.
type Review struct {
	By        string         `json:"by"`
	At        time.Time      `json:"at"`
	Scores    map[string]int `json:"scores"`
	Comment   string         `json:"comment,omitempty"`
	Statement bool           `json:"statement"`
}

// Faults of reviews.
var (
	ErrScores    = fault.New(fault.Invalid, "request.score_missing")
	ErrStatement = fault.New(fault.Invalid, "request.statement_missing").On("statement")
	ErrScored    = fault.New(fault.Conflict, "request.scored_already")
)

// check refuses a review that leaves a criterion out or has no statement.
func (r Review) check(criteria []Criterion) error {
	var f findings
	for _, c := range criteria {
		s, ok := r.Scores[c.Key]
		f.when(!ok || s < 0 || s > TopScore, ErrScores.On(c.Key))
	}
	f.text("comment", r.Comment, MaxComment)
	f.when(!r.Statement, ErrStatement)
	return f.err()
}

// Points is the weighted sum of the scores, 0 to 100.
func (r Review) Points(criteria []Criterion) float64 {
	sum := 0
	for _, c := range criteria {
		sum += c.Weight * r.Scores[c.Key]
	}
	return float64(sum) / TopScore
}

func (r Review) hasZero(criteria []Criterion) bool {
	return slices.ContainsFunc(criteria, func(c Criterion) bool { return r.Scores[c.Key] == 0 })
}

// A Verdict is what the reviews say together.
type Verdict struct {
	In         int  // reviews that came
	Complete   bool // as many as are needed, a third included
	NeedsThird bool // two are too far apart, or one gave a 0
	Points     float64
	Spread     float64 // between the highest and the lowest
	Averages   map[string]float64
	Zero       string // criterion that stands at 0, if any
}

// Passes reports whether the request may be granted by its reviews: at the
// grant line or above, and no criterion at 0.
func (v Verdict) Passes() bool { return v.Complete && v.Points >= GrantLine && v.Zero == "" }

// Judge puts reviews together. Two are averaged; if they are more than 20
// points apart, or one of them gave a 0, a third is needed and the median
// counts.
func Judge(reviews []Review, criteria []Criterion, needed int) Verdict {
	v := Verdict{In: len(reviews), Averages: map[string]float64{}}
	var points []float64
	zero := false
	for _, r := range reviews {
		points = append(points, r.Points(criteria))
		zero = zero || r.hasZero(criteria)
	}
	if len(points) > 0 {
		v.Spread = slices.Max(points) - slices.Min(points)
	}
	if v.NeedsThird = needed >= 2 && len(reviews) >= 2 && (zero || v.Spread > FarApart); v.NeedsThird {
		needed = 3
	}
	v.Complete = len(reviews) >= needed
	v.Points = together(points)
	for _, c := range criteria {
		v.Averages[c.Key] = mean(scoresOf(reviews, c.Key))
		if len(reviews) > 0 && together(scoresOf(reviews, c.Key)) == 0 {
			v.Zero = c.Key
		}
	}
	return v
}

func scoresOf(reviews []Review, key string) []float64 {
	var list []float64
	for _, r := range reviews {
		list = append(list, float64(r.Scores[key]))
	}
	return list
}

// together is the mean of up to two values and the median of more.
func together(values []float64) float64 {
	if len(values) <= 2 {
		return mean(values)
	}
	sorted := slices.Sorted(slices.Values(values))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return (sorted[mid-1] + sorted[mid]) / 2
}

func mean(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
