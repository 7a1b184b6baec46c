package search_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/disk"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// smallDisk mounts a file system of so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("size=", size)); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// manyDocuments are texts of so many different words that an index of them has
// some size.
func manyDocuments(n int) shelf {
	s := shelf{}
	for i := range n {
		var body strings.Builder
		for w := range 400 {
			_, _ = fmt.Fprintf(&body, "w%dx%d ", i, w)
		}
		id := fmt.Sprint("d", i)
		s[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: fmt.Sprint("Reminders number", i), Body: body.String()}
	}
	return s
}

// fillDisk takes all the room there is.
func fillDisk(t *testing.T, dir string) (file string) {
	t.Helper()
	file = filepath.Join(dir, "rest")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for piece := 1 << 16; piece > 0; {
		if _, err := f.Write(make([]byte, piece)); errors.Is(err, syscall.ENOSPC) {
			piece /= 16
		} else if err != nil {
			t.Fatal(err)
		}
	}
	return file
}

func TestAFullDiskBreaksTheIndexAndRoomHealsIt(t *testing.T) {
	mount := smallDisk(t, 24<<20)
	docs := manyDocuments(60)
	log, said := logged()
	x, _, err := search.Open(filepath.Join(mount, "index"), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	x.Sources, x.Patience = []search.Source{docs}, 15*time.Second
	follow(t, x)
	finds(t, x, "w7x7", 1)
	rest := fillDisk(t, mount)

	until(t, "the break", func() bool {
		_ = x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "d1"}}, []byte(`{"portal":"p","seq":3}`))
		return !x.Healthy()
	})
	if h := x.Health(t.Context()); h.State != search.Broken || !strings.Contains(h.Cause, "no space left") {
		t.Errorf("health is %+v", h)
	}
	for range 200 {
		quickly(t, "a search", time.Second, func() {
			if _, err := x.Search(t.Context(), search.Request{Text: "w7x7", Lang: "en"}); err != nil && !errors.Is(err, search.ErrUnavailable) {
				t.Fatal(err)
			}
		})
	}
	if err := x.Rebuild(t.Context(), nil); !errors.Is(err, store.ErrFull) {
		t.Errorf("Rebuild without room = %v", err)
	}

	mended := make(chan struct{})
	go func() {
		defer close(mended)
		follow(t, x)
	}()
	until(t, "word of the full disk", func() bool { return strings.Contains(x.Health(t.Context()).Cause, "are free") })
	if err := os.Remove(rest); err != nil {
		t.Fatal(err)
	}
	select {
	case <-mended:
	case <-time.After(time.Minute):
		t.Fatalf("it does not heal: %+v", x.Health(t.Context()))
	}
	finds(t, x, "w7x7", 1)
	finds(t, x, "w59x7", 1)
	if h := x.Health(t.Context()); h.State != search.OK || h.Heals != 1 || h.Documents != 60 {
		t.Errorf("health is %+v", h)
	}
	until(t, "the removal of the old folders", func() bool {
		list, _ := os.ReadDir(filepath.Join(mount, "index"))
		return len(list) == 1
	})
	if said.count(brokeSaid) != 1 || said.count(healedSaid) != 1 {
		t.Errorf("the log says %v", said.said)
	}
}

func TestARebuildLeavesTheReserve(t *testing.T) {
	mount := smallDisk(t, 16<<20)
	log, _ := logged()
	x, fresh, err := search.Open(filepath.Join(mount, "index"), log)
	if err != nil || !fresh {
		t.Fatal(fresh, err)
	}
	t.Cleanup(func() { _ = x.Close() })
	x.Sources, x.Reserve = []search.Source{manyDocuments(2000)}, 12<<20
	if err := x.Rebuild(t.Context(), nil); !errors.Is(err, store.ErrFull) {
		t.Errorf("Rebuild = %v", err)
	}
	until(t, "the removal of what was written", func() bool {
		free, ok := disk.Free(mount)
		return ok && free > 7<<20
	})
}

func TestAPortalStartsOnAFullDisk(t *testing.T) {
	mount := smallDisk(t, 1<<20)
	fillDisk(t, mount)
	log, _ := logged()
	quickly(t, "opening", 3*time.Second, func() {
		x, _, _ := search.Open(filepath.Join(mount, "index"), log)
		if x == nil {
			t.Fatal("there is no index to be mended")
		}
		if h := x.Health(t.Context()); h.Answers {
			t.Errorf("health is %+v", h)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAReadOnlyDiskIsNoDamage(t *testing.T) {
	mount := smallDisk(t, 8<<20)
	dir := filepath.Join(mount, "index")
	log, _ := logged()
	x, _, err := search.Open(dir, log)
	if err != nil {
		t.Fatal(err)
	}
	x.Sources = []search.Source{library()}
	follow(t, x)
	edition := x.Live()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	remount := func(how uintptr) {
		t.Helper()
		if err := syscall.Mount("", mount, "", syscall.MS_REMOUNT|how, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	x, _, err = search.Open(dir, log)
	if !errors.Is(err, syscall.EROFS) {
		t.Errorf("Open = %v, want why", err)
	}
	t.Cleanup(func() { _ = x.Close() })
	x.Sources, x.Patience = []search.Source{library()}, 3*time.Second
	if h := x.Health(t.Context()); h.State != search.Broken || h.Answers {
		t.Errorf("health is %+v", h)
	}
	remount(0)
	follow(t, x)
	finds(t, x, "reminders", 1)
	if x.Live() != edition {
		t.Error("it was made anew, not opened")
	}
}
