//go:build !linux && !darwin

package boltstore

import "os"

// Elsewhere a full disk is noticed when it is full.
func checkRoom(string, int64) error { return nil }

func defaultReserve(string) int64 { return 0 }

func unlock(*os.File) {}
