// Package files keeps the pictures that people add: checked, turned upright,
// written anew without what the camera noted about place and time, and named
// by the hash of their bytes.
package files

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"os"
	"path"
	"strconv"
	"syscall"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// File is a picture that is kept. Its address is /files/HASH; below
// Widths[0] it has thumbnails at /files/HASH/WIDTH.
type File struct {
	Hash   string
	Width  int
	Height int
}

// URL is the address of the picture.
func (f File) URL() string { return URL(f.Hash) }

// URL is the address of the picture with a hash.
func URL(hash string) string { return "/files/" + hash }

// Thumbnail is the address of the picture in a width. Where the picture is no
// wider, the picture itself is served there.
func Thumbnail(hash string, width int) string { return URL(hash) + "/" + strconv.Itoa(width) }

// Store keeps pictures in a folder. It never writes outside of it.
type Store struct {
	root *os.Root
	busy chan struct{} // unpacking takes memory: few at a time
}

// Open opens a folder, and makes it if need be.
func Open(dir string) (_ *Store, err error) {
	defer fault.Wrap(&err, "files in %q", dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &Store{root: root, busy: make(chan struct{}, 2)}, nil
}

// Close releases the folder.
func (s *Store) Close() error { return s.root.Close() }

// Add keeps a picture and returns what it is known by. It fails with ErrType
// for anything but JPEG, PNG and WebP, with ErrTooBig and ErrPixels for more
// than is accepted, with ErrBroken for what cannot be unpacked and with
// store.ErrFull. The same picture added again is the same file.
func (s *Store) Add(ctx context.Context, r io.Reader) (f File, err error) {
	defer fault.Wrap(&err, "add a file")
	b, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return f, ErrBroken.Because(err)
	}
	select {
	case s.busy <- struct{}{}:
		defer func() { <-s.busy }()
	case <-ctx.Done():
		return f, store.ErrBusy.Because(ctx.Err())
	}
	img, err := read(b)
	if err != nil {
		return f, err
	}
	whole, err := encode(img)
	if err != nil {
		return f, err
	}
	sum := sha256.Sum256(whole)
	f = File{Hash: hex.EncodeToString(sum[:]), Width: img.Bounds().Dx(), Height: img.Bounds().Dy()}
	for _, width := range Widths {
		if width >= f.Width {
			continue
		}
		small, err := encode(scaled(img, width, f.Height))
		if err != nil {
			return f, err
		}
		if err := s.write(name(f.Hash, width), small); err != nil {
			return f, err
		}
	}
	return f, s.write(name(f.Hash, 0), whole)
}

// AddPart keeps a picture that came with a form. A large one may wait longer
// for its turn than ordinary work.
func (s *Store) AddPart(ctx context.Context, head *multipart.FileHeader) (File, error) {
	if head.Size > MaxBytes {
		return File{}, ErrTooBig
	}
	part, err := head.Open()
	if err != nil {
		return File{}, ErrBroken.Because(err)
	}
	defer func() { _ = part.Close() }() // only read from
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	return s.Add(ctx, part)
}

// Get returns a picture, or its thumbnail of a width, and its media type. It
// fails with store.ErrNotFound. Width 0 is the picture itself.
func (s *Store) Get(hash string, width int) (b []byte, mediaType string, err error) {
	if !IsHash(hash) {
		return nil, "", store.ErrNotFound
	}
	b, err = s.read(name(hash, width))
	if errors.Is(err, store.ErrNotFound) && width != 0 {
		b, err = s.read(name(hash, 0))
	}
	if err != nil {
		return nil, "", err
	}
	return b, "image/" + sniff(b), nil
}

// Has reports whether a picture is kept.
func (s *Store) Has(hash string) bool {
	if !IsHash(hash) {
		return false
	}
	_, err := s.root.Stat(name(hash, 0))
	return err == nil
}

// IsHash reports whether a text has the form of a file's hash.
func IsHash(hash string) bool {
	b, err := hex.DecodeString(hash)
	return err == nil && len(b) == sha256.Size && hex.EncodeToString(b) == hash
}

// name is where a file lies: two levels, so that no folder grows too large.
func name(hash string, width int) string {
	n := path.Join(hash[:2], hash)
	if width != 0 {
		n += "." + strconv.Itoa(width)
	}
	return n
}

func (s *Store) read(name string) ([]byte, error) {
	f, err := s.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only: nothing can be lost
	return io.ReadAll(f)
}

// write puts bytes under a name, whole or not at all. What is there already
// has the same bytes.
func (s *Store) write(name string, b []byte) error {
	if _, err := s.root.Stat(name); err == nil {
		return nil
	}
	if err := s.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return room(err)
	}
	temp := name + "." + rand.Text() + ".part"
	f, err := s.root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return room(err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = s.root.Rename(temp, name)
	}
	if err != nil {
		_ = s.root.Remove(temp) // the first error is the one to tell
		return room(err)
	}
	return nil
}

func room(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return store.ErrFull.Because(err)
	}
	return err
}
