package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gorilla/feeds"
)

// FeedFormats are the endings of a feed's addresses.
var FeedFormats = []string{"rss", "atom", "json"}

// feedTypes are the media types by ending.
var feedTypes = map[string]string{
	"rss":  "application/rss+xml; charset=utf-8",
	"atom": "application/atom+xml; charset=utf-8",
	"json": "application/feed+json; charset=utf-8",
}

// A Channel is a list as a feed. Addresses are absolute. The same Channel is
// written as RSS 2.0, Atom and JSON Feed 1.1.
type Channel struct {
	Title       string
	Description string
	Lang        string
	Home        string // the page that shows the list
	Self        string // the feed without its ending, "https://…/fi/feeds/cases"
	Query       string // of the feed's address, without "?"
	Author      string // the portal: people are not named in feeds
	Items       []Item
}

// An Item is one thing in a feed. ID is an address that never changes. HTML is
// sanitised already; addresses in it may be relative to URL.
type Item struct {
	ID        string
	URL       string
	Title     string
	Summary   string
	HTML      string
	Lang      string
	Topics    []string
	Published time.Time
	Updated   time.Time
}

// at is the address of the channel in a format.
func (ch Channel) at(format string) string {
	if ch.Query == "" {
		return ch.Self + "." + format
	}
	return ch.Self + "." + format + "?" + ch.Query
}

// Updated is when something in the channel changed last; the zero time for an
// empty one.
func (ch Channel) Updated() time.Time {
	var last time.Time
	for _, i := range ch.Items {
		if i.Updated.After(last) {
			last = i.Updated
		}
	}
	return last
}

// Bytes writes the channel in one of FeedFormats. Control characters, which
// no feed may hold, are left out.
func (ch Channel) Bytes(format string) ([]byte, error) {
	items := make([]Item, len(ch.Items))
	for n, i := range ch.Items {
		i.Title, i.Summary, i.HTML = printable(i.Title), printable(i.Summary), printable(absolute(i.HTML, i.URL))
		if i.Updated.Before(i.Published) {
			i.Updated = i.Published
		}
		items[n] = i
	}
	ch.Items, ch.Title, ch.Description = items, printable(ch.Title), printable(ch.Description)
	switch format {
	case "rss":
		return encodeXML(ch.rss())
	case "atom":
		return encodeXML(ch.atom())
	default:
		return encodeJSON(ch.json())
	}
}

// The library's structs say most of a feed; these add what it has no field
// for: the address of the feed itself and languages.
type (
	rssRoot struct {
		feeds.RssFeedXml
		Atom    string `xml:"xmlns:atom,attr"`
		Channel rssChannel
	}
	rssChannel struct {
		feeds.RssFeed
		Self  rssLink
		Items []rssItem `xml:"item"`
	}
	rssLink struct {
		XMLName xml.Name `xml:"atom:link"`
		Href    string   `xml:"href,attr"`
		Rel     string   `xml:"rel,attr"`
		Type    string   `xml:"type,attr"`
	}
	rssItem struct {
		feeds.RssItem
		Category []string `xml:"category"`
	}
	atomRoot struct {
		feeds.AtomFeed
		Lang    string `xml:"xml:lang,attr,omitempty"`
		Links   []feeds.AtomLink
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		feeds.AtomEntry
		Lang     string `xml:"xml:lang,attr,omitempty"`
		Category []atomTopic
	}
	atomTopic struct {
		XMLName xml.Name `xml:"category"`
		Term    string   `xml:"term,attr"`
	}
	jsonRoot struct {
		feeds.JSONFeed
		Items []jsonItem `json:"items"`
	}
	jsonItem struct {
		feeds.JSONItem
		Language string `json:"language,omitempty"`
	}
)

func (ch Channel) rss() rssRoot {
	root := rssRoot{
		RssFeedXml: feeds.RssFeedXml{Version: "2.0", ContentNamespace: "http://purl.org/rss/1.0/modules/content/"},
		Atom:       "http://www.w3.org/2005/Atom",
		Channel: rssChannel{
			RssFeed: feeds.RssFeed{Title: ch.Title, Link: ch.Home, Description: ch.Description, Language: ch.Lang},
			Self:    rssLink{Href: ch.at("rss"), Rel: "self", Type: "application/rss+xml"},
		},
	}
	if last := ch.Updated(); !last.IsZero() {
		root.Channel.LastBuildDate = last.UTC().Format(time.RFC1123Z)
	}
	for _, i := range ch.Items {
		item := rssItem{RssItem: feeds.RssItem{
			Title: i.Title, Link: i.URL, Description: html.EscapeString(i.Summary),
			Guid: &feeds.RssGuid{Id: i.ID, IsPermaLink: "true"}, PubDate: i.Published.UTC().Format(time.RFC1123Z),
		}, Category: i.Topics}
		if i.HTML != "" {
			item.Content = &feeds.RssContent{Content: i.HTML}
		}
		root.Channel.Items = append(root.Channel.Items, item)
	}
	return root
}

func (ch Channel) atom() atomRoot {
	last := ch.Updated()
	if last.IsZero() {
		last = time.Unix(0, 0)
	}
	root := atomRoot{
		AtomFeed: feeds.AtomFeed{
			Xmlns: "http://www.w3.org/2005/Atom", Title: ch.Title, Id: ch.at("atom"), Subtitle: ch.Description,
			Updated: last.UTC().Format(time.RFC3339), Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: ch.Author}},
		},
		Lang: ch.Lang,
		Links: []feeds.AtomLink{
			{Href: ch.at("atom"), Rel: "self", Type: "application/atom+xml"},
			{Href: ch.Home, Rel: "alternate", Type: "text/html"},
		},
	}
	for _, i := range ch.Items {
		entry := atomEntry{Lang: i.Lang, AtomEntry: feeds.AtomEntry{
			Title: i.Title, Id: i.ID, Updated: i.Updated.UTC().Format(time.RFC3339), Published: i.Published.UTC().Format(time.RFC3339),
			Links: []feeds.AtomLink{{Href: i.URL, Rel: "alternate", Type: "text/html"}},
		}}
		if i.Summary != "" {
			// Many readers take any summary for HTML: what is typed as text must survive that.
			entry.Summary = &feeds.AtomSummary{Content: html.EscapeString(i.Summary), Type: "html"}
		}
		if i.HTML != "" {
			entry.Content = &feeds.AtomContent{Content: i.HTML, Type: "html"}
		}
		for _, topic := range i.Topics {
			entry.Category = append(entry.Category, atomTopic{Term: topic})
		}
		root.Entries = append(root.Entries, entry)
	}
	return root
}

func (ch Channel) json() jsonRoot {
	root := jsonRoot{JSONFeed: feeds.JSONFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: ch.Title, Description: ch.Description, Language: ch.Lang,
		HomePageUrl: ch.Home, FeedUrl: ch.at("json"), Authors: []*feeds.JSONAuthor{{Name: ch.Author}},
	}, Items: []jsonItem{}}
	for _, i := range ch.Items {
		published, updated := i.Published.UTC().Truncate(time.Second), i.Updated.UTC().Truncate(time.Second)
		item := jsonItem{Language: i.Lang, JSONItem: feeds.JSONItem{
			Id: i.ID, Url: i.URL, Title: i.Title, Summary: i.Summary, ContentHTML: i.HTML, Tags: i.Topics,
			PublishedDate: &published, ModifiedDate: &updated,
		}}
		if i.HTML == "" { // one of the two is a must
			item.ContentText = i.Summary + "\n"
		}
		root.Items = append(root.Items, item)
	}
	return root
}

func encodeXML(v any) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(v); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

func encodeJSON(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(text, '\n'), err
}

// printable leaves out what XML cannot hold.
func printable(s string) string {
	if !suspicious(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == utf8.RuneError, r == '\ufffe', r == '\uffff':
			return -1
		}
		return r
	}, s)
}

// suspicious reports whether a text may hold what is not printable: control
// characters, or the first byte of those beyond ASCII and of the characters
// that are none.
func suspicious(s string) bool {
	for i := range len(s) {
		if b := s[i]; b < ' ' && b != '\n' && b != '\t' || b == 0x7f || b == 0xc2 || b == 0xef {
			return true
		}
	}
	return !utf8.ValidString(s)
}

// absolute makes the addresses in sanitised HTML absolute, for readers who
// meet the text elsewhere.
func absolute(markup, base string) string {
	from, err := url.Parse(base)
	if err != nil || markup == "" {
		return markup
	}
	var b strings.Builder
	for {
		before, value, after, ok := nextAddress(markup)
		if !ok {
			b.WriteString(markup)
			return b.String()
		}
		b.WriteString(before)
		if to, err := from.Parse(html.UnescapeString(value)); err == nil {
			b.WriteString(html.EscapeString(to.String()))
		}
		markup = after
	}
}

// nextAddress cuts markup around the value of its first attribute that is an
// address.
func nextAddress(markup string) (before, value, after string, ok bool) {
	at := -1
	for _, name := range []string{` href="`, ` src="`} {
		if i := strings.Index(markup, name); i >= 0 && (at < 0 || i+len(name) < at) {
			at = i + len(name)
		}
	}
	if at < 0 {
		return "", "", "", false
	}
	end := strings.IndexByte(markup[at:], '"')
	if end < 0 {
		return "", "", "", false
	}
	return markup[:at], markup[at : at+end], markup[at+end:], true
}
