//go:build linux || darwin

package boltstore

import (
	"fmt"
	"os"
	"syscall"

	"github.com/kokeilu/kokeilu/internal/store"
)

// checkRoom fails with store.ErrFull when less than reserve bytes are free.
// It takes a microsecond, far less than the commit that follows.
func checkRoom(dir string, reserve int64) error {
	var fs syscall.Statfs_t
	if reserve <= 0 || syscall.Statfs(dir, &fs) != nil {
		return nil
	}
	if free := int64(fs.Bavail) * int64(fs.Bsize); free < reserve {
		return store.ErrFull.Because(fmt.Errorf("%d bytes are free, %d are reserved", free, reserve))
	}
	return nil
}

// defaultReserve is 64 MB or 5 % of the file system, whichever is less.
func defaultReserve(dir string) int64 {
	const most = 64 << 20
	var fs syscall.Statfs_t
	if syscall.Statfs(dir, &fs) != nil {
		return most
	}
	return min(most, int64(fs.Blocks)*int64(fs.Bsize)/20)
}

// unlock gives the file's lock back. Closing it is not enough while it is
// mapped.
func unlock(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }
