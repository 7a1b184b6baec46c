package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// ErrUnavailable is returned while the index is being made anew after damage.
var ErrUnavailable = fault.New(fault.Unavailable, "search.unavailable")

// Index is the full-text index in a folder. It is safe for many goroutines.
// Whatever happens to it, it never crashes and nothing waits for it: what
// cannot be answered is ErrUnavailable, and Mend makes it anew from the sources
// beside the old one and puts it in its place.
type Index struct {
	Sources   []Source
	Thesaurus *Thesaurus // what the same thing is called in each language; may be nil
	Names     *Names     // what the values of fields are called; may be nil
	// Label is the name of a value of a field (theme, country, org) in a
	// language, for suggestions; nil: none are suggested.
	Label func(lang, field, value string) string
	Log   *slog.Logger
	// Lag is how many entries of the journal are yet to be followed; may be nil.
	Lag func(context.Context) (uint64, error)
	// Wake is called when the index needs to be mended; may be nil.
	Wake func()
	// Rebuilding is called when a rebuild begins, and what it returns when it ends;
	// may be nil. A rebuild makes and throws away much memory.
	Rebuilding func() (done func())
	// Patience is how long a change of the index may take before it counts as
	// wedged; 30 s when zero. Everything else that is waited for follows it.
	Patience time.Duration
	// Reserve is the room that a rebuild leaves on the disk; when zero, 64 MB or
	// 5 % of it, whichever is less.
	Reserve int64

	reworded atomic.Pointer[Thesaurus]

	columns segmentCache
	listed  wordlists
	labels  labelCache
	dir     string
	live    atomic.Pointer[edition] // nil when none can be used
	writing chan struct{}           // has room for the one who changes the index
	opened  chan struct{}           // closed when what is on disk is open, or cannot be

	building atomic.Bool  // a rebuild runs
	progress atomic.Int64 // how many things it has brought in
	expected atomic.Int64 // of so many; 0 while they are counted
	trouble  trouble
}

// Ref names a document by the subject of a journal entry.
type Ref struct{ Kind, ID string }

var (
	cursorKey   = []byte("cursor")
	completeKey = []byte("complete")
	lexiconsKey = []byte("lexicons")
)

// openPatience is how long a portal that starts waits for its index; one that
// takes longer is opened behind it.
const openPatience = 500 * time.Millisecond

// Open opens the index in dir. fresh says that there is none to be opened and
// Rebuild has to make it; until then searches are answered with ErrUnavailable.
// An error says why an index that is there cannot be opened: its permissions,
// or another process that has it. x is good all the same, and Mend tries again.
func Open(dir string, log *slog.Logger) (x *Index, fresh bool, err error) {
	defer fault.Wrap(&err, "open the index in %s", dir)
	x = &Index{dir: dir, Log: log, writing: make(chan struct{}, 1), opened: make(chan struct{})}
	x.trouble.opening = true
	result := make(chan error, 1)
	go func() {
		err := x.load()
		x.trouble.giveUpOpening()
		result <- err
		close(x.opened)
	}()
	select {
	case err := <-result:
		return x, err == nil && x.live.Load() == nil, err
	case <-time.After(openPatience):
		log.Warn("the search index is slow to open; the portal goes on without it")
		return x, false, nil
	}
}

// load opens the newest index in the folder that can be opened. What is
// damaged stays until it is replaced. It fails when the folder or the newest
// index is not damaged and cannot be opened all the same.
func (x *Index) load() error {
	if err := os.MkdirAll(x.dir, 0o750); err != nil {
		x.trouble.block(err)
		return err
	}
	x.trouble.block(nil)
	for _, path := range x.candidates() {
		e, err := open(path, x.broke)
		switch {
		case err == nil:
			x.adopt(e)
			return nil
		case errors.Is(err, errUnfinished):
			x.trouble.found(err)
			x.Log.Warn("the search index was not finished and will be made anew", "path", path)
		case isBlocked(err):
			x.trouble.block(err)
			return err
		default:
			x.trouble.found(fmt.Errorf("%s: %w", filepath.Base(path), err))
			x.Log.Error("the search index is damaged and will be made anew", "path", path, "err", err)
		}
	}
	return nil
}

// candidates are the folders of this mapping version, newest first.
func (x *Index) candidates() []string {
	paths, _ := filepath.Glob(filepath.Join(x.dir, fmt.Sprintf("v%d-*", mappingVersion)))
	slices.Sort(paths)
	slices.Reverse(paths)
	return paths
}

// adopt takes an edition that was opened into use, unless it came too late.
func (x *Index) adopt(e *edition) {
	if !x.trouble.stillOpening() || !x.live.CompareAndSwap(nil, e) {
		e.end(false)
		return
	}
	x.settled(e)
	x.sweep()
}

// sweep removes every index but those that are open: the one in use, and
// those that are removed when they are closed.
func (x *Index) sweep() {
	paths, _ := filepath.Glob(filepath.Join(x.dir, "v*-*"))
	for _, p := range paths {
		if _, open := editions.Load(filepath.Join(p, "store")); !open {
			_ = os.RemoveAll(p)
		}
	}
}

// Close ends the use of the index. It does not wait longer than a moment for an
// index that is wedged.
func (x *Index) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	select {
	case <-x.opened:
	case <-ctx.Done():
	}
	x.trouble.giveUpOpening()
	if e := x.live.Swap(nil); e != nil {
		x.trouble.leave(e.end(false))
	}
	for _, closed := range x.trouble.leaving() {
		select {
		case <-closed:
		case <-ctx.Done():
			x.Log.Warn("the search index did not close in time and was left as it was", "limit", closeLimit)
			return nil
		}
	}
	return nil
}

// closeLimit is how long Close waits at most.
const closeLimit = 2 * time.Second

// Healthy reports whether the index is what it should be; when it does not,
// Mend is needed.
func (x *Index) Healthy() bool {
	e := x.live.Load()
	return e != nil && !e.hasFailed()
}

// never is the answer of Failing when there is nothing to wait for.
var never = func() chan struct{} { c := make(chan struct{}); close(c); return c }()

// Failing is closed when waiting for the index to follow is of no use: it has
// failed, is being made anew, or is not there.
func (x *Index) Failing() <-chan struct{} {
	if e := x.live.Load(); e != nil && !x.building.Load() {
		return e.failed
	}
	return never
}

// Progress is how many things a running rebuild has brought into the new index,
// and how many there are; of is 0 until they are counted.
func (x *Index) Progress() (done, of int) { return int(x.progress.Load()), int(x.expected.Load()) }

// Count is the number of documents.
func (x *Index) Count() (uint64, error) {
	if e := x.live.Load(); e != nil {
		return e.documents.Load(), nil
	}
	return 0, ErrUnavailable
}

// take returns the edition in use for reading, or nil when there is none that
// answers. The taker unlocks its users.
func (x *Index) take() *edition {
	for {
		e := x.live.Load()
		if e == nil || e.wedged.Load() {
			return nil
		}
		if e.users.TryRLock() {
			return e
		}
		// It has just been replaced.
	}
}

// use runs f on the edition in use. What goes wrong there, beside that ctx is
// done, is the index's fault: it answers as well as it can until it is made
// anew.
func (x *Index) use(ctx context.Context, f func(*edition) error) error {
	e := x.take()
	if e == nil {
		return ErrUnavailable
	}
	defer e.users.RUnlock()
	err := safely(func() error { return f(e) })
	if err == nil || ctx.Err() != nil {
		return err
	}
	e.fail(err)
	return ErrUnavailable.Because(err)
}

// Cursor is what Apply or Rebuild stored last; nil when nothing was.
func (x *Index) Cursor(ctx context.Context) (cursor []byte, err error) {
	err = x.use(ctx, func(e *edition) (err error) {
		cursor, err = e.GetInternal(cursorKey)
		return err
	})
	return cursor, err
}

// Apply brings the named things up to date and stores the cursor with the
// last of them. Things without a document are removed. When a source fails,
// the index is as good as before.
func (x *Index) Apply(ctx context.Context, refs []Ref, cursor []byte) error {
	if err := x.lock(ctx); err != nil {
		return err
	}
	defer x.unlock()
	e := x.take()
	if e == nil {
		return ErrUnavailable
	}
	defer e.users.RUnlock()
	w := x.writer(e)
	for _, ref := range refs {
		if err := w.add(ctx, ref); err != nil {
			return err
		}
	}
	return w.finish(ctx, cursor)
}

// lock waits until nobody else changes the index.
func (x *Index) lock(ctx context.Context) error {
	select {
	case x.writing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (x *Index) unlock() { <-x.writing }

func (x *Index) source(kind string) Source {
	for _, s := range x.Sources {
		if s.Kind() == kind {
			return s
		}
	}
	return nil
}

func key(kind, id string) string { return kind + ":" + id }

func unkey(k string) Ref {
	kind, id, _ := strings.Cut(k, ":")
	return Ref{kind, id}
}
