package e2e_test

import (
	"fmt"
	"html"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

// site serves the fixtures under the portal's content security policy. A page is
// its body; "form" is a file and echoes what was posted.
func site(t *testing.T, pages map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	secure := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; form-action 'self'")
	}
	mux.HandleFunc("GET /form", func(w http.ResponseWriter, r *http.Request) {
		secure(w)
		http.ServeFile(w, r, "testdata/fixture/form.html")
	})
	mux.HandleFunc("POST /form", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
		}
		name := ""
		if list := r.MultipartForm.File["file"]; len(list) > 0 {
			name = list[0].Filename
		}
		secure(w)
		w.WriteHeader(http.StatusUnprocessableEntity)
		fmt.Fprint(w, page(html.EscapeString(fmt.Sprintf("title=%s text=%s theme=%s start=%s public=%s file=%s", r.FormValue("title"),
			r.FormValue("text"), r.FormValue("theme"), r.FormValue("start"), r.FormValue("public"), name))))
	})
	mux.HandleFunc("POST /demo/sign-in", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: r.FormValue("as"), Path: "/", HttpOnly: true})
		http.Redirect(w, r, "/me", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if cookie, err := r.Cookie("session"); err == nil {
			who = cookie.Value
		}
		secure(w)
		fmt.Fprint(w, page("You are "+who))
	})
	mux.HandleFunc("GET /style.css", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "testdata/fixture/style.css") })
	mux.HandleFunc("GET /favicon.ico", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		secure(w)
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			body = "Not here"
		}
		fmt.Fprint(w, page(body))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func page(body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>A page</title><link rel="stylesheet" href="/style.css"></head><body><main><h1>A page</h1><p>` + body + `</p></main></body></html>`
}

func TestVisitorFillsAForm(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "kuva.png")
	if err := os.WriteFile(picture, []byte("png"), 0o600); err != nil {
		t.Fatal(err)
	}
	v := e2e.Visit(t, site(t, nil))
	v.Goto("/form")
	v.Fill("Title", "Päätös: \"uusi\"")
	v.Fill("text", "Two\nlines")
	v.Fill("Theme", "Education")
	v.Fill("start", "2026-03-01")
	v.Click("Public")
	v.Attach("file", picture)
	v.SeesNot("Hidden words")
	v.Click("More")
	v.Sees("hidden words")
	v.Check("form")
	v.Press("Save it")

	if v.Status != http.StatusUnprocessableEntity {
		t.Errorf("status = %d, want 422", v.Status)
	}
	v.Sees(`title=Päätös: "uusi" text=Two lines theme=09 start=2026-03-01 public=yes file=kuva.png`)
	if v.Path() != "/form" {
		t.Errorf("path = %q", v.Path())
	}
}

func TestVisitorSignsIn(t *testing.T) {
	base := site(t, nil)
	anna, anybody := e2e.Visit(t, base), e2e.Visit(t, base)
	anna.SignIn("developer")
	anna.Goto("/me")
	anna.Sees("You are developer")
	anybody.Goto("/me")
	anybody.Sees("You are nobody")
}

// Every check must be able to fail: each page here has one fault planted.
func TestTroublesAreSeen(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"a picture from another host":           {`<img alt="x" src="http://elsewhere.example/x.png">`, "elsewhere.example"},
		"a script in the page":                  {`<script>document.title = "no"</script>`, "Content Security Policy"},
		"a style attribute":                     {`<span style="color:red">x</span>`, "Content Security Policy"},
		"a file of the own site that is gone":   {`<img alt="x" src="/gone.png">`, "gone.png"},
		"a script file of the own site is gone": {`<script src="/gone.js"></script>`, "gone.js"},
	}
	v := e2e.Visit(t, site(t, func() map[string]string {
		pages := map[string]string{}
		for name, tt := range tests {
			pages["/"+strings.ReplaceAll(name, " ", "-")] = tt.body
		}
		return pages
	}()))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if err := v.Tab.Goto("/" + strings.ReplaceAll(name, " ", "-")); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(v.Troubles(), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("troubles = %q, want one about %q", got, tt.want)
			}
		})
	}
	t.Run("a page that is not there is no trouble", func(t *testing.T) {
		if err := v.Tab.Goto("/nowhere"); err != nil {
			t.Fatal(err)
		}
		if got := v.Troubles(); len(got) != 0 || v.Status != http.StatusNotFound {
			t.Errorf("status %d, troubles %q", v.Status, got)
		}
	})
}

func TestBarriersAreFound(t *testing.T) {
	tests := map[string]struct {
		body string
		view e2e.View
		want string
	}{
		"a picture without words":      {`<img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">`, e2e.Views[0], "image-alt"},
		"pale text":                    {`<span class="pale">hardly there</span>`, e2e.Views[0], "color-contrast"},
		"text that is dark at night":   {`<span class="night">night</span>`, e2e.View{Width: 1280, Scheme: "dark"}, "color-contrast"},
		"a field whose edge is faint":  {`<input aria-label="x" class="faint">`, e2e.Views[0], "faint-field"},
		"a page too wide for a phone":  {`<b class="wide">…</b><input aria-label="x" class="wide"><pre>` + strings.Repeat("x", 200) + `</pre>`, e2e.View{Width: 360, Scheme: "light"}, "scrolls-sideways"},
		"a heading level left out":     {`</p><h4>Deep</h4><p>`, e2e.Views[0], "heading-order"},
		"a field that nothing names":   {`<input name="q">`, e2e.Views[0], "label"},
		"nothing is wrong with a page": {`Good`, e2e.Views[0], ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := e2e.Visit(t, site(t, map[string]string{"/page": tt.body}))
			v.Goto("/page")
			if err := v.Look(tt.view); err != nil {
				t.Fatal(err)
			}
			findings, err := v.Audit()
			if err != nil {
				t.Fatal(err)
			}
			var rules []string
			for _, f := range findings {
				rules = append(rules, f.Rule)
			}
			if got := strings.Join(rules, " "); got != tt.want {
				t.Errorf("findings = %q, want %q\n%v", got, tt.want, findings)
			}
		})
	}
}

func TestPicturesShowTheWholePage(t *testing.T) {
	v := e2e.Visit(t, site(t, map[string]string{"/long": strings.Repeat("line<br>", 200)}))
	v.Goto("/long")
	file := filepath.Join(t.TempDir(), "shots", "long.png")
	if err := v.Save(file); err != nil {
		t.Fatal(err)
	}
	width, height := pictureSize(t, file)
	if width != 1280 || height < 3000 {
		t.Errorf("picture is %d x %d, want 1280 wide and the whole page high", width, height)
	}
}

func pictureSize(t *testing.T, file string) (width, height int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	config, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	return config.Width, config.Height
}
