package main

import (
	"os"
	"runtime/debug"
)

// How much memory a portal may take before it is collected. What lives is
// small and requests leave little behind: seldom is cheaper, and the limit
// keeps seldom from becoming much. The files of store and index are mapped and
// do not count.
const (
	collectAt  = 200       // per cent of what lives
	softMemory = 192 << 20 // bytes, beside the finished pages
)

// bound sets how memory is collected, unless the operator has said so with
// GOGC or GOMEMLIMIT.
func (a *App) bound() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectAt)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory + int64(a.Config.PageCacheMB)<<20)
	}
}
