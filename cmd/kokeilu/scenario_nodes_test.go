package main

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
	"github.com/kokeilu/kokeilu/search"
)

func TestTheMainJobOnPostgreSQL(t *testing.T) {
	dir := t.TempDir()
	a := openNode(t, dir, pgtest.DSN(t))
	(&story{base: inTurn(t, a), dir: dir}).tell(t)
}

// Every request goes to the other node than the one before.
func TestTheMainJobOnTwoNodes(t *testing.T) {
	dsn := pgtest.DSN(t)
	dir, other := t.TempDir(), t.TempDir()
	for _, shared := range []string{"mail", "files"} { // as a mail server and a bucket are
		if err := os.MkdirAll(filepath.Join(dir, shared), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Join(dir, shared), filepath.Join(other, shared)); err != nil {
			t.Fatal(err)
		}
	}
	a := openNode(t, dir, dsn) // the first loads the sample
	(&story{base: inTurn(t, a, openNode(t, other, dsn)), dir: dir}).tell(t)
}

// inTurn is the address of a proxy that gives requests to nodes in turn. A
// node's index may be milliseconds behind what another one took; the proxy lets
// it catch up, so that the story need not wait.
func inTurn(t *testing.T, nodes ...*App) string {
	t.Helper()
	var targets []*url.URL
	for _, a := range nodes {
		u, err := url.Parse(listen(t, a))
		if err != nil {
			t.Fatal(err)
		}
		targets = append(targets, u)
	}
	var n atomic.Int64
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		i := int(n.Add(1)) % len(nodes)
		for _, a := range nodes {
			if err := nodes[i].Journal.Wait(r.In.Context(), search.FollowerName, a.Journal.Seq()); err != nil {
				t.Error(err)
			}
		}
		r.SetURL(targets[i])
		r.Out.Host = r.In.Host
	}}
	server := httptest.NewServer(http.Handler(proxy))
	t.Cleanup(server.Close)
	return server.URL
}
