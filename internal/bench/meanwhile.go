package main

import (
	"context"
	"errors"
	"sync"
)

// What readers do a second while S8 looks, and how much is published then.
const (
	searchesPerSecond = 20
	pagesPerSecond    = 100
	casesPerSecond    = 10
)

// meanwhile is S8: what readers feel of publishing.
func (b *bench) meanwhile(ctx context.Context) error {
	quietSearch, quietPage, err := b.reading(ctx, false)
	if err != nil {
		return err
	}
	search, page, err := b.reading(ctx, true)
	if err != nil {
		return err
	}
	p99 := func(p pass) float64 { return milliseconds(percentile(p.latencies, 0.99)) }
	b.table.unless(search.refusal(), "S8", "search, p99, while cases are published", "ms", pairs{{p99(search), p99(quietSearch)}}, atMost, 3)
	b.table.unless(page.refusal(), "S8", "case page, p99, while cases are published", "ms", pairs{{p99(page), p99(quietPage)}}, atMost, 2)
	return nil
}

// reading is what searches and case pages took in a minute in which cases are
// published or not.
func (b *bench) reading(ctx context.Context, publishing bool) (searches, pages pass, err error) {
	seconds := int(b.minute.Seconds()) + 1
	asking := b.asking(b.questions.some(seconds * searchesPerSecond))
	opening := b.opening(64)
	var writing source
	if publishing {
		requests, err := b.manuscripts(seconds * casesPerSecond)
		if err != nil {
			return searches, pages, err
		}
		writing = each(requests)
	}
	var errs [3]error
	var wg sync.WaitGroup
	wg.Go(func() { searches, errs[0] = pace(ctx, b.addr, searchesPerSecond, b.minute, asking, 200) })
	wg.Go(func() { pages, errs[1] = pace(ctx, b.addr, pagesPerSecond, b.minute, opening, 200) })
	if publishing {
		wg.Go(func() { _, errs[2] = pace(ctx, b.addr, casesPerSecond, b.minute, writing, 200) })
	}
	wg.Wait()
	return searches, pages, errors.Join(errs[:]...)
}

// opening is a source of the pages of some cases, over and over.
func (b *bench) opening(n int) source {
	requests := make([][]byte, n)
	for i := range requests {
		requests[i] = get(b.addr, b.casePath(i))
	}
	var next counter
	return func(int) []byte { return requests[next.next()%n] }
}
