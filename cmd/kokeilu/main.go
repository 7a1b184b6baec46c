// Command kokeilu is the whole portal in one program: it serves the pages,
// keeps the data and carries the tools of those who run it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/internal/config"
)

// Exit codes: 0 done, 1 failed, 2 used wrongly.
const (
	exitFailed = 1
	exitUsage  = 2
)

// errUsage marks an error of the caller: the exit code is then 2.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

func run(ctx context.Context, args []string) int {
	root := newRoot()
	root.SetArgs(args)
	err := findCommand(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintln(root.ErrOrStderr(), "kokeilu:", err)
		return exitUsage
	}
	fmt.Fprintln(root.ErrOrStderr(), "kokeilu:", explain(err))
	return exitFailed
}

// settings are the flags that every command has.
type settings struct {
	file string
	data string
	dsn  string
}

func newRoot() *cobra.Command {
	s := &settings{}
	root := &cobra.Command{
		Use:           "kokeilu",
		Short:         "Experiment accelerator and case bank for municipalities",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.PersistentFlags().StringVar(&s.file, "config", os.Getenv("KOKEILU_CONFIG"), "settings file, TOML (KOKEILU_CONFIG)")
	root.PersistentFlags().StringVar(&s.data, "data", "", "data folder (KOKEILU_DATA)")
	root.PersistentFlags().StringVar(&s.dsn, "store", "", "PostgreSQL database of a portal with several nodes, postgres://USER@HOST/NAME (KOKEILU_STORE_DSN)")
	root.AddCommand(
		serveCommand(s), initCommand(), configCommand(s), userCommand(s), importCommand(s), exportCommand(s), sampleCommand(s), backupCommand(s), restoreCommand(s), storeCommand(s),
		reindexCommand(s), auditCommand(s), topTenCommand(s), benchCommand(s), themeCommand(s), doctorCommand(s), routesCommand(s), healthcheckCommand(s), versionCommand(),
	)
	tellUsage(root)
	return root
}

// load reads the settings of a command.
func (s *settings) load() (config.Config, error) {
	c, err := config.Load(s.file)
	if err != nil {
		return c, err
	}
	if s.data != "" {
		c.Data = s.data
	}
	if s.dsn != "" {
		c.Store.DSN, c.Store.DSNFile = s.dsn, ""
	}
	return c, nil
}

// newLog writes for people on a terminal and JSON for everything else.
func newLog(verbose bool) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if verbose {
		options.Level = slog.LevelDebug
	}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return slog.New(slog.NewTextHandler(os.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, options))
}
