package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	berrors "go.etcd.io/bbolt/errors"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// defaultPatience is how long a change of the index may take. The slowest that
// were seen took seconds.
const defaultPatience = 30 * time.Second

func (x *Index) patience() time.Duration {
	if x.Patience > 0 {
		return x.Patience
	}
	return defaultPatience
}

// isBlocked reports whether an index could not be opened though nothing says
// that it is damaged: another process has it, its permissions are wrong, or
// the machine is short of something. Such an index is left as it is.
func isBlocked(err error) bool {
	for _, target := range []error{
		fs.ErrPermission, berrors.ErrTimeout,
		syscall.EROFS, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM, syscall.ENOSPC, syscall.EDQUOT,
	} {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}

// readable fails when a file of an index may not be read, or its database not
// be written. The library itself would say that they are missing, and remove
// them.
func readable(path string) error {
	return filepath.WalkDir(path, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		how := os.O_RDONLY
		if filepath.Base(name) == "root.bolt" {
			how = os.O_RDWR
		}
		f, err := os.OpenFile(name, how, 0)
		if err != nil {
			return err
		}
		return f.Close()
	})
}

// trouble is what is wrong with the index.
type trouble struct {
	mu      sync.Mutex
	opening bool     // what is on the disk is being opened
	of      *edition // that broke
	cause   error    // nil: nothing is wrong
	waits   error    // why it is not mended yet
	blocked bool     // it cannot be opened, and is not known to be damaged
	heals   int
	healed  time.Time
	soon    int // how often it broke soon after it was mended, in a row
	left    []<-chan struct{}
}

// found notes damage.
func (t *trouble) found(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cause = err
}

// block notes why the index cannot be opened, nil when it is tried again.
func (t *trouble) block(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.blocked = err != nil; t.blocked {
		t.cause = err
	}
}

func (t *trouble) isBlocked() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.blocked
}

func (t *trouble) stillOpening() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.opening
}

// giveUpOpening says that what is still being opened, if anything, comes too
// late.
func (t *trouble) giveUpOpening() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opening = false
}

// leave remembers an edition that is being closed, leaving returns them.
func (t *trouble) leave(closed <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.left = append(t.leavingLocked(), closed)
}

func (t *trouble) leaving() []<-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.leavingLocked()
}

func (t *trouble) leavingLocked() (list []<-chan struct{}) {
	for _, closed := range t.left {
		select {
		case <-closed:
		default:
			list = append(list, closed)
		}
	}
	return list
}

// soonAfter is within which time a break counts as one of a row.
const soonAfter = time.Hour

// broke says once, of the edition in use, that it has failed.
func (x *Index) broke(e *edition, why error) {
	if x.live.Load() != e {
		return
	}
	t := &x.trouble
	t.mu.Lock()
	if t.of == e {
		t.mu.Unlock()
		return
	}
	t.of, t.cause = e, why
	if t.soon++; t.healed.IsZero() || time.Since(t.healed) > soonAfter {
		t.soon = 0
	}
	t.mu.Unlock()
	attrs := []any{"path", e.path, "err", why}
	if p, ok := errors.AsType[*panicked](why); ok {
		attrs = append(attrs, "stack", string(p.stack))
	}
	x.Log.Error("the search index broke and will be made anew; pages and writing go on", attrs...)
	if x.Wake != nil {
		x.Wake()
	}
}

// settled notes that an edition is in use, which heals what was wrong.
func (x *Index) settled(e *edition) {
	t := &x.trouble
	t.mu.Lock()
	cause := t.cause
	if t.of == e { // it broke in the meantime
		t.mu.Unlock()
		return
	}
	if t.cause, t.waits, t.blocked = nil, nil, false; cause != nil {
		t.heals++
		t.healed = time.Now()
	}
	t.mu.Unlock()
	if cause != nil {
		x.Log.Info("the search index is whole again", "path", e.path, "documents", e.documents.Load(), "was", cause)
	}
	if e.hasFailed() { // before it was known to be in use
		x.broke(e, e.why)
	}
}

// waits notes why the index is not mended yet. It is logged when it is news.
func (x *Index) waits(err error) {
	t := &x.trouble
	t.mu.Lock()
	news := t.waits == nil || fault.KindOf(t.waits) != fault.KindOf(err)
	t.waits = err
	t.mu.Unlock()
	if news {
		x.Log.Warn("the search index cannot be made anew yet and will be when it can", "err", err)
	}
}

// Mend makes the index whole: it opens what could not be opened, or builds it
// anew. It tries again with growing pauses until it has, so that it heals by
// itself when the disk has room again; it fails only when ctx is done.
func (x *Index) Mend(ctx context.Context, cursor []byte) error {
	before := x.live.Load()
	first := x.patience() / 30
	pause := first
	for rest(ctx, x.calm(first), nil); ctx.Err() == nil; rest(ctx, pause, nil) {
		if now := x.live.Load(); now != before && x.Healthy() { // somebody else has
			return nil
		}
		err := x.mendOnce(ctx, cursor)
		if err == nil {
			return nil
		}
		if ctx.Err() == nil {
			x.waits(err)
		}
		pause = min(2*pause, 60*first)
	}
	return ctx.Err()
}

func (x *Index) mendOnce(ctx context.Context, cursor []byte) error {
	if err := x.awaitOpen(ctx); err != nil {
		return err
	}
	if x.trouble.isBlocked() {
		if err := x.reload(); err != nil || x.live.Load() != nil {
			return err
		}
	}
	return x.Rebuild(ctx, cursor)
}

// reload tries again to open what could not be opened.
func (x *Index) reload() error {
	x.trouble.mu.Lock()
	x.trouble.opening = true
	x.trouble.mu.Unlock()
	defer x.trouble.giveUpOpening()
	return x.load()
}

// awaitOpen waits until what is on the disk is open, or not to be opened; what
// takes too long is taken for damaged.
func (x *Index) awaitOpen(ctx context.Context) error {
	timer := time.NewTimer(x.patience())
	defer timer.Stop()
	select {
	case <-x.opened:
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		x.trouble.found(fmt.Errorf("it does not open within %s", x.patience()))
	}
	x.trouble.giveUpOpening()
	return nil
}

// calm is how long an index that breaks again and again is left alone before
// it is made anew once more.
func (x *Index) calm(first time.Duration) time.Duration {
	x.trouble.mu.Lock()
	defer x.trouble.mu.Unlock()
	if x.trouble.cause == nil || x.trouble.soon == 0 {
		return 0
	}
	return min(first<<min(x.trouble.soon-1, 20), 600*first)
}

// rest waits for d, or until ctx or something else is done.
func rest(ctx context.Context, d time.Duration, done <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-done:
	case <-timer.C:
	}
}
