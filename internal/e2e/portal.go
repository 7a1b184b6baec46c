package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A Portal is a running kokeilu with a data folder of its own.
type Portal struct {
	URL  string
	Data string
}

// StartPortal runs `kokeilu serve --demo` on a free port until the test ends,
// when it is stopped as an administrator would and must leave in good order.
// The program is KOKEILU_BIN, else bin/kokeilu of this repository (make build).
// Further arguments go to serve.
func StartPortal(t testing.TB, args ...string) *Portal {
	t.Helper()
	program, err := findProgram()
	if err != nil {
		Missing(t, err)
	}
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	p := &Portal{URL: "http://" + address, Data: t.TempDir()}

	var output bytes.Buffer
	command := exec.Command(program, append([]string{"serve", "--demo", "--addr", address, "--data", p.Data}, args...)...)
	command.Stdout, command.Stderr = &output, &output
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- command.Wait() }()
	t.Cleanup(func() {
		if err := stop(command.Process, exited); err != nil {
			t.Errorf("the portal did not stop in good order: %v\n%s", err, tail(output.Bytes()))
		} else if t.Failed() {
			t.Logf("what the portal wrote:\n%s", tail(output.Bytes()))
		}
	})
	if err := ready(p.URL, exited); err != nil {
		t.Fatal(err)
	}
	return p
}

func findProgram() (string, error) {
	if path := os.Getenv("KOKEILU_BIN"); path != "" {
		return path, nil
	}
	path, err := filepath.Abs("../../bin/kokeilu")
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("no portal to test: run make build, or set KOKEILU_BIN")
	}
	return path, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

// ready waits until the portal says that it can work; the first start loads the
// sample data.
func ready(base string, exited <-chan error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-exited:
			return fmt.Errorf("the portal ended instead of starting: %w", errors.Join(err, errEnded))
		case <-ctx.Done():
			return fmt.Errorf("the portal was not ready in time: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

var errEnded = errors.New("exited")

// stop asks the portal to end and gives it ten seconds, as a service manager
// would.
func stop(process *os.Process, exited <-chan error) error {
	if err := process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("it had already ended: %w", err)
	}
	select {
	case err := <-exited:
		return err
	case <-time.After(10 * time.Second):
		_ = process.Kill()
		return fmt.Errorf("it was killed after ten seconds: %w", <-exited)
	}
}

// tail keeps the end of a log.
func tail(log []byte) []byte {
	const most = 4000
	return log[max(0, len(log)-most):]
}
