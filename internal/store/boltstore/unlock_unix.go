//go:build linux || darwin

package boltstore

import (
	"os"
	"syscall"
)

// unlock gives the file's lock back. Closing it is not enough while it is
// mapped.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
