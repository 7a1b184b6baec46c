package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/disk"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// Limits of what the doctor finds in order.
const (
	fullDisk    = 80 // per cent
	clockSlack  = 5 * time.Second
	backupEvery = 8 * 24 * time.Hour
)

func (a *App) examineRoom(ctx context.Context) (string, error) {
	free, ok := disk.Free(a.Config.Data)
	total, known := disk.Size(a.Config.Data)
	ok = ok && known
	if !ok || total == 0 {
		return "", remark("how much room the disk has cannot be found out here")
	}
	usage, err := a.Store.Usage(ctx)
	if err != nil {
		return "", err
	}
	return room(free, total, usage.Reserve)
}

// room says whether there is room for a while.
func room(free, total, reserve int64) (string, error) {
	text := fmt.Sprintf("%s of %s are free, %s of them reserved", size(free), size(total), size(reserve))
	switch used := 100 * (total - free) / total; {
	case free < reserve:
		return "", errors.New(text + ": changes are refused until there is more room")
	case free < 2*reserve:
		return "", errors.New(text + ": soon changes will be refused; make room")
	case used >= fullDisk:
		return "", remark(fmt.Sprintf("%s: the disk is %d %% full", text, used))
	}
	return text, nil
}

// examineClock compares the clock with the last entry of the journal and, where
// there is one, with the database server's.
func (a *App) examineClock(ctx context.Context) (string, error) {
	now := time.Now()
	head, err := store.Get(ctx, a.Store, a.Journal.Head)
	if err != nil {
		return "", err
	}
	if ahead := head.Time.Sub(now); ahead > clockSlack {
		return "", fmt.Errorf("the last entry of the journal is dated %s in the future: the clock was set back, or was wrong then; run NTP", ahead.Round(time.Second))
	}
	if server, ok := a.Store.(interface {
		Clock(context.Context) (time.Time, error)
	}); ok {
		before := time.Now()
		theirs, err := server.Clock(ctx)
		if err != nil {
			return "", err
		}
		if apart := theirs.Sub(before.Add(time.Since(before) / 2)).Abs(); apart > clockSlack {
			return "", fmt.Errorf("this clock and the database server's differ by %s: run NTP on both", apart.Round(time.Second))
		}
	}
	return now.UTC().Format(time.RFC3339) + ", and " + now.In(a.Config.Zone).Format("15:04 MST") + " for the portal", nil
}

// examinePermissions looks whether other users of the machine can read what is
// theirs to ask for.
func (a *App) examinePermissions(context.Context) (string, error) {
	c := a.Config
	private := []string{c.Data, filepath.Join(c.Data, boltstore.File), filepath.Join(c.Data, "files"), c.SMTPPasswordFile, c.Store.DSNFile, c.S3.SecretKeyFile}
	if c.File != "" && c.HoldsSecrets() {
		private = append(private, c.File)
	}
	var open []string
	for _, path := range private {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o077 != 0 && !a.sheltered(path) {
			open = append(open, path)
		}
	}
	if len(open) > 0 {
		return "", fmt.Errorf("other users of the machine can read %s: chmod go=", strings.Join(open, " "))
	}
	path, err := filepath.Abs(c.Data)
	return path + " is the portal's alone", err
}

// sheltered reports whether a path lies in a data folder that nobody else can
// enter.
func (a *App) sheltered(path string) bool {
	rel, err := filepath.Rel(a.Config.Data, path)
	if err != nil || rel == "." || strings.HasPrefix(rel, "..") {
		return false
	}
	info, err := os.Stat(a.Config.Data)
	return err == nil && info.Mode().Perm()&0o077 == 0
}

func (a *App) examinePictures(ctx context.Context) (string, error) {
	if err := a.Files.Reach(ctx); err != nil {
		return "", err
	}
	if a.Config.S3.Endpoint == "" {
		return "they are in the data folder", nil
	}
	return fmt.Sprintf("bucket %s at %s answers", a.Config.S3.Bucket, a.Config.S3.Endpoint), nil
}

// examineBackup looks how old the last backup is that this portal has made.
func (a *App) examineBackup(context.Context) (string, error) {
	if _, ok := a.Store.(copyable); !ok {
		return "", remark("the records are in PostgreSQL: whether they are backed up, only its tools know")
	}
	last, err := readLastBackup(a.Config.Data)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "", remark("none was made yet with `kokeilu backup`")
	case err != nil:
		return "", err
	}
	age := time.Since(last.Made)
	text := fmt.Sprintf("the last one was made %s ago: %s", age.Round(time.Hour), last.File)
	if age > backupEvery {
		return "", errors.New(text + "; do they not run any more?")
	}
	return text, nil
}
