package content

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the last gate before HTML reaches a page: it lets through exactly
// what our renderer writes. It is built once.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code",
		"em", "strong", "del", "ul", "li", "thead", "tbody", "tr", "ol", "sup", "a")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^u-[\p{L}\p{M}\p{N}:-]{1,200}$`)).
		OnElements("h1", "h2", "h3", "h4", "h5", "h6", "li", "sup")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[\p{L}\p{N}+#._-]{1,40}$`)).OnElements("code")
	tables(p)
	footnotes(p)
	links(p)
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("disabled", "checked").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	p.AllowAttrs("aria-label").OnElements("input")
	return p
})

func tables(p *bluemonday.Policy) {
	p.AllowNoAttrs().OnElements("th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(n|c)$`)).OnElements("th", "td")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^col$`)).OnElements("th")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^ds-table$`)).OnElements("table")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^scroll$`)).OnElements("div")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^region$`)).OnElements("div")
	p.AllowAttrs("tabindex").Matching(regexp.MustCompile(`^0$`)).OnElements("div")
	p.AllowAttrs("aria-label").OnElements("div")
}

func footnotes(p *bluemonday.Policy) {
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^footnotes$`)).OnElements("section")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-endnotes$`)).OnElements("section")
	p.AllowAttrs("aria-label").OnElements("section", "a")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^footnote-(ref|backref)$`)).OnElements("a")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^doc-(noteref|backlink)$`)).OnElements("a")
}

// Addresses are checked as text, not parsed: Go's parser refuses hosts in other
// alphabets. Only visible ASCII gets through (the renderer escapes the rest),
// so no browser sees another scheme than this pattern does: http, https,
// mailto, or none, which is the case when what stands before the first colon
// cannot be a scheme.
var (
	linkAddress  = regexp.MustCompile("^(?:(?i:https?:|mailto:)[!-~]*|[!-9;-~]*(?:[!-*,/;-@\\[-`{-~][!-~]*)?)$")
	imageAddress = regexp.MustCompile(`^(?:/?[!-.0-9;-\[\]-~][!-9;-\[\]-~]*)?$`)
)

func links(p *bluemonday.Policy) {
	p.AllowAttrs("href").Matching(linkAddress).OnElements("a")
	p.AllowAttrs("src").Matching(imageAddress).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("title").OnElements("a", "img")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^nofollow ugc noopener$`)).OnElements("a")
	p.RequireParseableURLs(false)
}
