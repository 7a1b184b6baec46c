// Command report reads the output of `go test -json` and prints what a person
// wants to see: one line for a package that passed, everything for a test that
// failed, and at the end each skipped test with its reason. It exits with 1 when
// something failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	failed, err := report(os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
	if failed {
		os.Exit(1)
	}
}

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	FailedBuild string
	Elapsed     float64
}

// reporter collects output until it knows whether anybody needs to see it.
type reporter struct {
	out     io.Writer
	output  map[string][]string // by package and test
	skipped []string
	failed  bool
}

// report copies what matters from in to out. It reports whether a test or a
// build failed, and an error when in cannot be read.
func report(in io.Reader, out io.Writer) (failed bool, err error) {
	r := &reporter{out: out, output: map[string][]string{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Fprintln(out, lines.Text()) // go itself complaining
			continue
		}
		r.take(e)
	}
	for _, line := range r.skipped {
		fmt.Fprintln(out, "skipped:", line)
	}
	return r.failed, lines.Err()
}

func (r *reporter) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "build-fail":
		r.failed = true
	case "output":
		r.output[key] = append(r.output[key], e.Output)
	case "skip":
		if e.Test != "" {
			r.skipped = append(r.skipped, fmt.Sprintf("%s %s: %s", e.Package, e.Test, reason(r.output[key])))
		}
		delete(r.output, key)
	case "fail":
		r.failed = true
		fmt.Fprint(r.out, strings.Join(r.output[key], ""))
		delete(r.output, key)
	case "pass":
		if e.Test == "" {
			fmt.Fprintf(r.out, "ok  %-55s %6.1fs\n", e.Package, e.Elapsed)
		}
		delete(r.output, key)
	}
}

// reason returns what a skipped test said, without the frame around it.
func reason(output []string) string {
	var said []string
	for _, line := range output {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if _, text, ok := strings.Cut(line, ".go:"); ok {
			_, line, _ = strings.Cut(text, ": ")
		}
		said = append(said, line)
	}
	return strings.Join(said, " ")
}
