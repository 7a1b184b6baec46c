package e2e

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/axe/axe.min.js
var axe string

//go:embed audit.js
var auditScript string

// A Finding is one barrier on a page, with the elements it was seen on.
type Finding struct {
	Rule     string   `json:"rule"`
	Help     string   `json:"help"`
	Elements []string `json:"elements"`
}

func (f Finding) String() string {
	return fmt.Sprintf("%s: %s\n      %s", f.Rule, f.Help, strings.Join(f.Elements, "\n      "))
}

// Audit looks for barriers on the open page as it is shown now: the rules of
// axe-core for WCAG 2.2 A and AA and its best practices, and two that axe does
// not have: fields whose border cannot be seen, and pages that scroll sideways.
func (t *Tab) Audit() ([]Finding, error) {
	loaded, err := evaluate[bool](t, `() => typeof window.axe === "object"`)
	if err != nil {
		return nil, err
	}
	if !loaded {
		if err := t.do(chromedp.Evaluate[chromedp.Void](axe)); err != nil {
			return nil, fmt.Errorf("load axe: %w", err)
		}
	}
	return evaluate[[]Finding](t, auditScript)
}
