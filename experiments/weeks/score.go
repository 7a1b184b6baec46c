package weeks

import "slices"

// grace is how many days after a week its actions can still be marked done for
// it: on Monday people tick off what they did on Friday.
const grace = 1

// A Score is how many of the actions that were due in a week were done in time.
type Score struct{ Week, Done, Due int }

// Level is what a score means; pages say it in a word and with an icon too.
type Level string

// The levels: green from 85 %, yellow from 65 %, red below.
const (
	Green  Level = "green"
	Yellow Level = "yellow"
	Red    Level = "red"
	NoDue  Level = "none" // nothing was due
)

// Share is the part that was done, 0 to 1; 0 when nothing was due.
func (s Score) Share() float64 {
	if s.Due == 0 {
		return 0
	}
	return float64(s.Done) / float64(s.Due)
}

// Level is the colour of the score.
func (s Score) Level() Level {
	switch {
	case s.Due == 0:
		return NoDue
	case 100*s.Done >= 85*s.Due:
		return Green
	case 100*s.Done >= 65*s.Due:
		return Yellow
	}
	return Red
}

// Score counts a week: an action that was moved away stays due in it, and what
// was marked done after the week and the Monday behind it does not count.
func (p *Plan) Score(week int, c Calendar) Score {
	s := Score{Week: week}
	for _, a := range p.Actions {
		if !a.wasDue(week) {
			continue
		}
		s.Due++
		if a.Due == week && a.IsDone() && days(c.Sunday(week), a.Done, c.zone) <= grace {
			s.Done++
		}
	}
	return s
}

// Scores are the scores of the weeks that have begun, oldest first.
func (p *Plan) Scores(c Calendar, week int) []Score {
	var list []Score
	for n := 1; n <= min(week, c.Total()); n++ {
		list = append(list, p.Score(n, c))
	}
	return list
}

// Sum is the score of all the weeks that are over.
func (p *Plan) Sum(c Calendar, week int) (sum Score) {
	for n := 1; n < week && n <= c.Total(); n++ {
		s := p.Score(n, c)
		sum.Done, sum.Due, sum.Week = sum.Done+s.Done, sum.Due+s.Due, n
	}
	return sum
}

// Overdue counts a person's actions whose week is over and that are not done.
func (p *Plan) Overdue(person string, week int) (n int) {
	for _, a := range p.Actions {
		if a.Owner == person && a.IsOverdue(week) {
			n++
		}
	}
	return n
}

// overdue counts for each person of a team, and for whoever has left it with
// something open, what is overdue: the most first.
func (p *Plan) overdue(team []string, week int) []Count {
	persons := slices.Clone(team)
	for _, a := range p.Actions {
		if a.IsOverdue(week) && !slices.Contains(persons, a.Owner) {
			persons = append(persons, a.Owner)
		}
	}
	var list []Count
	for _, person := range persons {
		list = append(list, Count{person, p.Overdue(person, week)})
	}
	slices.SortStableFunc(list, func(a, b Count) int { return b.N - a.N })
	return list
}
