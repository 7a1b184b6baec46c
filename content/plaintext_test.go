package content_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
)

func TestPlainTextKeepsWordsAndDropsMarks(t *testing.T) {
	const text = `# Otsikko *tässä*

Yksi **kaksi** [kolme](https://example.org/x) ![neljä](/files/aa).
Viisi\* &auml; ` + "`a*b`" + `[^1]

- [x] tehty
- toinen
  kappale

| a | b |
|---|---|
| 1 | ` + "`2\\|3`" + ` |

<script>alert(1)</script>

<https://example.org>

` + "```\ncode\n```" + `

[^1]: Viite.
`
	want := `Otsikko tässä
Yksi kaksi kolme neljä. Viisi* ä a*b
tehty
toinen kappale
a b
1 2|3
https://example.org
code
Viite.`
	var got []string
	for _, l := range strings.Split(content.PlainText(text), "\n") {
		got = append(got, strings.TrimSpace(l))
	}
	if diff := cmp.Diff(want, strings.Join(got, "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPlainTextOfACostlyTextIsTheTextItself(t *testing.T) {
	md := strings.Repeat("[a](", 5000)
	if got := content.PlainText(md); got != md {
		t.Errorf("got %d bytes, want the %d given", len(got), len(md))
	}
}

func TestExcerpt(t *testing.T) {
	tests := map[string]struct {
		markdown string
		n        int
		want     string
	}{
		"a short text is whole":            {"Yksi *kaksi*.", 40, "Yksi kaksi."},
		"headings and tables are left out": {"# Otsikko\n\n|a|\n|-|\n\nTeksti.", 40, "Teksti."},
		"blocks become one line":           {"- yksi\n- kaksi\n\nkolme", 40, "yksi kaksi kolme"},
		"it is cut at a word":              {"Perheet lähettivät viestejä, joihin vastattiin.", 30, "Perheet lähettivät viestejä…"},
		"a very long word is cut":          {strings.Repeat("ä", 50), 10, strings.Repeat("ä", 9) + "…"},
		"Cyrillic counts by letters":       {"Общий бассейн для двух посёлков", 14, "Общий бассейн…"},
		"no limit":                         {"a\n\nb", 0, "a b"},
		"a costly text is cut as it is":    {strings.Repeat("[a](", 5000), 10, "[a]([a]([…"},
		"nothing":                          {"", 10, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := content.Excerpt(tt.markdown, tt.n); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
