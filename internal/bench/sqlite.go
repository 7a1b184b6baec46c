package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/mattn/go-sqlite3"
)

// sqlite is SQLite's FTS5 in this process. Rows are numbered by date, so that
// ordering by date costs nothing; prefixes have an index; what is counted lies
// in a table of its own. FTS5 knows no stems of these languages.
type sqlite struct {
	db     *sql.DB
	folder string
	ready  map[class]*sql.Stmt
	words  words
}

const sqliteTables = `
PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA mmap_size = 4000000000; PRAGMA temp_store = MEMORY;
CREATE TABLE texts (id INTEGER PRIMARY KEY, title TEXT, summary TEXT, body TEXT);
CREATE TABLE facts (id INTEGER PRIMARY KEY, lang TEXT, outcome TEXT, country TEXT, year TEXT);
CREATE TABLE themes (id INTEGER, theme TEXT, PRIMARY KEY (id, theme)) WITHOUT ROWID;
CREATE VIRTUAL TABLE found USING fts5(title, summary, body, content='texts', content_rowid='id', tokenize="unicode61 remove_diacritics 2", prefix='4');`

func (b *bench) openSQLite(ctx context.Context, s *shelf) (engine, error) {
	folder, err := os.MkdirTemp(b.folder, "run-*")
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite3", filepath.Join(folder, "cases.db"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	e := &sqlite{db: db, folder: folder, ready: map[class]*sql.Stmt{}, words: wordsIn(s)}
	if err := errors.Join(e.fill(ctx, s), e.prepare(ctx)); err != nil {
		return nil, errors.Join(err, e.close())
	}
	return e, nil
}

func (e *sqlite) fill(ctx context.Context, s *shelf) error {
	if _, err := e.db.ExecContext(ctx, sqliteTables); err != nil {
		return err
	}
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for n, i := range s.byDate() {
		t := s.texts[i]
		_, err1 := tx.ExecContext(ctx, "INSERT INTO texts VALUES (?,?,?,?)", n+1, t.Title, t.Summary, s.plain[i])
		_, err2 := tx.ExecContext(ctx, "INSERT INTO facts VALUES (?,?,?,?,?)", n+1, t.Lang, t.Outcome, t.Organisation[:2], fmt.Sprint(t.End.Year()))
		for _, theme := range t.Themes {
			_, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO themes VALUES (?,?)", n+1, theme)
			err2 = errors.Join(err2, err)
		}
		if err := errors.Join(err1, err2); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = e.db.ExecContext(ctx, "INSERT INTO found(found) VALUES('rebuild'); INSERT INTO found(found) VALUES('optimize'); ANALYZE")
	return err
}

// prepare makes the statement of each class.
func (e *sqlite) prepare(ctx context.Context) error {
	const shown = "SELECT t.title, t.summary FROM "
	best := shown + "(SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 5, 2, 1) LIMIT 10) f JOIN texts t ON t.id = f.rowid"
	latest := shown + "(SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid DESC LIMIT 10) f JOIN texts t ON t.id = f.rowid"
	list := "SELECT title, summary FROM texts ORDER BY id DESC LIMIT 10"
	for c, query := range map[class]string{
		howMany: "SELECT count(*) FROM found WHERE found MATCH ?", allOfThem: "SELECT count(*) FROM facts",
		"": best, byDate: latest, newest: list, deep: list + fmt.Sprintf(" OFFSET %d", depth),
		highlighted: "SELECT highlight(found, 0, '<b>', '</b>'), snippet(found, -1, '<b>', '</b>', '…', 24) FROM found WHERE found MATCH ? ORDER BY bm25(found, 5, 2, 1) LIMIT 10",
		withFacets:  counting("h AS MATERIALIZED (SELECT rowid AS id FROM found WHERE found MATCH ?)", "h JOIN facts USING (id)", "h JOIN themes USING (id)"),
		browsing:    counting("h AS (SELECT 1)", "facts", "themes"),
	} {
		var err error
		if e.ready[c], err = e.db.PrepareContext(ctx, query); err != nil {
			return err
		}
	}
	return nil
}

// counting is a query that counts five facets of what is found.
func counting(with, facts, themes string) string {
	var parts []string
	for _, name := range []string{"lang", "outcome", "country", "year"} {
		parts = append(parts, fmt.Sprintf("SELECT '%s', %s, count(*) FROM %s GROUP BY 2", name, name, facts))
	}
	parts = append(parts, fmt.Sprintf("SELECT 'theme', theme, count(*) FROM %s GROUP BY 2", themes))
	return "WITH " + with + " " + strings.Join(parts, " UNION ALL ")
}

func (e *sqlite) name() string { return "SQLite FTS5" }

func (e *sqlite) close() error { return errors.Join(e.db.Close(), os.RemoveAll(e.folder)) }

// What a page says besides ten finds.
const howMany, allOfThem class = "how many are found", "how many there are"

func (e *sqlite) ask(ctx context.Context, q inquiry) error {
	match := strings.Join(q.words, " ")
	switch q.class {
	case aPhrase:
		match = `"` + match + `"`
	case aBeginning:
		match += "*"
	case misspelt:
		match = strings.Join(e.words.near(q.words[0]), " OR ")
	case leavingOut:
		match = q.words[0] + " NOT " + q.words[1]
	case eitherOf:
		match = q.words[0] + " OR " + q.words[1]
	case newest, deep:
		return errors.Join(e.read(ctx, q.class), e.read(ctx, allOfThem))
	case browsing: // what is counted says how many there are
		return errors.Join(e.read(ctx, browsing), e.read(ctx, newest))
	case withFacets:
		return errors.Join(e.read(ctx, withFacets, match), e.read(ctx, "", match))
	case highlighted, byDate:
		return errors.Join(e.read(ctx, q.class, match), e.read(ctx, howMany, match))
	}
	return errors.Join(e.read(ctx, "", match), e.read(ctx, howMany, match))
}

// read runs a statement and reads what it gives.
func (e *sqlite) read(ctx context.Context, c class, args ...any) error {
	rows, err := e.ready[c].QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]sql.RawBytes, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// byDate are the numbers of the texts, oldest first.
func (s *shelf) byDate() []int {
	order := make([]int, len(s.texts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.texts[a].Published.Compare(s.texts[b].Published) })
	return order
}
