// Command bench measures how fast a portal is, beside bare references that do
// the least that could be done: the same bytes from a bare server, the same
// query to a bare index, the disk's own syncs. `make bench` runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options say what is measured and how long.
type options struct {
	program   string
	folder    string
	sizes     []int
	only      []string // bars; empty: all
	seed      uint64
	port      int // first port to listen on; 0: any that is free
	rounds    int
	round     time.Duration // of one round of load
	minute    time.Duration // of the phases that last a minute
	publishes int
	queries   int // of one round of searches
}

// errShort makes the program fail when a bar is not reached.
var errShort = errors.New("at least one bar is not reached")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) > 1 && os.Args[1] == "serve-bare" {
		exit(serveBare(ctx, os.Args[2:]))
	}
	o, err := readOptions(os.Args[1:])
	if err == nil {
		err = measure(ctx, o, os.Stdout)
	}
	stop()
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func readOptions(args []string) (options, error) {
	var o options
	var sizes, only string
	var short bool
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.StringVar(&o.program, "program", "../../bin/kokeilu", "the portal to measure")
	f.StringVar(&o.folder, "folder", "../../var-bench", "where prepared data is kept")
	f.StringVar(&sizes, "sizes", "1000 10000 100000", "numbers of cases")
	f.StringVar(&only, "only", "", "measure these bars only: S1 to S11")
	f.BoolVar(&short, "short", false, "a quick look: short rounds, few publishes")
	f.Uint64Var(&o.seed, "seed", 1, "of the made-up cases")
	f.IntVar(&o.port, "port", 0, "first port to listen on; 0 takes free ones")
	f.IntVar(&o.rounds, "rounds", 5, "paired rounds of which the median counts")
	f.DurationVar(&o.round, "round", 2*time.Second, "length of a round")
	f.DurationVar(&o.minute, "minute", time.Minute, "length of what lasts a minute")
	f.IntVar(&o.publishes, "publishes", 1000, "cases published one by one")
	f.IntVar(&o.queries, "queries", 400, "searches of a round")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if short {
		o.round, o.minute, o.publishes, o.queries = 300*time.Millisecond, 8*time.Second, 100, 100
	}
	for _, s := range strings.Fields(sizes) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 100 {
			return o, fmt.Errorf("size %q: a number of cases, 100 at least", s)
		}
		o.sizes = append(o.sizes, n)
	}
	if len(o.sizes) == 0 || o.rounds < 1 {
		return o, errors.New("no sizes or no rounds")
	}
	slices.Sort(o.sizes)
	o.only = strings.Fields(strings.ToUpper(strings.ReplaceAll(only, ",", " ")))
	return o, nil
}

// wants reports whether a bar is measured.
func (o options) wants(bar string) bool { return len(o.only) == 0 || slices.Contains(o.only, bar) }
