package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content/corpus"
)

func init() {
	define("bench-corpus", benchCorpus)
}

// maxCorpus is how many cases one can have made up.
const maxCorpus = 10_000_000

type corpusArgs struct {
	Count int
	Seed  uint64
}

func benchCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Fill a portal that is only there to be measured"}
	args := corpusArgs{}
	fill := &cobra.Command{
		Use: "corpus N", Short: "Store N made-up public cases and index them, in a portal that is not running", Args: cobra.ExactArgs(1),
		Long: "Store N made-up public cases in five languages, then build the search index. The same seed gives the same cases; a larger N adds to a smaller one. Never do this to a portal that people use.",
		RunE: func(cmd *cobra.Command, words []string) (err error) {
			if args.Count, err = strconv.Atoi(words[0]); err != nil || args.Count < 1 || args.Count > maxCorpus {
				return fmt.Errorf("%w: N is a number from 1 to %d", errUsage, maxCorpus)
			}
			return perform(cmd, s, "bench-corpus", args)
		},
	}
	fill.Flags().Uint64Var(&args.Seed, "seed", 1, "another seed gives other cases")
	cmd.AddCommand(fill)
	return cmd
}

var errBenchRunning = errors.New("made-up cases are stored in large pieces, which would hold up a running portal: stop it first")

// corpusBatch is how many cases are stored in one transaction.
const corpusBatch = 2000

// benchCorpus stores the cases as an import does, and indexes everything.
func benchCorpus(ctx context.Context, a *App, args corpusArgs, out io.Writer) error {
	if a.stop != nil {
		return errBenchRunning
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // much is made and thrown away
	maker := corpus.New(args.Seed, func(lang string) []string { return cases.HeadingsIn(lang).Fixed() })
	names := make([]string, args.Count)
	for i := range names {
		names[i] = fmt.Sprintf("corpus/%d/%08d.md", args.Seed, i)
	}
	read := func(name string) ([]byte, error) {
		number, err := strconv.Atoi(strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".md"))
		if err != nil {
			return nil, err
		}
		return maker.Text(number).File(), nil
	}
	start, done := time.Now(), 0
	total, err := a.Cases.ImportTexts(ctx, names, read, corpusBatch, func(l cases.Line) {
		if l.Verdict == cases.Rejected {
			_, _ = fmt.Fprintln(out, l.Text(a.Locales.For("en")))
		}
		if done++; done%corpusBatch == 0 || done == args.Count {
			_, _ = fmt.Fprintf(out, "%d cases stored, %.0f/s\n", done, float64(done)/time.Since(start).Seconds())
		}
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, total); err != nil {
		return err
	}
	if total.Rejected > 0 {
		return errRejected
	}
	return reindex(ctx, a, noArgs{}, out)
}
