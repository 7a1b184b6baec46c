package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"time"
)

// A bench is one run at one size.
type bench struct {
	options
	*portal
	size      int
	largest   bool // of the sizes of this run
	out       io.Writer
	table     *table
	questions *searcher
	author    *author
	growth    *growth
}

// mainSize is where those bars are measured that want ten thousand cases.
const mainSize = 10_000

// measure runs everything and prints the table.
func measure(ctx context.Context, o options, out io.Writer) error {
	start := time.Now()
	t, g := &table{}, &growth{}
	for i, size := range o.sizes {
		if err := o.measureSize(ctx, size, i == len(o.sizes)-1, out, t, g); err != nil {
			return errors.Join(fmt.Errorf("%d cases: %w", size, err), t.write(out))
		}
	}
	if o.wants("S11") {
		g.judge(t)
		if err := g.write(out); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintf(out, "\n%s, %d processors, rounds of %s, %s in all; %d of %d fall short\n\n",
		runtime.Version(), runtime.NumCPU(), o.round, time.Since(start).Round(time.Second), t.short(), len(t.lines))
	if err := t.write(out); err != nil {
		return err
	}
	if t.short() > 0 {
		return errShort
	}
	return nil
}

// isMain reports whether the bars that want ten thousand cases are measured at
// this size: at ten thousand, or at the largest when there are fewer.
func (o options) isMain(size int) bool {
	best := o.sizes[0]
	for _, s := range o.sizes {
		if s <= mainSize {
			best = s
		}
	}
	return size == best
}

func (o options) measureSize(ctx context.Context, size int, largest bool, out io.Writer, t *table, g *growth) (err error) {
	p, err := o.started(ctx, size, out)
	if err != nil {
		return err
	}
	b := &bench{options: o, portal: p, size: size, largest: largest, out: out, table: t, questions: newSearcher(o, size), author: newAuthor(o), growth: g}
	defer func() { err = errors.Join(err, p.stop()) }()
	for _, step := range []struct {
		bar     string
		now     bool
		measure func(context.Context) error
	}{
		{"S9", largest, b.memory},
		{"S11", true, b.grow},
		{"S3", size >= mainSize || largest, b.search},
		{"S4", size >= mainSize || largest, b.counting},
		{"S5", size >= mainSize || largest, b.contest},
		{"S1", o.isMain(size), b.pages},
		{"S2", o.isMain(size), b.feed},
		{"S6", o.isMain(size), b.writes},
		{"S7", o.isMain(size), b.publish},
		{"S8", o.isMain(size), b.meanwhile},
		{"S10", size >= mainSize || largest, b.rebuild},
	} {
		if !step.now || !o.wants(step.bar) {
			continue
		}
		_, _ = fmt.Fprintf(out, "%s at %d cases\n", step.bar, size)
		if err := step.measure(ctx); err != nil {
			if ctx.Err() != nil {
				return err
			}
			t.add(line{bar: step.bar, what: "at " + strconv.Itoa(size) + " cases, not measured to the end", bound: atLeast, limit: 1, broken: err.Error()})
		}
	}
	return nil
}
