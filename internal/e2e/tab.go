package e2e

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// A View is how a page is looked at.
type View struct {
	Width  int
	Scheme string // light or dark
}

// Views are the ones every page is checked in.
var Views = []View{{1280, "light"}, {1280, "dark"}, {360, "light"}, {360, "dark"}}

func (v View) String() string { return fmt.Sprintf("%d-%s", v.Width, v.Scheme) }

// A Tab is one visitor's window on one site. It keeps what went wrong on the
// pages until Troubles is asked. Its methods must not be called at the same time.
type Tab struct {
	Base   string // the site, "http://127.0.0.1:3000"
	Status int64  // of the last page

	ctx    context.Context
	watch  *watch
	cancel func()
}

// NewTab opens a tab without cookies for the site at base.
func (b *Browser) NewTab(base string) (*Tab, error) {
	watch := &watch{base: base}
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(watch.take))
	t := &Tab{Base: base, ctx: ctx, watch: watch, cancel: cancel}
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, err
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		cancel()
		return nil, err
	}
	return t, t.Look(Views[0])
}

// Close closes the tab and forgets its cookies.
func (t *Tab) Close() { t.cancel() }

// do runs steps within the patience of one step.
func (t *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

// load runs steps that lead to another page and waits for it.
func (t *Tab) load(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		return err
	}
	t.Status = response.Status
	return nil
}

// Goto opens a page of the site. An answer such as 404 is no error: see Status.
func (t *Tab) Goto(path string) error {
	t.watch.visit(t.Base + path)
	if err := t.load(chromedp.Navigate(t.Base + path)); err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	return nil
}

// Look sets the size of the window and the colour scheme, without motion.
func (t *Tab) Look(v View) error {
	height := int64(900)
	if v.Width < 600 {
		height = 780
	}
	if err := t.do(chromedp.EmulateViewport(int64(v.Width), height)); err != nil {
		return err
	}
	_, err := chromedp.Call(t.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: v.Scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	return err
}

// Path returns the path and query of the page that is open.
func (t *Tab) Path() (string, error) {
	address, err := chromedp.Run(t.ctx, chromedp.Location())
	if err != nil {
		return "", err
	}
	return strings.TrimPrefix(address, t.Base), nil
}

// Screenshot returns the whole page as PNG.
func (t *Tab) Screenshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.FullScreenshot(100))
}

// SignIn signs in as a role of the demo: developer, officer and so on. It works
// only on a portal that runs with --demo.
func (t *Tab) SignIn(role string) error {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(t.Base+"/demo/sign-in", url.Values{"as": {role}})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther || len(response.Cookies()) == 0 {
		return fmt.Errorf("sign in as %q: %s, %d cookies", role, response.Status, len(response.Cookies()))
	}
	for _, cookie := range response.Cookies() {
		_, err := chromedp.Call(t.ctx, network.SetCookie, network.SetCookieParams{
			Name: cookie.Name, Value: cookie.Value, URL: t.Base, Path: "/", HTTPOnly: new(true),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// evaluate runs a JavaScript function expression in the page with arguments and
// decodes what it returns, or what its promise resolves to, into a T.
func evaluate[T any](t *Tab, function string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(t.ctx, patience)
	defer cancel()
	encoded, err := json.Marshal(append([]any{}, args...))
	if err != nil {
		var zero T
		return zero, err
	}
	call := fmt.Sprintf("(%s)(...%s)", strings.TrimSuffix(strings.TrimSpace(function), ";"), encoded)
	return chromedp.Run(ctx, chromedp.Evaluate[T](call, chromedp.EvalAwaitPromise))
}

// Save writes a picture of the whole page to a file, making its folder.
func (t *Tab) Save(file string) error {
	picture, err := t.Screenshot()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, picture, 0o644)
}
