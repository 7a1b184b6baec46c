package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"time"
)

const feedPath = "/en/feeds/cases.rss"

// feed is S2: the feed beside a bare server, and how soon it has what was
// published.
func (b *bench) feed(ctx context.Context) error {
	list, err := b.variants(ctx, feedPath)
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.missing != "" {
			b.table.add(line{bar: "S2", what: "feed " + v.name, bound: atMost, limit: 1.2, unit: "x", broken: v.missing})
			continue
		}
		d, err := b.duel(ctx, feedPath, v)
		if err != nil {
			return err
		}
		b.table.ratio("S2", "feed "+v.name+" CPU", "µs", d.cpu, atMost, 1.2)
	}
	return b.feedAfterPublishing(max(b.publishes/5, 20))
}

func (b *bench) feedAfterPublishing(n int) error {
	c, err := dial(b.addr)
	if err != nil {
		return err
	}
	defer c.close()
	var took []time.Duration
	stale := 0
	for range n {
		m := b.author.next()
		if _, err := b.publishOne(c, m); err != nil {
			return err
		}
		var body bytes.Buffer
		d, err := timed(c, get(b.addr, feedPath), &body, 200)
		if err != nil {
			return err
		}
		took = append(took, d)
		if !bytes.Contains(body.Bytes(), []byte(m.ID)) {
			stale++
		}
	}
	b.table.add(line{
		bar: "S2", what: "feed, first after publishing, p99", measured: number(milliseconds(percentile(took, 0.99))) + " ms", judged: milliseconds(percentile(took, 0.99)), bound: atMost, limit: 5, unit: "ms",
	})
	b.table.add(line{bar: "S2", what: "feeds without what was just published", measured: strconv.Itoa(stale) + " of " + strconv.Itoa(n), judged: float64(stale), bound: atMost})
	return nil
}

// timed sends one request and says how long the answer took.
func timed(c *conn, request []byte, body *bytes.Buffer, status int) (time.Duration, error) {
	start := time.Now()
	got, err := c.send(request, body)
	if err != nil {
		return 0, err
	}
	if got != status {
		return 0, fmt.Errorf("status %d instead of %d for %.60q", got, status, request)
	}
	return time.Since(start), nil
}

// publishOne publishes a case and says how long it took.
func (b *bench) publishOne(c *conn, m manuscript) (time.Duration, error) {
	r, err := m.request(b.portal)
	if err != nil {
		return 0, err
	}
	var said bytes.Buffer
	took, err := timed(c, r, &said, 200)
	if err == nil && !bytes.Contains(said.Bytes(), []byte(`"imported"`)) {
		err = fmt.Errorf("a case was not published: %.300s", said.Bytes())
	}
	return took, err
}
