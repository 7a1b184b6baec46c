package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
)

// edition is one index on disk: the one in use, the one being made, or one
// that is given up. It never comes back once it has failed; another takes its
// place.
type edition struct {
	bleve.Index
	path   string
	users  sync.RWMutex          // held for reading by those who use it, for writing by its end
	failed chan struct{}         // closed when it has to be replaced
	ended  chan struct{}         // closed when it is given up: lets go of what is parked
	wedged atomic.Bool           // it must not be asked anything: the answer may never come
	report func(*edition, error) // is told once why it failed

	once sync.Once
	why  error // set before failed is closed

	documents atomic.Uint64 // when it was last changed
	lexicons  atomic.Uint64 // beside them: what only says which forms words have
}

var (
	errWedged     = errors.New("the index does not come back from what it was asked")
	errStalled    = errors.New("the index writes no segments together any more")
	errUnfinished = errors.New("the index was not finished")
	errEnded      = errors.New("the index was replaced meanwhile")
)

// fail says that the edition has to be replaced. The first cause is the one
// that is told.
func (e *edition) fail(why error) {
	e.once.Do(func() {
		e.why = why
		close(e.failed)
		e.report(e, why)
	})
}

// wedge says that it has to be replaced and asked nothing any more.
func (e *edition) wedge(why error) {
	e.wedged.Store(true)
	e.fail(why)
}

func (e *edition) hasFailed() bool {
	select {
	case <-e.failed:
		return true
	default:
		return false
	}
}

// run lets f change or examine the index and waits for it, for limit at most.
// What does not come back leaves its goroutine and all that it holds behind,
// until the process ends: nothing can be done about it from outside, and nobody
// else must wait for it.
func (e *edition) run(ctx context.Context, limit time.Duration, f func() error) error {
	if !e.users.TryRLock() {
		return errEnded
	}
	result := make(chan error, 1)
	go func() {
		defer e.users.RUnlock()
		result <- safely(f)
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case err := <-result:
		if err != nil {
			e.fail(err)
		}
		return err
	case <-timer.C:
		e.wedge(fmt.Errorf("%w within %s", errWedged, limit))
	case <-e.failed:
	case <-ctx.Done():
		return ctx.Err()
	}
	return e.why // failed is closed
}

// end gives the edition up: nobody begins to use it any more, what is parked
// in it goes on, and when all are done it is closed and, if asked for, its
// folder removed. One that cannot be closed loses its folder too; the rest of
// it is left to the end of the process. closed is closed when it is.
func (e *edition) end(remove bool) (closed <-chan struct{}) {
	done := make(chan struct{})
	close(e.ended)
	go func() {
		defer close(done)
		e.users.Lock() // and never unlocked
		_ = safely(e.Close)
		editions.Delete(e.store())
	}()
	if remove {
		go func() {
			rest(context.Background(), closeLimit, done)
			_ = os.RemoveAll(e.path)
		}()
	}
	return done
}

// store is the folder by which the index library names itself.
func (e *edition) store() string { return filepath.Join(e.path, "store") }

// panicked is a panic of the index library, or a fault of memory in it: what
// it maps from a file that was cut short is not there.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("the index panicked: %v", p.value) }

// snapshot is the index as it is now. Whoever asked closes it.
func (e *edition) snapshot() (*scorch.IndexSnapshot, error) {
	inner, err := e.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	s, ok := reader.(*scorch.IndexSnapshot)
	if !ok || s == nil {
		return nil, fmt.Errorf("the index is a %T", reader)
	}
	return s, nil
}

// recount notes how many documents there are.
func (e *edition) recount() error {
	n, err := e.DocCount()
	if beside := e.lexicons.Load(); n >= beside {
		e.documents.Store(n - beside)
	}
	return err
}

// safely turns a panic and a fault of memory into an error.
func safely(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = &panicked{r, debug.Stack()}
		}
	}()
	return f()
}

// editions are all that are open, by the folder of their store: that is all
// the library's goroutines say about themselves.
var editions sync.Map

// callbacks is the name under which the library finds the functions below.
const callbacks = "kokeilu"

func init() {
	scorch.RegistryAsyncErrorCallbacks[callbacks] = failedBehind
	scorch.RegistryEventCallbacks[callbacks] = happened
}

// failedBehind is called by the library's own goroutines: its persister could
// not write, its merger could not merge, or one of them panicked.
func failedBehind(err error, store string) {
	v, ok := editions.Load(store)
	if !ok || errors.Is(err, scorch.ErrCleanup) { // an old file too many is no damage
		return
	}
	e := v.(*edition)
	if errors.Is(err, scorch.ErrAsyncPanic) {
		e.wedge(err) // one of its three hands is gone: whoever waits for it waits for ever
		return
	}
	e.fail(err)
	select { // it would try again at once, and again
	case <-e.ended:
	case <-time.After(time.Second):
	}
}

// happened is called in the library's goroutines, before they work. A fault
// of memory there ends in failedBehind, not with the process.
func happened(scorch.Event) bool {
	debug.SetPanicOnFault(true)
	return true
}

// newEdition prepares an edition in path; open or create fills it.
func newEdition(path string, report func(*edition, error)) *edition {
	e := &edition{path: path, failed: make(chan struct{}), ended: make(chan struct{}), report: report}
	editions.Store(e.store(), e)
	return e
}

// How segments are written, which the library keeps in the index's folder.
const (
	persisting = "scorchPersisterOptions"
	merging    = "scorchMergePlanOptions"
)

// settings are fresh for each index: the library writes into them. Segments
// are written as the library does by itself, whatever the index was filled
// with.
func settings() map[string]any {
	return map[string]any{
		"unsafe_batch": true, "bolt_timeout": "1s",
		"asyncErrorCallbackName": callbacks, "eventCallbackName": callbacks,
		persisting: map[string]any{}, merging: map[string]any{},
	}
}

// together is how many segments of an index that is being filled become one.
const together = 60

// fillSettings are those of an index that nobody reads yet. Writing segments
// together takes most of the time: each goes to the disk as it is, and they are
// merged many at a time. gather does what is left.
func fillSettings() map[string]any {
	s := settings()
	s[persisting] = map[string]any{"memoryPressurePauseThreshold": 0}
	s[merging] = map[string]any{
		"maxSegmentsPerTier": together, "segmentsPerMergeTask": together, "tierGrowth": together, "floorSegmentSize": batchDocuments,
	}
	return s
}

// gather merges segments until there are no more than in an index that grew
// slowly.
func (e *edition) gather(ctx context.Context) error {
	inner, err := e.Advanced()
	if err != nil {
		return err
	}
	store, ok := inner.(*scorch.Scorch)
	if !ok {
		return fmt.Errorf("the index is a %T", inner)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-e.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	options := mergeplan.DefaultMergePlanOptions
	options.SegmentsPerMergeTask = together // each is written once more, not several times
	return store.ForceMerge(ctx, &options)
}

// create makes an empty edition in a folder of its own, to be filled.
func create(path string, report func(*edition, error)) (*edition, error) {
	e := newEdition(path, report)
	err := safely(func() (err error) {
		e.Index, err = bleve.NewUsing(path, newMapping(), scorch.Name, scorch.Name, fillSettings())
		return err
	})
	if err != nil {
		editions.Delete(e.store())
		_ = os.RemoveAll(path)
		return nil, err
	}
	return e, nil
}

// open opens the edition in path. It fails with errUnfinished when it was
// never filled.
func open(path string, report func(*edition, error)) (*edition, error) {
	if err := readable(path); err != nil {
		return nil, err
	}
	e := newEdition(path, report)
	err := safely(func() (err error) {
		e.Index, err = bleve.OpenUsing(path, settings())
		return err
	})
	if err != nil {
		editions.Delete(e.store())
		return nil, err
	}
	var complete []byte
	err = safely(func() (err error) {
		if complete, err = e.GetInternal(completeKey); err != nil {
			return err
		}
		raw, err := e.GetInternal(lexiconsKey)
		if err != nil {
			return err
		}
		if len(raw) == 8 {
			e.lexicons.Store(binary.BigEndian.Uint64(raw))
		}
		return e.recount()
	})
	if err == nil && len(complete) == 0 {
		err = errUnfinished
	}
	if err != nil {
		<-e.end(false)
		return nil, err
	}
	return e, nil
}
