package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
)

// An answer is what the bare server sends: bytes and headers of the portal.
type answer struct {
	Status  int
	Headers [][2]string
	Body    []byte
}

// serveBare is the reference for pages: a server that does nothing but send
// answers from memory. It runs as a process of its own, as the portal does.
func serveBare(ctx context.Context, args []string) error {
	f := flag.NewFlagSet("serve-bare", flag.ContinueOnError)
	addr, file := f.String("addr", "127.0.0.1:0", "where to listen"), f.String("answers", "", "file of the answers")
	if err := f.Parse(args); err != nil {
		return err
	}
	raw, err := os.ReadFile(*file)
	if err != nil {
		return err
	}
	var answers []answer
	if err := json.Unmarshal(raw, &answers); err != nil {
		return err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Server().NoDefaultServerHeader = true
	for i, a := range answers {
		app.Get("/"+strconv.Itoa(i), func(c *fiber.Ctx) error {
			for _, h := range a.Headers {
				c.Response().Header.Set(h[0], h[1])
			}
			c.Response().SetStatusCode(a.Status)
			c.Response().SetBodyRaw(a.Body)
			return nil
		})
	}
	context.AfterFunc(ctx, func() { _ = app.ShutdownWithTimeout(time.Second) })
	return app.Listen(*addr)
}

// startBare runs the bare server as a process.
func (o options) startBare(ctx context.Context, answers []answer) (*portal, error) {
	raw, err := json.Marshal(answers)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(o.folder, "answers.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := o.address(1)
	if err != nil {
		return nil, err
	}
	p := &portal{addr: addr, exit: make(chan error, 1)}
	p.cmd = exec.Command(self, "serve-bare", "-addr", addr, "-answers", file)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.exit <- p.cmd.Wait() }()
	return p, p.waitFor(ctx, "/", func(status int, _ []byte) bool { return status == http.StatusNotFound })
}

// fetch reads an answer as it comes, so that the bare server can send the
// same. Date and length are the server's own.
func fetch(ctx context.Context, addr, path string, headers map[string]string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return answer{}, err
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	if req.Header.Get("Accept-Encoding") == "" {
		req.Header.Set("Accept-Encoding", "identity") // else the client would ask for gzip
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	a := answer{Status: resp.StatusCode}
	if a.Body, err = io.ReadAll(resp.Body); err != nil {
		return a, err
	}
	for name, values := range resp.Header {
		if name != "Date" && name != "Content-Length" {
			a.Headers = append(a.Headers, [2]string{name, values[0]})
		}
	}
	return a, nil
}

// header is the value of a header, "" when it was not sent.
func (a answer) header(name string) string {
	for _, h := range a.Headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}
