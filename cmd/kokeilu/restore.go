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

	"github.com/spf13/cobra"

	"github.com/kokeilu/kokeilu/internal/config"
	"github.com/kokeilu/kokeilu/internal/fault"
)

func restoreCommand(s *settings) *cobra.Command {
	var verify bool
	cmd := &cobra.Command{
		Use: "restore FILE.tar", Short: "Make a data folder from a backup, or only check the backup", Args: cobra.ExactArgs(1),
		Long: "Restore unpacks a backup into an empty data folder, checks every hash, the database and the whole journal. With --verify it does so in a temporary folder and keeps nothing.",
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := s.load()
			if err != nil {
				return err
			}
			if verify {
				if c.Data, err = os.MkdirTemp("", "kokeilu-verify-*"); err != nil {
					return err
				}
				defer func() { _ = os.RemoveAll(c.Data) }()
			}
			return restore(cmd.Context(), c, args[0], cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&verify, "verify", false, "check the backup and keep nothing")
	return cmd
}

// restore unpacks a backup into an empty folder and proves that it is whole. A
// folder that was not empty is left alone.
func restore(ctx context.Context, c config.Config, file string, out io.Writer) (err error) {
	defer fault.Wrap(&err, "restore %s", file)
	if err := c.Check(); err != nil {
		return err
	}
	c.Store, c.S3 = config.Store{}, config.S3{} // a backup is of a data folder, and so is what it becomes
	if entries, err := os.ReadDir(c.Data); err == nil && len(entries) > 0 {
		return fmt.Errorf("the data folder %s is not empty: move it away first", c.Data)
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	defer func() {
		if err != nil {
			err = errors.Join(err, empty(c.Data)) // so that nobody starts a portal on half of it
		}
	}()
	if err := unpack(f, c.Data); err != nil {
		return err
	}
	a, err := OpenApp(ctx, c, newLog(c.Verbose))
	if err != nil {
		return err
	}
	err = a.Store.Check(ctx)
	head, verr := a.Journal.Verify(ctx)
	if err := errors.Join(err, verr, a.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "The backup is whole: every file's hash, the database and the journal up to entry %d (%s).\n", head.Seq, head.Hash)
	return err
}

// empty removes what is in a folder, and leaves the folder: it may be the place
// of a volume.
func empty(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
	}
	return err
}

// unpack writes the files of a backup into dir and compares them with the
// manifest.
func unpack(r io.Reader, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // no path of an archive can lead out of it
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	var m *manifest
	seen := map[string]string{}
	for archive := tar.NewReader(r); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return m.compare(seen)
		}
		if err != nil {
			return fmt.Errorf("this is no backup: %w", err)
		}
		if h.Name == manifestName {
			m = &manifest{}
			if err := json.NewDecoder(archive).Decode(m); err != nil {
				return err
			}
			continue
		}
		seen[h.Name], err = unpackFile(root, h, archive)
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			return fmt.Errorf("the backup was cut off in %s", h.Name)
		case err != nil:
			return err
		}
	}
}

func unpackFile(root *os.Root, h *tar.Header, archive io.Reader) (sum string, err error) {
	name := filepath.FromSlash(h.Name)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return "", err
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(0o600))
	if err != nil {
		return "", err
	}
	hash := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, hash), archive)
	return hex.EncodeToString(hash.Sum(nil)), errors.Join(err, f.Sync(), f.Close())
}

// compare says whether what was unpacked is what was backed up.
func (m *manifest) compare(seen map[string]string) error {
	switch {
	case m == nil:
		return errors.New("the backup has no manifest: it was cut off")
	case m.Version > backupVersion:
		return fmt.Errorf("the backup is of version %d, made by %s; this program knows version %d", m.Version, m.Program, backupVersion)
	}
	for name, want := range m.Hashes {
		if seen[name] != want {
			return fmt.Errorf("%s in the backup is not what was backed up", name)
		}
	}
	if len(seen) != len(m.Hashes) {
		return errors.New("the backup holds files that its manifest does not know")
	}
	return nil
}
