package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
)

type noArgs struct{}

func init() {
	define("reindex", reindex)
	define("audit-verify", auditVerify)
	define("audit-head", auditHead)
	define("topten-freeze", freeze)
	define("topten", topTen)
}

func reindexCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "reindex", Short: "Build the search index anew beside the one in use", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "reindex", noArgs{}) },
	}
}

// reindex rebuilds and says every second how far it is. Searches go on.
func reindex(ctx context.Context, a *App, _ noArgs, out io.Writer) error {
	head, err := store.Get(ctx, a.Store, a.Journal.Head)
	if err != nil {
		return err
	}
	cursor, err := json.Marshal(head.Position)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	start, done := time.Now(), make(chan error, 1)
	go func() { done <- a.Index.Rebuild(ctx, cursor) }()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			if err != nil {
				return err
			}
			n, err := a.Index.Count()
			if err == nil {
				_, err = fmt.Fprintf(out, "%d documents indexed in %s\n", n, time.Since(start).Round(time.Millisecond))
			}
			return err
		case <-tick.C:
			n, of := a.Index.Progress()
			if _, err := fmt.Fprintln(out, howFar(n, of, time.Since(start))); err != nil {
				cancel()
				return errors.Join(err, <-done)
			}
		}
	}
}

// howFar is a line about work of which n of so many are done.
func howFar(n, of int, took time.Duration) string {
	switch {
	case of == 0:
		return "counting what there is to index"
	case n == 0:
		return fmt.Sprintf("0 of %d", of)
	case n >= of:
		return fmt.Sprintf("%d of %d, writing it together", n, of)
	}
	left := time.Duration(float64(took) / float64(n) * float64(of-n))
	return fmt.Sprintf("%d of %d (%d %%), %.0f a second, about %s left", n, of, 100*n/of, float64(n)/took.Seconds(), left.Round(time.Second))
}

type auditArgs struct{ Hashes []string }

func auditCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Prove that the journal was not changed"}
	var args auditArgs
	verify := &cobra.Command{
		Use: "verify", Short: "Check that every entry follows from the one before", Args: cobra.NoArgs,
		Long: "Check the chain of hashes. Without a published --head this proves order, not completeness: entries cut off at the end leave no gap.",
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "audit-verify", args) },
	}
	verify.Flags().StringArrayVar(&args.Hashes, "head", nil, "a hash that was published; it must be in the journal")
	head := &cobra.Command{
		Use: "head", Short: "Print where the journal ends", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "audit-head", noArgs{}) },
	}
	cmd.AddCommand(verify, head)
	return cmd
}

func auditVerify(ctx context.Context, a *App, args auditArgs, out io.Writer) error {
	var published []journal.Hash
	for _, text := range args.Hashes {
		h, err := journal.ParseHash(text)
		if err != nil {
			return err
		}
		published = append(published, h)
	}
	head, err := a.Journal.Verify(ctx, published...)
	if err != nil {
		return err
	}
	proof := "Order is proved; completeness is not, without a published --head."
	if len(published) > 0 {
		proof = "The published heads are in it: nothing before them was removed or changed."
	}
	_, err = fmt.Fprintf(out, "%d entries, head %s. %s\n", head.Seq, head.Hash, proof)
	return err
}

func auditHead(ctx context.Context, a *App, _ noArgs, out io.Writer) error {
	head, err := store.Get(ctx, a.Store, a.Journal.Head)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d %s %s\n", head.Seq, head.Hash, head.Time.UTC().Format(time.RFC3339))
	return err
}

func topTenCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{
		Use: "top10", Short: "Print the TOP-10 as it is now, with its numbers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "topten", noArgs{}) },
	}
	cmd.AddCommand(&cobra.Command{
		Use: "freeze", Short: "Freeze this week's list if it is not frozen yet", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "topten-freeze", noArgs{}) },
	})
	return cmd
}

func topTen(ctx context.Context, a *App, _ noArgs, out io.Writer) error {
	board, err := a.Cases.Board(ctx)
	if err != nil {
		return err
	}
	for _, e := range board.Lists[cases.Practices] {
		s := e.Score
		if _, err := fmt.Fprintf(out, "%2d  %5.1f  A %.3f  E %.3f  H %.3f  D %.2f  %s  %s\n", e.Rank, s.Total, s.A, s.E, s.H, s.D, e.Row.ID, e.Row.Title); err != nil {
			return err
		}
	}
	return nil
}

func freeze(ctx context.Context, a *App, _ noArgs, out io.Writer) error {
	if err := a.Cases.Freeze(ctx); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, "This week's list is frozen.")
	return err
}
