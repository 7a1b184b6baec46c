// Package web is what every page of the portal shares: the page base, forms
// that keep what was typed, error pages, addresses and the rules of HTTP.
package web

import (
	"crypto/rand"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/pagecache"
)

// HTML is markup that has been rendered and sanitised already. Everything else
// a template prints is escaped.
type HTML = template.HTML

// Portal is what an installation says about itself on every page.
type Portal struct {
	Name      string // of the installation, "Kokeilu"
	PublicURL string // "https://kokeilu.example", without a slash at the end
	Contact   string // mail address of those who keep it
	Authority string // who supervises accessibility
	Demo      bool   // the data is invented and sign-in is one click
	Version   string
}

// Host is the name of the portal's machine, for ids that are its own all over
// the world.
func (p Portal) Host() string {
	_, name, _ := strings.Cut(p.PublicURL, "://")
	if name, _, _ = strings.Cut(name, "/"); name == "" {
		return "kokeilu"
	}
	return name
}

// Visitor is who looks at the page; the zero Visitor is anonymous.
type Visitor struct {
	ID        string // empty when nobody is signed in
	Name      string
	Waiting   int    // how many things wait for this person
	DemoRole  string // the demo role, if any
	MayDecide bool   // has a desk: reviewer, officer, coordinator, cohort coordinator or administrator
}

// SignedIn reports whether somebody is signed in.
func (v Visitor) SignedIn() bool { return v.ID != "" }

// Feed is a feed of what the page lists, for autodiscovery and the page foot.
type Feed struct {
	Title string
	Path  string // without language and ending: "feeds/cases"
	Query string // of its address, without "?"
}

// FeedURL is the address of a feed in one of FeedFormats.
func (p Page) FeedURL(f Feed, format string) string {
	u := p.URL(f.Path) + "." + format
	if f.Query != "" {
		u += "?" + f.Query
	}
	return u
}

// Alternate is the same page in another language.
type Alternate struct{ Lang, URL string }

// Crumb is one step of the way to the page.
type Crumb struct{ Title, URL string }

// Page is the base that every view-model embeds. It gives templates
// {{.T "key"}}, {{.Lang}}, dates, money, addresses and the typed form.
type Page struct {
	i18n.Printer
	Portal  Portal
	Visitor Visitor
	Now     time.Time

	Path        string      // below the language, "/cases/abc"
	Query       string      // of the address, without "?"
	Section     string      // which main place is current: cases, experiments, funding, community
	Description string      // for search engines and previews
	Canonical   string      // absolute, when it is not this address
	Alternates  []Alternate // real versions in other languages; nil: every language has this page
	NoIndex     bool        // keep it out of search engines
	Feeds       []Feed
	Crumbs      []Crumb
	Notice      string // what has just been done, in the reader's words
	Form        Form   // what was typed and what is wrong with it
	once        *oneTime
}

// oneTime is the key of a page's forms. It is made when a form asks for it, and
// makes the page this reader's own.
type oneTime struct {
	key     string
	private func()
}

func newOneTime(c *fiber.Ctx) *oneTime {
	ctx := c.UserContext()
	return &oneTime{private: func() { pagecache.Private(ctx) }}
}

// WithKey returns the page with the one-time key of an earlier one.
func (p Page) WithKey(key string) Page {
	p.once = &oneTime{key: key, private: func() {}}
	return p
}

// Key is the one-time key of the page's forms: the same one however often it is
// asked for.
func (p Page) Key() string {
	if p.once == nil {
		return ""
	}
	p.once.private()
	if p.once.key == "" {
		p.once.key = rand.Text()
	}
	return p.once.key
}

// URL returns an address in the page's language: .URL "cases" .ID.
func (p Page) URL(parts ...string) string { return Path(p.Lang, parts...) }

// Path joins parts below a language: "/fi/cases/abc".
func Path(lang string, parts ...string) string {
	var b strings.Builder
	b.WriteString("/" + lang)
	for _, part := range parts {
		if part = strings.Trim(part, "/"); part != "" {
			b.WriteString("/" + part)
		}
	}
	return b.String()
}

// In returns the address of this page in another language, its query kept.
func (p Page) In(lang string) string {
	for _, a := range p.Alternates {
		if a.Lang == lang {
			return a.URL
		}
	}
	u := Path(lang, p.Path)
	if p.Query != "" {
		u += "?" + p.Query
	}
	return u
}

// Absolute returns a path as an absolute address of this portal.
func (p Page) Absolute(path string) string { return p.Portal.PublicURL + path }

// Here is the address of the page itself.
func (p Page) Here() string { return p.In(p.Lang) }

// SignInURL leads to sign-in and back here.
func (p Page) SignInURL() string {
	return p.URL("sign-in") + "?next=" + url.QueryEscape(p.Here())
}

// Value returns what was typed in a field; before anything was typed, the
// stored value, if given.
func (p Page) Value(name string, stored ...string) string {
	if p.Form.Sent {
		return p.Form.Get(name)
	}
	return strings.Join(stored, "")
}

// Chosen reports whether an option of a field is chosen: by what was typed,
// before that by the stored values.
func (p Page) Chosen(name, option string, stored ...string) bool {
	values := stored
	if p.Form.Sent {
		values = p.Form.Values[name]
	}
	for _, v := range values {
		if v == option {
			return true
		}
	}
	return false
}

// Wrong returns what is wrong with a field, in the reader's language, or "".
func (p Page) Wrong(name string) string {
	for _, f := range p.Form.Faults {
		if f.Field == name {
			return p.T(f.Key, f.Args...)
		}
	}
	return ""
}

// Finding is one line of the error summary.
type Finding struct{ Field, Text string }

// Findings are the lines of the error summary, in the order of the fields.
func (p Page) Findings() []Finding {
	var list []Finding
	for _, f := range p.Form.Faults {
		list = append(list, Finding{Field: f.Field, Text: p.T(f.Key, f.Args...)})
	}
	return list
}

// Refused returns the page with a form as typed and the faults of err.
func (p Page) Refused(form Form, err error) Page {
	form.Faults = fault.All(err)
	p.Form = form
	return p
}
