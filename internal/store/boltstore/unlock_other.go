//go:build !linux && !darwin

package boltstore

import "os"

func unlock(*os.File) {}
