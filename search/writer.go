package search

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"

	"github.com/kokeilu/kokeilu/internal/disk"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A batch is written when it has so many documents or bytes, whichever comes
// first; a rebuild has at most so many batches that are not yet on the disk.
// Together they bound the memory that a rebuild takes.
const (
	batchDocuments = 500
	batchBytes     = 8 << 20
	batchesAhead   = 1

	// Likewise of the lexicon. The library reserves memory by how large the
	// documents of the last batch were, so these are as small as others.
	lexiconWords = 500
	lexiconBatch = 200
)

// mergedWithin is how many things are merged within ten times the patience, on
// the slowest of machines.
const mergedWithin = 20_000

// writer brings documents into an edition.
type writer struct {
	x     *Index
	e     *edition
	batch *bleve.Batch
	bytes int // of text in it

	done    int64        // things brought up to date
	rebuild bool         // wait for the disk, and leave its reserve alone
	ahead   []chan error // of each batch that is not yet on the disk
}

func (x *Index) writer(e *edition) *writer {
	return &writer{x: x, e: e, batch: e.NewBatch()}
}

// add brings one thing up to date.
func (w *writer) add(ctx context.Context, ref Ref) error {
	source := w.x.source(ref.Kind)
	if source == nil {
		return nil
	}
	d, ok, err := source.Document(ctx, ref.ID)
	switch {
	case err != nil:
		return fmt.Errorf("document %s: %w", key(ref.Kind, ref.ID), err)
	case !ok:
		w.batch.Delete(key(ref.Kind, ref.ID))
	default:
		if err := w.put(d); err != nil {
			return err
		}
	}
	w.done++
	if w.batch.Size() >= batchDocuments || w.bytes >= batchBytes {
		return w.flush(ctx)
	}
	return nil
}

// put brings one document. The forms of its words go with it, as it may be gone
// tomorrow; a rebuild says them once for all documents.
func (w *writer) put(d Document) error {
	c := &counting{document: d}
	e := newEntry(d, c)
	if !w.rebuild {
		e.AddField(c.lexicon())
	}
	w.bytes += len(d.Body)
	return w.batch.IndexAdvanced(e)
}

// define writes the lexicon of a rebuild: of every word of its documents.
func (w *writer) define(ctx context.Context) error {
	if !w.e.users.TryRLock() {
		return errEnded
	}
	defer w.e.users.RUnlock()
	err := safely(func() error {
		reader, err := w.e.snapshot()
		if err != nil {
			return err
		}
		defer func() { _ = reader.Close() }()
		words := make([]listed, 0, lexiconWords)
		err = everyTerm(reader, "text", func(word listed) error {
			if words = append(words, word); len(words) < lexiconWords {
				return nil
			}
			list := words
			words = make([]listed, 0, lexiconWords)
			return w.putLexicon(ctx, list)
		})
		if err != nil {
			return err
		}
		return w.putLexicon(ctx, words)
	})
	if err != nil && ctx.Err() == nil {
		w.e.fail(err)
	}
	if err != nil {
		return err
	}
	return w.flush(ctx)
}

// putLexicon brings what the lexicon says of some words.
func (w *writer) putLexicon(ctx context.Context, words []listed) error {
	n := w.e.lexicons.Add(1)
	w.batch.SetInternal(lexiconsKey, binary.BigEndian.AppendUint64(nil, n))
	if err := w.batch.IndexAdvanced(newLexicon(n, words)); err != nil || n%lexiconBatch > 0 {
		return err
	}
	return w.flush(ctx)
}

// finish writes what is left, with the cursor that belongs to it.
func (w *writer) finish(ctx context.Context, cursor []byte) error {
	if w.rebuild {
		if err := w.flush(ctx); err != nil {
			return err
		}
		if err := w.define(ctx); err != nil {
			return err
		}
		if err := w.gather(ctx); err != nil {
			return err
		}
	}
	w.batch.SetInternal(cursorKey, cursor)
	w.batch.SetInternal(completeKey, []byte{1})
	if err := w.flush(ctx); err != nil {
		return err
	}
	return w.settle(ctx, 0)
}

// gather merges the segments of a rebuild when all of it is on the disk, if
// there is room to write it once more; otherwise it is done while the index is
// in use.
func (w *writer) gather(ctx context.Context) error {
	if err := w.settle(ctx, 0); err != nil {
		return err
	}
	if w.x.room(sizeOf(w.e.path)) != nil {
		return nil
	}
	limit := stallTimes * w.x.patience() * time.Duration(1+w.done/mergedWithin)
	return w.e.run(ctx, limit, func() error { return w.e.gather(ctx) })
}

// flush writes a batch.
func (w *writer) flush(ctx context.Context) error {
	batch := w.batch
	w.batch, w.bytes = w.e.NewBatch(), 0
	if w.rebuild {
		if err := w.x.room(0); err != nil {
			return err
		}
		stored := make(chan error, 1)
		batch.SetPersistedCallback(func(err error) { stored <- err })
		w.ahead = append(w.ahead, stored)
	}
	err := w.e.run(ctx, w.x.patience(), func() error {
		if err := w.e.Batch(batch); err != nil {
			return err
		}
		return w.e.recount()
	})
	if err != nil {
		return err
	}
	if w.rebuild {
		w.x.progress.Store(w.done)
	}
	return w.settle(ctx, batchesAhead)
}

// settle waits until at most so many batches are not on the disk yet.
func (w *writer) settle(ctx context.Context, ahead int) error {
	for len(w.ahead) > ahead {
		timer := time.NewTimer(w.x.patience())
		select {
		case err := <-w.ahead[0]:
			if err != nil {
				return err
			}
		case <-timer.C:
			w.e.wedge(fmt.Errorf("%w within %s", errWedged, w.x.patience()))
		case <-w.e.failed:
		case <-ctx.Done():
		}
		timer.Stop()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case w.e.hasFailed():
			return w.e.why
		}
		w.ahead = w.ahead[1:]
	}
	return nil
}

// room fails when fewer than so many bytes are free beside the reserve.
func (x *Index) room(bytes int64) error {
	reserve := x.Reserve
	if reserve == 0 {
		reserve = disk.Reserve(x.dir)
	}
	if free, ok := disk.Free(x.dir); ok && free < bytes+reserve {
		return store.ErrFull.Because(fmt.Errorf("%d bytes are free, a new index needs %d and %d are reserved", free, bytes, reserve))
	}
	return nil
}
