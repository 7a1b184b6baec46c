package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// conns is how many connections load the servers.
const conns = 32

// A variant is one way in which a reader asks for a page.
type variant struct {
	name    string
	headers map[string]string
	status  int
	missing string // what the portal lacks, when it has no such answer
}

// variants of a page: as it is, compressed, and known already.
func (b *bench) variants(ctx context.Context, path string) ([]variant, error) {
	plain, err := fetch(ctx, b.addr, path, nil)
	if err != nil {
		return nil, err
	}
	if plain.Status != http.StatusOK {
		return nil, fmt.Errorf("%s: status %d", path, plain.Status)
	}
	squeezed, err := fetch(ctx, b.addr, path, map[string]string{"Accept-Encoding": "gzip"})
	if err != nil {
		return nil, err
	}
	list := []variant{
		{name: "identity", status: http.StatusOK},
		{name: "gzip", headers: map[string]string{"Accept-Encoding": "gzip"}, status: http.StatusOK},
		{name: "304", headers: map[string]string{"If-None-Match": plain.header("Etag")}, status: http.StatusNotModified},
	}
	if squeezed.header("Content-Encoding") == "" {
		list[1].missing = "it is not compressed"
	}
	if plain.header("Etag") == "" {
		list[2].missing = "it has no ETag"
	}
	return list, nil
}

// A duel is what the rounds against the bare server gave.
type duel struct{ rate, cpu pairs }

// duel loads the portal and a bare server that sends the same bytes, in turn.
func (b *bench) duel(ctx context.Context, path string, v variant) (d duel, err error) {
	same, err := fetch(ctx, b.addr, path, v.headers)
	if err != nil {
		return d, err
	}
	if same.Status != v.status {
		return d, fmt.Errorf("%s, %s: status %d", path, v.name, same.Status)
	}
	bare, err := b.startBare(ctx, []answer{same})
	if err != nil {
		return d, err
	}
	defer func() { _ = bare.stop() }()
	for range b.rounds {
		headers, err := b.known(ctx, path, v)
		if err != nil {
			return d, err
		}
		ours, oursCPU, err := b.load(ctx, b.portal, get(b.addr, path, headers...), v.status)
		if err != nil {
			return d, err
		}
		theirs, theirsCPU, err := b.load(ctx, bare, get(bare.addr, "/0", headers...), v.status)
		if err != nil {
			return d, err
		}
		d.rate = append(d.rate, pair{ours, theirs})
		d.cpu = append(d.cpu, pair{oursCPU, theirsCPU})
	}
	return d, nil
}

// known are the header lines of a variant. An ETag is that of now.
func (b *bench) known(ctx context.Context, path string, v variant) (lines []string, err error) {
	for name, value := range v.headers {
		if name == "If-None-Match" {
			now, err := fetch(ctx, b.addr, path, nil)
			if err != nil {
				return nil, err
			}
			value = now.header("Etag")
		}
		lines = append(lines, name+": "+value)
	}
	return lines, nil
}

// load drives a server for a round: requests a second, and microseconds of its
// processor time for each.
func (b *bench) load(ctx context.Context, p *portal, request []byte, status int) (rate, micros float64, err error) {
	before, err := cpuOf(p.pid())
	if err != nil {
		return 0, 0, err
	}
	got, err := drive(ctx, p.addr, conns, b.round, always(request), status)
	if err != nil {
		return 0, 0, err
	}
	if got.refused > 0 {
		return 0, 0, errors.New(got.refusal())
	}
	after, err := cpuOf(p.pid())
	n := float64(len(got.latencies))
	return got.perSecond(), float64(after-before) / float64(time.Microsecond) / max(n, 1), err
}

// pages is S1: what everybody reads, beside a bare server.
func (b *bench) pages(ctx context.Context) error {
	for _, page := range []struct{ name, path string }{{"case", b.casePath(0)}, {"list", "/en/cases"}, {"TOP-10", "/en/top10"}} {
		list, err := b.variants(ctx, page.path)
		if err != nil {
			return err
		}
		for _, v := range list {
			what := page.name + " " + v.name
			if v.missing != "" {
				b.table.add(line{bar: "S1", what: what, bound: atLeast, limit: 0.9, unit: "x", broken: v.missing})
				continue
			}
			d, err := b.duel(ctx, page.path, v)
			if err != nil {
				b.table.add(line{bar: "S1", what: what, bound: atLeast, limit: 0.9, unit: "x", broken: err.Error()})
				continue
			}
			b.table.ratio("S1", what+" rate", "/s", d.rate, atLeast, 0.9)
			b.table.ratio("S1", what+" CPU", "µs", d.cpu, atMost, 1.15)
		}
	}
	return nil
}

// casePath is the page of one of the made-up cases.
func (b *bench) casePath(number int) string {
	return "/en/cases/" + b.maker().Text(number).ID
}
