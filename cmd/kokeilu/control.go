package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
)

// socketName is the control socket in the data folder. While a portal runs,
// commands are carried out by it; otherwise they open the data themselves.
const socketName = "control.sock"

// operation is a command's work on the data of a portal. It writes what the
// operator reads to out.
type operation func(ctx context.Context, a *App, args json.RawMessage, out io.Writer) error

// operations are the commands that work on a running portal too.
var operations = map[string]operation{}

// define registers an operation whose arguments are a T.
func define[T any](name string, f func(ctx context.Context, a *App, args T, out io.Writer) error) {
	operations[name] = func(ctx context.Context, a *App, raw json.RawMessage, out io.Writer) error {
		var args T
		if err := json.Unmarshal(raw, &args); err != nil {
			return err
		}
		return f(ctx, a, args, out)
	}
}

// perform carries out an operation: in the running portal when there is one,
// else on the data folder itself.
func perform(cmd *cobra.Command, s *settings, name string, args any) error {
	c, err := s.load()
	if err != nil {
		return err
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return err
	}
	if conn, err := dialControl(c.Data); err == nil {
		_ = conn.Close()
		return remote(cmd.Context(), c.Data, name, raw, cmd.OutOrStdout())
	}
	if err := c.Check(); err != nil {
		return err
	}
	a, err := OpenApp(cmd.Context(), c, newLog(c.Verbose))
	if err != nil {
		return err
	}
	a.bound()
	return errors.Join(operations[name](cmd.Context(), a, raw, cmd.OutOrStdout()), a.Close())
}

func dialControl(data string) (net.Conn, error) {
	return net.DialTimeout("unix", filepath.Join(data, socketName), time.Second)
}

// errorTrailer carries an operation's failure behind what it has printed.
const errorTrailer = "X-Kokeilu-Error"

func remote(ctx context.Context, data, name string, args []byte, out io.Writer) error {
	client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		return dialControl(data)
	}}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://control/"+name, bytes.NewReader(args))
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the running portal does not answer: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(out, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the running portal does not know %q", name)
	}
	if msg := resp.Trailer.Get(errorTrailer); msg != "" {
		return errors.New(msg)
	}
	return nil
}

// listenControl serves operations on the control socket until ctx is done.
// Only the user who runs the portal can reach it.
func (a *App) listenControl(ctx context.Context) error {
	path := filepath.Join(a.Config.Data, socketName)
	_ = os.Remove(path) // left by a portal that was killed; the store's lock has told that none runs
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(a.serveControl), ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.Log.Error("control socket failed", "err", err)
		}
	}()
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return nil
}

func (a *App) serveControl(w http.ResponseWriter, r *http.Request) {
	op := operations[r.URL.Path[1:]]
	if op == nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Trailer", errorTrailer)
	if err := op(r.Context(), a, raw, flushing{w}); err != nil {
		w.Header().Set(errorTrailer, explain(err))
	}
}

// flushing sends every line on at once.
type flushing struct{ http.ResponseWriter }

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.ResponseWriter.Write(p)
	_ = http.NewResponseController(f.ResponseWriter).Flush()
	return n, err
}
