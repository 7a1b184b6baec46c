//go:build linux || darwin

// Package disk knows how much room a file system has left.
package disk

import "syscall"

// Free is the number of bytes that the portal may still write in the file
// system of dir. ok is false when that cannot be known.
func Free(dir string) (bytes int64, ok bool) {
	var fs syscall.Statfs_t
	if syscall.Statfs(dir, &fs) != nil {
		return 0, false
	}
	return int64(fs.Bavail) * int64(fs.Bsize), true
}

// Size is the number of bytes the file system of dir has. ok is false when that
// cannot be known.
func Size(dir string) (bytes int64, ok bool) {
	var fs syscall.Statfs_t
	if syscall.Statfs(dir, &fs) != nil {
		return 0, false
	}
	return int64(fs.Blocks) * int64(fs.Bsize), true
}

// Reserve is the room that stays free in the file system of dir unless the
// operator says otherwise: 64 MB or 5 % of it, whichever is less.
func Reserve(dir string) int64 {
	const most = 64 << 20
	size, ok := Size(dir)
	if !ok {
		return most
	}
	return min(most, size/20)
}
