package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

func init() { define("doctor", doctor) }

func doctorCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Examine the portal and say what needs attention", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "doctor", noArgs{}) },
	}
}

// examination is one thing the doctor looks at. It returns what is found; an
// error is something to mend.
type examination struct {
	name string
	look func(context.Context) (string, error)
}

func doctor(ctx context.Context, a *App, _ noArgs, out io.Writer) error {
	bad := 0
	for _, e := range a.examinations() {
		finding, err := e.look(ctx)
		mark := "ok  "
		if err != nil {
			mark, finding = "MEND", err.Error()
			bad++
		}
		if _, err := fmt.Fprintf(out, "%s  %-10s %s\n", mark, e.name, finding); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of the findings need attention", bad)
	}
	return nil
}

func (a *App) examinations() []examination {
	return []examination{
		{"store", func(ctx context.Context) (string, error) { return "the database is whole", a.Store.Check(ctx) }},
		{"journal", func(ctx context.Context) (string, error) {
			head, err := a.Journal.Verify(ctx)
			return fmt.Sprintf("%d entries in order", head.Seq), err
		}},
		{"index", a.examineIndex},
		{"mail", a.examineMail},
		{"holidays", func(context.Context) (string, error) { return a.examineHolidays() }},
		{"files", func(context.Context) (string, error) { return a.examineFolder() }},
	}
}

func (a *App) examineIndex(ctx context.Context) (string, error) {
	n, err := a.Index.Count()
	if err != nil {
		return "", fmt.Errorf("the index is being mended: %w", err)
	}
	if a.stop == nil { // nothing follows the journal while the portal does not run
		return fmt.Sprintf("%d documents", n), nil
	}
	lag, err := a.Journal.Lag(ctx, search.FollowerName)
	return fmt.Sprintf("%d documents, %d entries behind", n, lag), err
}

func (a *App) examineMail(ctx context.Context) (string, error) {
	status, err := store.Get(ctx, a.Store, notify.StatusTx)
	if err != nil {
		return "", err
	}
	if status.Dead > 0 {
		return "", fmt.Errorf("%d letters could not be delivered", status.Dead)
	}
	return fmt.Sprintf("%d letters wait", status.Waiting), nil
}

// examineHolidays warns a year before the holidays in the program end.
func (a *App) examineHolidays() (string, error) {
	var short []string
	for _, country := range []string{"FI", "SE", "KZ", "RU"} {
		if end := content.Holidays(country).Until; end.Before(a.Now().AddDate(1, 0, 0)) {
			short = append(short, country+" "+end.Format(time.DateOnly))
		}
	}
	if len(short) > 0 {
		return "", fmt.Errorf("holidays end soon (%s): decision clocks will count them as working days; update the program", strings.Join(short, ", "))
	}
	return "known for more than a year ahead", nil
}

func (a *App) examineFolder() (string, error) {
	info, err := os.Stat(a.Config.Data)
	if err != nil {
		return "", err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s can be read by other users of the machine: chmod 700", a.Config.Data)
	}
	path, err := filepath.Abs(a.Config.Data)
	return path, err
}
