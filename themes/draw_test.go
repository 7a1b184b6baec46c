package themes_test

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/net/html"

	"github.com/kokeilu/kokeilu/internal/web"
)

// draw renders calls of helpers, one after the other.
func draw(t *testing.T, data any, calls ...string) []string {
	t.Helper()
	overlay := fstest.MapFS{}
	for i, call := range calls {
		overlay[fmt.Sprintf("templates/x/%d.html", i)] = &fstest.MapFile{Data: []byte(`{{define "fragment"}}{{` + call + `}}{{end}}`)}
	}
	theme := open(t, overlay)
	var out []string
	for i := range calls {
		out = append(out, render(t, theme, fmt.Sprintf("x/%d", i), data))
	}
	return out
}

var drawings = []string{
	`weeks $ 0 12`, `weeks $ 1 12`, `weeks $ 12 12`, `weeks $ 13 12`, `weeks $ -3 1`, `weekline $ 5 12 "13.4." "5.7." 4 8 12`, `weekline $ 0 26 "" ""`,
	`weekline $ 12 12 "a" "b" 12`, `weekline $ 1 1 "a" "b"`, `clockdots $ 11 10`, `clockline $ 1 10 2 7`, `clockline $ 10 10 2 7`,
	`sky $ .Weeks 12`, `measure $ "Km <b>" "km/h" 530 412 424 true "now"`, `measure $ "x" "" 5 5 5 false "after"`, `measure $ "x" "" nil nil nil false "after"`,
	`measure $ "x" "min" 26 nil 12 true "now"`, `measure $ "x" "hyvin pitkä yksikön nimi" -1000000 1000000 0 true "after"`,
	`spark $ "x" .Readings 424`, `spark $ "x" .One nil`, `spark $ "x" .Odd 0`, `budget "a" "granted" 16840000 "e" "in review" 3100000 "0" "left" 0`, `budget "a" "none" 0`,
	`trend $ "Km <b>" "km" 530 424 true .Readings`, `trend $ "x" "" nil nil false .One`, `trend $ "x" "" 7 7 true .One`, `trend $ "x" "" nil 0 false .Odd`,
	`trend $ "x" "" nil nil false .Same`, `trend $ "x" "€" -0.25 1000000000000000 false .Huge`, `trend $ "x" "" nil nil false .None`,
	`scorebar $ 0.667 0.737 0.832 0.95`, `scorebar $ -1.0 2.0 0.0 1.0`,
}

type drawingPage struct {
	web.Page
	Weeks              []int
	Readings, One, Odd []float64
	Same, Huge, None   []float64
}

func drawingData(t *testing.T, lang string) drawingPage {
	p := sampleOf(t, lang)
	return drawingPage{p.Page, []int{-1, 0, 1, 5, 12, 13, 99}, p.Readings, []float64{7}, []float64{math.NaN(), 1, math.Inf(1)},
		[]float64{5, 5, 5}, []float64{-1e15, 0.004, 1e15, -3.5}, nil}
}

func TestDrawingsHaveWordsAndStayInside(t *testing.T) {
	for _, lang := range []string{"fi", "ru"} {
		for i, out := range draw(t, drawingData(t, lang), drawings...) {
			t.Run(lang+" "+drawings[i], func(t *testing.T) {
				if strings.Contains(out, "NaN") || strings.Contains(out, "Inf") || strings.Contains(out, "<b>") {
					t.Errorf("bad text in %s", out)
				}
				for _, svg := range nodes(t, out, element("svg")) {
					if attr(svg, "aria-hidden") == "true" {
						continue
					}
					if attr(svg, "role") != "img" || strings.TrimSpace(attr(svg, "aria-label")) == "" || strings.Contains(attr(svg, "aria-label"), "theme.") {
						t.Errorf("no words: %q", attr(svg, "aria-label"))
					}
				}
				checkPercent(t, out)
			})
		}
	}
}

// checkPercent fails when something with percent positions leaves its picture.
func checkPercent(t *testing.T, out string) {
	t.Helper()
	for _, n := range nodes(t, out, func(*html.Node) bool { return true }) {
		end := 0.0
		for _, name := range []string{"x", "cx", "x1", "x2", "width"} {
			v, percent := strings.CutSuffix(attr(n, name), "%")
			if !percent {
				continue
			}
			f, err := strconv.ParseFloat(v, 64)
			if err != nil || f < 0 || f > 100 {
				t.Errorf("<%s %s=%q> is outside", n.Data, name, attr(n, name))
			}
			if name == "x" || name == "width" {
				end += f
			}
		}
		if n.Data == "rect" && end > 100.01 {
			t.Errorf("<rect> ends at %.2f%%", end)
		}
	}
}

func TestTheWeekLineCountsItsDots(t *testing.T) {
	want := map[string][3]int{ // done, now, to come
		`weekline $ 5 12 "a" "b"`:  {4, 1, 7},
		`weekline $ 0 12 "a" "b"`:  {0, 0, 12},
		`weekline $ 13 12 "a" "b"`: {12, 0, 0},
		`clockline $ 10 10 2 7`:    {9, 1, 0},
	}
	calls := slices.Collect(maps.Keys(want))
	for i, out := range draw(t, drawingData(t, "en"), calls...) {
		got := [3]int{strings.Count(out, `"k-done"`), strings.Count(out, `"k-now"`), strings.Count(out, `"k-todo"`)}
		if got != want[calls[i]] {
			t.Errorf("%s: got %v, want %v", calls[i], got, want[calls[i]])
		}
	}
}

func TestMeasuresSayWhatTheyShow(t *testing.T) {
	out := draw(t, drawingData(t, "en"), `measure $ "Wait" "h" 26 9 12 true "after"`)[0]
	svg := nodes(t, out, element("svg"))[0]
	if got, want := attr(svg, "aria-label"), "Wait: before 26\u00a0h, after 9\u00a0h, limit ≤\u00a012\u00a0h"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWordsThatWouldTouchStandInTwoRows(t *testing.T) {
	apart := draw(t, drawingData(t, "en"), `measure $ "x" "km" 100 10 50 true "now"`)[0]
	near := draw(t, drawingData(t, "en"), `measure $ "x" "km" 52 50 10 true "now"`)[0]
	if !strings.Contains(apart, `height="68"`) || !strings.Contains(near, `height="86"`) {
		t.Error("the height does not follow the words")
	}
}

func TestTheScoreIsTheSumOfItsParts(t *testing.T) {
	out := draw(t, drawingData(t, "en"), `scorebar $ 0.667 0.737 0.832 0.95`)[0]
	if !strings.Contains(out, "<span>77.4</span>") || !strings.Contains(out, "adopted elsewhere 23.3 of 35") {
		t.Errorf("got %s", out)
	}
}

func TestTheReceiptAddsUp(t *testing.T) {
	out := draw(t, drawingData(t, "en"), `template "receipt" (receipt $ 0.293 0.643 0.838 1.0 (list "1 of 4"))`)[0]
	for _, want := range []string{"Receipt: how 63.1 was counted", "10.3 of 35", "16.1 of 25", "16.8 of 20", "20 of 20", "1 of 4"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
}

func TestStagesShowHowFarItCame(t *testing.T) {
	want := map[string]string{
		"draft":   "Idea|Planned|Running|Ended|Learned",
		"R":       "+Idea|+Planned|*Running|Ended|Learned",
		"paused":  "+Idea|+Planned|*Paused|Ended|Learned",
		"learned": "+Idea|+Planned|+Running|+Ended|*Learned",
		"spread":  "+Idea|+Planned|+Running|+Ended|*Spread",
		"stopped": "+Idea|*Stopped",
	}
	stages := slices.Collect(maps.Keys(want))
	var calls []string
	for _, stage := range stages {
		calls = append(calls, `template "stages" (stages $ "`+stage+`")`)
	}
	for i, out := range draw(t, drawingData(t, "en"), calls...) {
		var got []string
		for _, li := range nodes(t, out, element("li")) {
			mark := ""
			switch {
			case attr(li, "aria-current") == "step":
				mark = "*"
			case attr(li, "class") == "did":
				mark = "+"
			}
			got = append(got, mark+strings.TrimSuffix(textOf(li), " (done)"))
		}
		if strings.Join(got, "|") != want[stages[i]] {
			t.Errorf("%s: got %q, want %q", stages[i], got, want[stages[i]])
		}
	}
}

func TestPlanCellsNameTheirState(t *testing.T) {
	out := draw(t, drawingData(t, "en"), `plancells $ (list "done" "" "now" "nonsense") 3`)[0]
	if strings.Count(out, "<td") != 4 || strings.Count(out, "<svg") != 2 || !strings.Contains(out, `<td class="now"><svg class="i" role="img" aria-label="this week">`) {
		t.Errorf("got %s", out)
	}
}

func TestSmallLinesLeaveOutWhatIsEmpty(t *testing.T) {
	want := map[string]string{
		`kick "Kemi" "" nil "<5 t"`: `<p class="kick"><span>Kemi</span><span>&lt;5 t</span></p>`,
		`kick "" nil`:               "",
		`fact "Place" ""`:           "",
		`fact "Hours" 12`:           "<div><dt>Hours</dt><dd>12</dd></div>",
		`outcome $ ""`:              "",
		`stage $ ""`:                "",
	}
	calls := slices.Collect(maps.Keys(want))
	for i, got := range draw(t, drawingData(t, "en"), calls...) {
		if got != want[calls[i]] {
			t.Errorf("%s: got %q, want %q", calls[i], got, want[calls[i]])
		}
	}
	out := draw(t, drawingData(t, "en"), `stage $ "R" (.T "theme.week_of" 5 12)`, `icon "nosuch"`)
	if !strings.Contains(out[0], "Running, week 5 of 12") || !strings.Contains(out[1], "#i-dot") {
		t.Errorf("got %q", out)
	}
}

// Whatever was measured, the line stays in its frame, every number is said and
// the limit stands where it is.
func TestTrendsStayInTheirFrame(t *testing.T) {
	tests := map[string]struct {
		call string
		dots int
		said []string
	}{
		"a few readings":         {`trend $ "Km" "km" 530 424 true .Readings`, 5, []string{"before 530\u00a0km", "468\u00a0km", "limit ≤\u00a0424\u00a0km"}},
		"one reading":            {`trend $ "x" "" nil nil false .One`, 1, []string{"7"}},
		"equal readings":         {`trend $ "x" "" 5 5 false .Same`, 3, []string{"5, 5, 5", "limit ≥\u00a05"}},
		"huge and negative ones": {`trend $ "x" "" -0.25 1000000000000000 false .Huge`, 4, []string{"−1,000,000,000,000,000", "−3.5", "before −0.25"}},
		"no reading":             {`trend $ "x" "" 5 5 false .None`, 0, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			out := draw(t, drawingData(t, "en"), tt.call)[0]
			if got := len(nodes(t, out, element("circle"))); got != tt.dots {
				t.Errorf("%d dots, want %d", got, tt.dots)
			}
			for _, words := range tt.said {
				if !strings.Contains(out, words) {
					t.Errorf("%q is not said in %s", words, out)
				}
			}
			for _, n := range nodes(t, out, func(n *html.Node) bool { return n.Data == "line" || n.Data == "circle" }) {
				for _, at := range []string{"y1", "y2", "cy"} {
					if v := attr(n, at); v != "" {
						if f, err := strconv.ParseFloat(v, 64); err != nil || f < 0 || f > 120 {
							t.Errorf("<%s %s=%q> is outside", n.Data, at, v)
						}
					}
				}
			}
		})
	}
}
