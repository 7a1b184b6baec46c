package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func archiveOf(t *testing.T, name, text string) (archive []byte, integrity string) {
	t.Helper()
	var buffer bytes.Buffer
	zipped := gzip.NewWriter(&buffer)
	entries := tar.NewWriter(zipped)
	if err := entries.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(text))}); err != nil {
		t.Fatal(err)
	}
	if _, err := entries.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := entries.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(buffer.Bytes())
	return buffer.Bytes(), "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func TestCopyFrom(t *testing.T) {
	archive, integrity := archiveOf(t, "package/dist/a.css", "a{}")
	tests := map[string]struct {
		integrity, from, wantError string
	}{
		"a pinned archive is copied":     {integrity, "dist/a.css", ""},
		"another archive is refused":     {"sha512-other", "dist/a.css", "not the pinned"},
		"a file that is not in it fails": {integrity, "dist/b.css", "no dist/b.css"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			a := asset{Integrity: tt.integrity, Files: []file{{From: tt.from, To: "vendor/a.css"}}}
			err := a.copyFrom(archive, root)
			written, readErr := os.ReadFile(filepath.Join(root, "vendor", "a.css"))
			if tt.wantError != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantError) {
					t.Errorf("error = %v, want one about %q", err, tt.wantError)
				}
				if readErr == nil {
					t.Error("a file was written all the same")
				}
				return
			}
			if err != nil || string(written) != "a{}" || len(a.Files[0].SHA256) != 64 {
				t.Errorf("err %v, written %q, hash %q", err, written, a.Files[0].SHA256)
			}
		})
	}
}
