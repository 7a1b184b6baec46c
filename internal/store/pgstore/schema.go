package pgstore

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// Keys are bytes, so that they come in the same order whatever the language of
// the server is. Names of buckets are compared as bytes for the same reason.
const createTable = `create table if not exists record (
	bucket text collate "C" not null,
	key bytea not null,
	value bytea not null,
	primary key (bucket, key)
)`

// prepare checks the database and makes the table when it is missing. Nodes
// that start together may all try; all but one find it there.
func (d *driver) prepare(ctx context.Context) (err error) {
	conn, facts, err := begin(ctx, d.writing,
		`select current_setting('server_encoding') union all
		 select coalesce(current_schema(), '') union all
		 select coalesce(to_regclass('record')::text, '')`)
	if err != nil {
		return explain(err)
	}
	defer conn.Release()
	encoding, schema, table := facts[0], facts[1], facts[2]
	switch {
	case encoding != "UTF8":
		return ErrEncoding.With(encoding)
	case schema == "":
		return errors.New("the database has no schema to use: set search_path")
	}
	d.channel = "kokeilu_" + schema
	if table != "" {
		return nil
	}
	for range 5 {
		if err = exec(ctx, conn.Conn().PgConn(), createTable); err == nil || !isRace(err) {
			break
		}
	}
	return explain(err)
}

// isRace reports whether another node made the same thing at the same time.
func isRace(err error) bool {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pg.Code == "23505" || pg.Code == "42P07" || pg.Code == "42710")
}
