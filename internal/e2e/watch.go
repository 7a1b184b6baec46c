package e2e

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// watch notes what a visitor does not see: requests to other hosts, errors in
// the console, violations of the content security policy.
type watch struct {
	base string

	mu       sync.Mutex
	pages    map[string]bool // documents asked for: their status is the test's business
	troubles []string
}

// take receives every event of the tab. It must be quick.
func (w *watch) take(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypeDocument {
			w.visit(e.Request.URL)
		}
		if !w.own(e.Request.URL) {
			w.note("asked another host for %s", e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		w.note("script failed: %s", describe(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.note("console: %s", arguments(e.Args))
		}
	case *log.EventEntryAdded:
		w.entry(e.Entry)
	}
}

// entry judges a line that the browser itself wrote to the console. That a page
// answered 404 or 422 is no trouble; that one of its files did is.
func (w *watch) entry(e *log.Entry) {
	if e.Level != log.EntryLevelError && e.Source != log.EntrySourceSecurity {
		return
	}
	w.mu.Lock()
	page := w.pages[e.URL]
	w.mu.Unlock()
	if e.Source == log.EntrySourceNetwork && page {
		return
	}
	w.note("browser: %s %s", e.Text, e.URL)
}

func (w *watch) visit(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pages == nil {
		w.pages = map[string]bool{}
	}
	w.pages[address] = true
}

func (w *watch) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.troubles = append(w.troubles, fmt.Sprintf(format, args...))
}

// own reports whether an address belongs to the site or needs no host.
func (w *watch) own(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "data", "blob", "about":
		return true
	}
	return strings.HasPrefix(address, w.base+"/") || address == w.base
}

// Troubles returns what went wrong since it was last asked, and forgets it.
func (t *Tab) Troubles() []string {
	t.watch.mu.Lock()
	defer t.watch.mu.Unlock()
	list := t.watch.troubles
	t.watch.troubles = nil
	return list
}

func describe(d *runtime.ExceptionDetails) string {
	if d.Exception != nil && d.Exception.Description != "" {
		return d.Exception.Description
	}
	return d.Text
}

func arguments(args []*runtime.RemoteObject) string {
	var parts []string
	for _, arg := range args {
		if arg.Description != "" {
			parts = append(parts, arg.Description)
		} else {
			parts = append(parts, string(arg.Value))
		}
	}
	return strings.Join(parts, " ")
}
