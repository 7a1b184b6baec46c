package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/web"
)

// A newsroom is a server that keeps its pages and counts how often it made
// them.
type newsroom struct {
	app   *fiber.App
	gens  *pagecache.Generations
	made  int
	asked string // query the last page was made with
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	n := &newsroom{gens: pagecache.NewGenerations()}
	k := kit(t)
	k.Pages = pagecache.New[*web.Answer](n.gens, 1<<20, time.UTC)
	n.app = k.NewApp(nil)
	pages := k.Routes(n.app)
	pages.Get("/news", func(c *fiber.Ctx) error {
		n.made++
		n.asked = string(c.Request().URI().QueryString())
		pagecache.Shows(web.Context(c), "news")
		return k.Render(c, "news", strings.Repeat(fmt.Sprint("News ", n.made, ". "), 100))
	})
	pages.Get("/form", func(c *fiber.Ctx) error {
		n.made++
		return k.Render(c, "form", k.Page(c, "").Key())
	})
	pages.Get("/mine", func(c *fiber.Ctx) error {
		n.made++
		c.Set(fiber.HeaderCacheControl, "private, no-store")
		return k.Render(c, "mine", "mine")
	})
	pages.Get("/gone", func(c *fiber.Ctx) error {
		n.made++
		return k.RenderStatus(c, fiber.StatusGone, "gone", "gone")
	})
	pages.Feed(k, "news", func(*fiber.Ctx) (web.Channel, error) {
		n.made++
		return web.Channel{Title: "News", Description: "All of it.", Home: "news"}, nil
	})
	return n
}

func (n *newsroom) get(t *testing.T, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req := request("GET", path, "")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return do(t, n.app, req)
}

func TestAPageIsMadeOnceForEverybody(t *testing.T) {
	n := newNewsroom(t)
	first, body := n.get(t, "/fi/news")
	again, same := n.get(t, "/fi/news?utm_source=mail")
	if n.made != 1 || body != same || body == "" {
		t.Errorf("made %d times; %q, then %q", n.made, body, same)
	}
	for _, name := range []string{"Content-Type", "Content-Security-Policy", "Cache-Control", "ETag", "Vary"} {
		if first.Header.Get(name) == "" || first.Header.Get(name) != again.Header.Get(name) {
			t.Errorf("%s: %q, then %q", name, first.Header.Get(name), again.Header.Get(name))
		}
	}
	if again.Header.Get("Vary") != "Accept-Encoding" || again.Header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", again.Header)
	}
	n.get(t, "/sv/news")
	if n.made != 2 {
		t.Error("another language is another page")
	}
	n.gens.Raise("news")
	if _, body := n.get(t, "/fi/news"); !strings.Contains(body, "News 3.") {
		t.Errorf("after a change: %.30q", body)
	}
}

func TestAPageIsAskedWithWhatItKnowsOnly(t *testing.T) {
	n := newNewsroom(t)
	n.get(t, "/fi/news?theme=07&junk=1&lang=fi&q=")
	if n.asked != "lang=fi&theme=07" {
		t.Errorf("asked with %q", n.asked)
	}
	n.get(t, "/fi/news?lang=fi&theme=07&more=junk")
	if n.made != 1 {
		t.Error("the order and what is unknown make another page")
	}
	n.get(t, "/fi/news?lang=sv&theme=07")
	n.get(t, "/fi/news?lang=sv&lang=fi&theme=07")
	if n.made != 3 {
		t.Errorf("made %d times, want 3: values are told apart", n.made)
	}
}

func TestWhatIsNotForEverybodyIsNotKept(t *testing.T) {
	tests := map[string]struct {
		path   string
		header []string
	}{
		"a page with a one-time key":    {"/fi/form", nil},
		"a page that says so":           {"/fi/mine", nil},
		"a page that is no 200":         {"/fi/gone", nil},
		"a reader with a session":       {"/fi/news", []string{"Cookie", "session=abc"}},
		"a reader with a safe session":  {"/fi/news", []string{"Cookie", "a=b; __Host-session=abc"}},
		"a reader with a token":         {"/fi/news", []string{"Authorization", "Bearer abc"}},
		"a query longer than any known": {"/fi/news?q=" + strings.Repeat("x", 2000), nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			n := newNewsroom(t)
			n.get(t, tt.path, tt.header...)
			n.get(t, tt.path, tt.header...)
			if n.made != 2 {
				t.Errorf("made %d times, want 2", n.made)
			}
		})
	}
}

func TestEveryFormHasItsOwnKey(t *testing.T) {
	n := newNewsroom(t)
	_, one := n.get(t, "/fi/form")
	_, two := n.get(t, "/fi/form")
	if one == two {
		t.Error("two readers share a one-time key")
	}
}

func TestAKeptPageIsPackedAsTheReaderLikes(t *testing.T) {
	n := newNewsroom(t)
	_, plain := n.get(t, "/fi/news")
	tags := map[string]bool{}
	for accepted, want := range map[string]string{
		"": "", "identity": "", "gzip": "gzip", "gzip, deflate, br": "br", "gzip;q=0": "", "br;q=0.0, gzip;q=0.5": "gzip", "GZIP": "gzip", "deflate": "",
	} {
		resp, body := n.get(t, "/fi/news", "Accept-Encoding", accepted)
		if got := resp.Header.Get("Content-Encoding"); got != want {
			t.Errorf("accepting %q: %q, want %q", accepted, got, want)
			continue
		}
		if got := unpack(t, want, body); got != plain {
			t.Errorf("accepting %q: another page", accepted)
		}
		tag := resp.Header.Get("ETag")
		tags[tag] = true
		if resp, body := n.get(t, "/fi/news", "Accept-Encoding", accepted, "If-None-Match", `"other", W/`+tag); resp.StatusCode != 304 || body != "" || resp.Header.Get("ETag") != tag {
			t.Errorf("accepting %q, known: %d with %d bytes", accepted, resp.StatusCode, len(body))
		}
		if resp, _ := n.get(t, "/fi/news", "Accept-Encoding", accepted, "If-None-Match", `"other"`); resp.StatusCode != 200 {
			t.Errorf("accepting %q, knowing another: %d", accepted, resp.StatusCode)
		}
	}
	if len(tags) != 3 || n.made != 1 {
		t.Errorf("%d ETags, want one for each of three codings; made %d times", len(tags), n.made)
	}
}

func unpack(t *testing.T, coding, body string) string {
	t.Helper()
	switch coding {
	case "gzip":
		r, err := gzip.NewReader(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	case "br":
		var b bytes.Buffer
		if _, err := fasthttp.WriteUnbrotli(&b, []byte(body)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	return body
}

// The first reader of a feed may know the one from before: what is kept is the
// whole feed all the same.
func TestAFeedIsKeptWholeWhoeverAsksFirst(t *testing.T) {
	n := newNewsroom(t)
	resp, body := n.get(t, "/fi/feeds/news.rss", "If-None-Match", `"from before"`)
	if resp.StatusCode != 200 || !strings.Contains(body, "<rss") {
		t.Fatalf("%d %.40q", resp.StatusCode, body)
	}
	tag := resp.Header.Get("ETag")
	if resp, _ := n.get(t, "/fi/feeds/news.rss", "If-None-Match", tag); resp.StatusCode != 304 || n.made != 1 {
		t.Errorf("%d, made %d times", resp.StatusCode, n.made)
	}
}

func TestAKeptPageIsNotSentInAnswerToAMalformedRequest(t *testing.T) {
	n := newNewsroom(t)
	address := serve(t, n.app)
	const ask = "GET /fi/news HTTP/1.1\r\nHost: kokeilu.test\r\nConnection: close\r\n"
	if answer := talk(t, address, ask+"\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 200") {
		t.Fatalf("%.200s", answer)
	}
	for name, tt := range map[string]struct{ header, status string }{
		"a packed body": {"Content-Encoding: gzip\r\n", "415"},
		"two hosts":     {"Host: b\r\n", "400"},
	} {
		if answer := talk(t, address, ask+tt.header+"\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 "+tt.status) {
			t.Errorf("%s: %.200s", name, answer)
		}
	}
}
