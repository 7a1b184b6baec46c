package themes

import (
	"math"
	"slices"
)

// A step is one station of the line of stages.
type step struct {
	Name          string // in the reader's language
	Done, Current bool
}

// stageLine is the way of an experiment in five steps.
type stageLine struct {
	Words words
	Steps []step
}

// newStages puts a stage on the line. A pause stands in the place of running,
// spreading and the archive in the place of learned; what was stopped ends the
// line where it is.
func newStages(w words, value any) stageLine {
	line := []string{"idea", "planned", "running", "ended", "learned"}
	current := stageName(value)
	switch current {
	case "paused":
		line[2] = current
	case "spread", "archived":
		line[4] = current
	case "stopped":
		line = []string{"idea", current}
	}
	at := slices.Index(line, current)
	s := stageLine{Words: w}
	for i, name := range line {
		s.Steps = append(s.Steps, step{Name: w.T("stage." + name), Done: i < at, Current: i == at})
	}
	return s
}

// The parts of a TOP-10 score and the most points each can bring.
var scoreParts = []struct {
	class, key string
	most       float64
}{{"f-a", "theme.score_adopted", 35}, {"f-e", "theme.score_endorsed", 25}, {"f-h", "theme.score_useful", 20}, {"f-d", "theme.score_complete", 20}}

// A receiptLine is one part of a score: how it was counted and what it brought.
type receiptLine struct{ Name, How, Points, Most string }

// receiptSlip shows how a score was counted.
type receiptSlip struct {
	Words words
	Lines []receiptLine
	Total string
}

// newReceipt lists the four shares (0 to 1) of a score: adopted, endorsed,
// useful, complete. how says in words how each was counted, in that order.
func newReceipt(w words, adopted, endorsed, useful, complete float64, how []string) receiptSlip {
	slip, total := receiptSlip{Words: w}, 0.0
	for i, share := range []float64{adopted, endorsed, useful, complete} {
		part := scoreParts[i]
		points := part.most * within(share, 0, 1)
		total += points
		line := receiptLine{Name: w.T(part.key), Points: w.Decimal(points, 1), Most: w.Num(int(part.most))}
		if i < len(how) {
			line.How = how[i]
		}
		slip.Lines = append(slip.Lines, line)
	}
	slip.Total = w.Decimal(total, 1)
	return slip
}

func within(f, low, high float64) float64 {
	if math.IsNaN(f) {
		return low
	}
	return min(max(f, low), high)
}
