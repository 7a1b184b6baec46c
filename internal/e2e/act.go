package e2e

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed controls.js
var controlsScript string

// A spot is where an element is in the window.
type spot struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	Tag  string  `json:"tag"`
	Type string  `json:"type"`
}

// find returns the place of a link or button ("press"), a field ("field") or
// whatever a selector finds ("css"), and an error if there is none.
func (t *Tab) find(kind, what string) (spot, error) {
	at, err := evaluate[*spot](t, controlsScript, kind, what)
	if err != nil {
		return spot{}, err
	}
	if at == nil {
		return spot{}, fmt.Errorf("there is no %s %q on this page", kind, what)
	}
	return *at, nil
}

// Press clicks the link or button with this text and waits for the page it
// leads to. It fails when there is none, or when no page comes.
func (t *Tab) Press(text string) error {
	at, err := t.find("press", text)
	if err != nil {
		return err
	}
	if err := t.load(chromedp.MouseClickXY(at.X, at.Y)); err != nil {
		return fmt.Errorf("press %q: no page followed: %w", text, err)
	}
	return nil
}

// Click clicks the link, button or label with this text, on the same page.
func (t *Tab) Click(text string) error {
	at, err := t.find("press", text)
	if err != nil {
		return err
	}
	return t.do(chromedp.MouseClickXY(at.X, at.Y))
}

// Choose clicks the radio button or checkbox with this name and value.
func (t *Tab) Choose(name, value string) error {
	at, err := t.find("css", fmt.Sprintf("input[name=%q][value=%q]", name, value))
	if err != nil {
		return err
	}
	return t.do(chromedp.MouseClickXY(at.X, at.Y))
}

// Fill puts a value into the field with this label or name, instead of what was
// there: typed into a text field, chosen by value or text in a list.
func (t *Tab) Fill(field, value string) error {
	at, err := t.find("field", field)
	if err != nil {
		return err
	}
	typed := at.Tag == "textarea" || at.Tag == "input" && !strings.Contains(" date time month week number color ", " "+at.Type+" ")
	if !typed {
		return t.set(field, value)
	}
	if err := t.do(chromedp.MouseClickXY(at.X, at.Y), chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`)); err != nil {
		return err
	}
	if value == "" {
		return t.set(field, value)
	}
	_, err = chromedp.Call(t.ctx, input.InsertText, input.InsertTextParams{Text: value})
	return err
}

// set gives a field its value as a date picker or a list would.
func (t *Tab) set(field, value string) error {
	done, err := evaluate[bool](t, `(field, value) => {
		const at = (`+controlsScript+`)("field", field);
		const e = document.elementFromPoint(at.x, at.y).closest("input, select, textarea");
		const option = [...(e.options || [])].find((o) => o.value === value || o.text.trim() === value);
		if (e.options && !option) return false;
		e.value = option ? option.value : value;
		e.dispatchEvent(new Event("input", { bubbles: true }));
		e.dispatchEvent(new Event("change", { bubbles: true }));
		return e.value !== "" || value === "";
	}`, field, value)
	if err == nil && !done {
		err = fmt.Errorf("field %q does not take %q", field, value)
	}
	return err
}

// Attach puts a file into the file field with this name.
func (t *Tab) Attach(name, file string) error {
	object, err := chromedp.Run(t.ctx, chromedp.Evaluate[*runtime.RemoteObject](fmt.Sprintf(`document.querySelector('input[type=file][name=%q]')`, name)))
	if err != nil {
		return err
	}
	if object.ObjectID == "" {
		return fmt.Errorf("there is no file field %q on this page", name)
	}
	_, err = chromedp.Call(t.ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: object.ObjectID})
	return err
}

// Text returns what the first element that a selector finds says, with single
// spaces, and an error if there is none.
func (t *Tab) Text(css string) (string, error) {
	text, err := evaluate[*string](t, `(css) => { const e = document.querySelector(css); return e && e.innerText; }`, css)
	if err != nil {
		return "", err
	}
	if text == nil {
		return "", fmt.Errorf("there is no %q on this page", css)
	}
	return strings.Join(strings.Fields(*text), " "), nil
}
