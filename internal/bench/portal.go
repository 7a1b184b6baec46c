package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A portal is the program, running as a process of its own.
type portal struct {
	addr  string
	token string
	data  string // folder that is thrown away when it stops
	cmd   *exec.Cmd
	exit  chan error
	first time.Duration // from its start to the first page
	used  time.Duration // processor time until then
	anon  float64       // megabytes of anonymous memory then
}

func (p *portal) pid() int { return p.cmd.Process.Pid }

// startPortal runs a demonstration on a data folder and waits until a page is
// there; its log goes to a file beside the folder.
func (o options) startPortal(ctx context.Context, folder string) (*portal, error) {
	addr, err := o.address(0)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(o.folder, "portal.log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	p := &portal{addr: addr, data: folder, exit: make(chan error, 1)}
	p.cmd = exec.Command(o.program, "serve", "--demo", "--addr", addr, "--data", folder)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	start := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.exit <- p.cmd.Wait() }()
	if err := p.waitFor(ctx, "/en", func(status int, _ []byte) bool { return status == http.StatusOK }); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	p.first = time.Since(start)
	p.used, err = cpuOf(p.pid())
	if err == nil {
		p.anon, err = anonymous(p.pid())
	}
	return p, err
}

// address is where a server may listen: the port with a number from the first,
// or any that is free.
func (o options) address(number int) (string, error) {
	port := 0
	if o.port > 0 {
		port = o.port + number
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// waitFor asks for a page until it is as wanted.
func (p *portal) waitFor(ctx context.Context, path string, wanted func(status int, body []byte) bool) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if status, body, err := p.read(ctx, path); err == nil && wanted(status, body) {
			return nil
		}
		select {
		case err := <-p.exit:
			p.exit <- err
			return fmt.Errorf("the portal ended, its log says why: %w", errors.Join(err, os.ErrProcessDone))
		case <-ctx.Done():
			return fmt.Errorf("%s is not as wanted: %w", path, ctx.Err())
		case <-tick.C:
		}
	}
}

// read gets a page, following redirects.
func (p *portal) read(ctx context.Context, path string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.addr+path, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

// stop ends the portal as a service manager would and throws its data away;
// only the log stays.
func (p *portal) stop() error {
	defer func() { _ = os.RemoveAll(p.data) }()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-p.exit:
		return err
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		return fmt.Errorf("killed after %s: %w", patience, <-p.exit)
	}
}

// signIn makes a personal token of a person of the demonstration.
func (p *portal) signIn(ctx context.Context, as string) error {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm("http://"+p.addr+"/demo/sign-in", url.Values{"as": {as}})
	if err != nil {
		return err
	}
	_ = resp.Body.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+p.addr+"/api/v1/tokens", strings.NewReader(`{"name":"bench"}`))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	for _, c := range resp.Cookies() {
		req.AddCookie(c)
	}
	made, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = made.Body.Close() }()
	var body struct{ Token string }
	if err := json.NewDecoder(made.Body).Decode(&body); err != nil || body.Token == "" {
		return fmt.Errorf("sign in as %s: status %d: %w", as, made.StatusCode, err)
	}
	p.token = body.Token
	return nil
}

// post is an API request in the name of whoever signed in.
func (p *portal) post(path string, body any) ([]byte, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return request("POST", p.addr, path, raw, "Authorization: Bearer "+p.token), nil
}
