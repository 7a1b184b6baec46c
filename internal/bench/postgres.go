package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kokeilu/kokeilu/internal/store/pgstore/pgtest"
)

// postgres is PostgreSQL's full text search on a server of this run, over its
// local socket: words by the text's language in a GIN index, slips by trigrams
// of a list of words.
type postgres struct {
	server *pgtest.Server
	conn   *pgx.Conn
}

const (
	postgresSettings = `
shared_buffers = 1GB
work_mem = 128MB
effective_cache_size = 4GB
random_page_cost = 1.1
jit = off
max_wal_size = 8GB`

	postgresTables = `
CREATE EXTENSION pg_trgm;
CREATE TABLE texts (id int PRIMARY KEY, title text, summary text, body text, lang text, outcome text, country text, year text, themes text[], published timestamptz, conf regconfig, words tsvector)`

	postgresIndexes = `
UPDATE texts SET words = setweight(to_tsvector(conf, title), 'A') || setweight(to_tsvector(conf, summary), 'B') || to_tsvector(conf, left(body, 500000));
CREATE INDEX ON texts USING gin (words) WITH (fastupdate = off);
CREATE INDEX ON texts (published DESC);
CREATE TABLE known AS SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', title || '' '' || summary || '' '' || body) FROM texts');
CREATE INDEX ON known USING gin (word gin_trgm_ops);`
)

// configurations are PostgreSQL's words for our languages; it has none for
// Kazakh.
var configurations = map[string]string{"fi": "finnish", "sv": "swedish", "en": "english", "ru": "russian", "kk": "simple"}

func openPostgres(ctx context.Context, s *shelf) (engine, error) {
	server, err := pgtest.Start(postgresSettings)
	if err != nil {
		return nil, err
	}
	e := &postgres{server: server}
	if e.conn, err = pgx.Connect(ctx, server.DSN); err == nil {
		err = e.fill(ctx, s)
	}
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *postgres) fill(ctx context.Context, s *shelf) error {
	if _, err := e.conn.Exec(ctx, postgresTables); err != nil {
		return err
	}
	columns := []string{"id", "title", "summary", "body", "lang", "outcome", "country", "year", "themes", "published"}
	_, err := e.conn.CopyFrom(ctx, pgx.Identifier{"texts"}, columns, pgx.CopyFromSlice(len(s.texts), func(i int) ([]any, error) {
		t := s.texts[i]
		return []any{i, t.Title, t.Summary, s.plain[i], t.Lang, t.Outcome, t.Organisation[:2], fmt.Sprint(t.End.Year()), t.Themes, t.Published}, nil
	}))
	if err != nil {
		return err
	}
	for lang, conf := range configurations {
		if _, err := e.conn.Exec(ctx, "UPDATE texts SET conf = $2::text::regconfig WHERE lang = $1", lang, conf); err != nil {
			return err
		}
	}
	for _, one := range append(strings.Split(strings.TrimSpace(postgresIndexes), "\n"), "VACUUM FULL ANALYZE texts", "VACUUM ANALYZE known") {
		if _, err := e.conn.Exec(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (e *postgres) name() string { return "PostgreSQL" }

func (e *postgres) close() error {
	var err error
	if e.conn != nil {
		err = e.conn.Close(context.Background())
	}
	return errors.Join(err, e.server.Stop())
}

const (
	pgBest   = "SELECT title, summary FROM texts, to_tsquery($1::text::regconfig, $2) q WHERE words @@ q ORDER BY ts_rank(words, q) DESC LIMIT 10"
	pgLatest = "SELECT title, summary FROM texts WHERE words @@ to_tsquery($1::text::regconfig, $2) ORDER BY published DESC LIMIT 10"
	pgMarked = `WITH h AS MATERIALIZED (SELECT id, title, body, q FROM texts, to_tsquery($1::text::regconfig, $2) q WHERE words @@ q ORDER BY ts_rank(words, q) DESC LIMIT 10)
SELECT ts_headline($1::text::regconfig, title, q), ts_headline($1::text::regconfig, body, q, 'MaxWords=24, MinWords=12') FROM h`
	pgNewest = "SELECT title, summary FROM texts ORDER BY published DESC LIMIT 10"
	pgFound  = "SELECT count(*) FROM texts WHERE words @@ to_tsquery($1::text::regconfig, $2)"
	pgHeld   = "SELECT count(*) FROM texts"
	pgNear   = "SELECT word FROM known WHERE word % $1 ORDER BY similarity(word, $1) DESC LIMIT 7"
)

var (
	pgDeep   = fmt.Sprintf("%s OFFSET %d", pgNewest, depth)
	pgCounts = counting("h AS MATERIALIZED (SELECT lang, outcome, country, year, themes FROM texts WHERE words @@ to_tsquery($1::text::regconfig, $2))", "h", "(SELECT unnest(themes) AS theme FROM h) t")
	pgAll    = counting("h AS MATERIALIZED (SELECT lang, outcome, country, year, themes FROM texts)", "h", "(SELECT unnest(themes) AS theme FROM h) t")
)

func (e *postgres) ask(ctx context.Context, q inquiry) error {
	conf, typed := configurations[q.lang], strings.Join(q.words, " & ")
	switch q.class {
	case aPhrase:
		typed = strings.Join(q.words, " <-> ")
	case aBeginning:
		typed += ":*"
	case misspelt:
		near, err := e.near(ctx, q.words[0])
		if err != nil {
			return err
		}
		typed = strings.Join(near, " | ")
	case leavingOut:
		typed = q.words[0] + " & !" + q.words[1]
	case eitherOf:
		typed = strings.Join(q.words, " | ")
	case newest:
		return errors.Join(e.read(ctx, pgNewest), e.read(ctx, pgHeld))
	case deep:
		return errors.Join(e.read(ctx, pgDeep), e.read(ctx, pgHeld))
	case browsing: // what is counted says how many there are
		return errors.Join(e.read(ctx, pgAll), e.read(ctx, pgNewest))
	case withFacets:
		return errors.Join(e.read(ctx, pgCounts, conf, typed), e.read(ctx, pgBest, conf, typed))
	case highlighted:
		return errors.Join(e.read(ctx, pgMarked, conf, typed), e.read(ctx, pgFound, conf, typed))
	case byDate:
		return errors.Join(e.read(ctx, pgLatest, conf, typed), e.read(ctx, pgFound, conf, typed))
	}
	return errors.Join(e.read(ctx, pgBest, conf, typed), e.read(ctx, pgFound, conf, typed))
}

// near are the words likest to one.
func (e *postgres) near(ctx context.Context, word string) ([]string, error) {
	rows, err := e.conn.Query(ctx, pgNear, word)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return append(list, word), err
}

// read runs a query, prepared the first time, and reads what it gives.
func (e *postgres) read(ctx context.Context, query string, args ...any) error {
	rows, err := e.conn.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		rows.RawValues()
	}
	return rows.Err()
}
