package search_test

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	yaml "go.yaml.in/yaml/v3"

	"github.com/kokeilu/kokeilu/search"
)

// judged is one line of a file of judged queries.
type judged struct {
	lang, kind, typed string
	grades            map[string]int // document → 1 to 3
}

// readJudged reads a file of judged queries and completes shortened ids.
func readJudged(t testing.TB, path, lang string, docs shelf) []judged {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var list []judged
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		parts := strings.Split(lines.Text(), "|")
		if len(parts) != 3 {
			t.Fatalf("%s: %q is not: kind | query | ids", path, lines.Text())
		}
		q := judged{lang: lang, kind: strings.TrimSpace(parts[0]), typed: strings.TrimSpace(parts[1]), grades: map[string]int{}}
		for _, judgement := range strings.Fields(parts[2]) {
			short, grade, _ := strings.Cut(judgement, "=")
			q.grades[complete(t, path, short, docs)] = max(1, number(grade, 3))
		}
		list = append(list, q)
	}
	return list
}

func number(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}

func complete(t testing.TB, path, short string, docs shelf) string {
	t.Helper()
	for id := range docs {
		if strings.HasPrefix(id, short) {
			return id
		}
	}
	t.Fatalf("%s names %q, which is not there", path, short)
	return ""
}

// front is what a text says about itself before it begins.
type front struct {
	Case, ID, Title, Lang, Summary, Organisation, Outcome, Start, End string
	Themes                                                            []string
}

// year is that of the end, or else of the beginning; 0 when both are relative.
func (f front) year() int {
	return number(f.End[:min(4, len(f.End))], number(f.Start[:min(4, len(f.Start))], 0))
}

var heading = regexp.MustCompile(`(?m)^#+ (.*)$`)

// readTexts reads a folder of Markdown texts with front matter.
func readTexts(t testing.TB, dir string) shelf {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no texts in %s: %v", dir, err)
	}
	places := placeNames(t)
	docs := shelf{}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head, body, _ := strings.Cut(strings.TrimPrefix(string(raw), "---\n"), "\n---\n")
		var f front
		if err := yaml.Unmarshal([]byte(head), &f); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		d := search.Document{Kind: "case", ID: f.Case + f.ID, Lang: f.Lang, Title: f.Title, Summary: f.Summary, Body: body,
			Organisation: f.Organisation, Themes: f.Themes, Outcome: f.Outcome, Year: max(0, f.year()),
			Places: places[f.Organisation]}
		for _, m := range heading.FindAllStringSubmatch(body, -1) {
			d.Headings += m[1] + "\n"
		}
		docs[d.ID] = d
	}
	return docs
}

// placeNames are the names of municipalities by their keys.
func placeNames(t testing.TB) map[string]string {
	t.Helper()
	f, err := os.Open("../content/reference/municipalities.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, row := range rows {
		names[row[0]+":"+row[1]] = strings.TrimSpace(row[2] + "\n" + row[3])
	}
	return names
}

// ndcg is the normalised discounted cumulative gain of the first ten finds.
func ndcg(found []string, grades map[string]int) float64 {
	gain := func(grade, place int) float64 { return (math.Pow(2, float64(grade)) - 1) / math.Log2(float64(place)+2) }
	got, best := 0.0, 0.0
	for i, id := range found[:min(10, len(found))] {
		got += gain(grades[id], i)
	}
	place := 0
	for grade := 3; grade >= 1; grade-- {
		for _, g := range grades {
			if g == grade && place < 10 {
				best += gain(grade, place)
				place++
			}
		}
	}
	if best == 0 {
		return 0
	}
	return got / best
}

// table sums figures up by row and column.
type table struct {
	sum   map[[2]string]float64
	count map[[2]string]int
}

func newTable() *table { return &table{map[[2]string]float64{}, map[[2]string]int{}} }

func (f *table) add(row, column string, v float64) {
	for _, k := range [][2]string{{row, column}, {row, "all"}, {"all", column}, {"all", "all"}} {
		f.sum[k] += v
		f.count[k]++
	}
}

func (f *table) mean(row, column string) float64 {
	k := [2]string{row, column}
	return f.sum[k] / math.Max(1, float64(f.count[k]))
}

// kinds in the order in which they are printed.
var kinds = []string{"natural", "inflected", "compound", "exact", "name", "field", "typo", "diacritics", "transliteration", "keyboard", "other", "all"}

// versus prints one line per kind: ours, then stock, per language.
func versus(ours, stock *table, langs []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-16s", "nDCG@10")
	for _, l := range langs {
		fmt.Fprintf(&b, "%9s stock", l)
	}
	for _, kind := range kinds {
		fmt.Fprintf(&b, "\n%-16s", kind)
		for _, l := range langs {
			if ours.count[[2]string{l, kind}] == 0 {
				fmt.Fprintf(&b, "%15s", "-")
				continue
			}
			fmt.Fprintf(&b, "%9.3f %.3f", ours.mean(l, kind), stock.mean(l, kind))
		}
	}
	return b.String()
}
