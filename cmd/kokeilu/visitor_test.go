package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/search"
)

// portal starts a whole portal on a free port and stops it with the test.
func portal(t *testing.T, dir string) (*App, string) {
	t.Helper()
	c := config.Default()
	c.Data, c.Demo, c.Addr = dir, true, "127.0.0.1:0"
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	a, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	base := listen(t, a)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := a.Journal.Wait(ctx, search.FollowerName, a.Journal.Seq()); err != nil {
		t.Fatalf("the index does not follow: %v", err)
	}
	return a, base
}

// listen serves an opened portal and returns its address.
func listen(t *testing.T, a *App) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended, cancel := context.WithCancelCause(context.WithoutCancel(t.Context()))
	go func() { cancel(a.Serve(ctx, io.Discard)) }()
	t.Cleanup(func() {
		stop()
		<-ended.Done()
		if err := context.Cause(ended); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("the portal did not stop well: %v", err)
		}
	})
	addr := a.Listening(ended)
	if addr == "" {
		t.Fatalf("the portal does not listen: %v", context.Cause(ended))
	}
	return "http://" + addr
}

// visitor is somebody with a browser that runs no script.
type visitor struct {
	t      *testing.T
	base   string
	client *http.Client
}

func visit(t *testing.T, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, base, &http.Client{Jar: jar}}
}

// as signs in with one click, as in a demonstration.
func (v *visitor) as(role string) *visitor {
	v.t.Helper()
	resp, err := v.client.PostForm(v.base+"/demo/sign-in", url.Values{"as": {role}})
	if err != nil {
		v.t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		v.t.Fatalf("sign in as %s: %s", role, resp.Status)
	}
	return v
}

// page is what a visitor has before their eyes.
type page struct {
	v      *visitor
	status int
	url    *url.URL
	body   string
	root   *html.Node
	header http.Header
}

// open goes to an address; anything but 200 ends the test.
func (v *visitor) open(path string) page {
	v.t.Helper()
	p := v.try(path)
	if p.status != http.StatusOK {
		v.t.Fatalf("GET %s: %d\n%s", path, p.status, p.text())
	}
	return p
}

// try goes to an address, whatever the answer.
func (v *visitor) try(path string) page {
	v.t.Helper()
	resp, err := v.client.Get(v.absolute(path))
	return v.read(resp, err)
}

func (v *visitor) absolute(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return v.base + path
}

func (v *visitor) read(resp *http.Response, err error) page {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	return page{v, resp.StatusCode, resp.Request.URL, string(body), root, resp.Header}
}

// fields is what somebody types into a form.
type fields map[string]string

// send fills in the form whose action ends so and sends it, not the one that
// throws away a draft of it; fields not named stay as the page has them. An answer over 399 ends the test.
func (p page) send(action string, typed fields) page {
	p.v.t.Helper()
	next := p.trySend(action, typed)
	if next.status >= 400 {
		p.v.t.Fatalf("sending %s from %s: %d\n%s", action, p.url.Path, next.status, next.text())
	}
	return next
}

// trySend is send, whatever the answer.
func (p page) trySend(action string, typed fields) page {
	p.v.t.Helper()
	form := p.form(action)
	values := p.values(form)
	for name, value := range typed {
		values[name] = nil
		if value != "" {
			values.Set(name, value)
		}
	}
	target, err := p.url.Parse(attr(form, "action"))
	if err != nil {
		p.v.t.Fatal(err)
	}
	if attr(form, "action") == "" {
		target = p.url
	}
	contentType, body := "application/x-www-form-urlencoded", []byte(values.Encode())
	if attr(form, "enctype") == "multipart/form-data" {
		contentType, body = multipartOf(values)
	}
	resp, err := p.v.client.Post(target.String(), contentType, bytes.NewReader(body))
	return p.v.read(resp, err)
}

// postRaw sends fields to an address as a program would that has the page's
// one-time key, whether or not the page offers a form for it.
func (p page) postRaw(path string, typed fields) page {
	p.v.t.Helper()
	values := url.Values{}
	for n := range p.root.Descendants() {
		if name := attr(n, "name"); n.Data == "input" && (name == "_key" || name == "version") {
			values.Set(name, attr(n, "value"))
		}
	}
	for name, value := range typed {
		values.Set(name, value)
	}
	resp, err := p.v.client.PostForm(p.v.absolute(path), values)
	return p.v.read(resp, err)
}

func multipartOf(values url.Values) (contentType string, body []byte) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for name, list := range values {
		for _, value := range list {
			if file, ok := strings.CutPrefix(value, "file:"); ok {
				part, _ := w.CreateFormFile(name, "picture.png")
				_, _ = part.Write([]byte(file))
				continue
			}
			_ = w.WriteField(name, value)
		}
	}
	_ = w.Close()
	return w.FormDataContentType(), buf.Bytes()
}

func (p page) form(action string) *html.Node {
	p.v.t.Helper()
	var found []string
	for n := range p.root.Descendants() {
		if n.Data == "form" && attr(n, "method") == "post" {
			target := attr(n, "action")
			path, _, _ := strings.Cut(target, "?")
			if strings.HasSuffix(path, action) && (strings.Contains(action, "draft") || !strings.Contains(path, "/draft/")) {
				return n
			}
			found = append(found, target)
		}
	}
	p.v.t.Fatalf("%s has no form for %q, only %q", p.url.Path, action, found)
	return nil
}

// values are what a form would send as the page has it.
func (p page) values(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if name == "" {
			continue
		}
		switch n.Data {
		case "textarea":
			values.Add(name, strings.TrimPrefix(textOf(n), "\n"))
		case "select":
			for o := range n.Descendants() {
				if o.Data == "option" && has(o, "selected") {
					values.Add(name, attr(o, "value"))
				}
			}
		case "input":
			kind := attr(n, "type")
			if kind == "checkbox" || kind == "radio" {
				if has(n, "checked") {
					values.Add(name, attr(n, "value"))
				}
				continue
			}
			if kind != "file" && kind != "submit" {
				values.Add(name, attr(n, "value"))
			}
		}
	}
	return values
}

// sees ends the test when the page does not show the words.
func (p page) sees(words ...string) page {
	p.v.t.Helper()
	text := p.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			p.v.t.Fatalf("%s does not say %q:\n%s", p.url, w, text)
		}
	}
	return p
}

// seesNot ends the test when the page shows the words.
func (p page) seesNot(words ...string) page {
	p.v.t.Helper()
	text := p.text()
	for _, w := range words {
		if strings.Contains(text, w) {
			p.v.t.Fatalf("%s says %q", p.url, w)
		}
	}
	return p
}

// text is what the page shows, without markup, with single spaces.
func (p page) text() string {
	for n := range p.root.Descendants() {
		if n.Data == "main" {
			return strings.Join(strings.Fields(textOf(n)), " ")
		}
	}
	return strings.Join(strings.Fields(p.body), " ")
}

// links are the addresses the page leads to.
func (p page) links() []string {
	var list []string
	for n := range p.root.Descendants() {
		if n.Data == "a" && attr(n, "href") != "" {
			list = append(list, attr(n, "href"))
		}
	}
	return list
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "script") {
			b.WriteString(d.Data)
			if !slices.Contains([]string{"mark", "strong", "em", "a", "textarea"}, d.Parent.Data) {
				b.WriteString(" ")
			}
		}
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
