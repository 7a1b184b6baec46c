package search

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// State says in one word how the index is.
type State string

// The states of the index. Whatever it is, pages and writes do not wait for it.
const (
	OK         State = "ok"         // answers, and knows everything
	Behind     State = "behind"     // answers, and has entries of the journal to follow yet
	Rebuilding State = "rebuilding" // is being made anew; answers meanwhile if the old one can
	Broken     State = "broken"     // has to be made anew or opened, and that has not begun or cannot be done
)

// Health is how the index is, for operators. Finding out takes no lock that
// anything else can hold for long.
type Health struct {
	State     State
	Cause     string // why it is not ok, in English; empty when it is
	Answers   bool   // searches are answered
	Documents uint64 // in the index that answers
	Lag       uint64 // entries of the journal it has yet to follow
	Rebuilt   int    // things that the running rebuild has brought in, 0 when none runs
	Rebuild   int    // of so many
	Bytes     int64  // all of it on disk, what is being built and what is given up included
	Heals     int    // how often it was mended since the start
}

// Health says how the index is now.
func (x *Index) Health(ctx context.Context) Health {
	h := Health{State: OK, Bytes: sizeOf(x.dir)}
	if x.Lag != nil {
		if lag, err := x.Lag(ctx); err == nil {
			h.Lag = lag
		}
	}
	e := x.live.Load()
	if e != nil {
		h.Answers, h.Documents = !e.wedged.Load(), e.documents.Load()
	}
	opening := false
	h.Cause, h.Heals, opening = x.trouble.said()
	switch {
	case x.building.Load():
		h.State = Rebuilding
		h.Rebuilt, h.Rebuild = x.Progress()
	case e == nil && opening:
		h.State, h.Cause = Rebuilding, "it is being opened"
	case e == nil && h.Cause == "":
		h.State, h.Cause = Rebuilding, "it was not made yet"
	case e == nil || e.hasFailed():
		h.State = Broken
	case h.Lag > 0:
		h.State = Behind
	}
	return h
}

// said is what an operator reads of the trouble.
func (t *trouble) said() (cause string, heals int, opening bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cause != nil {
		cause = t.cause.Error()
	}
	if t.waits != nil {
		cause = strings.TrimPrefix(cause+"; "+t.waits.Error(), "; ")
	}
	return cause, t.heals, t.opening
}

// sizeOf is the number of bytes in a folder and all below it.
func sizeOf(dir string) (n int64) {
	_ = filepath.WalkDir(dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil // a file that has just gone has no size
	})
	return n
}
