//go:build !unix

package main

import "os"

// lockFolder marks a data folder as used. Here it keeps nobody out.
func lockFolder(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
}
