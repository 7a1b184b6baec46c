package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

func storeCommand(s *settings) *cobra.Command {
	cmd := &cobra.Command{Use: "store", Short: "Check the records, or move them between a file and PostgreSQL"}
	cmd.AddCommand(&cobra.Command{
		Use: "copy FROM TO", Short: "Copy all records and compare both sides", Args: cobra.ExactArgs(2),
		Long: "Copy every record from one store to an empty other one, then read both and compare counts and hashes. FROM and TO are each a data folder or the address of a PostgreSQL database (postgres://USER@HOST/NAME). Stop the portal first. Pictures are not copied: they stay in the data folder, or in S3-compatible storage.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := s.load()
			if err != nil {
				return err
			}
			return copyStore(cmd.Context(), args[0], args[1], c.Verbose, cmd.OutOrStdout())
		},
	})
	cmd.AddCommand(&cobra.Command{
		Use: "check", Short: "Read every record and the whole journal, and say what there is", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return perform(cmd, s, "store-check", noArgs{}) },
	})
	return cmd
}

func init() { define("store-check", checkStore) }

// checkStore reads everything. The portal goes on meanwhile, but writes wait.
func checkStore(ctx context.Context, a *App, _ noArgs, out io.Writer) (err error) {
	defer fault.Wrap(&err, "check the store")
	if err := a.Store.Check(ctx); err != nil {
		return err
	}
	head, err := a.Journal.Verify(ctx)
	if err != nil {
		return err
	}
	buckets, err := a.Store.Buckets(ctx)
	if err != nil {
		return err
	}
	usage, err := a.Store.Usage(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The store is whole: %d buckets, %s; %d journal entries, head %s.\n", len(buckets), size(usage.Size), head.Seq, head.Hash)
	return err
}

// copyStore copies what is in one place to another that is empty.
func copyStore(ctx context.Context, from, to string, verbose bool, out io.Writer) (err error) {
	defer fault.Wrap(&err, "copy the store")
	if !isDSN(from) {
		if _, err := os.Stat(filepath.Join(from, boltstore.File)); err != nil {
			return err // opening would make an empty one
		}
	}
	source, err := openPlace(ctx, from, verbose)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := openPlace(ctx, to, verbose)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	if there, err := target.Buckets(ctx); err != nil || len(there) > 0 {
		return errors.Join(err, errNotEmpty)
	}
	buckets, err := copyOrder(ctx, source)
	if err != nil {
		return err
	}
	for _, bucket := range buckets {
		if err := copyBucket(ctx, source, target, bucket); err != nil {
			return fmt.Errorf("bucket %q: %w", bucket, err)
		}
	}
	return compareStores(ctx, source, target, out)
}

var errNotEmpty = errors.New("the target is not empty: give an empty folder or database")

func openPlace(ctx context.Context, place string, verbose bool) (database, error) {
	if isDSN(place) {
		return openPostgres(ctx, place, newLog(verbose))
	}
	s, err := boltstore.Open(ctx, place, boltstore.Log(newLog(verbose)))
	if err != nil {
		return nil, err
	}
	return s, nil
}

// copyOrder is every bucket, that of the journal's head last: without it a
// copy that was broken off does not pass for a portal.
func copyOrder(ctx context.Context, source database) ([]string, error) {
	buckets, err := source.Buckets(ctx)
	slices.SortFunc(buckets, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == journal.HeadBucket:
			return 1
		case b == journal.HeadBucket:
			return -1
		}
		return bytes.Compare([]byte(a), []byte(b))
	})
	return buckets, err
}

// How much is copied in one transaction.
const (
	copyRecords = 2000
	copyBytes   = 8 << 20
)

func copyBucket(ctx context.Context, source, target store.Store, bucket string) error {
	return source.View(ctx, func(tx store.Tx) error {
		var waiting []store.Entry
		size := 0
		write := func() error {
			batch := waiting
			waiting, size = nil, 0
			return target.Update(ctx, func(tx store.Tx) error { // ctx is not tx's: this is another store
				for _, e := range batch {
					if err := tx.Put(bucket, e.Key, e.Value); err != nil {
						return err
					}
				}
				return nil
			})
		}
		for e, err := range tx.Scan(bucket, store.Range{}) {
			if err != nil {
				return err
			}
			waiting, size = append(waiting, e), size+len(e.Key)+len(e.Value)
			if len(waiting) < copyRecords && size < copyBytes {
				continue
			}
			if err := write(); err != nil {
				return err
			}
		}
		return write()
	})
}

// sum is what one bucket holds.
type sum struct {
	Records int
	Bytes   int
	Hash    string
}

// sumBucket reads a bucket: SHA-256 of every key and value with its length.
func sumBucket(ctx context.Context, s store.Store, bucket string) (sum, error) {
	return store.Get(ctx, s, func(tx store.Tx) (out sum, err error) {
		h := sha256.New()
		for e, err := range tx.Scan(bucket, store.Range{}) {
			if err != nil {
				return out, err
			}
			addTo(h, []byte(e.Key))
			addTo(h, e.Value)
			out.Records++
			out.Bytes += len(e.Key) + len(e.Value)
		}
		out.Hash = hex.EncodeToString(h.Sum(nil))
		return out, nil
	})
}

func addTo(h hash.Hash, b []byte) {
	_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b)))) // a hash takes everything
	_, _ = h.Write(b)
}

// compareStores reads both sides again and says what they hold.
func compareStores(ctx context.Context, source, target database, out io.Writer) error {
	here, err := source.Buckets(ctx)
	there, terr := target.Buckets(ctx)
	if err := errors.Join(err, terr); err != nil {
		return err
	}
	slices.Sort(here)
	slices.Sort(there)
	if !slices.Equal(here, there) {
		return fmt.Errorf("the copy has the buckets %q, the original %q", there, here)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	var total sum
	for _, bucket := range here {
		a, err := sumBucket(ctx, source, bucket)
		b, berr := sumBucket(ctx, target, bucket)
		if err := errors.Join(err, berr); err != nil {
			return err
		}
		if a != b {
			return fmt.Errorf("%s differs: %d records (%s) became %d (%s); was the portal running?", bucket, a.Records, a.Hash, b.Records, b.Hash)
		}
		total.Records, total.Bytes = total.Records+a.Records, total.Bytes+a.Bytes
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", bucket, a.Records, a.Bytes, a.Hash[:16]) // Flush tells
	}
	if err := table.Flush(); err != nil {
		return err
	}
	head, err := journal.New(target).Verify(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Both sides are the same: %d records, %d bytes in %d buckets; %d journal entries, head %s.\n",
		total.Records, total.Bytes, len(here), head.Seq, head.Hash)
	return err
}
