package boltstore_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// smallDisk mounts a file system of so many bytes.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprint("size=", size)); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDiskIsSaidHonestlyAndSurvived(t *testing.T) {
	for name, reserve := range map[string]int64{"without a reserve": 0, "with the default reserve": -1} {
		t.Run(name, func(t *testing.T) {
			disk := smallDisk(t, 8<<20)
			dir := filepath.Join(disk, "data")
			s := open(t, dir, boltstore.Reserve(reserve))
			var mu sync.Mutex
			acknowledged, refused := map[string]bool{}, 0
			var wg sync.WaitGroup
			for w := range 8 {
				wg.Go(func() {
					for i := range 40 {
						key := fmt.Sprintf("%d-%d", w, i)
						err := put(s, key, make([]byte, 100_000))
						mu.Lock()
						switch {
						case err == nil:
							acknowledged[key] = true
						case errors.Is(err, store.ErrFull):
							refused++
						default:
							t.Errorf("%s: %v", key, err)
						}
						mu.Unlock()
					}
				})
			}
			wg.Wait()
			if refused == 0 || len(acknowledged) == 0 {
				t.Fatalf("%d stored, %d refused", len(acknowledged), refused)
			}
			check := func() {
				t.Helper()
				for key := range acknowledged {
					if len(get(t, s, key)) != 100_000 {
						t.Errorf("%s is not whole", key)
					}
				}
			}
			check()
			closeStore(t, s)
			if err := os.WriteFile(filepath.Join(disk, "rest"), make([]byte, 8<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("the disk is not full: %v", err)
			}
			s = open(t, dir, boltstore.Reserve(reserve)) // starts while full
			check()
			if err := put(s, "no", make([]byte, 1<<20)); !errors.Is(err, store.ErrFull) {
				t.Errorf("Update = %v", err)
			}
			if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=24m"); err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(put(s, "yes", make([]byte, 1<<20)), s.Check(t.Context())); err != nil {
				t.Errorf("with room again: %v", err)
			}
			check()
		})
	}
}
