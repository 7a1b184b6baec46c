package pgstore

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrNotDurable means that the server does not wait for the disk, so that a
// power cut may lose what was acknowledged.
var ErrNotDurable = fault.New(fault.Conflict, "store.not_durable")

// Buckets returns the names of all buckets that hold something.
func (s *Store) Buckets(ctx context.Context) (names []string, err error) {
	defer fault.Wrap(&err, "list the buckets")
	conn, columns, err := begin(ctx, s.driver.reading, `select distinct bucket from record order by bucket`)
	if err != nil {
		return nil, explain(err)
	}
	conn.Release()
	for _, column := range columns {
		name, err := bucketOf(column)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// Usage returns the size of the records and their index. The server looks after
// its room itself.
func (s *Store) Usage(ctx context.Context) (u store.Usage, err error) {
	defer fault.Wrap(&err, "measure the store")
	conn, size, err := begin(ctx, s.driver.reading, `select pg_total_relation_size('record')`)
	if err != nil {
		return u, explain(err)
	}
	conn.Release()
	u.Size, err = strconv.ParseInt(size[0], 10, 64)
	return u, err
}

// Clock is the time on the server.
func (s *Store) Clock(ctx context.Context) (at time.Time, err error) {
	defer fault.Wrap(&err, "ask the server's time")
	conn, rows, err := begin(ctx, s.driver.reading, `select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`)
	if err != nil {
		return at, explain(err)
	}
	conn.Release()
	return time.Parse(time.RFC3339Nano, rows[0])
}

// Connections is how many connections this node has to the database, how many
// of them are in use, and how many it may have.
func (s *Store) Connections() (open, used, most int32) {
	for _, pool := range []*pgxpool.Pool{s.driver.reading, s.driver.writing} {
		stat := pool.Stat()
		open, used, most = open+stat.TotalConns(), used+stat.AcquiredConns(), most+stat.MaxConns()
	}
	return open, used, most
}

// Check reads every record and fails when one cannot be read, or when the
// server does not keep what it acknowledges.
func (s *Store) Check(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "check the store")
	conn, facts, err := begin(ctx, s.driver.reading, `select current_setting('fsync') union all
		select current_setting('full_page_writes') union all
		select count(sha256(value))::text from record`)
	if err != nil {
		return explain(err)
	}
	conn.Release()
	if facts[0] != "on" || facts[1] != "on" {
		return ErrNotDurable.Because(fmt.Errorf("fsync is %s, full_page_writes is %s", facts[0], facts[1]))
	}
	return nil
}
