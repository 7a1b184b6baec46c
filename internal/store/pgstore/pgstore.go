// Package pgstore keeps a portal's records in PostgreSQL, so that several
// nodes can serve one portal. All records are in one table, and whoever writes
// first locks one row of it: the writers of all nodes come one after the other,
// and none is ever refused because another was quicker.
package pgstore

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/id"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Limits of one node's use of the server.
const (
	readers     = 24               // connections for views, unless the DSN has pool_max_conns
	connectWait = 5 * time.Second  // for a connection, unless the DSN has connect_timeout
	openWait    = 10 * time.Second // for Open, unless its context ends before
	queryWait   = 30 * time.Second // for one query whose caller set no limit
	writeIdle   = "60s"            // a node that stops while it writes lets the others on after this
	readIdle    = "10min"          // and one that stops while it reads lets go of its snapshot
)

// Store is the kernel on a PostgreSQL database.
type Store struct {
	*store.DB
	driver *driver
	log    *slog.Logger
}

type settings struct {
	log    *slog.Logger
	strict bool
}

// Option changes how a database is opened.
type Option func(*settings)

// Log sets where the store reports what no caller can be told.
func Log(l *slog.Logger) Option { return func(s *settings) { s.log = l } }

// Strict finds every transaction inside another. It is for tests.
func Strict() Option { return func(s *settings) { s.strict = true } }

// Open connects to the database that dsn names, as a URL or as words
// ("host=/run/postgresql dbname=kokeilu"), and makes the table when it is
// missing. It fails with ErrUnreachable when no server answers and with
// ErrEncoding when the database cannot hold every text.
func Open(ctx context.Context, dsn string, opts ...Option) (s *Store, err error) {
	defer fault.Wrap(&err, "open PostgreSQL")
	set := settings{log: slog.Default()}
	for _, o := range opts {
		o(&set)
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, openWait)
		defer cancel()
	}
	d := &driver{node: id.New()}
	if d.reading, err = openPool(dsn, readIdle, readers); err != nil {
		return nil, err
	}
	if d.writing, err = openPool(dsn, writeIdle, 2); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	kernel := []store.Option{store.Log(set.log)}
	if set.strict {
		kernel = append(kernel, store.Strict())
	}
	return &Store{DB: store.New(d, kernel...), driver: d, log: set.log}, nil
}

// openPool makes a pool. It connects when it is first used.
func openPool(dsn, idle string, most int32) (*pgxpool.Pool, error) {
	words, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	c, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	if _, asked := words.RuntimeParams["pool_max_conns"]; !asked || most == 2 {
		c.MaxConns = most
	}
	c.MaxConnIdleTime = 5 * time.Minute
	c.PingTimeout = connectWait
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = connectWait
	}
	params := c.ConnConfig.RuntimeParams
	if params["application_name"] == "" {
		params["application_name"] = "kokeilu"
	}
	params["idle_in_transaction_session_timeout"] = idle
	c.AfterConnect = durable
	return pgxpool.NewWithConfig(context.Background(), c)
}

// durable makes a commit wait for the disk even where the server's default is
// not to.
func durable(ctx context.Context, c *pgx.Conn) error {
	return exec(ctx, c.PgConn(), `select set_config('synchronous_commit', 'on', false)
		where current_setting('synchronous_commit') = 'off'`)
}

// Update is store.DB's. Where the server asks for the transaction to be tried
// again, which only distributed ones do, fn runs again until ctx is over.
func (s *Store) Update(ctx context.Context, fn func(store.Tx) error) error {
	for try := 0; ; try++ {
		err := s.DB.Update(ctx, fn)
		if !errors.Is(err, errAgain) || ctx.Err() != nil || try == maxTries {
			return err
		}
	}
}

const maxTries = 20
