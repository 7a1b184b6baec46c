package e2e

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keyNames are the keys that Key knows, as KeyboardEvent calls them.
var keyNames = map[string]string{
	"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "Home": kb.Home, "End": kb.End, "Escape": kb.Escape, "Tab": kb.Tab,
}

// Type types text on the keyboard, wherever the focus is.
func (v *Visitor) Type(text string) {
	v.t.Helper()
	v.must(v.do(chromedp.KeyEvent(text)))
}

// Key presses keys by their names, one after another, on the same page.
func (v *Visitor) Key(names ...string) {
	v.t.Helper()
	for _, name := range names {
		key, ok := keyNames[name]
		switch {
		case name == "Enter":
			v.must(v.do(pressEnter...))
		case ok:
			v.must(v.do(chromedp.KeyEvent(key)))
		default:
			v.t.Fatalf("no key is called %q", name)
		}
	}
}

// Enter presses the key and waits for the page it leads to.
func (v *Visitor) Enter() {
	v.t.Helper()
	v.must(v.load(pressEnter...))
	v.unharmed("after Enter")
}

var pressEnter = []chromedp.Action[chromedp.Void]{enter(input.DispatchKeyEventTypeKeyDown, "\r"), enter(input.DispatchKeyEventTypeKeyUp, "")}

// enter is one half of pressing Enter. A page that prevents what the key does is
// not sent its character either, as with a keyboard.
func enter(kind input.DispatchKeyEventType, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, Text: text})
		return err
	})
}

// Focus moves the focus to the first element that a selector finds.
func (v *Visitor) Focus(css string) {
	v.t.Helper()
	found, err := evaluate[bool](v.Tab, `(css) => { const e = document.querySelector(css); e?.focus(); return e !== null && document.activeElement === e; }`, css)
	v.must(err)
	if !found {
		v.t.Fatalf("%q cannot have the focus", css)
	}
}

// ClickOn clicks the first element that a selector finds and waits for the page
// it leads to.
func (v *Visitor) ClickOn(css string) {
	v.t.Helper()
	at, err := v.find("css", css)
	v.must(err)
	v.must(v.load(chromedp.MouseClickXY(at.X, at.Y)))
	v.unharmed("after a click on " + css)
}

// Awaits waits until a JavaScript expression is true in the page.
func (v *Visitor) Awaits(expression string) {
	v.t.Helper()
	for end := time.Now().Add(patience); ; {
		done, err := evaluate[bool](v.Tab, fmt.Sprintf("() => Boolean(%s)", expression))
		v.must(err)
		if done {
			return
		}
		if time.Now().After(end) {
			html, _ := evaluate[string](v.Tab, `() => document.querySelector("[role=combobox]")?.parentElement.outerHTML ?? ""`)
			v.t.Fatalf("it never came that %s\n%s", expression, html)
		}
		_, err = evaluate[bool](v.Tab, `() => new Promise(done => requestAnimationFrame(() => done(true)))`)
		v.must(err)
	}
}

// WithoutScripts lets no page run scripts from now on.
func (v *Visitor) WithoutScripts() {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	v.must(err)
}
