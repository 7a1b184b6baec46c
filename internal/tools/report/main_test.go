package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	tests := map[string]struct {
		in     []string
		want   []string
		not    []string
		failed bool
	}{
		"a package that passed is one line": {
			in: []string{
				`{"Action":"output","Package":"p","Test":"TestA","Output":"chatter\n"}`,
				`{"Action":"pass","Package":"p","Test":"TestA"}`,
				`{"Action":"pass","Package":"p","Elapsed":0.2}`,
			},
			want: []string{"ok  p"}, not: []string{"chatter"},
		},
		"a failed test is shown whole": {
			in: []string{
				`{"Action":"output","Package":"p","Test":"TestA","Output":"a_test.go:3: got 1, want 2\n"}`,
				`{"Action":"fail","Package":"p","Test":"TestA"}`,
			},
			want: []string{"got 1, want 2"}, failed: true,
		},
		"a skipped test says why": {
			in: []string{
				`{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:3: no browser here\n"}`,
				`{"Action":"output","Package":"p","Test":"TestA","Output":"--- SKIP: TestA (0.00s)\n"}`,
				`{"Action":"skip","Package":"p","Test":"TestA"}`,
			},
			want: []string{"skipped: p TestA: no browser here\n"},
		},
		"a package without tests is not a skipped test": {
			in:  []string{`{"Action":"skip","Package":"p"}`},
			not: []string{"skipped"},
		},
		"a build that failed fails": {
			in: []string{
				`{"Action":"build-output","ImportPath":"p","Output":"x.go:1: syntax error\n"}`,
				`{"Action":"build-fail","ImportPath":"p"}`,
			},
			want: []string{"syntax error"}, failed: true,
		},
		"what is not JSON is passed on": {
			in: []string{"go: no such tool"}, want: []string{"go: no such tool"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			failed, err := report(strings.NewReader(strings.Join(tt.in, "\n")), &out)
			if err != nil {
				t.Fatal(err)
			}
			if failed != tt.failed {
				t.Errorf("failed = %v, want %v", failed, tt.failed)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is missing in:\n%s", want, out.String())
				}
			}
			for _, not := range tt.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q is in:\n%s", not, out.String())
				}
			}
		})
	}
}
