package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"text/tabwriter"
	"time"
)

// counter counts from 0, for many goroutines.
type counter struct{ n atomic.Int64 }

func (c *counter) next() int { return int(c.n.Add(1)) - 1 }

// size is a number of cases in words.
func size(n int) string { return fmt.Sprintf("%d cases", n) }

// growing is what S11 watches, and how much slower the largest portal may be
// than the smallest.
var growing = []struct {
	name  string
	limit float64
}{
	{"case page, cached", 1.2}, {"feed, cached", 1.2}, {"TOP-10", 1.2}, {"newest list, uncached", 1.2}, {"search, uncached", 8}, {"publish", 2},
}

// growth is the table of S11: medians in milliseconds by size.
type growth struct {
	sizes []int
	p50   []map[string]float64
}

// judge compares the largest size with the smallest.
func (g *growth) judge(t *table) {
	if len(g.sizes) < 2 {
		return
	}
	last := len(g.sizes) - 1
	for _, w := range growing {
		p := pairs{{g.p50[last][w.name], g.p50[0][w.name]}}
		t.ratio("S11", fmt.Sprintf("%s, %d against %d", w.name, g.sizes[last], g.sizes[0]), "ms", p, atMost, w.limit)
	}
}

func (g *growth) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprint(w, "\np50, ms\t")
	for _, s := range g.sizes {
		_, _ = fmt.Fprintf(w, "%s\t", size(s))
	}
	_, _ = fmt.Fprintln(w)
	for _, one := range growing {
		_, _ = fmt.Fprintf(w, "%s\t", one.name)
		for _, p := range g.p50 {
			_, _ = fmt.Fprintf(w, "%s\t", number(p[one.name]))
		}
		_, _ = fmt.Fprintln(w)
	}
	return w.Flush()
}

// grow is S11 at one size: one reader, one request at a time.
func (b *bench) grow(ctx context.Context) error {
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.close()
	p50 := map[string]float64{}
	const times = 300
	for name, path := range map[string]string{"case page, cached": b.casePath(0), "feed, cached": feedPath, "TOP-10": "/en/top10"} {
		if p50[name], err = b.middle(ctx, c, slices.Repeat([][]byte{get(b.addr, path)}, times)); err != nil {
			return err
		}
	}
	var questions [][]byte
	for _, q := range b.questions.some(b.queries) {
		questions = append(questions, get(b.addr, q.path()))
	}
	if p50["search, uncached"], err = b.middle(ctx, c, questions); err != nil {
		return err
	}
	var published, list []time.Duration
	for range max(b.publishes/10, 20) {
		took, err := b.publishOne(c, b.author.next())
		if err != nil {
			return err
		}
		first, err := timed(c, get(b.addr, "/en/cases"), nil, 200) // publishing has made the cached one old
		if err != nil {
			return err
		}
		published, list = append(published, took), append(list, first)
	}
	p50["publish"] = milliseconds(percentile(published, 0.5))
	p50["newest list, uncached"] = milliseconds(percentile(list, 0.5))
	b.growth.sizes, b.growth.p50 = append(b.growth.sizes, b.size), append(b.growth.p50, p50)
	return ctx.Err()
}

// middle is the median time of some requests, in milliseconds.
func (b *bench) middle(ctx context.Context, c *conn, requests [][]byte) (float64, error) {
	var took []time.Duration
	for i, r := range requests {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		d, err := timed(c, r, nil, 200)
		if err != nil {
			return 0, err
		}
		if i > len(requests)/10 { // what comes first warms up
			took = append(took, d)
		}
	}
	return milliseconds(percentile(took, 0.5)), nil
}
