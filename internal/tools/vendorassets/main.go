// Command vendorassets fetches the CSS and JavaScript of others that this
// repository carries. vendored.json names each package with its version and the
// hash that npm publishes; the command runs `npm pack`, refuses an archive with
// another hash, copies the named files unchanged and writes their hashes back.
//
// To take a newer version, change version and integrity there
// (`npm view NAME@VERSION dist.integrity`) and run `make vendor-assets`.
package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// An asset is one npm package and the files taken from it.
type asset struct {
	Package   string `json:"package"`
	Version   string `json:"version"`
	Licence   string `json:"licence"`
	Integrity string `json:"integrity"`
	Files     []file `json:"files"`
}

// A file is copied from the package to a path of the repository.
type file struct {
	From   string `json:"from"`
	To     string `json:"to"`
	SHA256 string `json:"sha256"`
}

// main runs in internal/tools; the repository is two folders up.
func main() {
	if err := run("vendored.json", "../.."); err != nil {
		fmt.Fprintln(os.Stderr, "vendorassets:", err)
		os.Exit(1)
	}
}

func run(list, root string) error {
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var assets []asset
	if err := json.Unmarshal(text, &assets); err != nil {
		return fmt.Errorf("%s: %w", list, err)
	}
	for _, a := range assets {
		archive, err := pack(a)
		if err != nil {
			return err
		}
		if err := a.copyFrom(archive, root); err != nil {
			return fmt.Errorf("%s: %w", a.Package, err)
		}
		fmt.Println(a.Package, a.Version)
	}
	out, err := json.MarshalIndent(assets, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(list, append(out, '\n'), 0o644)
}

// pack lets npm download the package and returns its archive.
func pack(a asset) ([]byte, error) {
	folder, err := os.MkdirTemp("", "vendorassets-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	npm := exec.Command("npm", "pack", "--silent", a.Package+"@"+a.Version)
	npm.Dir, npm.Stderr = folder, os.Stderr
	name, err := npm.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("npm is missing. On Debian, as root: apt-get install npm")
	}
	if err != nil {
		return nil, fmt.Errorf("npm pack %s@%s: %w", a.Package, a.Version, err)
	}
	return os.ReadFile(filepath.Join(folder, filepath.Base(strings.TrimSpace(string(name)))))
}

// copyFrom checks the archive and writes the asset's files below root. Nothing
// is written when the archive is not the pinned one or lacks a file.
func (a *asset) copyFrom(archive []byte, root string) error {
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != a.Integrity {
		return fmt.Errorf("the archive has integrity %s, not the pinned %s", got, a.Integrity)
	}
	contents, err := unpack(archive)
	if err != nil {
		return err
	}
	for _, f := range a.Files {
		if _, ok := contents["package/"+f.From]; !ok {
			return fmt.Errorf("the archive has no %s", f.From)
		}
	}
	for i, f := range a.Files {
		text := contents["package/"+f.From]
		hash := sha256.Sum256(text)
		a.Files[i].SHA256 = hex.EncodeToString(hash[:])
		target := filepath.Join(root, filepath.FromSlash(f.To))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unpack returns the files of a gzipped tar archive by name.
func unpack(archive []byte) (map[string][]byte, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	contents := map[string][]byte{}
	entries := tar.NewReader(unzipped)
	for {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return contents, nil
		}
		if err != nil {
			return nil, err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		text, err := io.ReadAll(entries)
		if err != nil {
			return nil, err
		}
		contents[header.Name] = text
	}
}
