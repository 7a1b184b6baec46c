package pgstore

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Faults of a database on a server.
var (
	// ErrUnreachable means that the server does not answer, or cannot serve
	// now. Nothing was changed.
	ErrUnreachable = fault.New(fault.Unavailable, "store.unreachable")
	// ErrUnsure means that the connection broke during a commit: the change
	// may or may not be stored.
	ErrUnsure = fault.New(fault.Unavailable, "store.unsure")
	// ErrEncoding means that the database is not in UTF-8.
	ErrEncoding = fault.New(fault.Conflict, "store.encoding")
)

// errAgain means that nothing was stored and the transaction may be tried
// again.
var errAgain = fault.New(fault.Unavailable, "error.busy")

// explain turns what pgx reports into what the kernel's callers expect.
func explain(err error) error {
	pg, answered := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return nil
	case answered:
		return explainCode(pg, err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return store.ErrBusy.Because(err)
	default:
		return ErrUnreachable.Because(err)
	}
}

// explainCode reads the code of PostgreSQL's answer; its first two characters
// are its class.
func explainCode(pg *pgconn.PgError, err error) error {
	switch {
	case pg.Code == "40001" || pg.Code == "40P01": // not serialisable, deadlock
		return errAgain.Because(err)
	case pg.Code == "53100": // disk full
		return store.ErrFull.Because(err)
	case pg.Code == "57014": // cancelled, by a timeout of the server
		return store.ErrBusy.Because(err)
	case strings.HasPrefix(pg.Code, "08"), // connection
		strings.HasPrefix(pg.Code, "53"),  // too many connections, no memory
		strings.HasPrefix(pg.Code, "57P"), // the server starts or stops
		pg.Code == "25006",                // it is a copy that can only be read
		pg.Code == "25P03":                // the transaction was idle for too long
		return ErrUnreachable.Because(err)
	}
	return err
}

// explainCommit is explain for a commit, whose outcome is not known when no
// answer came.
func explainCommit(err error) error {
	pg, answered := errors.AsType[*pgconn.PgError](err)
	switch {
	case err == nil:
		return nil
	case answered && pg.SeverityUnlocalized == "ERROR", pgconn.SafeToRetry(err):
		return explain(err)
	}
	return ErrUnsure.Because(err) // also where the server said that it breaks down
}
