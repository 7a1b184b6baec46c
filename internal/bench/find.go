package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
)

// search is S3: the processor time of a search page that no cache has, beside
// the same search in a bare index in this process.
func (b *bench) search(ctx context.Context) error {
	ix, done, err := b.bareIndex(ctx, b.size, b.out)
	if err != nil {
		return err
	}
	defer func() { _ = done() }()
	var rounds pairs
	var finds uint64
	var asked pass
	for i := range b.rounds + 1 {
		questions := b.questions.some(b.queries)
		ours, some, err := b.searchPages(ctx, questions)
		if err != nil {
			return err
		}
		asked.count(some)
		theirs, found, err := searchBare(ctx, ix, questions)
		if err != nil {
			return err
		}
		if i > 0 { // the first warms both
			rounds = append(rounds, pair{ours, theirs})
			finds += found
		}
	}
	_, _ = fmt.Fprintf(b.out, "  %d finds a question in the bare index\n", finds/uint64(b.rounds*b.queries))
	b.table.unless(asked.refusal(), "S3", "search page, uncached, CPU, "+size(b.size), "µs", rounds, atMost, 0.8)
	return nil
}

// searchPages is the portal's processor time for each search page.
func (b *bench) searchPages(ctx context.Context, questions []question) (micros float64, got pass, err error) {
	before, err := cpuOf(b.pid())
	if err != nil {
		return 0, got, err
	}
	if got, err = drive(ctx, b.addr, 2, time.Hour, b.asking(questions), 200); err != nil {
		return 0, got, err
	}
	after, err := cpuOf(b.pid())
	return float64(after-before) / float64(time.Microsecond) / float64(len(questions)), got, err
}

// asking is a source of search pages that ends with the questions.
func (b *bench) asking(questions []question) source {
	requests := make([][]byte, len(questions))
	for i, q := range questions {
		requests[i] = get(b.addr, q.path())
	}
	return each(requests)
}

// each is a source that gives every request once.
func each(requests [][]byte) source {
	var next atomic.Int64
	return func(int) []byte {
		i := int(next.Add(1)) - 1
		if i >= len(requests) {
			return nil
		}
		return requests[i]
	}
}

// searchBare is this process's time for each search in the bare index, and how
// much was found in all.
func searchBare(ctx context.Context, ix bleve.Index, questions []question) (micros float64, finds uint64, err error) {
	before, err := ownCPU()
	if err != nil {
		return 0, 0, err
	}
	for _, q := range questions {
		result, err := ix.SearchInContext(ctx, bareQuery(q.words))
		if err != nil {
			return 0, 0, err
		}
		finds += result.Total
	}
	after, err := ownCPU()
	return float64(after-before) / float64(time.Microsecond) / float64(len(questions)), finds, err
}
