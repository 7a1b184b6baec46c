package main

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

const (
	walkPages   = 70 // of one reader in one language
	walkPattern = 3  // pages that differ in an id only
)

var (
	rawKey   = regexp.MustCompile(`\b(experiment|case|request|call|mentor|accounts|portal|theme|search|topten|error|done|stage|outcome|content|feed|web|file|store|wanted|saved|weeks)\.[a-z][a-z_0-9]+\b`)
	idInPath = regexp.MustCompile(`/([0-9a-z]{12})(/[^/]*)?$|/[0-9a-z]{12}(/|$)|/\d{4}-\d\d-\d\d`)
	noPage   = regexp.MustCompile(`\.(rss|atom|json|yaml|ics|md|csv|xml|txt)$|^/(files|assets|api)/|/profile/data$`)
	verbLeft = regexp.MustCompile(`%!|%[sdvqf]\b|<no value>|\bundefined\b|NaN`)
	// words that an English text has and no Finnish one.
	english = regexp.MustCompile(`\b(the|and|with|your|Sign in|Search|Save|Edit|Back|Next|Show|of the|Municipality|Experiments)\b`)
)

// Everybody sees every page in their language, whole: no key in place of words,
// nothing in another language without saying so, no link that leads nowhere.
func TestAWalkOverEveryPageInFiveLanguages(t *testing.T) {
	_, base := portal(t, t.TempDir())
	for _, role := range []string{"", "developer", "officer", "admin"} {
		for _, lang := range i18n.Languages {
			t.Run(strings.TrimSpace(role+" "+lang), func(t *testing.T) {
				v := visit(t, base)
				if role != "" {
					v.as(role)
				}
				w := &walk{v: v, lang: lang, seen: map[string]bool{}, pattern: map[string]int{}}
				w.from("/"+lang, "/"+lang+"/my-work", "/"+lang+"/guide")
				if w.pages < 30 {
					t.Errorf("only %d pages were found", w.pages)
				}
			})
		}
	}
}

// walk is a reader who follows every link in one language.
type walk struct {
	v       *visitor
	lang    string
	queue   []string
	seen    map[string]bool
	pattern map[string]int
	pages   int
}

func (w *walk) from(paths ...string) {
	w.v.t.Helper()
	w.queue = paths
	for len(w.queue) > 0 && w.pages < walkPages {
		path := w.queue[0]
		w.queue = w.queue[1:]
		if w.seen[path] {
			continue
		}
		w.seen[path] = true
		pattern := idInPath.ReplaceAllString(strings.SplitN(path, "?", 2)[0], "/:id")
		if w.pattern[pattern]++; w.pattern[pattern] > walkPattern {
			continue
		}
		w.look(path)
	}
}

func (w *walk) look(path string) {
	t := w.v.t
	p := w.v.try(path)
	if p.status == http.StatusUnauthorized {
		return // a page for those who have signed in
	}
	if p.status != http.StatusOK {
		t.Errorf("%s answers %d", path, p.status)
		return
	}
	if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		return
	}
	w.pages++
	w.words(path, p)
	for _, link := range p.links() {
		link, _, _ = strings.Cut(link, "#")
		link = strings.TrimPrefix(link, w.v.base)
		if !strings.HasPrefix(link, "/") || strings.HasPrefix(link, "//") {
			continue
		}
		if noPage.MatchString(link) || link == "/"+w.lang || strings.HasPrefix(link, "/"+w.lang+"/") {
			w.queue = append(w.queue, link)
		}
	}
}

// words looks at what a page says.
func (w *walk) words(path string, p page) {
	t := w.v.t
	var root *html.Node
	heads := 0
	for n := range p.root.Descendants() {
		switch n.Data {
		case "html":
			root = n
		case "h1":
			heads++
		}
	}
	if got := attr(root, "lang"); got != w.lang {
		t.Errorf("%s says it is in %q", path, got)
	}
	if heads != 1 {
		t.Errorf("%s has %d main headings", path, heads)
	}
	var all, own strings.Builder
	readers(root, w.lang, w.lang, &all, &own)
	if found := rawKey.FindString(all.String()); found != "" && !strings.HasPrefix(found, "search.") {
		t.Errorf("%s shows the key %q", path, found)
	}
	if found := verbLeft.FindString(all.String()); found != "" {
		t.Errorf("%s shows %q", path, found)
	}
	if w.lang == "fi" {
		if at := english.FindStringIndex(own.String()); at != nil {
			t.Errorf("%s has English on a Finnish page: …%s…", path, own.String()[max(0, at[0]-60):min(own.Len(), at[1]+60)])
		}
	}
}

// readers collects what people read or hear: all of it, and what is in the
// language of the page.
func readers(n *html.Node, in, page string, all, own *strings.Builder) {
	if n.Type == html.ElementNode {
		if slices.Contains([]string{"script", "style", "code", "pre", "template"}, n.Data) {
			return
		}
		if lang := attr(n, "lang"); lang != "" {
			in = lang
		}
		for _, name := range []string{"alt", "title", "aria-label", "placeholder"} {
			if text := attr(n, name); text != "" {
				all.WriteString(text + " \n")
				if in == page {
					own.WriteString(text + " \n")
				}
			}
		}
	}
	if n.Data == "title" || attr(n, "class") == "crumbs" {
		in = "" // they repeat the name of a text, which may be in any language
	}
	if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
		all.WriteString(n.Data + " ")
		if in == page {
			own.WriteString(n.Data + " ")
		}
	}
	for c := range n.ChildNodes() {
		readers(c, in, page, all, own)
	}
}
