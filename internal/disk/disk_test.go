package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kokeilu/kokeilu/internal/disk"
)

func TestRoom(t *testing.T) {
	dir := t.TempDir()
	free, ok := disk.Free(dir)
	if !ok {
		t.Skip("the room of a disk is not known on this system")
	}
	if reserve := disk.Reserve(dir); reserve <= 0 || reserve > 64<<20 {
		t.Errorf("%d bytes are kept free of %d", reserve, free)
	}
	if _, ok := disk.Free(filepath.Join(dir, "missing")); ok {
		t.Error("a folder that is not there has room")
	}
	if err := os.WriteFile(filepath.Join(dir, "f"), []byte("x"), 0o600); err != nil || free <= 0 {
		t.Errorf("%d bytes are free, but writing one: %v", free, err)
	}
}
