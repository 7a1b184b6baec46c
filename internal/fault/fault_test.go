package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/fault"
)

var (
	errTitle = fault.New(fault.Invalid, "experiment.title_missing").On("title")
	errStage = fault.New(fault.Conflict, "experiment.wrong_stage")
)

func TestAFaultIsRecognisedHoweverItWasRefined(t *testing.T) {
	tests := map[string]struct {
		err, target error
		want        bool
	}{
		"itself":                   {errStage, errStage, true},
		"at a field":               {errStage.On("stage"), errStage, true},
		"with arguments":           {errStage.With(3, "weeks"), errStage, true},
		"with a cause":             {errStage.Because(io.EOF), errStage, true},
		"all of it, wrapped":       {fmt.Errorf("x: %w", errStage.On("a").With(1).Because(io.EOF)), errStage, true},
		"the original of a copy":   {errStage, errStage.On("stage"), true},
		"joined with another":      {fault.Join(errTitle, errStage), errStage, true},
		"its cause":                {errStage.Because(io.EOF), io.EOF, true},
		"another one":              {errTitle, errStage, false},
		"one with the same key":    {fault.New(fault.Conflict, "experiment.wrong_stage"), errStage, false},
		"an ordinary error":        {io.EOF, errStage, false},
		"a cause that is not hers": {errStage.Because(io.EOF), io.ErrUnexpectedEOF, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := errors.Is(tt.err, tt.target); got != tt.want {
				t.Errorf("errors.Is(%v, %v) = %t, want %t", tt.err, tt.target, got, tt.want)
			}
		})
	}
}

func TestRefiningLeavesTheOriginalAlone(t *testing.T) {
	_ = errStage.On("stage").With(1).Because(io.EOF)
	if errStage.Field != "" || errStage.Args != nil || errStage.Err != nil {
		t.Errorf("the original became %+v", errStage)
	}
	refined := errStage.With(1).On("stage")
	if refined.Kind != fault.Conflict || refined.Key != errStage.Key || refined.Field != "stage" || len(refined.Args) != 1 {
		t.Errorf("the copy is %+v", refined)
	}
}

func TestKindOf(t *testing.T) {
	tests := map[string]struct {
		err  error
		want fault.Kind
	}{
		"nothing":                        {nil, fault.Internal},
		"an unclassified error":          {io.EOF, fault.Internal},
		"a fault":                        {errStage, fault.Conflict},
		"a wrapped fault":                {fmt.Errorf("publish: %w", errStage), fault.Conflict},
		"a fault because of another one": {errTitle.Because(errStage), fault.Invalid},
		"the first of several":           {fault.Join(errTitle, errStage), fault.Invalid},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := fault.KindOf(tt.err); got != tt.want {
				t.Errorf("KindOf(%v) = %d, want %d", tt.err, got, tt.want)
			}
		})
	}
}

func TestJoinAndAll(t *testing.T) {
	tests := map[string]struct {
		err  error
		want []string // field:key
	}{
		"nothing":                 {fault.Join(), nil},
		"only nils":               {fault.Join(nil, nil), nil},
		"one":                     {fault.Join(nil, errTitle), []string{"title:experiment.title_missing"}},
		"two, in order":           {fault.Join(errStage, nil, errTitle), []string{":experiment.wrong_stage", "title:experiment.title_missing"}},
		"wrapped":                 {fmt.Errorf("save: %w", fault.Join(errTitle, errStage)), []string{"title:experiment.title_missing", ":experiment.wrong_stage"}},
		"joined twice":            {errors.Join(fault.Join(errTitle, errStage), errStage), []string{"title:experiment.title_missing", ":experiment.wrong_stage", ":experiment.wrong_stage"}},
		"causes are not findings": {errStage.Because(errTitle), []string{":experiment.wrong_stage"}},
		"an unclassified error":   {io.EOF, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range fault.All(tt.err) {
				got = append(got, f.Field+":"+f.Key)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("All (-want +got):\n%s", d)
			}
			if (tt.err == nil) != (len(tt.want) == 0) && name != "an unclassified error" {
				t.Errorf("err = %v", tt.err)
			}
		})
	}
}

func TestTheTextIsForTheLog(t *testing.T) {
	tests := map[string]struct {
		err  error
		want string
	}{
		"key alone":        {errStage, "experiment.wrong_stage"},
		"field and cause":  {errTitle.Because(io.EOF), "title: experiment.title_missing: EOF"},
		"several findings": {fault.Join(errTitle, errStage), "title: experiment.title_missing\nexperiment.wrong_stage"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("Error() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestWrapAddsContextOnlyToAFailure(t *testing.T) {
	publish := func(id string, cause error) (err error) {
		defer fault.Wrap(&err, "publish %q", id)
		return cause
	}
	if err := publish("x", nil); err != nil {
		t.Errorf("success became %v", err)
	}
	err := publish("x", errStage)
	if !errors.Is(err, errStage) || err.Error() != `publish "x": experiment.wrong_stage` {
		t.Errorf("got %v", err)
	}
}
