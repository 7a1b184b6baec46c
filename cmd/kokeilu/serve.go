package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/spf13/cobra"
)

// drainLimit is how long running requests may take after the portal was asked
// to stop.
const drainLimit = 9 * time.Second

func serveCommand(s *settings) *cobra.Command {
	var addr string
	var demo, sample, noSample bool
	cmd := &cobra.Command{
		Use: "serve", Short: "Serve the portal", Args: cobra.NoArgs,
		Long: "Serve the portal until it is interrupted. SIGINT and SIGTERM let running requests finish.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := s.load()
			if err != nil {
				return err
			}
			if addr != "" {
				c.Addr = addr
			}
			c.Demo = demo
			if sample || noSample {
				c.Sample = &sample
			}
			if err := c.Check(); err != nil {
				return fmt.Errorf("%w: %w", errUsage, err)
			}
			a, err := OpenApp(cmd.Context(), c, newLog(c.Verbose))
			if err != nil {
				return err
			}
			a.bound()
			return a.Serve(cmd.Context(), cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "", "where to listen, HOST:PORT (KOKEILU_ADDR)")
	cmd.Flags().BoolVar(&demo, "demo", false, "invented data and one-click sign-in; loopback addresses only")
	cmd.Flags().BoolVar(&sample, "sample", false, "load the sample data on the first start")
	cmd.Flags().BoolVar(&noSample, "no-sample", false, "load no sample data, even in demo mode")
	cmd.MarkFlagsMutuallyExclusive("sample", "no-sample")
	return cmd
}

// Serve answers requests until ctx is done, lets the running ones finish and
// closes the portal.
func (a *App) Serve(ctx context.Context, out io.Writer) error {
	err := a.serve(ctx, out)
	if cerr := a.Close(); err == nil {
		err = cerr
	}
	return err
}

func (a *App) serve(ctx context.Context, out io.Writer) error {
	listener, err := net.Listen("tcp", a.Config.Addr)
	if err != nil {
		return err
	}
	if err := a.prepareData(ctx, out); err != nil {
		_ = listener.Close()
		return err
	}
	a.Start()
	a.awaitSearch(ctx)
	app := a.NewServer()
	a.listening <- listener.Addr().String()
	if err := a.listenControl(ctx); err != nil {
		_ = listener.Close()
		return err
	}
	if err := a.showMetrics(ctx); err != nil {
		_ = listener.Close()
		return err
	}
	a.greet(out)
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	return a.drain(app, served, out)
}

// longestSettling is how long a new portal waits for its index before it answers.
const longestSettling = 10 * time.Second

// awaitSearch lets the index of a new portal be made before the first reader
// comes: they would find the sample, but not by searching. A portal that has been
// there before answers at once, whatever its index does.
func (a *App) awaitSearch(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, longestSettling)
	defer cancel()
	for a.fresh && !a.Index.Healthy() {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return
		}
	}
}

// Listening is the address the portal listens on, once Serve has come so far.
func (a *App) Listening(ctx context.Context) string {
	select {
	case addr := <-a.listening:
		return addr
	case <-ctx.Done():
		return ""
	}
}

// drain stops taking requests and waits for the running ones. Listener returns
// before they are done, so the wait is for the shutdown.
func (a *App) drain(app *fiber.App, served <-chan error, out io.Writer) error {
	a.draining.Store(true)
	_, _ = fmt.Fprintln(out, "Stopping: running requests are finished first.")
	err := app.ShutdownWithTimeout(drainLimit)
	<-served
	if err != nil {
		a.Log.Warn("requests were still running when the portal stopped", "err", err)
	}
	return nil
}

// greet tells a newcomer where to go and what to try.
func (a *App) greet(out io.Writer) {
	base := a.Config.PublicURL
	_, _ = fmt.Fprintf(out, "Kokeilu %s is at %s (data in %s)\n", buildVersion(), base, a.Config.Data)
	if !a.Config.Demo {
		return
	}
	for _, line := range []string{
		"Read:       " + base + "/en  the front page, TOP-10, search: no sign-in needed",
		"Try:        " + base + "/en/sign-in  one click signs you in as Developer; register an experiment in five fields",
		"Decide:     sign in as Officer or Reviewer and open \"My work\": requests with their clock",
		"Subscribe:  " + base + "/en/feeds/cases.rss  and the API at " + base + "/api/openapi.json",
	} {
		_, _ = fmt.Fprintln(out, "  "+line)
	}
}
