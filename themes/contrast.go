package themes

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A Warning is a pair of colours that some readers cannot tell apart.
type Warning struct {
	Token, On string  // the two colours, by name
	Scheme    string  // light or dark
	Ratio     float64 // what it is; 0 when a colour cannot be computed
	Want      float64 // what it should be at least
}

// String says what is wrong and what would be right.
func (w Warning) String() string {
	if w.Ratio == 0 {
		return fmt.Sprintf("%s on %s (%s): the colour is not written as #rrggbb, light-dark() or var(), so its contrast is unknown", w.Token, w.On, w.Scheme)
	}
	return fmt.Sprintf("%s on %s (%s): contrast %.2f:1, at least %.1f:1 is needed", w.Token, w.On, w.Scheme, w.Ratio, w.Want)
}

// Warnings tells which colours of a municipality's theme.css are too faint. A
// theme without one has none.
func (t *Theme) Warnings() []Warning { return t.warnings }

// CheckContrast lays the colours of css, which may be empty, over those of
// civic and computes every pair that readers meet, in light and dark.
func CheckContrast(css []byte) ([]Warning, error) {
	base, err := embedded.ReadFile("civic/static/theme.css")
	if err != nil {
		return nil, err
	}
	tokens := tokensOf(base)
	for name, value := range tokensOf(css) {
		tokens[name] = value
	}
	var list []Warning
	for _, p := range contrastPairs() {
		for _, scheme := range []string{"light", "dark"} {
			front, ok := tokens.color(p.token, scheme, 0)
			back, ok2 := tokens.color(p.on, scheme, 0)
			w := Warning{Token: p.token, On: p.on, Scheme: scheme, Want: p.want}
			if ok && ok2 {
				w.Ratio = ratio(front, back)
			}
			if w.Ratio < p.want {
				list = append(list, w)
			}
		}
	}
	return list, nil
}

func overlayWarnings(overlay fs.FS) ([]Warning, error) {
	if overlay == nil {
		return nil, nil
	}
	var css []byte
	for _, name := range []string{"static/theme.css", "theme.css"} { // in place of ours, and on top
		own, err := fs.ReadFile(overlay, name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		css = append(append(css, own...), '\n')
	}
	return CheckContrast(css)
}

type colorPair struct {
	token, on string
	want      float64
}

const (
	forText  = 4.5
	forMarks = 3.0
)

// contrastPairs are the colours that stand on each other in the pages.
func contrastPairs() []colorPair {
	const ds, neutral = "--ds-color-", "--ds-color-neutral-"
	grounds := []string{neutral + "background-default", neutral + "surface-default"}
	tint := neutral + "background-tinted"
	var list []colorPair
	add := func(want float64, token string, on ...string) {
		for _, ground := range on {
			list = append(list, colorPair{token, ground, want})
		}
	}
	for _, text := range []string{neutral + "text-default", neutral + "text-subtle", ds + "accent-text-subtle"} {
		add(forText, text, append(grounds, tint)...)
	}
	for _, hue := range []string{"accent", "brand1", "brand2", "success", "info", "neutral"} {
		add(forText, ds+hue+"-text-default", ds+hue+"-surface-tinted")
		add(forMarks, ds+hue+"-text-subtle", ds+hue+"-surface-tinted")
	}
	for _, state := range []string{"default", "hover", "active"} {
		add(forText, ds+"accent-base-contrast-default", ds+"accent-base-"+state)
	}
	for _, line := range []string{neutral + "border-default", ds + "accent-border-default", ds + "danger-border-default", "--k-now", "--k-done", "--k-todo", "--k-a", "--k-e", "--k-h", "--k-d"} {
		add(forMarks, line, grounds...)
	}
	add(forText, "--k-now-ink", "--k-now")
	add(forText, "--k-band-ink", "--k-band")
	add(forText, "--k-band-soft", "--k-band")
	return list
}

// tokens are the custom properties of a style sheet.
type tokens map[string]string

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssToken   = regexp.MustCompile(`(--[a-zA-Z0-9-]+)\s*:\s*([^;{}]+)`)
	varCall    = regexp.MustCompile(`^var\(\s*(--[a-zA-Z0-9-]+)\s*(?:,\s*(.+))?\)$`)
	schemeCall = regexp.MustCompile(`^light-dark\(\s*((?:[^(),]|\([^()]*\))+),\s*((?:[^(),]|\([^()]*\))+)\)$`)
)

func tokensOf(css []byte) tokens {
	found := tokens{}
	for _, m := range cssToken.FindAllSubmatch(cssComment.ReplaceAll(css, nil), -1) {
		found[string(m[1])] = strings.TrimSpace(string(m[2]))
	}
	return found
}

type rgb [3]float64

// color is the value of a token in a scheme, and whether it can be computed.
func (t tokens) color(name, scheme string, depth int) (rgb, bool) {
	value, ok := t[name]
	if !ok || depth > 8 {
		return rgb{}, false
	}
	return t.value(value, scheme, depth)
}

func (t tokens) value(value, scheme string, depth int) (rgb, bool) {
	value = strings.TrimSpace(value)
	if m := schemeCall.FindStringSubmatch(value); m != nil {
		if scheme == "dark" {
			return t.value(m[2], scheme, depth+1)
		}
		return t.value(m[1], scheme, depth+1)
	}
	if m := varCall.FindStringSubmatch(value); m != nil {
		if c, ok := t.color(m[1], scheme, depth+1); ok || m[2] == "" {
			return c, ok
		}
		return t.value(m[2], scheme, depth+1)
	}
	return hexColor(value)
}

// hexColor reads #rgb and #rrggbb. A colour one can see through has no contrast of
// its own, so #rrggbbaa is not read.
func hexColor(s string) (rgb, bool) {
	s, ok := strings.CutPrefix(s, "#")
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	n, err := strconv.ParseUint(s, 16, 32)
	if !ok || len(s) != 6 || err != nil {
		return rgb{}, false
	}
	return rgb{float64(n >> 16), float64(n >> 8 & 255), float64(n & 255)}, true
}

// ratio is the contrast of two colours as WCAG 2.2 defines it.
func ratio(a, b rgb) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c rgb) float64 {
	for i, v := range c {
		if v /= 255; v <= 0.04045 {
			c[i] = v / 12.92
		} else {
			c[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2]
}
