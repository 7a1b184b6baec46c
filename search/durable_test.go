package search_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// What is not on the disk must not be put into use. That a real index has all
// that is asked for, every rebuild shows.
func TestAnIndexWithoutItsDescriptionIsNotKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "index")
	if err := os.MkdirAll(filepath.Join(path, "store"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := search.KeepForGood(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(filepath.Join(path, "index_meta.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := search.KeepForGood(path); err != nil {
		t.Errorf("whole: %v", err)
	}
}
