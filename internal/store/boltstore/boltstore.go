// Package boltstore keeps a portal's records in one file, portal.db, in the
// data folder. Nothing else needs to be installed: this is what a portal runs
// on by default.
package boltstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/kokeilu/kokeilu/internal/disk"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// File is the name of the database in the data folder.
const File = "portal.db"

// Faults of Open and of a store that cannot go on.
var (
	// ErrLocked means that another process has the database open.
	ErrLocked = fault.New(fault.Conflict, "store.locked")
	// ErrDamaged means that the file cannot be read as a database.
	ErrDamaged = fault.New(fault.Internal, "store.damaged")
	// ErrBroken means that a commit failed in a way that leaves open what is
	// on the disk. Nothing is written any more until the portal is restarted.
	ErrBroken = fault.New(fault.Unavailable, "store.broken")
)

// Store is the kernel on a bbolt file, with what only a file can do.
type Store struct {
	*store.DB
	driver *driver
}

type settings struct {
	log     *slog.Logger
	reserve int64
	patient time.Duration
	strict  bool
	opened  func(*os.File) // tests break the file with it
}

// Option changes how a database is opened.
type Option func(*settings)

// Reserve sets how many bytes of the file system stay free: below it, Update
// fails with store.ErrFull and reading goes on. Zero reserves nothing. Without
// this option it is 64 MB or 5 % of the file system, whichever is less.
func Reserve(bytes int64) Option { return func(s *settings) { s.reserve = bytes } }

// Log sets where the store reports what no caller can be told.
func Log(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// Strict finds every transaction inside another. It is for tests.
func Strict() Option { return func(s *settings) { s.strict = true } }

// Open opens the database in dir and creates both when they are missing. It
// fails with ErrLocked, within three seconds, when another process has it, and
// with ErrDamaged when the file is not a whole database.
func Open(ctx context.Context, dir string, opts ...Option) (s *Store, err error) {
	defer fault.Wrap(&err, "open store in %q", dir)
	set := settings{log: slog.Default(), reserve: -1, patient: 1500 * time.Millisecond, opened: func(*os.File) {}}
	for _, o := range opts {
		o(&set)
	}
	d, err := openDriver(ctx, dir, set)
	if err != nil {
		return nil, err
	}
	kernel := []store.Option{store.Log(set.log)}
	if set.strict {
		kernel = append(kernel, store.Strict())
	}
	return &Store{DB: store.New(d, kernel...), driver: d}, nil
}

func openDriver(ctx context.Context, dir string, set settings) (*driver, error) {
	if err := ctx.Err(); err != nil {
		return nil, store.ErrBusy.Because(err)
	}
	if deadline, ok := ctx.Deadline(); ok {
		set.patient = min(set.patient, time.Until(deadline))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, File)
	_, statErr := os.Stat(path)
	db, err := openFile(path, set, mapped)
	if err != nil {
		return nil, err
	}
	if os.IsNotExist(statErr) {
		// A file is there after a power cut only when its folder says so.
		if err := errors.Join(syncFolder(dir), syncFolder(filepath.Dir(dir))); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	if set.reserve < 0 {
		set.reserve = disk.Reserve(dir)
	}
	return &driver{db: db, dir: dir, reserve: set.reserve}, nil
}

// openFile opens the database and turns what bbolt does about a damaged file,
// which may be a panic or a read behind its end, into an error.
func openFile(path string, set settings, mapped int) (db *bolt.DB, err error) {
	var file *os.File
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			unlock(file)
			_ = file.Close()
			db, err = nil, ErrDamaged.Because(fmt.Errorf("%v", p))
		}
	}()
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		Timeout:         max(set.patient, time.Millisecond),
		FreelistType:    bolt.FreelistMapType,
		InitialMmapSize: mapped,
		NoStatistics:    true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			file, err = os.OpenFile(name, flag, mode)
			return file, err
		},
	})
	if err == nil {
		err = checkSize(db, file)
	}
	switch err = full(err); {
	case err == nil:
		set.opened(file)
		return db, nil
	case errors.Is(err, syscall.ENOMEM) && mapped > 0:
		return openFile(path, set, 0) // the address space is limited here
	case errors.Is(err, berrors.ErrTimeout):
		return nil, ErrLocked.Because(err)
	case errors.Is(err, store.ErrFull), errors.Is(err, ErrDamaged), isSystem(err):
		return nil, err
	default:
		return nil, ErrDamaged.Because(err)
	}
}

// isSystem tells what the operating system refused from what bbolt found in
// the file.
func isSystem(err error) bool {
	_, isErrno := errors.AsType[syscall.Errno](err)
	return isErrno
}

// checkSize refuses a file that ends before its last page: reading there would
// end the process.
func checkSize(db *bolt.DB, file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, db.Close())
	}
	var need int64
	if err := db.View(func(tx *bolt.Tx) error { need = tx.Size(); return nil }); err != nil {
		return errors.Join(err, db.Close())
	}
	if info.Size() < need {
		return errors.Join(ErrDamaged.Because(fmt.Errorf("the file has %d of %d bytes", info.Size(), need)), db.Close())
	}
	return nil
}

// mapped is how much address space the file may fill before it must be mapped
// anew, for which every reader has to finish first. It is not memory.
var mapped = func() int {
	if strconv.IntSize == 32 {
		return 256 << 20
	}
	return 1 << 34
}()

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
