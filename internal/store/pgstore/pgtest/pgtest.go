// Package pgtest gives tests an empty PostgreSQL database. It uses the server
// that KOKEILU_TEST_DSN names; without that it starts one from Debian's
// packages, on a socket in a temporary folder, which ends with the process.
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// DSN returns the address of an empty schema that is dropped when the test
// ends. Without PostgreSQL the test is skipped, or fails when CI=true.
func DSN(t testing.TB) string {
	t.Helper()
	server, err := theServer()
	if errors.Is(err, errMissing) && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	schema := "test_" + strings.ToLower(rand.Text())
	run(t, server.DSN, "create schema "+schema)
	t.Cleanup(func() { run(t, server.DSN, "drop schema "+schema+" cascade") })
	return with(server.DSN, "search_path", schema)
}

// with adds a word to a DSN, whichever of the two forms it has.
func with(dsn, name, value string) string {
	if u, err := url.Parse(dsn); err == nil && strings.HasPrefix(u.Scheme, "postgres") {
		q := u.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	return dsn + " " + name + "=" + value
}

// Exec runs statements on a database, as somebody else would.
func Exec(t testing.TB, dsn, sql string) {
	t.Helper()
	run(t, dsn, sql)
}

// Text returns the first column of the first row of a query, as text.
func Text(t testing.TB, dsn, sql string) string {
	t.Helper()
	var text string
	connected(t, dsn, func(ctx context.Context, c *pgx.Conn) error {
		rows, err := c.Query(ctx, sql, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return err
		}
		defer rows.Close()
		if rows.Next() {
			text = string(rows.RawValues()[0])
		}
		rows.Close()
		return rows.Err()
	})
	return text
}

func run(t testing.TB, dsn, sql string) {
	t.Helper()
	connected(t, dsn, func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
		return err
	})
}

func connected(t testing.TB, dsn string, f func(context.Context, *pgx.Conn) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }() // nothing is left to lose
	if err := f(ctx, c); err != nil {
		t.Fatal(err)
	}
}

// theServer is started once in a process, and kept: it ends when nobody holds
// it any more.
var theServer = sync.OnceValues(func() (*Server, error) {
	if dsn := os.Getenv("KOKEILU_TEST_DSN"); dsn != "" {
		return &Server{DSN: dsn}, nil
	}
	return Start("")
})
