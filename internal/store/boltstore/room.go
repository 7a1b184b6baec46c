package boltstore

import (
	"fmt"

	"github.com/kokeilu/kokeilu/internal/disk"
	"github.com/kokeilu/kokeilu/internal/store"
)

// checkRoom fails with store.ErrFull when less than reserve bytes are free.
// It takes a microsecond, far less than the commit that follows.
func checkRoom(dir string, reserve int64) error {
	if reserve <= 0 {
		return nil
	}
	if free, ok := disk.Free(dir); ok && free < reserve {
		return store.ErrFull.Because(fmt.Errorf("%d bytes are free, %d are reserved", free, reserve))
	}
	return nil
}
