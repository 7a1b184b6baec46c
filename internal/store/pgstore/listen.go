package pgstore

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Pauses before Listen connects again.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// Listen calls wake when another node has written to the journal, until ctx is
// done. It only saves waiting: while the connection is lost nothing is heard,
// and wake is called once when it is there again. Run it in a goroutine of its
// own.
func (s *Store) Listen(ctx context.Context, wake func()) {
	pause := firstPause
	for ctx.Err() == nil {
		heard, err := s.listen(ctx, wake)
		if ctx.Err() != nil {
			return
		}
		if heard {
			pause = firstPause
		}
		s.log.Warn("PostgreSQL tells us nothing of other nodes for a while", "pause", pause, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
}

// listen listens on one connection for as long as it lasts, and reports whether
// it came about at all.
func (s *Store) listen(ctx context.Context, wake func()) (heard bool, err error) {
	config := s.driver.reading.Config().ConnConfig.Copy()
	delete(config.RuntimeParams, "idle_in_transaction_session_timeout")
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, err
	}
	defer func() {
		ctx, cancel := soon()
		defer cancel()
		_ = conn.Close(ctx) // it may be lost already
	}()
	if _, err := conn.Exec(ctx, "listen "+pgx.Identifier{s.driver.channel}.Sanitize()); err != nil {
		return false, err
	}
	for {
		wake() // the first time for what was missed
		if err := s.foreign(ctx, conn); err != nil {
			return true, err
		}
	}
}

// foreign waits until another node says that it wrote. A silent connection is
// tried from time to time, for it may be dead.
func (s *Store) foreign(ctx context.Context, conn *pgx.Conn) error {
	for {
		quiet, cancel := context.WithTimeout(ctx, time.Minute)
		n, err := conn.WaitForNotification(quiet)
		timedOut := quiet.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil && n.Payload != s.driver.node:
			return nil
		case err == nil:
		case timedOut && !conn.IsClosed():
			if err := ping(ctx, conn); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

func ping(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, connectWait)
	defer cancel()
	return conn.Ping(ctx)
}
