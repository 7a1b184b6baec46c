package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// prepared is the data folder of a size, made when there is none yet: the
// sample, so that there are people, and the made-up cases.
func (o options) prepared(ctx context.Context, size int, out io.Writer) (string, error) {
	folder := filepath.Join(o.folder, strconv.Itoa(size))
	marker := fmt.Sprintf("%s.seed-%d", folder, o.seed)
	if _, err := os.Stat(marker); err == nil {
		return folder, nil
	}
	_, _ = fmt.Fprintf(out, "making %d cases in %s; this is done once\n", size, folder)
	if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(o.folder, 0o750)); err != nil {
		return "", err
	}
	for _, args := range [][]string{
		{"sample", "load"},
		{"bench", "corpus", strconv.Itoa(size), "--seed", strconv.FormatUint(o.seed, 10)},
	} {
		if err := o.run(ctx, folder, args...); err != nil {
			return "", err
		}
	}
	return folder, os.WriteFile(marker, nil, 0o600)
}

// run is one command on a data folder.
func (o options) run(ctx context.Context, folder string, args ...string) error {
	cmd := exec.CommandContext(ctx, o.program, append(args, "--data", folder)...)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", o.program, args, err, said)
	}
	return nil
}

// started is a portal on a copy of the prepared folder, so that every run
// begins with the same data, with an index of all of it and somebody signed in.
func (o options) started(ctx context.Context, size int, out io.Writer) (*portal, error) {
	folder, err := o.prepared(ctx, size, out)
	if err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		work, err := o.copyFolder(folder)
		if err != nil {
			return nil, err
		}
		p, err := o.startPortal(ctx, work)
		if err != nil {
			return nil, err
		}
		n, err := p.documents(ctx)
		if err == nil && n >= size {
			return p, p.signIn(ctx, "developer")
		}
		if err = errors.Join(err, p.stop()); err != nil || !first {
			return nil, fmt.Errorf("%d documents are indexed, want %d: %w", n, size, err)
		}
		_, _ = fmt.Fprintln(out, "the index is of another version of the program: making it anew")
		if err := o.run(ctx, folder, "reindex"); err != nil {
			return nil, err
		}
	}
}

// documents is how many things can be found.
func (p *portal) documents(ctx context.Context) (int, error) {
	_, body, err := p.read(ctx, "/readyz")
	if err != nil {
		return 0, err
	}
	var r struct{ Documents int }
	return r.Documents, json.Unmarshal(body, &r)
}

// copyFolder gives a copy of a folder that may be written to and thrown away.
func (o options) copyFolder(from string) (string, error) {
	to, err := os.MkdirTemp(o.folder, "run-*")
	if err != nil {
		return "", err
	}
	return to, os.CopyFS(to, os.DirFS(from))
}
