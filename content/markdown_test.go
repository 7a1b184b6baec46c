package content_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/fault"
)

func render(t *testing.T, markdown string, o content.Options) string {
	t.Helper()
	html, err := content.Render(markdown, o)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

func TestRenderWritesCommonMark(t *testing.T) {
	tests := map[string]struct{ markdown, want string }{
		"paragraphs":             {"one\ntwo\n\nthree", "<p>one\ntwo</p>\n<p>three</p>\n"},
		"emphasis":               {"*a* **b** ***c*** ~~d~~", "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> <del>d</del></p>\n"},
		"no emphasis in words":   {"snake_case_name", "<p>snake_case_name</p>\n"},
		"code":                   {"`a < b` and ``x`y``", "<p><code>a &lt; b</code> and <code>x`y</code></p>\n"},
		"a code block":           {"```go\nif a < b {}\n```", "<pre><code class=\"language-go\">if a &lt; b {}\n</code></pre>\n"},
		"an indented block":      {"    a\n     b", "<pre><code>a\n b\n</code></pre>\n"},
		"a tight list":           {"- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>\n"},
		"a list from seven":      {"7. a\n8. b", "<ol start=\"7\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
		"a quotation":            {"> a\nb", "<blockquote>\n<p>a\nb</p>\n</blockquote>\n"},
		"a rule":                 {"a\n\n---", "<p>a</p>\n<hr>\n"},
		"a hard break":           {"a     \nb\\\nc", "<p>a<br>\nb<br>\nc</p>\n"},
		"entities":               {"&auml; &copy; &#35; \\*", "<p>ä © # *</p>\n"},
		"a reference":            {"[a][x]\n\n[x]: /en/guide \"T\"", "<p><a href=\"/en/guide\" title=\"T\">a</a></p>\n"},
		"an empty link":          {"[a]()", "<p><a href=\"\">a</a></p>\n"},
		"a link in angles":       {"[a](<b c>)", "<p><a href=\"b%20c\">a</a></p>\n"},
		"Windows line ends":      {"a\r\n\r\nb", "<p>a</p>\n<p>b</p>\n"},
		"a byte order mark":      {"\ufeffa", "<p>a</p>\n"},
		"bytes that are no text": {"a\xffb", "<p>a\ufffdb</p>\n"},
		"nothing":                {"", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, render(t, tt.markdown, content.Options{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRenderLetsNothingActiveThrough(t *testing.T) {
	tests := map[string]struct{ markdown, want string }{
		"a script":                {"<script>alert(1)</script>", ""},
		"a handler":               {"<img src=x onerror=alert(1)>", ""},
		"javascript":              {"[a](javascript:alert(1))", "<p>a</p>"},
		"javascript, in capitals": {"[a](JaVaScRiPt:alert(1))", "<p>a</p>"},
		"javascript, as entities": {"[a](javascript&colon;alert(1))", "<p>a</p>"},
		"javascript, as a code":   {"[a](&#x6A;avascript:alert(1))", "<p>a</p>"},
		"javascript with a tab":   {"[a](<java\tscript:alert(1)>)", "<p><a href=\"java%09script:alert(1)\">a</a></p>"},
		"javascript as autolink":  {"<javascript:alert(1)>", "<p>javascript:alert(1)</p>"},
		"data":                    {"[a](data:text/html;base64,PHNjcmlwdD4=)", "<p>a</p>"},
		"vbscript":                {"[a](vbscript:x)", "<p>a</p>"},
		"a telephone":             {"[a](tel:112)", "<p>a</p>"},
		"a reference":             {"[a]\n\n[a]: javascript:alert(1)", "<p>a</p>"},
		"an attribute in a title": {"[a](/b \"x\\\" onclick=\\\"y\")", "<p><a href=\"/b\" title=\"x&#34; onclick=&#34;y\">a</a></p>"},
		"a class of ours":         {"``` ds-button\nx\n```", "<pre><code class=\"language-ds-button\">x\n</code></pre>"},
		"attributes on headings":  {"## a {#main .overlay onclick=x}", `<h2 id="u-a-main-overlay-onclick-x">a {#main .overlay onclick=x}</h2>`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := strings.TrimSpace(render(t, tt.markdown, content.Options{}))
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestRenderMarksLinksToOtherSites(t *testing.T) {
	const rel = ` rel="nofollow ugc noopener"`
	tests := map[string]struct{ markdown, want string }{
		"another site":        {"[a](https://example.org/x?y=1&z=2)", `<a href="https://example.org/x?y=1&amp;z=2"` + rel + `>a</a>`},
		"without a scheme":    {"[a](//example.org)", `<a href="//example.org"` + rel + `>a</a>`},
		"a bare address":      {"see https://example.org/a.", `see <a href="https://example.org/a"` + rel + `>https://example.org/a</a>.`},
		"a bare www":          {"www.example.org", `<a href="http://www.example.org"` + rel + `>www.example.org</a>`},
		"a Cyrillic host":     {"[a](https://кемерово.рф)", `<a href="https://%D0%BA%D0%B5%D0%BC%D0%B5%D1%80%D0%BE%D0%B2%D0%BE.%D1%80%D1%84"` + rel + `>a</a>`},
		"mail in angles":      {"<a@example.org>", `<a href="mailto:a@example.org">a@example.org</a>`},
		"a bare mail":         {"write to a@example.org", `write to a@example.org`},
		"a page of ours":      {"[a](/fi/cases/abc)", `<a href="/fi/cases/abc">a</a>`},
		"a place in the text": {"[a](#u-b)", `<a href="#u-b">a</a>`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := strings.TrimSpace(render(t, tt.markdown, content.Options{}))
			if want := "<p>" + tt.want + "</p>"; !strings.HasPrefix(got, strings.TrimSuffix(want, "</p>")) {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestRenderShowsOnlyOurPictures(t *testing.T) {
	hash := strings.Repeat("0f", 32)
	tests := map[string]struct{ markdown, want string }{
		"ours":                      {"![kuva](/files/" + hash + " \"T\")", `<p><img src="/files/` + hash + `" alt="kuva" title="T"></p>`},
		"another site":              {"![map](https://evil.example/x.png)", `<p><a href="https://evil.example/x.png" rel="nofollow ugc noopener">map</a></p>`},
		"another site, no words":    {"![](https://evil.example/x.png)", `<p><a href="https://evil.example/x.png" rel="nofollow ugc noopener">https://evil.example/x.png</a></p>`},
		"another site, in a link":   {"[![map](https://evil.example/x.png)](/a)", `<p><a href="/a">map</a></p>`},
		"another site, no scheme":   {"![map](//evil.example/x.png)", `<p><a href="//evil.example/x.png" rel="nofollow ugc noopener">map</a></p>`},
		"backslashes":               {`![map](<\\evil.example\x.png>)`, ""},
		"data":                      {"![x](data:image/png;base64,AAAA)", `<p>x</p>`},
		"formatted words beside it": {"![a *b*](/files/" + hash + ")", `<p><img src="/files/` + hash + `" alt="a b"></p>`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := strings.TrimSpace(render(t, tt.markdown, content.Options{}))
			if tt.want != "" && got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if strings.Contains(got, "<img") && strings.Contains(got, "evil") {
				t.Errorf("a picture from elsewhere: %s", got)
			}
		})
	}
}

func TestHeadingsFollowThePageWithoutGaps(t *testing.T) {
	const text = "# A\n\n### B\n\n###### C\n\n## D\n\n# E\n\n> # quoted\n"
	tests := map[string]struct {
		o    content.Options
		want []int
	}{
		"from two, when nothing is said": {content.Options{}, []int{2, 3, 4, 3, 2}},
		"from three":                     {content.Options{Heading: 3}, []int{3, 4, 5, 4, 3}},
		"never deeper than six":          {content.Options{Heading: 6}, []int{6, 6, 6, 6, 6}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			list, err := content.Headings(text, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			html := render(t, text, tt.o)
			var got []int
			for _, h := range list {
				got = append(got, h.Level)
				if want := fmt.Sprintf(`<h%d id="%s">%s</h%d>`, h.Level, h.ID, h.Text, h.Level); !strings.Contains(html, want) {
					t.Errorf("no %s in\n%s", want, html)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("levels (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHeadingIdsKeepEveryAlphabetAndAreUnique(t *testing.T) {
	const text = "# Общий бассейн\n# Ауыл әкімдігі\n# Äänekosken öljy!\n# Äänekosken öljy\n# Äänekosken öljy\n# ???\n# *Mikä* `muuttui` [nyt](/x)\n# location\n# Äänekosken öljy 2\n"
	list, err := content.Headings(text, content.Options{Prefix: "log3"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range list {
		got = append(got, h.ID)
	}
	want := []string{
		"u-log3:общий-бассейн", "u-log3:ауыл-әкімдігі", "u-log3:äänekosken-öljy", "u-log3:äänekosken-öljy-2", "u-log3:äänekosken-öljy-3",
		"u-log3:section", "u-log3:mikä-muuttui-nyt-x", "u-log3:location", "u-log3:äänekosken-öljy-2-2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}

func TestTablesScrollInANamedRegion(t *testing.T) {
	got := render(t, "## Kulut & tunnit\n\n| Mitä | € |  |\n|:--|--:|:-:|\n| Työ | 5 | x |\n| a |\n", content.Options{Lang: "fi"})
	want := `<h2 id="u-kulut-tunnit">Kulut &amp; tunnit</h2>
<div class="scroll" role="region" tabindex="0" aria-label="Taulukko 1: Kulut &amp; tunnit"><table class="ds-table">
<thead>
<tr>
<th scope="col">Mitä</th>
<th scope="col" class="n">€</th>
<td class="c"></td>
</tr>
</thead>
<tbody>
<tr>
<td>Työ</td>
<td class="n">5</td>
<td class="c">x</td>
</tr>
<tr>
<td>a</td>
<td></td>
<td></td>
</tr>
</tbody>
</table></div>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for lang, want := range map[string]string{"sv": "Tabell 1", "en": "Table 1", "ru": "Таблица 1", "kk": "1-кесте", "xx": "Table 1"} {
		if got := render(t, "|a|\n|-|\n", content.Options{Lang: lang}); !strings.Contains(got, `aria-label="`+want+`"`) {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func TestTaskBoxesHaveAName(t *testing.T) {
	got := render(t, "- [x] yksi\n- [ ] kaksi\n", content.Options{Lang: "fi"})
	want := `<ul>
<li><input type="checkbox" disabled="" checked="" aria-label="Tehty"> yksi</li>
<li><input type="checkbox" disabled="" aria-label="Tekemättä"> kaksi</li>
</ul>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFootnotesLinkThereAndBack(t *testing.T) {
	got := render(t, "Yksi[^a] kaksi[^b] taas[^a].\n\n[^a]: Eka.\n[^b]: Toka.\n", content.Options{Lang: "fi", Prefix: "x"})
	want := `<p>Yksi<sup id="u-x:fnref:1"><a href="#u-x:fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>` +
		` kaksi<sup id="u-x:fnref:2"><a href="#u-x:fn:2" class="footnote-ref" role="doc-noteref">2</a></sup>` +
		` taas<sup id="u-x:fnref:1-2"><a href="#u-x:fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>.</p>
<section class="footnotes" role="doc-endnotes" aria-label="Alaviitteet">
<hr>
<ol>
<li id="u-x:fn:1">
<p>Eka.` + "\u00a0" + `<a href="#u-x:fnref:1" class="footnote-backref" role="doc-backlink" aria-label="Takaisin tekstiin alaviitteestä 1">↩︎</a>` +
		"\u00a0" + `<a href="#u-x:fnref:1-2" class="footnote-backref" role="doc-backlink" aria-label="Takaisin tekstiin alaviitteestä 1 (2)">↩︎</a></p>
</li>
<li id="u-x:fn:2">
<p>Toka.` + "\u00a0" + `<a href="#u-x:fnref:2" class="footnote-backref" role="doc-backlink" aria-label="Takaisin tekstiin alaviitteestä 2">↩︎</a></p>
</li>
</ol>
</section>
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNameTellsTextsOnOnePageApart(t *testing.T) {
	got := render(t, "|a|\n|-|\n\nx[^1]\n\n## Kulut\n\n|b|\n|-|\n\n[^1]: y\n", content.Options{Lang: "fi", Name: `3.3. "loki"`})
	for _, want := range []string{"Taulukko 1: 3.3. &#34;loki&#34;", "Taulukko 2: Kulut", "Alaviitteet: 3.3. &#34;loki&#34;"} {
		if !strings.Contains(got, `aria-label="`+want+`"`) {
			t.Errorf("no region is called %s in\n%s", want, got)
		}
	}
}

func TestRenderRefusesWhatWouldTakeTooLong(t *testing.T) {
	rep := strings.Repeat
	tests := map[string]struct {
		markdown string
		want     error
	}{
		"one byte too many":            {rep("a", content.FieldLimit+1), content.ErrTooLong},
		"quotations in quotations":     {"a\n\n" + rep("> ", 50) + "a", content.ErrTooDeep},
		"lists in lists in one line":   {rep("- ", 50) + "a", content.ErrTooDeep},
		"numbered lists in one line":   {rep("1. ", 50) + "a", content.ErrTooDeep},
		"quotations without words":     {rep(">", 50), content.ErrTooDeep},
		"a paragraph of open brackets": {rep("[a](", 5000), content.ErrTooDense},
		"a paragraph of stars":         {rep("*a_ ", 5000), content.ErrTooDense},
		"a paragraph of backquotes":    {rep("\\``", 5000), content.ErrTooDense},
		"a table of a hundred columns": {rep("|a", 100) + "\n" + rep("|-", 100), content.ErrTableTooBig},
		"a table of empty rows":        {rep("|a", 30) + "\n" + rep("|-", 30) + "\n" + rep("|\n", 9000), content.ErrTableTooBig},
		"thousands of footnotes":       {rep("[^1]: a\n\n", 3000), content.ErrTooManyNotes},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := content.Render(tt.markdown, content.Options{})
			if !errors.Is(err, tt.want) {
				t.Fatalf("err = %v, want %v", err, tt.want)
			}
			if len(fault.All(err)[0].Args) == 0 {
				t.Error("the fault does not say where or how much")
			}
		})
	}
}

func TestRenderAcceptsLargeOrdinaryTexts(t *testing.T) {
	rep := strings.Repeat
	tests := map[string]string{
		"a long list of tasks":        rep("- [ ] task [link](https://example.org/a)\n", 2000),
		"paragraphs to the limit":     rep("An ordinary paragraph with *stars* and a [link](/x).\n\n", 1800),
		"a long table":                "|a|b|c|\n|-|-|-|\n" + rep("| 1 | 2 | three |\n", 3000),
		"a rule of a hundred dashes":  "a\n\n" + rep("-", 100) + "\n",
		"a date at the start of line": "3.4.2019 - 5.4.2019 - alku\n",
		"a long block of code":        "```\n" + rep("a[i] = b*c\n", 1200) + "```\n",
	}
	for name, md := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := content.Render(md, content.Options{Limit: content.CaseLimit}); err != nil {
				t.Error(err)
			}
		})
	}
}
