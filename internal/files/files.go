// Package files keeps the pictures that people add: checked, turned upright,
// written anew without what the camera noted about place and time, and named
// by the hash of their bytes.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"path"
	"strconv"
	"strings"
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

// Store keeps pictures: in a folder (Open) or in S3-compatible storage
// (OpenS3).
type Store struct {
	place place
	busy  chan struct{} // unpacking takes memory: one at a time
}

// place is where files lie, under names made by name. What is there under a
// name never changes.
type place interface {
	// read returns a file, or store.ErrNotFound.
	read(ctx context.Context, name string) ([]byte, error)
	// write keeps a file, whole or not at all. It fails with store.ErrFull.
	write(ctx context.Context, name string, b []byte) error
	// has reports whether there is a file.
	has(ctx context.Context, name string) (bool, error)
	close() error
}

func newStore(p place) *Store { return &Store{place: p, busy: make(chan struct{}, 1)} }

// Close releases the place. The store cannot be used any more.
func (s *Store) Close() error { return s.place.close() }

// Reach fails when the place of the files does not answer, or is not there.
func (s *Store) Reach(ctx context.Context) (err error) {
	defer fault.Wrap(&err, "reach the files")
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = s.place.has(ctx, name(strings.Repeat("0", 2*sha256.Size), 0))
	return err
}

// patience is how long a place may take to answer one request.
const patience = 20 * time.Second

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
		if err := s.keep(ctx, name(f.Hash, width), small); err != nil {
			return f, err
		}
	}
	return f, s.keep(ctx, name(f.Hash, 0), whole)
}

// keep writes a file unless it is there: then it has the same bytes.
func (s *Store) keep(ctx context.Context, name string, b []byte) error {
	there, err := s.place.has(ctx, name)
	if err != nil || there {
		return err
	}
	return s.place.write(ctx, name, b)
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
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	b, err = s.place.read(ctx, name(hash, width))
	if errors.Is(err, store.ErrNotFound) && width != 0 {
		b, err = s.place.read(ctx, name(hash, 0))
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
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	there, err := s.place.has(ctx, name(hash, 0))
	return err == nil && there
}

// Look returns a picture that is kept, with its size. It fails with
// store.ErrNotFound.
func (s *Store) Look(hash string) (f File, err error) {
	defer fault.Wrap(&err, "look at a file")
	b, _, err := s.Get(hash, 0)
	if err != nil {
		return f, err
	}
	c, err := kinds[sniff(b)].config(b)
	if err != nil {
		return f, ErrBroken.Because(err)
	}
	return File{Hash: hash, Width: c.Width, Height: c.Height}, nil
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
