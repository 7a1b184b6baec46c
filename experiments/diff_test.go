package experiments_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
)

func TestDiffMarksWords(t *testing.T) {
	tests := map[string]struct {
		before, after, want string
	}{
		"nothing":           {"", "", ""},
		"the same":          {"five families", "five families", "five families"},
		"a word":            {"five families, four weeks", "sixty families, four weeks", "[-five-]{+sixty+} families, four weeks"},
		"an end":            {"Viisi perhettä.", "Viisi perhettä. Neljä viikkoa.", "Viisi perhettä.{+ Neljä viikkoa.+}"},
		"a beginning, gone": {"не более пяти", "пяти", "[-не более -]пяти"},
		"in the middle":     {"a b c d", "a x c y d", "a [-b-]{+x+} c{+ y+} d"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			runs := experiments.Diff(tt.before, tt.after)
			if diff := cmp.Diff(tt.want, marked(runs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func marked(runs []experiments.Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(map[experiments.Mark]string{experiments.Kept: "", experiments.Added: "{+", experiments.Removed: "[-"}[r.Mark] + r.Text +
			map[experiments.Mark]string{experiments.Kept: "", experiments.Added: "+}", experiments.Removed: "-]"}[r.Mark])
	}
	return b.String()
}

// sides puts the runs together to both texts again.
func sides(runs []experiments.Run) (before, after string) {
	for _, r := range runs {
		if r.Mark != experiments.Added {
			before += r.Text
		}
		if r.Mark != experiments.Removed {
			after += r.Text
		}
	}
	return before, after
}

func FuzzDiffHoldsBothTexts(f *testing.F) {
	f.Add("five families", "sixty families")
	f.Add("ааа ббб", "ббб\nвв")
	f.Add("a  b", "\u0301a\xff b")
	f.Fuzz(func(t *testing.T, before, after string) {
		b, a := sides(experiments.Diff(before, after))
		if b != before || a != after {
			t.Errorf("put together: %q and %q, want %q and %q", b, a, before, after)
		}
	})
}

func TestDiffOfLongTextsIsBounded(t *testing.T) {
	before, after := strings.Repeat("a b ", 100_000), strings.Repeat("c d ", 100_000)
	if runs := experiments.Diff(before, after); len(runs) > 3 {
		t.Errorf("%d runs, want one removed and one added", len(runs))
	}
}

func TestAFailureIsAmongWhatIsShown(t *testing.T) {
	good := experiments.Similar{ID: "good", Outcome: "confirmed"}
	failed := experiments.Similar{ID: "failed", Outcome: "not_confirmed"}
	stopped := experiments.Similar{ID: "stopped", Stage: "stopped"}
	tests := map[string]struct {
		list []experiments.Similar
		want string
	}{
		"few are shown as they are":      {[]experiments.Similar{good, failed}, "good failed"},
		"a failure moves up":             {[]experiments.Similar{good, good, good, good, failed}, "good good failed"},
		"one that is there stays":        {[]experiments.Similar{good, stopped, good, failed}, "good stopped good"},
		"where there is none, none is":   {[]experiments.Similar{good, good, good, good}, "good good good"},
		"one stopped early counts as it": {[]experiments.Similar{good, good, good, stopped}, "good good stopped"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var ids []string
			for _, s := range experiments.WithFailure(tt.list, 3) {
				ids = append(ids, s.ID)
			}
			if got := strings.Join(ids, " "); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
