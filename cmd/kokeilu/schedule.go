package main

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
)

// duty is work that is due again and again.
type duty struct {
	name string
	do   func(context.Context) error
}

// duties are run at the start and every quarter of an hour. Each finds out by
// itself whether there is something to do, so that running it twice, or late,
// is harmless.
func (a *App) duties() []duty {
	return []duty{
		{"end experiments whose time is over", func(ctx context.Context) error { _, err := a.Experiments.Tick(ctx); return err }},
		{"ask after quiet ideas, late lessons and old ones", func(ctx context.Context) error { _, err := a.Experiments.Ask(ctx); return err }},
		{"remind of permissions that run out", func(ctx context.Context) error { _, err := a.Experiments.Remind(ctx); return err }},
		{"forget old invitations", func(ctx context.Context) error { _, err := a.Experiments.Sweep(ctx); return err }},
		{"watch the clocks of requests", func(ctx context.Context) error { _, err := a.Funding.Tick(ctx); return err }},
		{"move mentors' questions on", func(ctx context.Context) error { _, err := a.Mentoring.Tick(ctx); return err }},
		{"ask for interim results", func(ctx context.Context) error { _, err := a.Weeks.Tick(ctx); return err }},
		{"open cases whose embargo is over", func(ctx context.Context) error { _, err := a.Cases.Tick(ctx); return err }},
		{"freeze the week's TOP-10", a.Cases.Freeze},
		{"see which wanted cases are found by now", func(ctx context.Context) error { _, err := a.Wanted.Look(ctx); return err }},
		{"write the letters of saved searches", func(ctx context.Context) error { _, err := a.Saved.Send(ctx); return err }},
		{"forget old sessions and links", func(ctx context.Context) error { _, err := a.Accounts.Sweep(ctx); return err }},
		{"forget old drafts of forms", func(ctx context.Context) error { _, err := a.Experiments.SweepDrafts(ctx); return err }},
		{"forget old one-time keys", func(ctx context.Context) error { _, err := once.Sweep(ctx, a.Store, a.Now()); return err }},
		{"forget sent mail", func(ctx context.Context) error {
			_, err := notify.Forget(ctx, a.Store, a.Now().AddDate(0, 0, -30))
			return err
		}},
	}
}

const dutyPace = 15 * time.Minute

// schedule runs the duties until ctx is done. Nodes that share a database ask
// more often, so that another one soon does what a stopped one did.
func (a *App) schedule(ctx context.Context) {
	pace := dutyPace
	if _, ok := a.Store.(shared); ok {
		pace = time.Minute
	}
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		a.runDuties(ctx, a.duties())
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// runDuties does what is due and no other node has done.
func (a *App) runDuties(ctx context.Context, duties []duty) {
	for _, d := range duties {
		limited, cancel := context.WithTimeout(ctx, time.Minute)
		mine, err := a.take(limited, d.name, dutyPace)
		if mine {
			err = d.do(limited)
		}
		if err != nil && ctx.Err() == nil {
			a.Log.Error("scheduled work failed", "work", d.name, "err", err)
		}
		cancel()
	}
}
