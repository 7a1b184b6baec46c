package main

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// A backup is a tar file: the database as it was at one moment, then the
// files, then a manifest with the hash of each. The index is not in it; it is
// made from the data.
const (
	manifestName  = "manifest.json"
	backupVersion = 1
)

type manifest struct {
	Version int               `json:"version"`
	Program string            `json:"program"`
	Made    time.Time         `json:"made"`
	Hashes  map[string]string `json:"hashes"` // path in the archive → SHA-256
}

type backupArgs struct{ File string }

func init() { define("backup", backup) }

func backupCommand(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE.tar", Short: "Write all data to one file, while the portal runs", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			return perform(cmd, s, "backup", backupArgs{path})
		},
	}
}

// backup writes beside the target and renames at the end: a file with the
// asked name is always whole.
func backup(ctx context.Context, a *App, args backupArgs, out io.Writer) (err error) {
	defer fault.Wrap(&err, "back up to %s", args.File)
	if _, ok := a.Store.(copyable); !ok {
		return errBackupServer
	}
	tmp, err := os.CreateTemp(filepath.Dir(args.File), ".kokeilu-backup-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	n, err := a.writeBackup(ctx, tmp)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), args.File); err != nil {
		return err
	}
	if err := rememberBackup(a.Config.Data, lastBackup{Made: time.Now().UTC(), File: args.File}); err != nil {
		a.Log.Warn("when this backup was made is not noted", "err", err) // it is whole all the same
	}
	if a.Config.S3.Endpoint != "" {
		_, _ = fmt.Fprintf(out, "Pictures are in bucket %s and not in this backup.\n", a.Config.S3.Bucket) // the next line tells
	}
	_, err = fmt.Fprintf(out, "%d files are in %s. Check it with: kokeilu restore --verify %s\n", n, args.File, args.File)
	return err
}

// lastBackup says when a backup was made last. It is a file beside the data and
// no part of it, so that a backup changes nothing.
type lastBackup struct {
	Made time.Time `json:"made"`
	File string    `json:"file"`
}

const lastBackupName = "last-backup.json"

func rememberBackup(data string, last lastBackup) error {
	raw, err := json.Marshal(last)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(data, lastBackupName), append(raw, '\n'), 0o600)
}

// readLastBackup fails with os.ErrNotExist when none was made.
func readLastBackup(data string) (last lastBackup, err error) {
	raw, err := os.ReadFile(filepath.Join(data, lastBackupName))
	if err != nil {
		return last, err
	}
	return last, json.Unmarshal(raw, &last)
}

var errBackupServer = errors.New("the records are in PostgreSQL: back them up with pg_dump, and the pictures by copying the files folder or the bucket (see docs/administration.md)")

func (a *App) writeBackup(ctx context.Context, w io.Writer) (int, error) {
	m := manifest{Version: backupVersion, Program: buildVersion(), Made: a.Now().UTC(), Hashes: map[string]string{}}
	archive := tar.NewWriter(w)
	snapshot, err := a.snapshot(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.Remove(snapshot) }()
	if err := m.add(archive, boltstore.File, snapshot); err != nil {
		return 0, err
	}
	root := filepath.Join(a.Config.Data, "files")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if path == root && errors.Is(err, fs.ErrNotExist) {
			return nil // pictures are elsewhere
		}
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		rel, err := filepath.Rel(a.Config.Data, path)
		if err != nil {
			return err
		}
		return m.add(archive, filepath.ToSlash(rel), path)
	})
	if err != nil {
		return 0, err
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return 0, err
	}
	if err := archive.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(raw)), ModTime: m.Made}); err != nil {
		return 0, err
	}
	if _, err := archive.Write(raw); err != nil {
		return 0, err
	}
	return len(m.Hashes), archive.Close()
}

// snapshot copies the database as it is now to a temporary file.
func (a *App) snapshot(ctx context.Context) (path string, err error) {
	tmp, err := os.CreateTemp(a.Config.Data, ".snapshot-*")
	if err != nil {
		return "", err
	}
	file, ok := a.Store.(copyable)
	if !ok {
		return tmp.Name(), errors.Join(errBackupServer, tmp.Close())
	}
	_, err = file.Backup(ctx, tmp)
	return tmp.Name(), errors.Join(err, tmp.Close())
}

func (m *manifest) add(archive *tar.Writer, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: info.ModTime()}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(archive, sum), f); err != nil {
		return err
	}
	m.Hashes[name] = hex.EncodeToString(sum.Sum(nil))
	return nil
}
