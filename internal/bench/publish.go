package main

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"time"
)

// publish is S7: what is published is found in the very next search, about as
// soon as a bare index would have it, and many publishers do not queue.
func (b *bench) publish(ctx context.Context) error {
	ix, done, err := b.bareIndex(ctx, b.size, b.out)
	if err != nil {
		return err
	}
	defer func() { _ = done() }()
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.close()
	var ours, theirs []time.Duration
	missed := 0
	for range b.publishes {
		m := b.author.next()
		took, err := b.publishOne(c, m)
		if err != nil {
			return err
		}
		found, err := b.finds(c, m)
		if err != nil {
			return err
		}
		if !found {
			missed++
		}
		bare, err := publishBare(ix, m.Text)
		if err != nil {
			return err
		}
		ours, theirs = append(ours, took), append(theirs, bare)
	}
	b.table.add(line{bar: "S7", what: "published, not in the next search", measured: strconv.Itoa(missed) + " of " + strconv.Itoa(b.publishes), judged: float64(missed), bound: atMost})
	p := pairs{{milliseconds(percentile(ours, 0.5)), milliseconds(percentile(theirs, 0.5))}}
	b.table.ratio("S7", "publish, p50, against a batch of one", "ms", p, atMost, 2)
	return b.manyPublishers(ctx)
}

// finds reports whether the next search has a case.
func (b *bench) finds(c *conn, m manuscript) (bool, error) {
	var body bytes.Buffer
	_, err := timed(c, get(b.addr, "/en/search?q="+m.word), &body, 200)
	return bytes.Contains(body.Bytes(), []byte("/cases/"+m.ID)), err
}

func (b *bench) manyPublishers(ctx context.Context) error {
	few, many := max(b.publishes/25, 10), max(b.publishes/4, 64)
	var rates pairs
	for range b.rounds {
		one, err := b.publishing(ctx, 1, few)
		if err != nil {
			return err
		}
		all, err := b.publishing(ctx, 64, many)
		if err != nil {
			return err
		}
		rates = append(rates, pair{all, one})
	}
	b.table.ratio("S7", "64 publishers, against one", "/s", rates, atLeast, 3)
	return nil
}

// publishing is how many of n cases are published a second.
func (b *bench) publishing(ctx context.Context, conns, n int) (float64, error) {
	requests, err := b.manuscripts(n)
	if err != nil {
		return 0, err
	}
	got, err := drive(ctx, b.addr, conns, time.Hour, each(requests), 200)
	if err == nil && got.refused > 0 {
		err = errors.New(got.refusal())
	}
	return got.perSecond(), err
}

func (b *bench) manuscripts(n int) ([][]byte, error) {
	list := make([][]byte, n)
	for i := range list {
		var err error
		if list[i], err = b.author.next().request(b.portal); err != nil {
			return nil, err
		}
	}
	return list, nil
}
