package main

import (
	"math"
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
	moreMemory = 160 << 20 // while the search index is made anew
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

// allowMore lets the portal take more memory until done is called, unless the
// operator has said how much it may take.
func (a *App) allowMore() (done func()) {
	limit := debug.SetMemoryLimit(-1)
	if os.Getenv("GOMEMLIMIT") != "" || limit > math.MaxInt64-moreMemory {
		return func() {}
	}
	debug.SetMemoryLimit(limit + moreMemory)
	return func() {
		debug.SetMemoryLimit(limit)
		debug.FreeOSMemory()
	}
}
