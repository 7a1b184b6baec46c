//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"

	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// lockFolder keeps other processes out of a data folder until the file is
// closed, or the process ends. It fails with boltstore.ErrLocked.
func lockFolder(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = boltstore.ErrLocked
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
