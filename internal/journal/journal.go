// Package journal remembers that something was changed, when and by whom. Each
// entry is written in the transaction of the change itself and carries the hash
// of the one before, so that nothing can be removed or altered unnoticed once a
// later hash was published. Search, mail and caches follow the journal.
package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/id"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Where the journal lives. A driver that has to serialise the writers of many
// nodes locks the record HeadKey in HeadBucket: every Append writes it.
const (
	HeadBucket = "journal_head"
	HeadKey    = "head"

	entryBucket  = "journal"        // seq as 16 hexadecimal digits → Entry
	dayBucket    = "journal_day"    // 2006-01-02 → the Head that day ended with
	saltBucket   = "journal_salt"   // subject → salt of its digests
	cursorBucket = "journal_cursor" // follower → Position
)

// Journal writes entries and wakes those who follow them.
type Journal struct {
	store store.Store
	now   func() time.Time
	log   *slog.Logger
	every time.Duration // followers look at least so often
	retry time.Duration // first pause after a follower's failure

	decoded atomic.Pointer[decodedHead] // saves Append reading the JSON it wrote

	mu        sync.Mutex
	hooks     []func(Entry)
	seq       uint64 // newest entry this process knows to be committed
	followers map[string]*follower
}

// decodedHead is the head that some stored bytes stand for.
type decodedHead struct {
	raw  []byte
	head Head
}

// Option changes how a journal works.
type Option func(*Journal)

// Clock sets where the time of entries comes from.
func Clock(now func() time.Time) Option { return func(j *Journal) { j.now = now } }

// Log sets where failures of followers are reported.
func Log(l *slog.Logger) Option { return func(j *Journal) { j.log = l } }

// Pace sets how often followers look for entries that nobody woke them for,
// and how long they pause after their first failure. Without it, a minute and
// a second.
func Pace(every, retry time.Duration) Option {
	return func(j *Journal) { j.every, j.retry = every, retry }
}

// New returns the journal kept in s. Open it before the portal serves.
func New(s store.Store, opts ...Option) *Journal {
	j := &Journal{
		store: s, now: time.Now, log: slog.Default(),
		every: time.Minute, retry: time.Second,
		followers: map[string]*follower{},
	}
	for _, o := range opts {
		o(j)
	}
	return j
}

// Open reads where the journal ends and, on a portal's first start, begins it
// with a random portal id.
func (j *Journal) Open(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "open the journal")
	head, err := store.Get(ctx, j.store, j.Head)
	if err == nil && head.Portal == "" {
		err = j.store.Update(ctx, func(tx store.Tx) error {
			if head, err = j.begun(tx); err != nil {
				return err
			}
			return j.putHead(tx, head)
		})
	}
	j.committed(head.Seq)
	return err
}

// OnAppend registers f to be called with each entry between its commit and the
// answer to whoever wrote it. f must be quick and must not use the store.
func (j *Journal) OnAppend(f func(Entry)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.hooks = append(j.hooks, f)
}

// Append adds e behind the last entry, as part of the transaction. It sets
// Seq, Time, Prev and Hash itself.
func (j *Journal) Append(tx store.Tx, e Entry) error {
	if err := e.check(); err != nil {
		return err
	}
	head, err := j.begun(tx)
	if err != nil {
		return err
	}
	e.Seq, e.Prev = head.Seq+1, head.Hash
	e.Time = j.now().Round(0).UTC()
	e.Hash = e.Sum()
	if err := closeDay(tx, head, e.Time); err != nil {
		return err
	}
	head.Seq, head.Hash, head.Time = e.Seq, e.Hash, e.Time
	if err := errors.Join(putJSON(tx, entryBucket, entryKey(e.Seq), e), j.putHead(tx, head)); err != nil {
		return err
	}
	tx.OnCommit(func() { j.announce(e) })
	return nil
}

// announce tells those who follow that e is on disk.
func (j *Journal) announce(e Entry) {
	j.mu.Lock()
	hooks := j.hooks
	j.mu.Unlock()
	defer j.committed(e.Seq)
	for _, f := range hooks {
		f(e)
	}
}

// committed remembers the newest entry and wakes the followers.
func (j *Journal) committed(seq uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq = max(j.seq, seq)
	for _, f := range j.followers {
		f.poke()
	}
}

// Wake makes the followers look for new entries now. It is for those who learn
// in another way that another node has written some.
func (j *Journal) Wake() { j.committed(0) }

// Seq returns the number of the newest entry that this process knows to be on
// disk. After an Update that appended, it is that entry's or a later one's.
func (j *Journal) Seq() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq
}

// Head returns where the journal ends. It is the zero Head before Open.
func (j *Journal) Head(tx store.Tx) (Head, error) {
	raw, err := tx.Get(HeadBucket, HeadKey)
	if errors.Is(err, store.ErrNotFound) {
		return Head{}, nil
	}
	if err != nil {
		return Head{}, err
	}
	if d := j.decoded.Load(); d != nil && bytes.Equal(d.raw, raw) {
		return d.head, nil
	}
	var head Head
	err = json.Unmarshal(raw, &head)
	return head, err
}

// begun returns the head, or that of a new journal.
func (j *Journal) begun(tx store.Tx) (Head, error) {
	head, err := j.Head(tx)
	if err == nil && head.Portal == "" {
		return genesis(id.New()), nil
	}
	return head, err
}

func (j *Journal) putHead(tx store.Tx, head Head) error {
	raw, err := json.Marshal(head)
	if err != nil {
		return err
	}
	j.decoded.Store(&decodedHead{raw, head})
	return tx.Put(HeadBucket, HeadKey, raw)
}

// List returns at most limit entries with a higher number than after.
func (j *Journal) List(tx store.Tx, after uint64, limit int) ([]Entry, error) {
	return collect(tx.Scan(entryBucket, store.Range{After: entryKey(after)}), limit)
}

// Latest returns at most limit entries with a lower number than before, newest
// first. With 0 it begins with the last one.
func (j *Journal) Latest(tx store.Tx, before uint64, limit int) ([]Entry, error) {
	r := store.Range{Reverse: true}
	if before > 0 {
		r.After = entryKey(before)
	}
	return collect(tx.Scan(entryBucket, r), limit)
}

func collect(seq iter.Seq2[store.Entry, error], limit int) ([]Entry, error) {
	var list []Entry
	for raw, err := range seq {
		if err != nil || len(list) == limit {
			return list, err
		}
		var e Entry
		if err := json.Unmarshal(raw.Value, &e); err != nil {
			return list, fmt.Errorf("journal entry %s: %w", raw.Key, err)
		}
		list = append(list, e)
	}
	return list, nil
}

func entryKey(seq uint64) string { return fmt.Sprintf("%016x", seq) }

func putJSON(tx store.Tx, bucket, key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.Put(bucket, key, raw)
}

func getJSON[T any](tx store.Tx, bucket, key string) (T, error) {
	var v T
	raw, err := tx.Get(bucket, key)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	return v, err
}
