package experiments

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// WeeksView is what an experiment's page shows of its plan: how its week
// stands. Plan is 0 when there is none; MayBegin says that the reader may make
// one.
type WeeksView struct {
	Plan        int // number
	Week, Weeks int // see Calendar of the plan
	Goals       []string
	ScoreWeek   int // the week that Done, Due and Level are of
	Done, Due   int
	Level       string // green, yellow, red or none
	Missing     []int  // weeks whose results are asked for
	MayBegin    bool
}

// Weeks knows the plan of an experiment. Nil where there are no plans.
type Weeks interface {
	OfExperiment(ctx context.Context, a accounts.Actor, experimentID, lang string) (WeeksView, error)
	// TextsTx are the words of the plans that whoever may read the experiment
	// may find it by.
	TextsTx(tx store.Tx, experimentID string) ([]string, error)
}
