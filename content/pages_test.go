package content_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
)

var siteValues = content.PageValues{
	Name: "Kokeilu *Pohjola*", Contact: "kokeilu@example.fi", Authority: "Traficom", PublicURL: "https://kokeilu.example.fi/",
}

func loadPages(t *testing.T, v content.PageValues) *content.Pages {
	t.Helper()
	pages, err := content.LoadPages(v)
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

func TestPagesExistInEveryLanguageWithTheSameHeadings(t *testing.T) {
	pages := loadPages(t, siteValues)
	for _, slug := range content.PageSlugs() {
		t.Run(slug, func(t *testing.T) {
			english, _ := pages.Page("en", slug)
			for _, lang := range languages {
				p, ok := pages.Page(lang, slug)
				if !ok || p.Slug != slug || p.Lang != lang || p.Path == "" {
					t.Fatalf("%s: %v, slug %q, lang %q, path %q", lang, ok, p.Slug, p.Lang, p.Path)
				}
				if n := utf8.RuneCountInString(p.Title); n == 0 || n > 60 {
					t.Errorf("%s: the title has %d characters", lang, n)
				}
				if n := utf8.RuneCountInString(p.Summary); n < 20 || n > 200 {
					t.Errorf("%s: the summary has %d characters", lang, n)
				}
				if p.Updated.Year() < 2026 {
					t.Errorf("%s: updated %v", lang, p.Updated)
				}
				if diff := cmp.Diff(levels(english.Headings), levels(p.Headings)); diff != "" {
					t.Errorf("%s: headings (-en +%s):\n%s", lang, lang, diff)
				}
				if a, b := shape(english.HTML), shape(p.HTML); a != b {
					t.Errorf("%s: tables, list items, code blocks and links are %s, in English %s", lang, b, a)
				}
				checkSafe(t, p.HTML)
			}
		})
	}
}

func levels(list []content.Heading) []int {
	var l []int
	for _, h := range list {
		l = append(l, h.Level)
	}
	return l
}

// shape counts what two languages of a page must have in common.
func shape(html string) string {
	var counts []string
	for _, tag := range []string{"<table", "<tr", "<li", "<pre", "<a href"} {
		counts = append(counts, tag+"×"+strings.Repeat("|", strings.Count(html, tag)))
	}
	return strings.Join(counts, " ")
}

func TestPagesAreWrittenInTheirLanguage(t *testing.T) {
	pages := loadPages(t, siteValues)
	for lang, letters := range map[string]string{"fi": "äö", "sv": "åäö", "ru": "ыя", "kk": "әғқңөұүі"} {
		for _, p := range pages.All(lang) {
			words := strings.ToLower(content.PlainText(p.Markdown))
			for _, letter := range letters {
				if strings.Count(words, string(letter)) < 2 {
					t.Errorf("%s/%s hardly has the letter %c", lang, p.Slug, letter)
				}
			}
			if lang != "kk" && strings.ContainsAny(words, "әғқңұүһі") {
				t.Errorf("%s/%s has Kazakh letters", lang, p.Slug)
			}
			if english := regexp.MustCompile(`(?i)\b(the|and|your|with|from)\b`).FindString(words); english != "" {
				t.Errorf("%s/%s has English in it: %q", lang, p.Slug, english)
			}
		}
	}
}

func TestPagesAreFilledIn(t *testing.T) {
	pages := loadPages(t, siteValues)
	for _, lang := range languages {
		for _, p := range pages.All(lang) {
			if left := regexp.MustCompile(`\{\w+\}`).FindString(p.Markdown + p.Title + p.Summary); left != "" {
				t.Errorf("%s/%s still has %s", lang, p.Slug, left)
			}
			for _, m := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(p.HTML, -1) {
				ours := strings.HasPrefix(m[1], "/"+lang+"/")
				if !ours && !strings.HasPrefix(m[1], "#u-") && !strings.HasPrefix(m[1], "https://") && m[1] != "mailto:kokeilu@example.fi" {
					t.Errorf("%s/%s links to %s", lang, p.Slug, m[1])
				}
			}
		}
		statement, _ := pages.Page(lang, "accessibility")
		for _, want := range []string{"Kokeilu *Pohjola*", `href="mailto:kokeilu@example.fi"`, "Traficom", "https://kokeilu.example.fi<"} {
			if !strings.Contains(statement.HTML, want) {
				t.Errorf("%s: the accessibility statement lacks %q", lang, want)
			}
		}
		if !strings.Contains(statement.Summary, "Kokeilu *Pohjola*") {
			t.Errorf("%s: summary %q", lang, statement.Summary)
		}
	}
}

func TestPagesOfAnUnconfiguredPortalStillRead(t *testing.T) {
	pages := loadPages(t, content.PageValues{Name: "Kokeilu", Contact: "the town hall, room 5", PublicURL: "http://localhost:3000"})
	p, _ := pages.Page("sv", "accessibility")
	if !strings.Contains(p.HTML, "den myndighet som övervakar tillgänglighet") || !strings.Contains(p.HTML, "the town hall, room 5") {
		t.Error(p.HTML)
	}
	pages = loadPages(t, content.PageValues{Name: "Kokeilu", PublicURL: "http://localhost:3000"})
	if p, _ = pages.Page("fi", "contact"); !strings.Contains(p.HTML, "portaalin ylläpito") {
		t.Error(p.HTML)
	}
}

func TestGuideIsReadInTenMinutes(t *testing.T) {
	pages := loadPages(t, siteValues)
	for _, lang := range languages {
		p, _ := pages.Page(lang, "guide")
		if n := len(strings.Fields(content.PlainText(p.Markdown))); n > 1500 {
			t.Errorf("%s: %d words", lang, n)
		}
	}
}

func TestPagesSayWhenTheyWereChecked(t *testing.T) {
	pages := loadPages(t, siteValues)
	oldest, ok := pages.OldestPage("accessibility")
	if !ok || oldest.Updated.IsZero() {
		t.Errorf("%v, %v", oldest.Updated, ok)
	}
	for _, lang := range languages {
		if p, _ := pages.Page(lang, "accessibility"); p.Updated.Before(oldest.Updated) {
			t.Errorf("%s was checked %v, before the oldest", lang, p.Updated)
		}
	}
	if _, ok := pages.OldestPage("nothing"); ok {
		t.Error("a page that is not there was found")
	}
	if _, ok := pages.Page("xx", "guide"); ok {
		t.Error("a language that is not there was found")
	}
}
