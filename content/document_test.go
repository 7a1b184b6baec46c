package content_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
)

const caseFile = `---
# where it came from
id: fi-001
title: "Tekstiviesti: viisi perhettä"
lang: fi
themes: [e-services, participation]
cost: 1200.50
start: 2024-03-01
measures:
  - name: Ilmoittamattomat poissaolot
    limit: 5
# ours, do not touch
"old key": |
  first line

  # not a comment
x-tags:   [ a,b ]   # odd spaces stay
---

## Ongelma

Teksti.
`

func TestDocumentReadsFrontMatterAndBody(t *testing.T) {
	d, err := content.ParseDocument("case.md", []byte(caseFile))
	if err != nil {
		t.Fatal(err)
	}
	wantKeys := []string{"id", "title", "lang", "themes", "cost", "start", "measures", "old key", "x-tags"}
	if diff := cmp.Diff(wantKeys, d.Meta.Keys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	for key, want := range map[string]string{
		"id": "fi-001", "title": "Tekstiviesti: viisi perhettä", "cost": "1200.50", "start": "2024-03-01",
		"themes": "", "missing": "", "old key": "first line\n\n# not a comment\n",
	} {
		if got := d.Meta.Text(key); got != want {
			t.Errorf("Text(%q) = %q, want %q", key, got, want)
		}
	}
	if diff := cmp.Diff([]string{"e-services", "participation"}, d.Meta.List("themes")); diff != "" {
		t.Errorf("themes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"fi"}, d.Meta.List("lang")); diff != "" {
		t.Errorf("a single value is a list of one (-want +got):\n%s", diff)
	}
	if got, want := d.Meta.Line("themes"), 6; got != want {
		t.Errorf("Line(themes) = %d, want %d", got, want)
	}
	if want := "\n## Ongelma\n\nTeksti.\n"; d.Body != want {
		t.Errorf("Body = %q, want %q", d.Body, want)
	}
	var measures []struct {
		Name  string
		Limit int
	}
	if err := d.Meta.Decode("measures", &measures); err != nil || len(measures) != 1 || measures[0].Limit != 5 {
		t.Errorf("Decode(measures) = %v, %v", measures, err)
	}
	if err := d.Meta.Decode("measures", new(int)); !errors.Is(err, content.ErrMetaValue) {
		t.Errorf("Decode into the wrong shape = %v, want ErrMetaValue", err)
	}
}

func TestDocumentIsWrittenAsItWasRead(t *testing.T) {
	tests := map[string]string{
		"with comments and odd spaces": caseFile,
		"only a body":                  "# Title\n\nText",
		"an empty file":                "",
		"an empty front matter":        "---\n---\n--- is a rule\n",
		"no line end at the end":       "---\ntitle: a\n---\nbody",
		"a rule inside the body":       "---\ntitle: a\n---\nbody\n\n---\n\nmore\n",
		"an empty value":               "---\ntitle:\nlang: fi\n---\n",
	}
	for name, src := range tests {
		t.Run(name, func(t *testing.T) {
			d, err := content.ParseDocument("f.md", []byte(src))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(src, string(d.Bytes())); diff != "" {
				t.Errorf("(-read +written):\n%s", diff)
			}
		})
	}
}

func TestDocumentForgivesWindows(t *testing.T) {
	d, err := content.ParseDocument("w.md", []byte("\ufeff---\r\ntitle: a\r\n---\r\nline\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Meta.Text("title") != "a" || d.Body != "line\n" {
		t.Errorf("title %q, body %q", d.Meta.Text("title"), d.Body)
	}
}

func TestDocumentRefusalNamesFileAndLine(t *testing.T) {
	tests := map[string]struct {
		src  string
		want error
		line int
	}{
		"a NUL":                        {"a\nb\x00", content.ErrNotText, 2},
		"Latin-1":                      {"---\ntitle: k\xe4\n---\n", content.ErrNotText, 2},
		"a control character":          {"a\n\nb\x1b[0m", content.ErrControl, 3},
		"a control character in C1":    {"a\u0085b", content.ErrControl, 1},
		"a NUL behind an escape":       {"---\na: 1\ntitle: \"x\\u0000\"\n---\n", content.ErrControl, 3},
		"no end of the front matter":   {"---\ntitle: a\n", content.ErrMetaUnclosed, 1},
		"a colon without quotes":       {"---\nlang: fi\ntitle: a: b\n---\n", content.ErrMetaBroken, 3},
		"a tab as indentation":         {"---\na:\n\tb: 1\n---\n", content.ErrMetaBroken, 3},
		"a list instead of keys":       {"---\n- a\n---\n", content.ErrMetaBroken, 2},
		"a sentence instead of keys":   {"---\nhello\n---\n", content.ErrMetaBroken, 2},
		"a key that is a list":         {"---\n[a]: b\n---\n", content.ErrMetaBroken, 2},
		"an alias":                     {"---\na: &x 1\nb: *x\n---\n", content.ErrMetaBroken, 2},
		"a key twice":                  {"---\na: 1\nb: 2\na: 3\n---\n", content.ErrMetaTwice, 4},
		"more than anyone would write": {"---\na: " + strings.Repeat("x", 40<<10) + "\n---\n", content.ErrMetaTooLong, 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := content.ParseDocument("dir/x.md", []byte(tt.src))
			if !errors.Is(err, tt.want) {
				t.Fatalf("err = %v, want %v", err, tt.want)
			}
			f := fault.All(err)[0]
			if f.Args[0] != "dir/x.md" || f.Args[1] != tt.line {
				t.Errorf("args = %v, want the file and line %d", f.Args, tt.line)
			}
		})
	}
}

func TestMetaKeepsWhatItDoesNotChange(t *testing.T) {
	d, err := content.ParseDocument("case.md", []byte(caseFile))
	if err != nil {
		t.Fatal(err)
	}
	d.Meta.Set("title", "Tekstiviesti: viisi perhettä") // as before
	d.Meta.Set("themes", []string{"e-services", "participation"})
	d.Meta.Set("start", "2024-03-01")
	if diff := cmp.Diff(caseFile, string(d.Bytes())); diff != "" {
		t.Fatalf("setting the same values changed the file (-want +got):\n%s", diff)
	}

	d.Meta.Set("case", "abc")
	d.Meta.Set("lang", "sv")
	d.Meta.Set("end", "2024-05-31")
	d.Meta.Delete("cost")
	d.Meta.Arrange(content.CaseKeys...)
	want := []string{"case", "id", "title", "lang", "themes", "start", "end", "measures", "old key", "x-tags"}
	if diff := cmp.Diff(want, d.Meta.Keys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	out := string(d.Bytes())
	for _, line := range []string{"case: abc\n", "lang: sv\n", "end: 2024-05-31\n", "x-tags:   [ a,b ]   # odd spaces stay\n", "# ours, do not touch\n\"old key\": |\n"} {
		if !strings.Contains(out, line) {
			t.Errorf("lost %q in\n%s", line, out)
		}
	}
	again, err := content.ParseDocument("case.md", []byte(out))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(out, string(again.Bytes())); diff != "" {
		t.Errorf("a second writing differs (-first +second):\n%s", diff)
	}
}

func TestMetaWithoutKnownKeysCanBeKept(t *testing.T) {
	d, err := content.ParseDocument("case.md", []byte(caseFile))
	if err != nil {
		t.Fatal(err)
	}
	rest := d.Meta.Without(content.CaseKeys...)
	kept, err := content.ParseMeta("", rest.YAML())
	if err != nil {
		t.Fatal(err)
	}
	m := &content.Meta{}
	m.Set("title", "New")
	m.Append(kept)
	if diff := cmp.Diff([]string{"title", "old key", "x-tags"}, m.Keys()); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if !strings.HasSuffix(m.YAML(), "x-tags:   [ a,b ]   # odd spaces stay\n") {
		t.Errorf("the unknown keys changed:\n%s", m.YAML())
	}
}

func TestMetaInOneLineIsWrittenAnew(t *testing.T) {
	d, err := content.ParseDocument("f.md", []byte("---\n{b: 1, a: [x]}\n---\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := d.Meta.YAML(), "b: 1\na: [x]\n"; got != want {
		t.Errorf("YAML() = %q, want %q", got, want)
	}
}

func TestNilMetaIsEmpty(t *testing.T) {
	var m *content.Meta
	if m.Keys() != nil || m.Has("a") || m.Text("a") != "" || m.List("a") != nil || m.Line("a") != 0 || m.YAML() != "" {
		t.Error("a nil Meta is not empty")
	}
	if got := string((content.Document{Body: "x"}).Bytes()); got != "x" {
		t.Errorf("Bytes() = %q", got)
	}
}

func FuzzDocument(f *testing.F) {
	for _, s := range []string{caseFile, "---\n---\n", "---\na: b\n...\nx", "---\n? a\n: b\n---\n", "---\n{a: 1}\n---\n", "---\n  a: 1\n  b: 2\n---\n",
		"---\n# c\na: |+\n  x\n\n# d\nb: >\n y\n---\n", "---\na: 'x\n\n  y'\nb: \"z\n  w\"\n---\n", "---\n%YAML 1.2\n---\n", "---\na: !!binary aGk=\n---\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		d, err := content.ParseDocument("f.md", raw)
		if err != nil {
			if len(fault.All(err)) == 0 {
				t.Fatalf("not a fault: %v", err)
			}
			return
		}
		out := d.Bytes()
		again, err := content.ParseDocument("f.md", out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, out)
		}
		if diff := cmp.Diff(d.Meta.Keys(), again.Meta.Keys()); diff != "" {
			t.Fatalf("keys changed (-read +reread):\n%s", diff)
		}
		for _, k := range d.Meta.Keys() {
			var a, b any
			if d.Meta.Decode(k, &a) == nil && again.Meta.Decode(k, &b) == nil && !sameValue(a, b) {
				t.Fatalf("%q changed from %#v to %#v", k, a, b)
			}
		}
		if d.Body != again.Body || string(again.Bytes()) != string(out) {
			t.Fatalf("a second writing differs:\n%q\n%q", out, again.Bytes())
		}
	})
}

// sameValue is cmp.Equal, with a NaN equal to itself.
func sameValue(a, b any) bool {
	return cmp.Equal(a, b, cmp.Comparer(func(x, y float64) bool { return x == y || x != x && y != y }))
}
