package search

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/web"
)

const nasty = `<script>alert(1)</script>"'&`

func TestWhatPeopleWroteIsEscaped(t *testing.T) {
	locales, err := i18n.Load(fstest.MapFS{"e.fi.toml": {Data: []byte("\"search.facet_org\" = \"A & B\"\n")}}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	page := web.Page{Printer: locales.For("fi")}
	var b markup
	b.marked([]Piece{{Text: nasty}, {Text: nasty, Found: true}})
	got := b.String() + string(boxes(page, []facetGroup{{Name: "org", Options: []facetOption{{Value: nasty, Label: nasty, Count: 3, On: true}, {Value: "x", Label: "y"}}}}))
	h := &Handlers{
		Label: func(_, _, value string) string { return value }, Icon: func(string) web.HTML { return "" },
		State: func(web.Page, string, string) web.HTML { return "" },
	}
	got += string(h.rows(page, []Hit{{
		Document: Document{Lang: nasty, Path: "/" + nasty, Kind: nasty, Organisation: nasty, Themes: []string{nasty}, SizeClass: nasty},
		Means:    []Meaning{{nasty, nasty}}, Foreign: true, Where: []string{nasty},
	}}))
	for _, raw := range []string{"<script", `"'&`, "A & B"} {
		if strings.Contains(got, raw) {
			t.Errorf("%q is not escaped in %s", raw, got)
		}
	}
	for _, want := range []string{"<mark>&lt;script", `id="f-org-0" name="org" value="&lt;script`, " checked>", `for="f-org-1">y <span class="soft num">0</span>`, "A &amp; B"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %s", want, got)
		}
	}
	if strings.Count(got, " checked") != 1 {
		t.Errorf("not one box is ticked: %s", got)
	}
}
