package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long something may take that is done soon.
const patience = 30 * time.Second

// programDir is where the program is built for the tests that run it.
var programDir string

func TestMain(m *testing.M) {
	code := func() int {
		dir, err := os.MkdirTemp("", "kokeilu-program-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer func() { _ = os.RemoveAll(dir) }()
		programDir = dir
		return m.Run()
	}()
	os.Exit(code)
}

// build makes the program, once for all tests, with the flags of `make build`,
// so that both share what is compiled.
var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(programDir, "kokeilu")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X main.version=test", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	return path, nil
})

// program is the path of the real program.
func program(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// command runs the real program with its data in dir and returns what it
// prints, when it fails with what it complains of, and its exit code.
func command(t *testing.T, dir string, args ...string) (out string, code int) {
	t.Helper()
	var said, complained bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program(t), append(args, "--data", dir)...)
	cmd.Stdout, cmd.Stderr = &said, &complained
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return said.String() + complained.String(), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return said.String(), 0
}

// must is command that has to end well.
func must(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, code := command(t, dir, args...)
	if code != 0 {
		t.Fatalf("kokeilu %s: exit code %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// process is a portal that runs as a program of its own.
type process struct {
	t    *testing.T
	URL  string
	cmd  *exec.Cmd
	out  *safeBuffer
	exit chan error
}

// safeBuffer is a buffer that may be read while a process writes.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// freeAddress is an address of this machine where nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// serve starts the real program and waits until it is ready.
func serve(t *testing.T, dir, addr string, flags ...string) *process {
	t.Helper()
	p := &process{t: t, URL: "http://" + addr, out: &safeBuffer{}, exit: make(chan error, 1)}
	p.cmd = exec.Command(program(t), append([]string{"serve", "--data", dir, "--addr", addr}, flags...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.exit <- p.cmd.Wait() }()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.exit
	})
	p.until("ready", func() bool { status, _ := p.get("/readyz"); return status == http.StatusOK })
	return p
}

// until waits for something that comes soon; the end of the process or of
// patience ends the test.
func (p *process) until(what string, ok func() bool) {
	p.t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(patience)
	for !ok() {
		select {
		case err := <-p.exit:
			p.exit <- err
			p.t.Fatalf("the portal ended before it was %s: %v\n%s", what, err, p.out)
		case <-limit:
			p.t.Fatalf("the portal was not %s within %s\n%s", what, patience, p.out)
		case <-tick.C:
		}
	}
}

func (p *process) get(path string) (status int, body string) {
	resp, err := http.Get(p.URL + path)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = resp.Body.Close() }()
	b, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b)
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	p.exit <- <-p.exit
}

// stop asks the process to end and expects it to do so in good order.
func (p *process) stop(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	select {
	case err := <-p.exit:
		p.exit <- err
		if err != nil {
			p.t.Fatalf("after %s: %v\n%s", signal, err, p.out)
		}
	case <-ctx.Done():
		p.t.Fatalf("the portal did not end after %s\n%s", signal, p.out)
	}
}
