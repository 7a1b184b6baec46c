package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

func init() {
	define("sample-load", func(ctx context.Context, a *App, _ noArgs, out io.Writer) error { return a.loadSample(ctx, out) })
	define("sample-remove", func(ctx context.Context, a *App, _ noArgs, out io.Writer) error { return a.removeSample(ctx, out) })
}

func sampleCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "sample", Short: "Load or remove the sample data"}
	cmd.AddCommand(&cobra.Command{
		Use: "load", Short: "Load the sample data into a portal that is not running", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "sample-load", noArgs{}) },
	}, &cobra.Command{
		Use: "remove", Short: "Withdraw the sample's cases, hide its experiments and erase its people", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "sample-remove", noArgs{}) },
	})
	return cmd
}

var (
	errSampleRunning = errors.New("sample data is made in the past, which would confuse a running portal: stop it first")
	errSampleThere   = errors.New("the sample data is there already")
)

// prepareData loads the sample on the first start, when it was asked for or
// the portal is a demonstration.
func (a *App) prepareData(ctx context.Context, out io.Writer) error {
	wanted := a.Config.Demo
	if a.Config.Sample != nil {
		wanted = *a.Config.Sample
	}
	if !wanted || !a.fresh {
		return nil
	}
	return a.loadSample(ctx, out)
}

// sampler loads the sample through the services, as its people, at its times.
type sampler struct {
	*App
	data   sampleData
	first  time.Time // nine o'clock on the first start's day
	people map[string]accounts.Actor
	cases  map[string]sampleCase
}

// loadSample loads everything or fails. What was loaded before a failure stays:
// a data folder is worth nothing then and is removed by hand.
func (a *App) loadSample(ctx context.Context, out io.Writer) (err error) {
	defer fault.Wrap(&err, "load the sample")
	ctx = experiments.WithoutLetters(ctx) // what it tells is long past
	if a.stop != nil {
		return errSampleRunning
	}
	if _, err := a.Accounts.ByEmail(ctx, accounts.DemoEmail("admin")); err == nil {
		return errSampleThere
	}
	start := time.Now()
	defer a.moment.goTo(time.Time{})
	now := start.In(a.Config.Zone)
	l := &sampler{App: a, first: time.Date(now.Year(), now.Month(), now.Day(), 9, 0, 0, 0, a.Config.Zone), people: map[string]accounts.Actor{}}
	if err := l.read(); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"organisations", l.loadOrganisations}, {"people", l.loadPeople}, {"mentors", l.loadMentors},
		{"imported cases", l.loadImports}, {"calls", l.loadCalls}, {"experiments and requests", l.loadExperiments},
		{"what others did with the cases", l.loadVotes}, {"mentorships", l.loadMentorships},
		{"week plans", l.loadWeeks},
		{"searches", l.loadSearches},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	a.moment.goTo(time.Time{})
	if err := a.Cases.Freeze(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Sample data loaded in %s: %d experiments, %d cases, %d people. All of it is invented or retold from public sources.\n",
		time.Since(start).Round(time.Millisecond), len(l.data.all()), len(l.cases), len(l.people))
	return err
}

// day is a moment some days from the first start.
func (l *sampler) day(offset int) time.Time { return l.first.AddDate(0, 0, offset) }

// at lets f happen on a day.
func (l *sampler) at(offset int, f func() error) error {
	l.moment.goTo(l.day(offset))
	return f()
}

// as returns one of the sample's people.
func (l *sampler) as(key string) (accounts.Actor, error) {
	a, ok := l.people[key]
	if !ok {
		return a, fmt.Errorf("no sample person %q", key)
	}
	return a, nil
}

// removeSample takes the sample out of sight: cases are withdrawn, experiments
// and wanted cases hidden, people erased. The journal keeps that they were there.
func (a *App) removeSample(ctx context.Context, out io.Writer) error {
	l := &sampler{App: a, people: map[string]accounts.Actor{}}
	if err := l.read(); err != nil {
		return err
	}
	const why = "Sample data was removed."
	n := 0
	for id := range l.cases {
		if err := a.Cases.Withdraw(ctx, accounts.System, id, why); err == nil {
			n++
		}
	}
	for _, e := range l.data.all() {
		if err := a.Experiments.Hide(ctx, accounts.System, e.ID, why); err == nil {
			n++
		}
	}
	for _, w := range l.data.Wanted {
		if err := a.Wanted.Hide(ctx, accounts.System, w.ID, why); err == nil {
			n++
		}
	}
	for _, c := range l.data.Concepts {
		if err := a.Concepts.Remove(ctx, accounts.System, c.ID); err == nil {
			n++
		}
	}
	for _, p := range l.data.People {
		person, err := a.Accounts.ByEmail(ctx, p.Email)
		if err != nil {
			continue
		}
		if err := a.Accounts.Erase(ctx, accounts.System, person.ID); err != nil {
			return err
		}
		n++
	}
	_, err := fmt.Fprintf(out, "%d things of the sample were taken out of sight.\n", n)
	return err
}
