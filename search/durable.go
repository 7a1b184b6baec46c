package search

import (
	"errors"
	"os"
	"path/filepath"
)

// keepForGood makes sure that a power cut does not take what the library wrote
// without waiting for the disk: what kind of index it is, and the names in its
// folders. Segments and the database are synced by the library.
func keepForGood(path string) error {
	var errs []error
	for _, name := range []string{
		filepath.Join(path, "index_meta.json"), filepath.Join(path, "store"), path, filepath.Dir(path),
	} {
		errs = append(errs, syncPath(name))
	}
	return errors.Join(errs...)
}

func syncPath(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
