package themes

import (
	"bytes"
	"errors"
	"io/fs"
	"regexp"
	"slices"
)

// unused are parts of the design system that no page of the portal uses. They
// stay in the vendored file and are left out of what readers load.
var unused = []string{
	"ds-link", "ds-popover", "ds-dialog", "ds-card", "ds-dropdown", "ds-divider", "ds-tabs", "ds-skeleton", "ds-toggle-group",
	"ds-tooltip", "ds-spinner", "ds-breadcrumbs", "ds-badge", "ds-avatar", "ds-avatar-stack", "ds-search", "ds-textfield",
}

// joinSheets returns the style sheets of the theme as one, with the theme.css
// of a municipality, if its overlay has one, at the end.
func joinSheets(src layered) ([]byte, error) {
	var css bytes.Buffer
	css.WriteString("@layer ds.theme, ds.base, ds.components, app, theme;\n")
	for _, name := range sheets {
		text, err := src.read(name)
		if err != nil {
			return nil, err
		}
		if name == sheets[0] {
			text = withoutUnused(text)
		}
		text = standard(text)
		css.Write(bytes.TrimPrefix(bytes.TrimSpace(text), []byte(`@charset "UTF-8";`)))
		css.WriteByte('\n')
	}
	if src.over == nil {
		return css.Bytes(), nil
	}
	own, err := fs.ReadFile(src.over, "theme.css")
	if errors.Is(err, fs.ErrNotExist) {
		return css.Bytes(), nil
	}
	css.Write(own)
	return css.Bytes(), err
}

// standards bring the vendored sheets to the CSS that the Nu Html Checker
// knows. Nothing readers see is lost: what is left out are animations and
// helps that not every browser has, the rest is written in another way.
var standards = []struct {
	what *regexp.Regexp
	with string
}{
	// The opening of details is not animated.
	{regexp.MustCompile(`@media \(prefers-reduced-motion:no-preference\)\{\.ds-details\{interpolate-size:allow-keywords\}\}`), ""},
	{regexp.MustCompile(`\.ds-details(?:\[open\])?::details-content,[^{}]*\{[^{}]*\}`), ""},
	// civic.js lets text areas grow with their text.
	{regexp.MustCompile(`field-sizing:content;height:var\(--_ds-field-sizing\)`), ""},
	// The checker does not know pictures in the short form of mask.
	{regexp.MustCompile(`([;{])(?:-webkit-mask:[^;{}"]*url\("[^"]*"\);)?mask:center/contain no-repeat (url\("[^"]*"\))`), "${1}mask-image:${2};mask-position:center;mask-repeat:no-repeat;mask-size:contain"},
	// Nor a parenthesis that closes twice in the value of a custom property.
	{regexp.MustCompile(`calc\((var\([a-z-]+\)) / \((var\([a-z-]+\)) / 16\)\)`), "calc($1 * 16 / $2)"},
}

// standard applies the standards.
func standard(css []byte) []byte {
	for _, s := range standards {
		css = s.what.ReplaceAll(css, []byte(s.with))
	}
	return css
}

var firstClass = regexp.MustCompile(`^@layer ds\.components\s*\{(?:(?:@property[^{}]*|\[data-tooltip\])\{[^{}]*\}\s*)*[^{}]*?\.?(ds-[a-z-]+)`)

// withoutUnused leaves out the top-level blocks of components nobody uses.
func withoutUnused(css []byte) []byte {
	var kept bytes.Buffer
	for _, block := range blocks(css) {
		if m := firstClass.FindSubmatch(block); m == nil || !slices.Contains(unused, string(m[1])) {
			kept.Write(block)
		}
	}
	return kept.Bytes()
}

// blocks cuts a style sheet after each rule or statement at its top level.
func blocks(css []byte) [][]byte {
	var list [][]byte
	depth, start := 0, 0
	var quote byte
	for i := 0; i < len(css); i++ {
		switch c := css[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '/' && i+1 < len(css) && css[i+1] == '*':
			if end := bytes.Index(css[i+2:], []byte("*/")); end >= 0 {
				i += end + 3
			}
		case c == '{':
			depth++
		case c == '}', c == ';':
			if c == '}' {
				depth--
			}
			if depth == 0 {
				list = append(list, css[start:i+1])
				start = i + 1
			}
		}
	}
	return append(list, css[start:])
}
