package search

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Rebuild makes a new index from the sources beside the one in use and puts
// it in its place; searches are answered all the while, if the one in use can.
// cursor is the place in the journal from before the first document was read.
// It fails, and leaves everything as it was, when there is no room for it.
func (x *Index) Rebuild(ctx context.Context, cursor []byte) (err error) {
	defer fault.Wrap(&err, "rebuild the index")
	if err := x.awaitOpen(ctx); err != nil {
		return err
	}
	if err := x.lock(ctx); err != nil {
		return err
	}
	defer x.unlock()
	x.progress.Store(0)
	x.expected.Store(0)
	x.building.Store(true)
	defer x.building.Store(false)
	if x.Rebuilding != nil {
		defer x.Rebuilding()()
	}
	if err := x.makeRoom(); err != nil {
		return err
	}
	next, err := create(filepath.Join(x.dir, fmt.Sprintf("v%d-%020d", mappingVersion, time.Now().UnixNano())), x.broke)
	if err != nil {
		return err
	}
	err = x.fill(ctx, next, cursor)
	if err == nil {
		err = keepForGood(next.path)
	}
	if err != nil {
		x.trouble.leave(next.end(true))
		return err
	}
	if next, err = x.reopened(next); err != nil {
		return err
	}
	if old := x.live.Swap(next); old != nil {
		x.trouble.leave(old.end(true))
	}
	x.settled(next)
	x.sweep()
	return nil
}

// reopened closes an edition that was filled and opens it as one that is used.
func (x *Index) reopened(e *edition) (*edition, error) {
	closed := e.end(false)
	rest(context.Background(), x.patience(), closed)
	select {
	case <-closed:
	default:
		x.trouble.leave(closed)
		return nil, fmt.Errorf("%w within %s", errWedged, x.patience())
	}
	next, err := open(e.path, x.broke)
	if err != nil {
		_ = os.RemoveAll(e.path)
	}
	return next, err
}

// fill reads every source.
func (x *Index) fill(ctx context.Context, next *edition, cursor []byte) error {
	refs, err := x.everything(ctx)
	if err != nil {
		return err
	}
	x.expected.Store(int64(len(refs)))
	w := x.writer(next)
	w.rebuild = true
	for _, ref := range refs {
		if err := w.add(ctx, ref); err != nil {
			return err
		}
	}
	return w.finish(ctx, cursor)
}

// everything names all that the sources have.
func (x *Index) everything(ctx context.Context) (refs []Ref, err error) {
	for _, source := range x.Sources {
		for id, err := range source.IDs(ctx) {
			if err != nil {
				return nil, err
			}
			refs = append(refs, Ref{source.Kind(), id})
		}
	}
	return refs, nil
}

// makeRoom fails when the disk has no room for an index as large as the one
// there is. Where giving up an index that is broken makes the room, it is given
// up: it is better to be whole soon than to answer with what is out of date.
func (x *Index) makeRoom() error {
	size := int64(0)
	for _, path := range x.candidates() {
		size = max(size, sizeOf(path))
	}
	err := x.room(size)
	old := x.live.Load()
	if err == nil || x.trouble.isBlocked() || old != nil && !old.hasFailed() || x.room(size-sizeOf(x.dir)) != nil {
		return err
	}
	if old != nil && x.live.CompareAndSwap(old, nil) {
		closed := old.end(true)
		x.trouble.leave(closed)
		rest(context.Background(), closeLimit, closed) // what is open takes room though it is removed
	}
	x.sweep()
	return x.room(size)
}
