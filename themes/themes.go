// Package themes turns what a page has to show into HTML: templates, icons,
// drawings and style sheets of the theme "civic", over which a municipality
// may lay its own folder.
//
// Everything is read, parsed and compressed once, when the portal starts, and
// never changes afterwards. A theme that is broken stops the start and says
// where.
package themes

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed all:civic
var embedded embed.FS

const (
	layoutFile = "templates/layout.html"
	partsDir   = "templates/_parts"
)

// A Theme is a set of pages and the files they need. It is safe for use by
// many requests at once.
type Theme struct {
	pages    map[string]*template.Template
	roots    map[string]string // the template each page is executed from
	files    map[string]File   // by the address it is served from
	names    map[string]string // from "civic.css" to that address
	symbols  map[string]bool   // the icons of the sprite
	warnings []Warning
}

// Open reads the theme civic with overlay, which may be nil, laid over it: a
// file of the overlay replaces the one with the same path, other files come on
// top. The error names the file and the line of what is wrong.
func Open(overlay fs.FS) (*Theme, error) {
	civic, err := Civic()
	if err != nil {
		return nil, err
	}
	src := layered{over: overlay, base: civic}
	t := &Theme{pages: map[string]*template.Template{}, roots: map[string]string{}, files: map[string]File{}, names: map[string]string{}}
	if err := t.loadFiles(src); err != nil {
		return nil, fmt.Errorf("theme: %w", err)
	}
	if err := t.loadPages(src); err != nil {
		return nil, fmt.Errorf("theme: %w", err)
	}
	if t.warnings, err = overlayWarnings(overlay); err != nil {
		return nil, fmt.Errorf("theme: %w", err)
	}
	return t, nil
}

// Civic is the built-in look as files: what Open has without an overlay.
func Civic() (fs.FS, error) { return fs.Sub(embedded, "civic") }

// Render writes the page called name ("cases/show") with its view-model. It
// fails when there is no such page or the view-model lacks what the page
// prints; what was written to w is then not to be sent.
func (t *Theme) Render(w io.Writer, name string, data any) error {
	page, ok := t.pages[name]
	if !ok {
		return fmt.Errorf("theme: no page %q", name)
	}
	return page.ExecuteTemplate(w, t.roots[name], data)
}

// Names lists the pages in the order of the alphabet.
func (t *Theme) Names() []string {
	var names []string
	for name := range t.pages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (t *Theme) loadPages(src layered) error {
	files, err := src.list("templates")
	if err != nil {
		return err
	}
	base := template.New("").Funcs(t.funcs())
	var pages []string
	for _, file := range files {
		switch {
		case path.Ext(file) != ".html":
			continue
		case file == layoutFile || strings.HasPrefix(file, partsDir+"/"):
			if err := parseFile(base, src, file); err != nil {
				return err
			}
		default:
			pages = append(pages, file)
		}
	}
	for _, file := range pages {
		if err := t.loadPage(base, src, file); err != nil {
			return err
		}
	}
	return nil
}

// loadPage parses one page and adds what it uses of the layout and the parts. A
// page that defines "fragment" is sent without the layout.
func (t *Theme) loadPage(base *template.Template, src layered, file string) error {
	page := template.New("").Funcs(t.funcs())
	if err := parseFile(page, src, file); err != nil {
		return err
	}
	root := layoutFile
	if page.Lookup("fragment") != nil {
		root = "fragment"
	} else if page.Lookup("title") == nil || page.Lookup("main") == nil {
		return fmt.Errorf(`%s: a page defines "title" and "main", or "fragment"`, file)
	}
	if err := complete(page, base, root); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	// Escaping happens before the first byte: what fails later fails for want
	// of data, which is not the theme's fault.
	var broken *template.Error
	if err := page.ExecuteTemplate(io.Discard, root, nil); errors.As(err, &broken) {
		return fmt.Errorf("%s: %w", file, err)
	}
	name := strings.TrimSuffix(strings.TrimPrefix(file, "templates/"), ".html")
	t.pages[name], t.roots[name] = page, root
	return nil
}

func parseFile(into *template.Template, src layered, file string) error {
	text, err := src.read(file)
	if err != nil {
		return err
	}
	if err := checkMarkup(file, string(text)); err != nil {
		return err
	}
	_, err = into.New(file).Parse(string(text))
	return err
}
