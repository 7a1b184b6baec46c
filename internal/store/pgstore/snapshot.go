package pgstore

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/kokeilu/kokeilu/internal/store"
)

const (
	selectOne  = `select value from record where bucket = $1 and key = $2`
	selectMany = `select key, value from record where bucket = $1 and key = any($2)`

	// An open end of a range is a condition of its own, not a parameter that is
	// sometimes null, so that the index is used for it.
	pageUp       = `select key, value from record where bucket = $1 and key >= $2 and key < $3 order by key limit $4`
	pageUpOpen   = `select key, value from record where bucket = $1 and key >= $2 order by key limit $3`
	pageDown     = `select key, value from record where bucket = $1 and key >= $2 and key < $3 order by key desc limit $4`
	pageDownOpen = `select key, value from record where bucket = $1 and key >= $2 order by key desc limit $3`
)

// How much a scan reads at once: it begins small, because many scans want the
// first entry only, and never holds much in memory.
const (
	firstPage = 32
	maxPage   = 1024
	pageBytes = 4 << 20
)

// snapshot reads a transaction.
type snapshot struct {
	conn  *pgxpool.Conn
	limit func() (context.Context, context.CancelFunc) // of one query
	known map[string]*known
}

// Get returns the value at key, or store.ErrNotFound.
func (s *snapshot) Get(bucket, key string) ([]byte, error) {
	if k := s.known[bucket]; k != nil {
		if err := s.readAhead(bucket, k, key); err != nil {
			return nil, err
		}
		if value, ok := k.values[key]; ok {
			return append([]byte{}, value...), nil
		}
	}
	ctx, cancel := s.limit()
	defer cancel()
	var value []byte
	err := s.conn.QueryRow(ctx, selectOne, columnOf(bucket), []byte(key)).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, explain(err)
	}
	return append([]byte{}, value...), nil
}

// Scan yields the entries of r. It reads them by pages, so that no cursor is
// open while the caller reads other records.
func (s *snapshot) Scan(bucket string, r store.Range) iter.Seq2[store.Entry, error] {
	return func(yield func(store.Entry, error) bool) {
		from, to := r.Bounds()
		for size := firstPage; ; {
			if to != "" && from >= to {
				return
			}
			page, bytes, err := s.page(bucket, from, to, r.Reverse, size)
			if err != nil {
				yield(store.Entry{}, err)
				return
			}
			s.expect(bucket, page)
			for _, e := range page {
				if !yield(e, nil) {
					return
				}
			}
			if len(page) < size {
				return
			}
			if last := page[len(page)-1].Key; r.Reverse {
				to = last
			} else {
				from = last + "\x00"
			}
			size = nextPage(size, bytes)
		}
	}
}

// nextPage is how many entries to read after a page of this size and weight.
func nextPage(size, bytes int) int {
	return max(1, min(4*size, maxPage, pageBytes*size/max(bytes, 1)))
}

func (s *snapshot) page(bucket, from, to string, reverse bool, size int) (page []store.Entry, bytes int, err error) {
	sql, args := pageUp, []any{columnOf(bucket), []byte(from), []byte(to), size}
	switch {
	case reverse && to == "":
		sql, args = pageDownOpen, []any{columnOf(bucket), []byte(from), size}
	case reverse:
		sql = pageDown
	case to == "":
		sql, args = pageUpOpen, []any{columnOf(bucket), []byte(from), size}
	}
	page = make([]store.Entry, 0, min(size, 64))
	err = s.query(sql, args, func(key, value []byte) {
		bytes += len(key) + len(value)
		page = append(page, store.Entry{Key: string(key), Value: append([]byte{}, value...)})
	})
	return page, bytes, err
}

// query hands the key and value of every row to f, which copies them.
func (s *snapshot) query(sql string, args []any, f func(key, value []byte)) error {
	ctx, cancel := s.limit()
	defer cancel()
	rows, err := s.conn.Query(ctx, sql, args...)
	if err != nil {
		return explain(err)
	}
	var key, value pgtype.DriverBytes
	_, err = pgx.ForEachRow(rows, []any{&key, &value}, func() error {
		f(key, value)
		return nil
	})
	return explain(err)
}

// Close ends the transaction and gives the connection back.
func (s *snapshot) Close() {
	if s.conn == nil {
		return
	}
	if s.conn.Conn().PgConn().TxStatus() != 'I' && !s.conn.Conn().IsClosed() {
		ctx, cancel := soon()
		_ = exec(ctx, s.conn.Conn().PgConn(), "rollback") // Release drops a connection where that failed
		cancel()
	}
	s.conn.Release()
	s.conn = nil
}

// known is what has been read of a bucket before it was asked for, and what is
// likely to be asked for next. It stays true as long as the transaction: what
// a group writes is sent at its end.
type known struct {
	values map[string][]byte
	next   []string
}

// aheadKeys is how many records are read when the first of them is asked for.
const aheadKeys = 64

func (s *snapshot) remember(bucket, key string, value []byte) {
	if s.known == nil {
		s.known = map[string]*known{}
	}
	s.known[bucket] = &known{values: map[string][]byte{key: value}}
}

// expect notes which records a page of an index leads to. The index NAME of a
// table is the bucket TABLE/NAME and its values are the table's keys. Without
// this every record of a list would be a message to the server and back.
func (s *snapshot) expect(bucket string, page []store.Entry) {
	slash := strings.LastIndexByte(bucket, '/')
	if slash <= 0 || len(page) < 2 {
		return
	}
	table := bucket[:slash]
	if s.known == nil {
		s.known = map[string]*known{}
	}
	next := make([]string, len(page))
	for i, e := range page {
		next[i] = string(e.Value)
	}
	s.known[table] = &known{next: next}
}

// readAhead reads key, when it is among those expected, with those behind it.
func (s *snapshot) readAhead(bucket string, k *known, key string) error {
	for i, next := range k.next {
		if next != key {
			continue
		}
		keys := make([][]byte, 0, aheadKeys)
		for _, next := range k.next[i:min(len(k.next), i+aheadKeys)] {
			keys = append(keys, []byte(next))
		}
		k.next = k.next[i+len(keys):]
		k.values = make(map[string][]byte, len(keys))
		return s.query(selectMany, []any{columnOf(bucket), keys}, func(key, value []byte) {
			k.values[string(key)] = append([]byte{}, value...)
		})
	}
	return nil
}
