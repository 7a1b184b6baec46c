package files_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/store"
)

// places are where files may lie.
var places = map[string]func(t *testing.T) *files.Store{"folder": open, "S3": openS3}

func open(t *testing.T) *files.Store {
	t.Helper()
	s, err := files.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// each runs a test in every place.
func each(t *testing.T, fn func(t *testing.T, open func(t *testing.T) *files.Store)) {
	t.Helper()
	for name, open := range places {
		t.Run(name, func(t *testing.T) { fn(t, open) })
	}
}

// flag is a picture whose upper left quarter is red on blue.
func flag(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{B: 200, A: 255}
			if x < w/2 && y < h/2 {
				c = color.NRGBA{R: 220, A: 255}
			}
			img.Set(x, y, c)
		}
	}
	return img
}

func asJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// held is the JPEG as a camera held this way writes it, with the name of the
// place in its notes.
func held(t *testing.T, img image.Image, orientation uint16) []byte {
	t.Helper()
	place := "Ojakatu 5, Utajarvi\x00"
	var tiff bytes.Buffer
	le := binary.LittleEndian
	tiff.WriteString("II*\x00")
	for _, v := range []any{uint32(8), uint16(2),
		uint16(0x010e), uint16(2), uint32(len(place)), uint32(38),
		uint16(0x0112), uint16(3), uint32(1), orientation, uint16(0), uint32(0)} {
		if err := binary.Write(&tiff, le, v); err != nil {
			t.Fatal(err)
		}
	}
	tiff.WriteString(place)
	body := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	plain := asJPEG(t, img)
	out := append([]byte{}, plain[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), plain[2:]...)
}

func TestAPictureIsTurnedUprightAndLosesItsNotes(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) *files.Store) {
		// Where the red quarter lies after the camera's orientation is undone.
		corners := map[uint16]string{1: "top left", 2: "top right", 3: "bottom right", 4: "bottom left", 5: "top left", 6: "top right", 7: "bottom right", 8: "bottom left"}
		for turned, want := range corners {
			s := open(t)
			sent := held(t, flag(60, 40), turned)
			f, err := s.Add(t.Context(), bytes.NewReader(sent))
			if err != nil {
				t.Fatal(err)
			}
			if wide := f.Width == 60 && f.Height == 40; wide != (turned < 5) {
				t.Errorf("orientation %d: %d by %d", turned, f.Width, f.Height)
			}
			kept, mediaType, err := s.Get(f.Hash, 0)
			if err != nil || mediaType != "image/jpeg" {
				t.Fatalf("%s, %v", mediaType, err)
			}
			if !bytes.Contains(sent, []byte("Utajarvi")) || bytes.Contains(kept, []byte("Utajarvi")) || bytes.Contains(kept, []byte("Exif")) {
				t.Errorf("orientation %d: the camera's notes were kept", turned)
			}
			if got := redCorner(t, kept); got != want {
				t.Errorf("orientation %d: red is %s, want %s", turned, got, want)
			}
		}
	})
}

func redCorner(t *testing.T, b []byte) string {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	for name, p := range map[string]image.Point{
		"top left": {w / 4, h / 4}, "top right": {w * 3 / 4, h / 4}, "bottom left": {w / 4, h * 3 / 4}, "bottom right": {w * 3 / 4, h * 3 / 4},
	} {
		if r, _, blue, _ := img.At(p.X, p.Y).RGBA(); r > blue {
			return name
		}
	}
	return "nowhere"
}

func TestSizes(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) *files.Store) {
		s := open(t)
		f, err := s.Add(t.Context(), bytes.NewReader(asPNG(t, flag(2100, 210))))
		if err != nil {
			t.Fatal(err)
		}
		if f.Width != files.MaxSide || f.Height != 200 {
			t.Errorf("kept as %d by %d, want 2000 by 200", f.Width, f.Height)
		}
		for width, want := range map[int]int{480: 480, 960: 960, 0: 2000, 77: 2000} {
			b, _, err := s.Get(f.Hash, width)
			if err != nil {
				t.Fatal(err)
			}
			c, _, err := image.DecodeConfig(bytes.NewReader(b))
			if err != nil || c.Width != want {
				t.Errorf("width %d gives %d, %v; want %d", width, c.Width, err, want)
			}
		}
	})
}

func TestWhatIsTransparentStaysAPNG(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) *files.Store) {
		s := open(t)
		img := image.NewNRGBA(image.Rect(0, 0, 10, 10))
		f, err := s.Add(t.Context(), bytes.NewReader(asPNG(t, img)))
		if err != nil {
			t.Fatal(err)
		}
		if _, mediaType, err := s.Get(f.Hash, 0); mediaType != "image/png" || err != nil {
			t.Errorf("kept as %s, %v", mediaType, err)
		}
	})
}

func TestTheSamePictureIsTheSameFile(t *testing.T) {
	each(t, func(t *testing.T, open func(t *testing.T) *files.Store) {
		s := open(t)
		b := asJPEG(t, flag(20, 20))
		one, err1 := s.Add(t.Context(), bytes.NewReader(b))
		two, err2 := s.Add(t.Context(), bytes.NewReader(b))
		if err := errors.Join(err1, err2); err != nil || one != two {
			t.Errorf("%v and %v, %v", one, two, err)
		}
		if !s.Has(one.Hash) || s.Has(one.Hash[:63]+"z") {
			t.Error("Has is wrong")
		}
	})
}

func TestEverythingElseIsRefused(t *testing.T) {
	var animated bytes.Buffer
	if err := gif.Encode(&animated, flag(4, 4), nil); err != nil {
		t.Fatal(err)
	}
	whole := asJPEG(t, flag(300, 300))
	tests := map[string]struct {
		b    []byte
		want error
	}{
		"nothing":                      {nil, files.ErrType},
		"a page":                       {[]byte("<!doctype html><script>alert(1)</script>"), files.ErrType},
		"a drawing with script":        {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), files.ErrType},
		"a GIF":                        {animated.Bytes(), files.ErrType},
		"a picture that was cut off":   {whole[:len(whole)/3], files.ErrBroken},
		"the first bytes of a JPEG":    {[]byte("\xff\xd8\xff<script>"), files.ErrBroken},
		"the first bytes of a WebP":    {[]byte("RIFF\x00\x00\x00\x00WEBPVP8 "), files.ErrBroken},
		"more bytes than are accepted": {append(whole, make([]byte, files.MaxBytes)...), files.ErrTooBig},
		"a bomb of pixels":             {bomb(60_000, 60_000), files.ErrPixels},
		"deep colours":                 {deep(5000, 5000), files.ErrPixels},
		"a progressive JPEG":           {frame(0xc2, 0x11, 5000, 5000), files.ErrPixels},
		"one that hides its frame":     {append([]byte("\xff\xd8\xff\xff"), frame(0xc2, 0x11, 5000, 5000)[2:]...), files.ErrPixels},
		"a photograph, cut off":        {frame(0xc0, 0x22, 5000, 5000), files.ErrBroken},
		"a small progressive one":      {frame(0xc2, 0x22, 4000, 3000), files.ErrBroken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s, err := files.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Add(t.Context(), bytes.NewReader(tt.b)); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

// frame is the beginning of a JPEG of three colours, of which the second and
// third have one sample where the first has those that sampling says.
func frame(marker, sampling byte, w, h uint16) []byte {
	b := append([]byte("\xff\xd8\xff"), marker, 0, 17, 8)
	b = binary.BigEndian.AppendUint16(b, h)
	b = binary.BigEndian.AppendUint16(b, w)
	b = append(b, 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0)
	return append(b, "\xff\xda\x00\x0c\x03\x01\x00\x02\x00\x03\x00\x00\x3f\x00"...) // and its pixels would follow
}

// bomb is a PNG of few bytes that says it is huge.
func bomb(w, h uint32) []byte { return header(w, h, 8, 2) }

// deep is one with 16 bits for each colour and transparency.
func deep(w, h uint32) []byte { return header(w, h, 16, 6) }

func header(w, h uint32, bits, colours byte) []byte {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, w)
	head = binary.BigEndian.AppendUint32(head, h)
	head = append(head, bits, colours, 0, 0, 0)
	b := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	b = append(b, head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

func TestNamesLeadNowhereElse(t *testing.T) {
	dir := t.TempDir()
	s, err := files.Open(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{"", "..", "../secret", "%2e%2e", "..\\secret", string(make([]byte, 64)), "/etc/passwd"} {
		if _, _, err := s.Get(hash, 0); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v, want not found", hash, err)
		}
	}
}
