package cases_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

const plainFile = `---
id: fi-001
title: "Avoin data: mitä siitä jäi"
lang: fi
source: "https://kunta.example/data"
licence: CC BY 4.0
# what the archive calls it
archive: {shelf: 4, box: "b"}
tags:
  - data
---

Yksi kappale *tekstiä*.
`

const fullFile = `---
case: bajac8hupap5
title: Digital post
lang: sv
summary: Two sentences.
organisation: [SE:2281, FI:837]
sector: "01.3"
themes: [digital-mail, inclusion]
outcome: not_confirmed
start: 2025-01-13
end: 2025-04-06
cost: 18000.50
currency: SEK
hours: 96.5
measures:
  - name: Read in time
    unit: "%"
    direction: up
    baseline: 0
    limit: 60
    final: 48
licence: CC BY 4.0
source: https://a.example; https://b.example
published: 2025-05-01
revision: 3
group: gymur6junen7
---

## Problemet

Text.
`

// load imports files by name and returns the lines and the total.
func load(t *testing.T, b *bank, files map[string]string) (string, cases.Total) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var lines []string
	total, err := b.Import(t.Context(), fsys, func(l cases.Line) {
		text := string(l.Verdict) + " " + l.Path
		for _, f := range l.Wrong {
			text += fmt.Sprintf(":%d %s", f.Line, f.Key)
		}
		lines = append(lines, text)
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n"), total
}

func TestImportingTwiceChangesNothing(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		files := map[string]string{"a.md": plainFile, "sub/full.md": fullFile, "notes.txt": "not a case", ".hidden.md": "neither", "plain.md": "---\ntitle: By path\nlang: en\n---\nText."}
		if lines, total := load(t, b, files); total.String() != "3 imported, 0 updated, 0 unchanged, 0 rejected" {
			t.Errorf("first: %s\n%s", total, lines)
		}
		if _, total := load(t, b, files); total.String() != "0 imported, 0 updated, 3 unchanged, 0 rejected" {
			t.Errorf("second: %s", total)
		}
		files["plain.md"] += " More."
		files["renamed.md"] = strings.Replace(plainFile, "kappale", "lause", 1)
		delete(files, "a.md")
		if lines, total := load(t, b, files); total.String() != "0 imported, 2 updated, 1 unchanged, 0 rejected" {
			t.Errorf("changed: %s\n%s", total, lines)
		}
		if got := b.titles(t.Context(), t, nobody, cases.Filter{}); got != "By path, Avoin data: mitä siitä jäi, Digital post" && !strings.Contains(got, "Digital post") {
			t.Errorf("list %q", got)
		}
	})
}

// YAML has words for what is no number. One file with them is rejected, and
// the others of its folder come in.
func TestWhatIsNoNumberIsRejected(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		file := func(number string) string {
			return "---\ntitle: Measured " + number + "\nlang: en\nmeasures:\n  - name: Calls\n    final: " + number + "\n---\n\nText.\n"
		}
		lines, total := load(t, b, map[string]string{"a.md": file(".nan"), "b.md": file(".inf"), "c.md": file("-.inf"), "d.md": file("-4.5")})
		if total.String() != "1 imported, 0 updated, 0 unchanged, 3 rejected" {
			t.Errorf("%s\n%s", total, lines)
		}
		if !strings.Contains(lines, "rejected a.md:4 case.file_value") {
			t.Errorf("the line is not named:\n%s", lines)
		}
	})
}

func TestNothingIsGuessedAndNothingIsLost(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		l, err := b.ImportOne(t.Context(), accounts.System, "a.md", []byte(plainFile))
		if err != nil || l.Verdict != cases.Imported {
			t.Fatalf("%+v, %v", l, err)
		}
		if want := "summary organisation sector themes outcome start end cost hours"; strings.Join(l.Missing, " ") != want {
			t.Errorf("missing %q, want %q", l.Missing, want)
		}
		c, err := b.Get(t.Context(), nobody, l.Case)
		if err != nil {
			t.Fatal(err)
		}
		if c.Summary != "" || c.Organisation != "" || c.Outcome != "" || c.Currency != "" || !c.Imported() || c.ImportID != "fi-001" {
			t.Errorf("something was made up: %+v", c)
		}
		if want := "# what the archive calls it\narchive: {shelf: 4, box: \"b\"}\ntags:\n  - data\n"; c.Extra != want {
			t.Errorf("extra %q, want %q", c.Extra, want)
		}
		l, err = b.ImportOne(t.Context(), accounts.System, "full.md", []byte(fullFile))
		if err != nil || l.Case != "bajac8hupap5" || len(l.Missing) != 0 {
			t.Fatalf("%+v, %v", l, err)
		}
		full, err := b.Get(t.Context(), nobody, l.Case)
		if err != nil {
			t.Fatal(err)
		}
		zero, sixty, final := 0.0, 60.0, 48.0
		want := cases.Case{
			ID: "bajac8hupap5", Group: "gymur6junen7", Lang: "sv", Title: "Digital post", Summary: "Two sentences.", Body: "## Problemet\n\nText.",
			Organisation: sunds, Organisations: []string{tampere}, Sector: "01.3", Themes: []string{"digital-mail", "inclusion"},
			Outcome: cases.NotConfirmed, Start: time.Date(2025, 1, 13, 0, 0, 0, 0, time.UTC), End: time.Date(2025, 4, 6, 0, 0, 0, 0, time.UTC),
			CostCents: 1800050, Currency: "SEK", Hours: 96.5,
			Measures: []cases.Measure{{Name: "Read in time", Unit: "%", Direction: cases.Up, Baseline: &zero, Limit: &sixty, Final: &final}},
			Licence:  "CC BY 4.0", Source: "https://a.example; https://b.example", ImportPath: "full.md", ImportSum: full.ImportSum,
			State: cases.Published, Created: noon, Published: time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC), Updated: noon, UpdatedBy: "system",
			Revision: 3, Slug: "digital-post",
		}
		if diff := cmp.Diff(want, full); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFilesAreRejectedWithFileAndLine(t *testing.T) {
	file := func(lines ...string) string { return "---\n" + strings.Join(lines, "\n") + "\n---\n\nText.\n" }
	tests := map[string]struct{ text, want string }{
		"no title":             {file("lang: en"), ":1 case.title_missing"},
		"no language":          {file("title: A"), ":1 case.lang_unknown"},
		"an unknown language":  {file("title: A", "lang: de"), ":3 case.lang_unknown"},
		"no text":              {"---\ntitle: A\nlang: en\n---\n\n", ":5 case.body_missing"},
		"a wrong day":          {file("title: A", "lang: en", "start: last week"), ":4 case.file_value"},
		"a wrong cost":         {file("title: A", "lang: en", "currency: EUR", "cost: 1e9"), ":5 case.file_value"},
		"two wrong values":     {file("title: A", "lang: en", "hours: many", "end: 31.12.2025"), ":4 case.file_value:5 case.file_value"},
		"an unknown outcome":   {file("title: A", "lang: en", "outcome: great"), ":4 case.outcome_unknown"},
		"an odd organisation":  {file("title: A", "lang: en", "organisation: Tampere"), ":4 case.organisation_unknown"},
		"broken front matter":  {"---\ntitle: A: B\n---\nText", ":2 content.front_matter_broken"},
		"front matter no end":  {"---\ntitle: A\n", ":1 content.front_matter_unclosed"},
		"not UTF-8":            {"---\ntitle: \xff\n---\nText", ":2 content.file_not_text"},
		"an id that is a path": {file("case: ../../etc", "title: A", "lang: en"), ":2 case.file_value"},
		"too long a text":      {file("title: A", "lang: en") + strings.Repeat("word ", 21<<10), ":5 content.markdown_too_long"},
		"much too long":        {strings.Repeat("x", 200<<10), ":1 case.file_large"},
	}
	onBank(t, func(t *testing.T, b *bank) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				lines, total := load(t, b, map[string]string{"dir/x.md": tt.text})
				if lines != "rejected dir/x.md"+tt.want || total.Rejected != 1 {
					t.Errorf("got %q, want %q", lines, tt.want)
				}
			})
		}
		if got := b.titles(t.Context(), t, nobody, cases.Filter{}); got != "" {
			t.Errorf("rejected files left %q", got)
		}
		if lines, _ := load(t, b, map[string]string{"a.md": fullFile, "b.md": fullFile, "c.md": plainFile}); !strings.Contains(lines, "rejected b.md:1 case.file_twice") || !strings.Contains(lines, "imported c.md") {
			t.Errorf("two files of one case: %s", lines)
		}
	})
}

func TestAnImportDoesNotWriteOverLaterWork(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		l, err := b.ImportOne(t.Context(), author, "mine.md", []byte("---\ntitle: Mine\nlang: en\n---\nText."))
		if err != nil || l.Verdict != cases.Imported {
			t.Fatalf("%+v, %v", l, err)
		}
		c, err := b.Edit(t.Context(), author, l.Case, cases.Text{Revision: 1, Title: "Mine", Body: "Better text."})
		if err != nil {
			t.Fatal(err)
		}
		old := c
		old.Body, old.Revision = "Old text.", 1
		for _, tt := range []struct {
			name string
			who  accounts.Actor
			path string
			raw  []byte
			want string
		}{
			{"the same file again", author, "mine.md", []byte("---\ntitle: Mine\nlang: en\n---\nText."), "unchanged"},
			{"an older revision", author, "x.md", old.Markdown(), "rejected case.file_older"},
			{"somebody else's", member, "mine.md", []byte("---\ntitle: Mine\nlang: en\n---\nTaken over."), "rejected case.file_not_yours"},
			{"in the name of another municipality", member, "new.md", []byte("---\ntitle: A\nlang: en\norganisation: FI:837\n---\nText."), "rejected case.not_your_organisation"},
			{"the exported file with a later wording", author, "x.md", bytes.Replace(c.Markdown(), []byte("Better"), []byte("Best"), 1), "updated"},
		} {
			l, err := b.ImportOne(t.Context(), tt.who, tt.path, tt.raw)
			got := string(l.Verdict)
			for _, f := range l.Wrong {
				got += " " + f.Key
			}
			if err != nil || got != tt.want {
				t.Errorf("%s: %s, %v, want %s", tt.name, got, err, tt.want)
			}
		}
		if _, err := b.ImportOne(t.Context(), nobody, "a.md", []byte(plainFile)); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("nobody imports: %v", err)
		}
		ctx := once.With(t.Context(), author.ID, "k", "")
		first, _ := b.ImportOne(ctx, author, "twice.md", []byte(plainFile))
		second, err := b.ImportOne(ctx, author, "twice.md", []byte(plainFile))
		if err != nil || first.Verdict != cases.Imported || second.Case != first.Case {
			t.Errorf("sent twice: %+v and %+v, %v", first, second, err)
		}
	})
}

// export writes the whole bank into a map of files.
func export(t *testing.T, b *bank) map[string]string {
	t.Helper()
	files := map[string]string{}
	n, err := b.Export(t.Context(), func(name string, text []byte) error {
		files[name] = string(text)
		return nil
	})
	if err != nil || n != len(files) {
		t.Fatalf("%d of %d files, %v", len(files), n, err)
	}
	return files
}

func TestWhatWasExportedComesBackTheSame(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		load(t, b, map[string]string{"a.md": plainFile, "full.md": fullFile, "crlf.md": strings.ReplaceAll(strings.Replace(plainFile, "fi-001", "fi-002", 1), "\n", "\r\n")})
		d := told("From an experiment: with a colon")
		d.Start, d.Hours, d.CostCents, d.Currency = noon, 1e6, 12345678901, "EUR"
		d.Organisations = []string{tampere, oulu}
		b.publish(t, d)
		secret := b.publish(t, told("Members"))
		if _, err := b.Edit(t.Context(), author, secret.ID, cases.Text{Revision: 1, Title: "Members", Body: secret.Body, Visibility: cases.Members}); err != nil {
			t.Fatal(err)
		}
		files := export(t, b)
		if len(files) != 4 || files["bajac8hupap5-digital-post.md"] == "" {
			t.Fatalf("files %v", files)
		}
		if lines, total := load(t, b, files); total.String() != "0 imported, 0 updated, 4 unchanged, 0 rejected" {
			t.Errorf("back: %s\n%s", total, lines)
		}
		other := newBank(t, storetest.Bolt(t))
		if lines, total := load(t, other, files); total.Imported != 4 {
			t.Errorf("into another portal: %s\n%s", total, lines)
		}
		if diff := cmp.Diff(files, export(t, other)); diff != "" {
			t.Errorf("exported again from there:\n%s", diff)
		}
	})
}

func TestTheCorpus(t *testing.T) {
	dir := os.Getenv("KOKEILU_CORPUS")
	if dir == "" {
		t.Skip("KOKEILU_CORPUS names no folder of real texts")
	}
	onBank(t, func(t *testing.T, b *bank) {
		start := time.Now()
		total, err := b.Import(t.Context(), os.DirFS(dir), func(l cases.Line) {
			if l.Verdict == cases.Rejected {
				t.Errorf("%+v", l)
			}
		})
		took := time.Since(start)
		if err != nil || total.Imported == 0 {
			t.Fatal(total, err)
		}
		t.Logf("%s in %v, %.0f files a second", total, took, float64(total.Imported)/took.Seconds())
		start = time.Now()
		again, err := b.Import(t.Context(), os.DirFS(dir), nil)
		if err != nil || again.Unchanged != total.Imported {
			t.Errorf("again: %s, %v", again, err)
		}
		t.Logf("again in %v", time.Since(start))
		files := export(t, b)
		out := map[string]string{}
		for name, text := range files {
			out[path.Join("out", name)] = text
		}
		if _, back := load(t, b, out); back.Unchanged != total.Imported {
			t.Errorf("back: %s", back)
		}
		err = b.Store.View(t.Context(), func(store.Tx) error { return nil })
		if err != nil {
			t.Error(err)
		}
	})
}
