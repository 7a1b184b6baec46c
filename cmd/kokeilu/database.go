package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
	"github.com/kokeilu/kokeilu/internal/store/pgstore"
)

// database is a store as those who keep a portal need it.
type database interface {
	store.Store
	// Check reads everything and fails when something is not as it must be.
	Check(context.Context) error
	// Buckets names everything that holds records.
	Buckets(context.Context) ([]string, error)
	// OnWrites tells every commit.
	OnWrites(f func(iter.Seq[store.Write]))
	// Stats says what was done since the start.
	Stats() store.Stats
	// Usage says how much room it takes.
	Usage(context.Context) (store.Usage, error)
}

// copyable is a database that can write itself to a file.
type copyable interface {
	Backup(ctx context.Context, w io.Writer) (int64, error)
}

// shared is a database that several nodes use at the same time.
type shared interface {
	Listen(ctx context.Context, wake func())
	DefineViews(ctx context.Context, views ...pgstore.View) error
}

// openDatabase opens PostgreSQL where the settings name one, else the file in
// the data folder.
func openDatabase(ctx context.Context, c config.Config, log *slog.Logger) (database, error) {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, err
	}
	if c.Store.DSN != "" {
		return openNodeStore(ctx, c, log)
	}
	options := []boltstore.Option{boltstore.Log(log)}
	if c.Reserve > 0 {
		options = append(options, boltstore.Reserve(c.Reserve))
	}
	s, err := boltstore.Open(ctx, c.Data, options...)
	if err != nil {
		return nil, err // and no nil pointer in an interface
	}
	return s, nil
}

// nodeStore is PostgreSQL and the own data folder, which holds the index and is
// no other node's.
type nodeStore struct {
	*pgstore.Store
	lock *os.File
}

// Close releases the database, then the folder.
func (s nodeStore) Close() error { return errors.Join(s.Store.Close(), s.lock.Close()) }

func openNodeStore(ctx context.Context, c config.Config, log *slog.Logger) (database, error) {
	lock, err := lockFolder(filepath.Join(c.Data, "node.lock"))
	if err != nil {
		return nil, err
	}
	s, err := pgstore.Open(ctx, c.Store.DSN, pgstore.Log(log))
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return nodeStore{s, lock}, nil
}

func openPostgres(ctx context.Context, dsn string, log *slog.Logger) (database, error) {
	s, err := pgstore.Open(ctx, dsn, pgstore.Log(log))
	if err != nil {
		return nil, err
	}
	return s, nil
}

// isDSN tells the address of a database from a folder.
func isDSN(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://") || strings.Contains(place, "=")
}

// openFiles opens S3-compatible storage where the settings name some, else the
// folder beside the data.
func openFiles(ctx context.Context, c config.Config) (*files.Store, error) {
	if c.S3.Endpoint == "" {
		return files.Open(filepath.Join(c.Data, "files"))
	}
	return files.OpenS3(ctx, files.S3{
		Endpoint: c.S3.Endpoint, Bucket: c.S3.Bucket, Region: c.S3.Region, AccessKey: c.S3.AccessKey, SecretKey: c.S3.SecretKey,
	})
}
