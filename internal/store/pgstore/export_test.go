package pgstore

import (
	"context"
	"strings"
)

// The record that all writers lock.
const (
	LockBucket = lockBucket
	LockKey    = lockKey
)

// ColumnOf is how a bucket is called in the table.
func ColumnOf(bucket string) string { return columnOf(bucket) }

// NextPage is how many entries a scan reads next.
func NextPage(size, bytes int) int { return nextPage(size, bytes) }

// Setting is what the connections of writers have as a setting.
func (s *Store) Setting(ctx context.Context, name string) (string, error) {
	conn, facts, err := begin(ctx, s.driver.writing, "select current_setting('"+name+"')")
	if err != nil {
		return "", err
	}
	conn.Release()
	return strings.Join(facts, ","), nil
}
