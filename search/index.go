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
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// ErrUnavailable is returned while the index is being made anew after damage.
var ErrUnavailable = fault.New(fault.Unavailable, "search.unavailable")

// Index is the full-text index in a folder. It is safe for many goroutines;
// one of them at a time changes it. Damage is answered with ErrUnavailable and
// mended by Rebuild, never with a crash.
type Index struct {
	Sources   []Source
	Thesaurus *Thesaurus // what the same thing is called in each language; may be nil
	Log       *slog.Logger
	// Lag is how many entries of the journal are yet to be followed; may be nil.
	Lag func(context.Context) (uint64, error)

	columns  columnCache
	dir      string
	mu       sync.RWMutex // held for reading by searches, for writing by the swap
	live     bleve.Index
	path     string
	writing  sync.Mutex
	broken   atomic.Bool
	progress atomic.Int64 // documents of a running rebuild
}

// Ref names a document by the subject of a journal entry.
type Ref struct{ Kind, ID string }

var (
	cursorKey   = []byte("cursor")
	completeKey = []byte("complete")
)

var options = map[string]any{"unsafe_batch": true, "bolt_timeout": "3s"}

// Open opens the index in dir, or an empty one when there is none that can be
// opened. fresh says that it is empty and has to be filled with Rebuild.
func Open(dir string, log *slog.Logger) (x *Index, fresh bool, err error) {
	defer fault.Wrap(&err, "open the index in %s", dir)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, false, err
	}
	x = &Index{dir: dir, Log: log}
	for _, path := range x.candidates() {
		live, err := openComplete(path)
		if err != nil {
			log.Warn("an index cannot be used", "path", path, "err", err)
			continue
		}
		x.live, x.path = live, path
		break
	}
	if x.live == nil {
		if x.live, x.path, err = x.create(); err != nil {
			return nil, false, err
		}
		fresh = true
	}
	x.sweep()
	return x, fresh, nil
}

// candidates are the folders of this mapping version, newest first.
func (x *Index) candidates() []string {
	paths, _ := filepath.Glob(filepath.Join(x.dir, fmt.Sprintf("v%d-*", mappingVersion)))
	slices.Sort(paths)
	slices.Reverse(paths)
	return paths
}

func openComplete(path string) (live bleve.Index, err error) {
	defer rescue(&err)
	live, err = bleve.OpenUsing(path, options)
	if err != nil {
		return nil, err
	}
	done, err := live.GetInternal(completeKey)
	if err == nil && len(done) == 0 {
		err = errors.New("it was not finished")
	}
	if err != nil {
		return nil, errors.Join(err, live.Close())
	}
	return live, nil
}

func (x *Index) create() (live bleve.Index, path string, err error) {
	defer rescue(&err)
	path = filepath.Join(x.dir, fmt.Sprintf("v%d-%020d", mappingVersion, time.Now().UnixNano()))
	live, err = bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, options)
	return live, path, err
}

// sweep removes every index but the one in use.
func (x *Index) sweep() {
	paths, _ := filepath.Glob(filepath.Join(x.dir, "v*-*"))
	for _, p := range paths {
		if p != x.path {
			_ = os.RemoveAll(p)
		}
	}
}

// rescue turns a panic of the index library into an error.
func rescue(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("index panicked: %v", r)
	}
}

// Close ends the use of the index.
func (x *Index) Close() (err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	defer rescue(&err)
	return x.live.Close()
}

// Healthy reports whether the index answers; when it does not, Rebuild mends it.
func (x *Index) Healthy() bool { return !x.broken.Load() }

// Progress is how many documents a running rebuild has written.
func (x *Index) Progress() int { return int(x.progress.Load()) }

// Count is the number of documents.
func (x *Index) Count() (n uint64, err error) {
	err = x.use(func(live bleve.Index) (err error) {
		n, err = live.DocCount()
		return err
	})
	return n, err
}

// use runs f on the live index. A panic marks the index broken.
func (x *Index) use(f func(bleve.Index) error) (err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	defer func() {
		if r := recover(); r != nil {
			x.broken.Store(true)
			err = ErrUnavailable.Because(fmt.Errorf("index panicked: %v", r))
		}
	}()
	if x.broken.Load() {
		return ErrUnavailable
	}
	return f(x.live)
}

// Cursor is what Apply or Rebuild stored last; nil when nothing was.
func (x *Index) Cursor() (cursor []byte, err error) {
	err = x.use(func(live bleve.Index) (err error) {
		cursor, err = live.GetInternal(cursorKey)
		return err
	})
	return cursor, err
}

// Apply brings the named things up to date and stores the cursor, in one
// batch. Things without a document are removed.
func (x *Index) Apply(ctx context.Context, refs []Ref, cursor []byte) error {
	x.writing.Lock()
	defer x.writing.Unlock()
	err := x.use(func(live bleve.Index) error {
		batch := live.NewBatch()
		for _, ref := range refs {
			if err := x.add(ctx, batch, ref); err != nil {
				return err
			}
		}
		batch.SetInternal(cursorKey, cursor)
		batch.SetInternal(completeKey, []byte{1})
		return live.Batch(batch)
	})
	if err != nil && ctx.Err() == nil {
		x.broken.Store(true)
	}
	return err
}

func (x *Index) add(ctx context.Context, batch *bleve.Batch, ref Ref) error {
	source := x.source(ref.Kind)
	if source == nil {
		return nil
	}
	d, ok, err := source.Document(ctx, ref.ID)
	if err != nil {
		return fmt.Errorf("document %s: %w", key(ref.Kind, ref.ID), err)
	}
	if !ok {
		batch.Delete(key(ref.Kind, ref.ID))
		return nil
	}
	return batch.Index(key(d.Kind, d.ID), newEntry(d))
}

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

const rebuildBatch = 100

// Rebuild makes a new index from the sources beside the one in use and puts
// it in its place; searches are answered all the while. cursor is the place in
// the journal from before the first document was read.
func (x *Index) Rebuild(ctx context.Context, cursor []byte) (err error) {
	defer fault.Wrap(&err, "rebuild the index")
	x.writing.Lock()
	defer x.writing.Unlock()
	x.progress.Store(0)
	next, path, err := x.create()
	if err != nil {
		return err
	}
	if err := x.fill(ctx, next, cursor); err != nil {
		_ = next.Close()
		_ = os.RemoveAll(path)
		return err
	}
	x.mu.Lock()
	old := x.live
	x.live, x.path = next, path
	x.broken.Store(false)
	x.mu.Unlock()
	closeQuietly(old)
	x.sweep()
	return nil
}

func closeQuietly(old bleve.Index) {
	var err error
	defer rescue(&err)
	_ = old.Close()
}

func (x *Index) fill(ctx context.Context, next bleve.Index, cursor []byte) (err error) {
	defer rescue(&err)
	batch := next.NewBatch()
	for _, source := range x.Sources {
		for id, err := range source.IDs(ctx) {
			if err != nil {
				return err
			}
			if err := x.add(ctx, batch, Ref{source.Kind(), id}); err != nil {
				return err
			}
			if batch.Size() >= rebuildBatch {
				if err := next.Batch(batch); err != nil {
					return err
				}
				x.progress.Add(int64(batch.Size()))
				batch = next.NewBatch()
			}
		}
	}
	batch.SetInternal(cursorKey, cursor)
	batch.SetInternal(completeKey, []byte{1})
	return durably(ctx, next, batch)
}

// durably writes a batch and waits until it is on disk.
func durably(ctx context.Context, live bleve.Index, batch *bleve.Batch) error {
	stored := make(chan error, 1)
	batch.SetPersistedCallback(func(err error) { stored <- err })
	if err := live.Batch(batch); err != nil {
		return err
	}
	select {
	case err := <-stored:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
