// Package e2e walks through the portal as people do: in a real browser, with
// the real program behind it. While it walks it listens: a page that writes an
// error to the console, breaks the content security policy or asks another host
// for anything fails the test, whatever the test was about.
package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// patience is how long one step may take, be it a page or a click.
const patience = 30 * time.Second

// A Browser is one running headless Chromium. Its tabs share nothing: each has
// cookies and storage of its own.
type Browser struct {
	ctx   context.Context
	close func()
}

// FindChromium returns the browser to use: CHROMIUM, or the first that is
// installed. The error says what to install.
func FindChromium() (string, error) {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium found: install it (Debian: apt-get install chromium) or set CHROMIUM")
}

// Launch starts Chromium with an empty profile. It cannot reach any host but
// this one. Close ends it and removes the profile.
func Launch(ctx context.Context) (*Browser, error) {
	path, err := FindChromium()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "kokeilu-chromium-")
	if err != nil {
		return nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox, // containers have no user namespaces; the pages are ours
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("lang", "en"),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"),
	)
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	browser, cancel := chromedp.NewContext(allocator)
	b := &Browser{ctx: browser, close: func() {
		cancel()
		stop() // waits for the process
		os.RemoveAll(profile)
	}}
	if err := chromedp.Do(browser); err != nil {
		b.Close()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return b, nil
}

// Close ends the browser. It may be called once.
func (b *Browser) Close() { b.close() }
