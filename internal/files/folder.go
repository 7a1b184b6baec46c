package files

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// folder is a place on the own disk. Nothing leads outside of it.
type folder struct{ root *os.Root }

// Open opens a folder, and makes it if need be.
func Open(dir string) (_ *Store, err error) {
	defer fault.Wrap(&err, "files in %q", dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return newStore(folder{root}), nil
}

func (d folder) close() error { return d.root.Close() }

func (d folder) read(_ context.Context, name string) ([]byte, error) {
	f, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	return io.ReadAll(f)
}

func (d folder) has(_ context.Context, name string) (bool, error) {
	_, err := d.root.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d folder) write(_ context.Context, name string, b []byte) error {
	if err := d.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return room(err)
	}
	temp := name + "." + rand.Text() + ".part"
	f, err := d.root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return room(err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = d.root.Rename(temp, name)
	}
	if err != nil {
		_ = d.root.Remove(temp) // the first error is the one to tell
		return room(err)
	}
	return nil
}

func room(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return store.ErrFull.Because(err)
	}
	return err
}
