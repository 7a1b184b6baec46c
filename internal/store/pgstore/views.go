package pgstore

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// View is a read-only SQL view of one bucket for analysts, with the columns key
// (text) and value (jsonb).
type View struct {
	Name    string   // of the view
	Bucket  string   // whose values are JSON objects
	Without []string // fields that it leaves out
	Where   string   // SQL condition on key and value; empty: every record
}

// asJSON is null where jsonb could not hold the text.
const asJSON = `case when position('\u0000' in convert_from(value, 'UTF8')) = 0
	then convert_from(value, 'UTF8')::jsonb end`

// DefineViews creates views, or replaces what they show. Give analysts a role
// that may select from them and from nothing else.
func (s *Store) DefineViews(ctx context.Context, views ...View) (err error) {
	defer fault.Wrap(&err, "define SQL views")
	ctx, cancel := limited(ctx)
	defer cancel()
	conn, _, err := begin(ctx, s.driver.writing, beginWrite) // one node at a time
	if err != nil {
		return explain(err)
	}
	defer conn.Release() // which drops a connection that is in a transaction
	for _, v := range views {
		if err := exec(ctx, conn.Conn().PgConn(), v.sql()); err != nil {
			return fmt.Errorf("%s: %w", v.Name, explain(err))
		}
	}
	return explain(exec(ctx, conn.Conn().PgConn(), "commit"))
}

func (v View) sql() string {
	value := "value"
	if len(v.Without) > 0 {
		value = "value - array[" + quoteAll(v.Without) + "]"
	}
	where := v.Where
	if where == "" {
		where = "true"
	}
	return fmt.Sprintf(`create or replace view %s as select key, %s as value
		from (select encode(key, 'escape') as key, %s as value from record where bucket = %s) as r where %s`,
		pgx.Identifier{v.Name}.Sanitize(), value, asJSON, quoteAll([]string{columnOf(v.Bucket)}), where)
}

// quoteAll writes texts as SQL literals.
func quoteAll(texts []string) string {
	quoted := make([]string, len(texts))
	for i, t := range texts {
		quoted[i] = "'" + strings.ReplaceAll(t, "'", "''") + "'"
	}
	return strings.Join(quoted, ", ")
}
