package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		Long: "Examine the data, the machine and the settings. Each line begins with ok, with note (worth knowing), or with MEND (something is wrong, or soon will be); with a MEND the exit code is 1.",
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "doctor", noArgs{}) },
	}
}

// examination is one thing the doctor looks at. It returns what is found: an
// error is something to mend, a remark something to know.
type examination struct {
	name string
	look func(context.Context) (string, error)
}

// remark is a finding that an operator should know and may accept.
type remark string

func (r remark) Error() string { return string(r) }

func doctor(ctx context.Context, a *App, _ noArgs, out io.Writer) error {
	bad := 0
	for _, e := range a.examinations() {
		finding, err := e.look(ctx)
		mark := "ok  "
		if err != nil {
			finding = explain(err)
			mark = "note"
			if _, ok := errors.AsType[remark](err); !ok {
				mark = "MEND"
				bad++
			}
		}
		finding = strings.ReplaceAll(finding, "\n", "\n                 ")
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
		{"store", a.examineStore},
		{"schema", a.examineSchema},
		{"journal", a.examineJournal},
		{"index", a.examineIndex},
		{"followers", a.examineFollowers},
		{"mail", a.examineMail},
		{"room", a.examineRoom},
		{"clock", a.examineClock},
		{"files", a.examinePermissions},
		{"pictures", a.examinePictures},
		{"backup", a.examineBackup},
		{"address", a.examineAddress},
		{"contact", a.examineContact},
		{"theme", a.examineTheme},
		{"holidays", a.examineHolidays},
		{"statement", a.examineStatement},
	}
}

func (a *App) examineStore(ctx context.Context) (string, error) {
	start := time.Now()
	if _, err := store.Get(ctx, a.Store, a.Journal.Head); err != nil {
		return "", err
	}
	took := time.Since(start)
	if err := a.Store.Check(ctx); err != nil {
		return "", err
	}
	usage, err := a.Store.Usage(ctx)
	return fmt.Sprintf("the database is whole: %s, read in %s", size(usage.Size), took.Round(10*time.Microsecond)), err
}

// examineSchema finds out whether a newer version works on the same data: the
// program was replaced and not started anew, or another node is newer.
func (a *App) examineSchema(ctx context.Context) (string, error) {
	return "the records are in the form this version knows", store.Known(ctx, a.Store, schema...)
}

func (a *App) examineJournal(ctx context.Context) (string, error) {
	head, err := a.Journal.Verify(ctx)
	return fmt.Sprintf("%d entries in order", head.Seq), err
}

// examineIndex says how the index is. While the portal does not run nothing
// follows the journal, and an index that is behind or was not made yet is as it
// should be.
func (a *App) examineIndex(ctx context.Context) (string, error) {
	h := a.Index.Health(ctx)
	text := fmt.Sprintf("%d documents, %s, mended %d times since the start", h.Documents, size(h.Bytes), h.Heals)
	switch {
	case a.stop == nil: // nothing follows the journal while the portal does not run
		return fmt.Sprintf("%d documents, %s", h.Documents, size(h.Bytes)), nil
	case h.State == search.Broken:
		return "", fmt.Errorf("it is broken (%s): the portal tries to mend it; if it stays so, see the log", h.Cause)
	case h.State == search.Rebuilding:
		return "", remark(fmt.Sprintf("it is being made anew (%s): %d of %d so far", h.Cause, h.Rebuilt, h.Rebuild))
	case h.Lag > farBehind:
		return "", fmt.Errorf("it is %d entries behind the journal: the log says what it fails at", h.Lag)
	}
	return fmt.Sprintf("%s, %d entries behind", text, h.Lag), nil
}

// farBehind is how many entries a follower may have to handle without anybody
// asking why.
const farBehind = 1000

func (a *App) examineFollowers(ctx context.Context) (string, error) {
	if a.stop == nil {
		return "none follow the journal while the portal is stopped", nil
	}
	head, err := store.Get(ctx, a.Store, a.Journal.Head)
	if err != nil {
		return "", err
	}
	followers := a.Journal.Followers()
	for name, passed := range followers {
		if head.Seq > passed+farBehind {
			return "", fmt.Errorf("%q is %d entries behind the journal: the log says what it fails at", name, head.Seq-passed)
		}
	}
	return fmt.Sprintf("%d keep up with the journal", len(followers)), nil
}

func (a *App) examineMail(ctx context.Context) (string, error) {
	status, err := store.Get(ctx, a.Store, notify.StatusTx)
	if err != nil {
		return "", err
	}
	if status.Dead > 0 {
		return "", fmt.Errorf("%d letters could not be delivered: the log says why", status.Dead)
	}
	if a.Config.SMTP == "" && !a.Config.Demo {
		return "", remark(fmt.Sprintf("no mail server is set (smtp): letters are written to %s/mail and nobody gets them", a.Config.Data))
	}
	return fmt.Sprintf("%d letters wait", status.Waiting), nil
}

// examineHolidays warns a year before the holidays in the program end.
func (a *App) examineHolidays(context.Context) (string, error) {
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

// examineStatement asks for the yearly review that the law wants.
func (a *App) examineStatement(context.Context) (string, error) {
	page, ok := a.Pages.OldestPage("accessibility")
	if !ok {
		return "", errors.New("there is no accessibility statement")
	}
	day := page.Updated.Format(time.DateOnly)
	if page.Updated.AddDate(1, 0, 0).Before(a.Now()) {
		return "", fmt.Errorf("the accessibility statement (%s) was last reviewed on %s: it is due every year; update the program, or review it", page.Lang, day)
	}
	return "the accessibility statement was reviewed on " + day, nil
}

// size is a number of bytes as people read it.
func size(n int64) string {
	units := []string{"bytes", "kB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for f >= 1000 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", f, units[i])
}
