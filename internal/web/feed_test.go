package web_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/web"
)

var morning = time.Date(2026, 3, 13, 6, 30, 0, 123, time.UTC)

func channel() web.Channel {
	return web.Channel{
		Title: "Cases & lessons", Description: "What was <tried>", Lang: "en", Home: "https://k.test/en/cases", Self: "https://k.test/en/feeds/cases", Author: "Kokeilu",
		Items: []web.Item{
			{
				ID: "https://k.test/c/a", URL: "https://k.test/fi/cases/a/otsikko", Title: "Otsikko ]]> \x00\x0b<b>", Summary: "Kaksi & \"lausetta\"", Lang: "fi",
				HTML:   `<p>Text <a href="/fi/x?a=1&amp;b=2">in</a> <a href="#u-top">up</a> <a href="mailto:a@b.c">mail</a> <img src="/files/1"> ]]>` + "\x01</p>",
				Topics: []string{"care", "data"}, Published: morning, Updated: morning.Add(time.Hour),
			},
			{ID: "https://k.test/c/b", URL: "https://k.test/en/cases/b/t", Title: "Plain", Published: morning, Lang: "en"},
		},
	}
}

// Readers of feeds take summaries for HTML, whatever the type says.
func TestASummaryIsTextInEveryReader(t *testing.T) {
	ch := channel()
	ch.Items = ch.Items[:1]
	ch.Items[0].Summary = "<script>alert(1)</script>"
	for _, format := range []string{"rss", "atom"} {
		text, err := ch.Bytes(format)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "&amp;lt;script&amp;gt;") || strings.Contains(string(text), ">&lt;script") {
			t.Errorf("%s: the summary becomes an element where it is read as HTML:\n%s", format, text)
		}
	}
}

func TestAnXMLFeedIsWellFormedAndSaysWhereItIs(t *testing.T) {
	for format, want := range map[string][]string{
		"rss": {
			`<rss version="2.0"`, `<atom:link href="https://k.test/en/feeds/cases.rss" rel="self" type="application/rss+xml">`, "<language>en</language>",
			`<guid isPermaLink="true">https://k.test/c/a</guid>`, "<pubDate>Fri, 13 Mar 2026 06:30:00 +0000</pubDate>", "<category>care</category><category>data</category>",
			"<lastBuildDate>Fri, 13 Mar 2026 07:30:00 +0000</lastBuildDate>", `href="https://k.test/fi/x?a=1&amp;b=2"`,
		},
		"atom": {
			`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">`, `<link href="https://k.test/en/feeds/cases.atom" rel="self"`, "<id>https://k.test/c/a</id>",
			`<entry xml:lang="fi">`, "<updated>2026-03-13T07:30:00Z</updated>", `<category term="care">`, "<author><name>Kokeilu</name></author>", `type="html"`,
		},
	} {
		text, err := channel().Bytes(format)
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(strings.NewReader(string(text)))
		decoder.Strict = true
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is not well formed: %v\n%s", format, err, text)
			}
		}
		for _, part := range want {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s lacks %s\n%s", format, part, text)
			}
		}
		if strings.ContainsAny(string(text), "\x00\x01\x0b") || strings.Contains(string(text), `src="/`) {
			t.Errorf("%s holds what it must not: %q", format, text)
		}
	}
}

func TestAJSONFeedHasContentAndNoOldAuthor(t *testing.T) {
	text, err := channel().Bytes("json")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version string
		FeedURL string `json:"feed_url"`
		Author  any
		Items   []map[string]any
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Version != "https://jsonfeed.org/version/1.1" || got.FeedURL != "https://k.test/en/feeds/cases.json" || got.Author != nil || len(got.Items) != 2 {
		t.Errorf("%s", text)
	}
	for _, i := range got.Items {
		if i["content_html"] == nil && i["content_text"] == nil {
			t.Errorf("an item without content: %v", i)
		}
	}
	if got.Items[0]["language"] != "fi" || got.Items[0]["date_published"] != "2026-03-13T06:30:00Z" || !strings.Contains(got.Items[0]["content_html"].(string), "https://k.test/fi/cases/a/otsikko#u-top") {
		t.Errorf("%v", got.Items[0])
	}
	empty, err := web.Channel{Title: "Nothing yet"}.Bytes("json")
	if err != nil || !strings.Contains(string(empty), `"items":[]`) {
		t.Errorf("an empty feed: %s, %v", empty, err)
	}
}

func TestAFeedOfASearchSaysItsWholeAddress(t *testing.T) {
	ch := channel()
	ch.Self, ch.Query = "https://k.test/en/feeds/search", "kind=case&q=digital+post"
	for format, want := range map[string]string{
		"rss":  `href="https://k.test/en/feeds/search.rss?kind=case&amp;q=digital+post"`,
		"atom": `<id>https://k.test/en/feeds/search.atom?kind=case&amp;q=digital+post</id>`,
		"json": `"feed_url":"https://k.test/en/feeds/search.json?kind=case\u0026q=digital+post"`,
	} {
		text, err := ch.Bytes(format)
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s lacks %s: %v\n%s", format, want, err, text)
		}
	}
}

func TestAFeedIsSentOnceToThoseWhoHaveIt(t *testing.T) {
	k := kit(t)
	app := k.NewApp(nil)
	k.Routes(app).Feed(k, "cases", func(*fiber.Ctx) (web.Channel, error) {
		ch := channel()
		ch.Home, ch.Lang = "cases", ""
		return ch, nil
	})
	ask := func(path string, header ...string) *http.Response {
		req := request("GET", path, "")
		for i := 0; i+1 < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		res, err := app.Test(req)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	for format, want := range map[string]string{"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"} {
		path := "/sv/feeds/cases." + format
		res := ask(path)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), want) || !strings.Contains(string(body), "http://kokeilu.test/sv/cases") {
			t.Errorf("%s: %d %s\n%s", path, res.StatusCode, res.Header, body)
		}
		etag, modified := res.Header.Get("ETag"), res.Header.Get("Last-Modified")
		for name, tt := range map[string]struct {
			header []string
			want   int
		}{
			"the same tag":                        {[]string{"If-None-Match", etag}, 304},
			"one of several, weakened by a proxy": {[]string{"If-None-Match", `"x", W/` + etag}, 304},
			"another tag and the same date":       {[]string{"If-None-Match", `"x"`, "If-Modified-Since", modified}, 200},
			"the same date":                       {[]string{"If-Modified-Since", modified}, 304},
			"a later date":                        {[]string{"If-Modified-Since", "Sat, 14 Mar 2026 06:30:00 GMT"}, 200},
		} {
			if got := ask(path, tt.header...).StatusCode; got != tt.want {
				t.Errorf("%s, %s: %d, want %d", path, name, got, tt.want)
			}
		}
	}
	if res := ask("/xx/feeds/cases.rss"); res.StatusCode != 404 {
		t.Errorf("an unknown language: %d", res.StatusCode)
	}
}
