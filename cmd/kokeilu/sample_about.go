package main

import (
	"context"

	"github.com/kokeilu/kokeilu/experiments"
)

// sampleAbout is what an experiment of the sample tells beside its three
// faces.
type sampleAbout struct {
	Parent, Replicates string // what it was started from
	Host               string
	Needs              []string
	Doer               bool
	Place              *experiments.Point
	Observations       []string // of P1, P2 and so on
}

// fromCase is the case that the experiment was started from; "" where that was
// not there yet.
func (x *trial) fromCase(ctx context.Context) string {
	b, err := x.Experiments.Beginning(ctx, x.owner, x.Replicates, "")
	if err != nil || b.Case == nil {
		return ""
	}
	return b.Case.ID
}

// about are the sections beside the plan that the sample has.
func (x *trial) about(e *experiments.Experiment) (list []experiments.Edit) {
	if len(x.Needs) > 0 || x.Doer || x.Place != nil {
		list = append(list, experiments.AboutEdit{Parent: e.Parent, About: experiments.About{Needs: x.Needs, Doer: x.Doer, Place: x.Place}})
	}
	if len(x.Observations) > 0 {
		trial := experiments.TrialEdit{Observations: x.Observations}
		for _, s := range x.Steps {
			trial.Minutes = append(trial.Minutes, s.Minutes)
		}
		list = append(list, trial)
	}
	return list
}
