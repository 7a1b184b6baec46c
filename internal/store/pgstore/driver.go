package pgstore

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kokeilu/kokeilu/internal/store"
)

// The record that every writer locks first: where the journal ends. It must be
// there to be locked, so that an empty one stands in until the journal begins.
const (
	lockBucket = "journal_head"
	lockKey    = "head"
	lockEmpty  = "{}"
)

const (
	beginRead = `begin isolation level repeatable read read only; select 1`

	beginWrite = `begin isolation level read committed;
		select encode(value, 'hex') from record where bucket = '` + lockBucket + `' and key = '` + lockKey + `' for update`

	insertLock = `insert into record (bucket, key, value)
		values ('` + lockBucket + `', '` + lockKey + `', '` + lockEmpty + `') on conflict do nothing`
)

// driver is the store.Driver: one row for each record.
type driver struct {
	reading *pgxpool.Pool
	writing *pgxpool.Pool // of its own, so that readers cannot keep writers out
	node    string        // who is this among the nodes
	channel string        // where nodes tell each other that they wrote
}

// Read begins a snapshot. The first statement fixes what it shows.
func (d *driver) Read(ctx context.Context) (store.Snapshot, error) {
	short, cancel := limited(ctx)
	defer cancel()
	conn, _, err := begin(short, d.reading, beginRead)
	if err != nil {
		return nil, explain(err)
	}
	return &snapshot{conn: conn, limit: func() (context.Context, context.CancelFunc) { return limited(ctx) }}, nil
}

// Write waits for its turn among the nodes. What it reads afterwards is the
// newest, and stays so until its commit, because nobody else can write.
func (d *driver) Write(ctx context.Context) (store.Group, error) {
	for {
		conn, rows, err := begin(ctx, d.writing, beginWrite)
		if err != nil {
			return nil, explain(err)
		}
		if len(rows) == 1 {
			return d.group(conn, rows[0])
		}
		_, err = conn.Exec(ctx, insertLock) // then lock it, like everybody else
		if err == nil {
			_, err = conn.Exec(ctx, "commit")
		}
		conn.Release()
		if err != nil {
			return nil, explain(err)
		}
	}
}

func (d *driver) group(conn *pgxpool.Conn, head string) (store.Group, error) {
	value, err := hex.DecodeString(head)
	if err != nil {
		conn.Release()
		return nil, fmt.Errorf("the head of the journal: %w", err)
	}
	s := snapshot{conn: conn, limit: func() (context.Context, context.CancelFunc) { return limited(context.Background()) }}
	s.remember(lockBucket, lockKey, value)
	return &group{snapshot: s, driver: d}, nil
}

// Close ends the connections.
func (d *driver) Close() error {
	for _, pool := range []*pgxpool.Pool{d.reading, d.writing} {
		if pool != nil {
			pool.Close()
		}
	}
	return nil
}

// begin takes a connection and runs sql, which begins a transaction, on it.
// Where the connection turns out to be dead, it takes another one: nothing has
// happened yet.
func begin(ctx context.Context, pool *pgxpool.Pool, sql string) (conn *pgxpool.Conn, rows []string, err error) {
	for range 3 {
		if conn, err = pool.Acquire(ctx); err != nil {
			return nil, nil, err
		}
		if rows, err = firstColumn(ctx, conn.Conn().PgConn(), sql); err == nil {
			return conn, rows, nil
		}
		conn.Release()
		if _, answered := errors.AsType[*pgconn.PgError](err); answered && !isGone(err) || ctx.Err() != nil {
			break
		}
	}
	return nil, nil, err
}

// isGone reports whether the server ended the connection.
func isGone(err error) bool {
	return errors.Is(explain(err), ErrUnreachable)
}

// firstColumn runs several statements in one message and returns the first
// column of the last one that has any.
func firstColumn(ctx context.Context, conn *pgconn.PgConn, sql string) ([]string, error) {
	results, err := conn.Exec(ctx, sql).ReadAll()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, r := range results {
		if r.Err != nil {
			return nil, r.Err
		}
		list = list[:0]
		for _, row := range r.Rows {
			list = append(list, string(row[0]))
		}
	}
	return list, nil
}

func exec(ctx context.Context, conn *pgconn.PgConn, sql string) error {
	_, err := firstColumn(ctx, conn, sql)
	return err
}

// limited gives a context without a deadline one.
func limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, queryWait)
}

// soon is a context for what has to be done whatever happened to the caller.
func soon() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), 5*time.Second)
}
