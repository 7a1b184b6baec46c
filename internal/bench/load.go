package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// A pass is what came of some load.
type pass struct {
	took      time.Duration
	latencies []time.Duration
	refused   int // answers 503: the server had too much to do
}

// refusal says how many were refused, "" when none was.
func (p pass) refusal() string {
	if p.refused == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d were refused", p.refused, p.refused+len(p.latencies))
}

// count adds what one connection did.
func (p *pass) count(one pass) {
	p.latencies = append(p.latencies, one.latencies...)
	p.refused += one.refused
}

// answered notes an answer. Any but the one that was wanted, or a refusal, is
// an error.
func (p *pass) answered(got, want int, took time.Duration, request []byte) error {
	switch got {
	case want:
		p.latencies = append(p.latencies, took)
	case http.StatusServiceUnavailable:
		p.refused++
	default:
		return fmt.Errorf("status %d instead of %d for %.60q", got, want, request)
	}
	return nil
}

func (p pass) perSecond() float64 { return float64(len(p.latencies)) / p.took.Seconds() }

// A source gives the next request of a worker; nil ends its work.
type source func(worker int) []byte

// always sends the same request.
func always(request []byte) source { return func(int) []byte { return request } }

// drive sends requests on some connections, each as fast as it is answered,
// for a while or until the source ends. An answer that has not the status ends
// it; refusals are counted.
func drive(ctx context.Context, addr string, conns int, length time.Duration, next source, status int) (pass, error) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	results, errs := make([]pass, conns), make([]error, conns)
	var open []*conn
	for range conns {
		c, err := dial(addr)
		if err != nil {
			return pass{}, err
		}
		defer c.close()
		open = append(open, c)
	}
	start := time.Now()
	var wg sync.WaitGroup
	for i, c := range open {
		wg.Go(func() { results[i], errs[i] = repeat(ctx, c, func() []byte { return next(i) }, status) })
	}
	wg.Wait()
	p := pass{took: time.Since(start)}
	for _, r := range results {
		p.count(r)
	}
	return p, first(errs)
}

func repeat(ctx context.Context, c *conn, next func() []byte, status int) (p pass, err error) {
	for ctx.Err() == nil {
		r := next()
		if r == nil {
			break
		}
		start := time.Now()
		got, err := c.send(r, nil)
		if err != nil {
			return p, err
		}
		if err := p.answered(got, status, time.Since(start), r); err != nil {
			return p, err
		}
	}
	return p, nil
}

// pace sends perSecond requests a second for a while, however long answers
// take: a latency counts from when the request was due.
func pace(ctx context.Context, addr string, perSecond int, length time.Duration, next source, status int) (pass, error) {
	const conns = 8
	due := make(chan time.Time, perSecond)
	go func() {
		defer close(due)
		tick := time.NewTicker(time.Second / time.Duration(perSecond))
		defer tick.Stop()
		for end := time.After(length); ; {
			select {
			case <-tick.C:
				due <- time.Now()
			case <-end:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	results, errs := make([]pass, conns), make([]error, conns)
	start := time.Now()
	var wg sync.WaitGroup
	for i := range conns {
		wg.Go(func() {
			results[i], errs[i] = follow(addr, due, func() []byte { return next(i) }, status)
			for range due { // after a failure the others must not wait for ever
			}
		})
	}
	wg.Wait()
	p := pass{took: time.Since(start)}
	for _, r := range results {
		p.count(r)
	}
	return p, first(errs)
}

func follow(addr string, due <-chan time.Time, next func() []byte, status int) (p pass, err error) {
	c, err := dial(addr)
	if err != nil {
		return p, err
	}
	defer c.close()
	for at := range due {
		r := next()
		got, err := c.send(r, nil)
		if err != nil {
			return p, err
		}
		if err := p.answered(got, status, time.Since(at), r); err != nil {
			return p, err
		}
	}
	return p, nil
}

// first is the first error: the others say the same.
func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
