package search_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search"
)

// closed makes an index of the library and returns its folder and the one of
// the edition in it.
func closed(t *testing.T) (dir, edition string) {
	t.Helper()
	dir = t.TempDir()
	x, _, err := search.Open(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	x.Sources = []search.Source{library()}
	if err := x.Rebuild(t.Context(), []byte(`{"portal":"p","seq":1}`)); err != nil {
		t.Fatal(err)
	}
	edition = x.Live()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, edition
}

// each changes every file of an index that matches a pattern.
func each(t *testing.T, edition, pattern string, change func(path string) error) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(edition, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v, %v", pattern, paths, err)
	}
	for _, path := range paths {
		if err := change(path); err != nil {
			t.Fatal(err)
		}
	}
}

func cut(size int64) func(string) error {
	return func(path string) error { return os.Truncate(path, size) }
}

func garbage(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	junk := make([]byte, info.Size())
	for i := range junk {
		junk[i] = byte(i*7 + 3)
	}
	return os.WriteFile(path, junk, 0o600)
}

func TestADamagedIndexIsFoundWhenOpenedAndReplaced(t *testing.T) {
	tests := map[string]struct {
		files  string
		change func(string) error
	}{
		"segments cut to nothing":   {"store/*.zap", cut(0)},
		"segments cut short":        {"store/*.zap", cut(100)},
		"segments full of garbage":  {"store/*.zap", garbage},
		"segments gone":             {"store/*.zap", os.Remove},
		"the database gone":         {"store/root.bolt", os.Remove},
		"the database cut short":    {"store/root.bolt", cut(5000)},
		"the database is empty":     {"store/root.bolt", cut(0)},
		"the database is garbage":   {"store/root.bolt", garbage},
		"the description gone":      {"index_meta.json", os.Remove},
		"the description garbage":   {"index_meta.json", garbage},
		"the description cut short": {"index_meta.json", cut(10)},
		"everything gone":           {"*", os.RemoveAll},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir, edition := closed(t)
			each(t, edition, tt.files, tt.change)
			log, said := logged()
			var x *search.Index
			quickly(t, "opening", 3*time.Second, func() {
				var err error
				if x, _, err = search.Open(dir, log); err != nil {
					t.Fatalf("damage is taken for something else: %v", err)
				}
			})
			t.Cleanup(func() { _ = x.Close() })
			x.Sources = []search.Source{library()}
			follow(t, x)
			if x.Healthy() {
				// Some damage shows only in use.
				_, _ = x.Search(t.Context(), search.Request{Text: "reminders", Lang: "en"})
				follow(t, x)
			}
			finds(t, x, "reminders", 1)
			if h := x.Health(t.Context()); h.State != search.OK || h.Heals != 1 || h.Documents != 6 {
				t.Errorf("health is %+v", h)
			}
			if x.Live() == edition {
				t.Error("the damaged index is still in use")
			}
			until(t, "the removal of the damaged index", func() bool { _, err := os.Stat(edition); return os.IsNotExist(err) })
			if said.count(healedSaid) != 1 {
				t.Errorf("the log says %v", said.said)
			}
		})
	}
}

func TestDamageWhileRunningIsSurvivedAndMended(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere a file that is mapped cannot be cut")
	}
	for name, size := range map[string]int64{"cut to nothing": 0, "cut short": 64} {
		t.Run(name, func(t *testing.T) {
			x := open(t, library())
			log, said := logged()
			x.Log = log
			until(t, "a segment on the disk", func() bool {
				list, _ := filepath.Glob(filepath.Join(x.Live(), "store", "*.zap"))
				return len(list) > 0
			})
			each(t, x.Live(), "store/*.zap", cut(size))
			for i := range 50 {
				_, err := x.Search(t.Context(), search.Request{Text: "reminders", Lang: "en", Count: true})
				if err != nil && !errors.Is(err, search.ErrUnavailable) {
					t.Fatalf("search: %v", err)
				}
				// The merger reads the segments, too.
				_ = x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, []byte(fmt.Sprint(i)))
			}
			if x.Healthy() {
				t.Fatal("the damage was not noticed")
			}
			follow(t, x)
			finds(t, x, "reminders", 1)
			if h := x.Health(t.Context()); h.State != search.OK || h.Heals != 1 {
				t.Errorf("health is %+v", h)
			}
			if said.count(brokeSaid) != 1 || said.count(healedSaid) != 1 {
				t.Errorf("the log says %v", said.said)
			}
		})
	}
}

func TestALockedIndexIsNoDamage(t *testing.T) {
	dir, edition := closed(t)
	log := slog.New(slog.DiscardHandler)
	other, _, err := search.Open(dir, log)
	if err != nil {
		t.Fatal(err)
	}
	var x *search.Index
	quickly(t, "opening", 900*time.Millisecond, func() { x, _, _ = search.Open(dir, log) })
	t.Cleanup(func() { _ = x.Close() })
	x.Sources = []search.Source{library()}
	x.Patience = 3 * time.Second
	until(t, "word of the lock", func() bool { h := x.Health(t.Context()); return h.State == search.Broken && h.Cause != "" })
	if _, err := x.Search(t.Context(), search.Request{Text: "reminders"}); !errors.Is(err, search.ErrUnavailable) {
		t.Errorf("Search = %v", err)
	}
	mended := make(chan struct{})
	go func() {
		defer close(mended)
		follow(t, x)
	}()
	finds(t, other, "reminders", 1) // nobody took it away
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	<-mended
	finds(t, x, "reminders", 1)
	if x.Live() != edition {
		t.Error("it was made anew, not opened")
	}
	if h := x.Health(t.Context()); h.State != search.OK || h.Heals != 1 {
		t.Errorf("health is %+v", h)
	}
}

func TestWhatIsNoDamage(t *testing.T) {
	for err, want := range map[error]bool{
		&fs.PathError{Op: "open", Path: "root.bolt", Err: syscall.EACCES}: true,
		&fs.PathError{Op: "open", Path: "root.bolt", Err: syscall.EPERM}:  true,
		fmt.Errorf("x: %w", syscall.EROFS):                                true,
		syscall.EMFILE:                                                    true, syscall.ENOSPC: true,
		&fs.PathError{Op: "open", Path: "root.bolt", Err: syscall.ENOENT}: false,
		errors.New("file size too small 100"):                             false,
		syscall.EIO:                                                       false,
	} {
		if search.IsBlocked(err) != want {
			t.Errorf("%v is damage: %v", err, want)
		}
	}
}

func TestTheIndexFolderMayBeAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	if err := os.WriteFile(path, []byte("not a folder"), 0o600); err != nil {
		t.Fatal(err)
	}
	x, _, err := search.Open(path, slog.New(slog.DiscardHandler))
	if err == nil || x == nil {
		t.Fatalf("Open = %v, %v; want an index that is no use, and why", x, err)
	}
	t.Cleanup(func() { _ = x.Close() })
	x.Patience = time.Second
	x.Sources = []search.Source{library()}
	if h := x.Health(t.Context()); h.State != search.Broken || h.Cause == "" {
		t.Errorf("health is %+v", h)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	follow(t, x)
	finds(t, x, "reminders", 1)
}

func TestAPanicOfAnAnalyserGoesNoFurther(t *testing.T) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	if got := search.TermsOf(func() { panic("odd text") }); got != 0 {
		t.Errorf("it found %v", got)
	}
}
