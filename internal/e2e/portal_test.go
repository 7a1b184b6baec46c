package e2e_test

import (
	"context"
	"flag"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		os.Exit(standIn(os.Args[2:]))
	}
	os.Exit(e2e.Run(m))
}

// standIn is this test program playing the portal: it is ready after a moment
// and leaves in good order when asked to.
func standIn(args []string) int {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	addr, _, _ := flags.String("addr", "", ""), flags.String("data", "", ""), flags.Bool("demo", false, "")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ready := time.Now().Add(200 * time.Millisecond)
	server := &http.Server{Addr: *addr, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if time.Now().Before(ready) {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		return 1
	}
	return 0
}

func TestPortalIsReadyAndStops(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("KOKEILU_BIN", program)
	var address string
	t.Run("while the test runs", func(t *testing.T) {
		portal := e2e.StartPortal(t)
		address = portal.URL
		response, err := http.Get(portal.URL + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("status = %d", response.StatusCode)
		}
		if _, err := os.Stat(portal.Data); err != nil {
			t.Error(err)
		}
	})
	if response, err := http.Get(address + "/readyz"); err == nil {
		response.Body.Close()
		t.Error("the portal still answers after its test")
	}
}
