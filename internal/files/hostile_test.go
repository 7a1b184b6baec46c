package files_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"runtime"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/files"
)

const script = `<script>alert(document.domain)</script>`

// chunk is a part of a PNG.
func chunk(name string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, name...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// behindHeader is a PNG with more chunks behind its header.
func behindHeader(whole []byte, chunks ...[]byte) []byte {
	const header = 8 + 4 + 4 + 13 + 4
	return append(append(bytes.Clone(whole[:header]), bytes.Join(chunks, nil)...), whole[header:]...)
}

// flood is a PNG of one pixel by its header, and of many megabytes of pixels
// when it is unpacked.
func flood(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for range 200 {
		if _, err := z.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	b := append(header(1, 1, 8, 2), chunk("IDAT", packed.Bytes())...)
	return append(b, chunk("IEND", nil)...)
}

// inFourColours is a JPEG of one block in cyan, magenta, yellow and black, as
// printers have it.
func inFourColours() []byte {
	b := []byte("\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00")
	b = append(append(b, "\xff\xdb\x00\x43\x00"...), bytes.Repeat([]byte{1}, 64)...)
	b = append(b, "\xff\xc0\x00\x14\x08\x00\x08\x00\x08\x04C\x11\x00M\x11\x00Y\x11\x00K\x11\x00"...)
	for _, table := range []byte{0x00, 0x10} { // one code of one bit: nothing changes, nothing follows
		b = append(append(b, 0xff, 0xc4, 0, 20, table, 1), make([]byte, 16)...)
	}
	b = append(b, "\xff\xda\x00\x0e\x04C\x00M\x00Y\x00K\x00\x00\x3f\x00"...)
	return append(b, 0x00, 0xff, 0xd9)
}

// smallWebP is a WebP of one pixel.
const smallWebP = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"

func decoded(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// moving is a WebP that says it holds several pictures.
func moving() []byte {
	body := append([]byte("VP8X\x0a\x00\x00\x00"), 1<<1, 0, 0, 0, 3, 0, 0, 3, 0, 0)
	body = append(body, "ANIM\x06\x00\x00\x00\xff\xff\xff\xff\x00\x00"...)
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(b, "WEBP"...), body...)
}

// What is a picture and something else besides is kept as the picture alone.
func TestOddPicturesAreMadeHarmless(t *testing.T) {
	deepGray := image.NewGray16(image.Rect(0, 0, 40, 30))
	for x := range 40 {
		deepGray.SetGray16(x, x%30, color.Gray16{Y: uint16(x * 1600)})
	}
	deepColour := image.NewNRGBA64(image.Rect(0, 0, 40, 30))
	drawn := asPNG(t, flag(40, 30))
	tests := map[string]struct {
		sent          []byte
		width, height int
		mediaType     string
	}{
		"a JPEG with a page behind it":        {append(asJPEG(t, flag(40, 30)), script...), 40, 30, "image/jpeg"},
		"a PNG with a page behind it":         {append(bytes.Clone(drawn), script...), 40, 30, "image/jpeg"},
		"a PNG with a page in its notes":      {behindHeader(drawn, chunk("tEXt", append([]byte("Comment\x00"), script...))), 40, 30, "image/jpeg"},
		"a JPEG with a page in its notes":     {held(t, flag(40, 30), 1), 40, 30, "image/jpeg"},
		"an animated PNG":                     {behindHeader(drawn, chunk("acTL", []byte{0, 0, 0, 2, 0, 0, 0, 0})), 40, 30, "image/jpeg"},
		"sixteen bits of gray":                {asPNG(t, deepGray), 40, 30, "image/jpeg"},
		"sixteen bits of colour, transparent": {asPNG(t, deepColour), 40, 30, "image/png"},
		"few colours":                         {asPNG(t, image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White})), 40, 30, "image/jpeg"},
		"four colours, as printers have them": {inFourColours(), 8, 8, "image/jpeg"},
		"a WebP":                              {decoded(t, smallWebP), 1, 1, "image/jpeg"},
		"a broken note of the camera":         {bytes.Replace(held(t, flag(40, 30), 6), []byte("II*\x00"), []byte("XX*\x00"), 1), 40, 30, "image/jpeg"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			f, err := s.Add(t.Context(), bytes.NewReader(tt.sent))
			if err != nil {
				t.Fatal(err)
			}
			kept, mediaType, err := s.Get(f.Hash, 0)
			if err != nil || mediaType != tt.mediaType {
				t.Fatalf("%s, %v", mediaType, err)
			}
			if bytes.Contains(kept, []byte("<script")) || bytes.Contains(kept, []byte("Utajarvi")) {
				t.Error("what was hidden in it is kept")
			}
			img, _, err := image.Decode(bytes.NewReader(kept))
			if err != nil || img.Bounds().Dx() != tt.width || img.Bounds().Dy() != tt.height || f.Width != tt.width || f.Height != tt.height {
				t.Errorf("kept as %+v, %v", f, err)
			}
			if again, err := s.Look(f.Hash); err != nil || again != f {
				t.Errorf("looks like %+v, %v", again, err)
			}
		})
	}
}

func TestHostilePicturesAreRefused(t *testing.T) {
	whole := asPNG(t, flag(300, 300))
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 0xff
	tests := map[string]struct {
		sent []byte
		want error
	}{
		"one pixel that is a flood":      {flood(t), files.ErrBroken},
		"a PNG that was cut off":         {whole[:len(whole)/2], files.ErrBroken},
		"a PNG that was damaged":         {damaged, files.ErrBroken},
		"no pixels":                      {header(0, 0, 8, 2), files.ErrBroken},
		"more pixels than there are":     {header(1<<31-1, 1<<31-1, 8, 2), files.ErrBroken},
		"a wide bomb":                    {header(41_000_000, 1, 8, 2), files.ErrPixels},
		"pictures that move":             {moving(), files.ErrMoves},
		"a drawing that says it is":      {[]byte(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), files.ErrType},
		"a PDF":                          {[]byte("%PDF-1.7\n" + script), files.ErrType},
		"an archive with a picture":      {append([]byte("PK\x03\x04"), whole...), files.ErrType},
		"a picture of a newer phone":     {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), files.ErrType},
		"a bitmap":                       {append([]byte("BM"), make([]byte, 100)...), files.ErrType},
		"a text that begins like a JPEG": {append([]byte("\xff\xd8\xff\xe0"), script...), files.ErrBroken},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			_, err := s.Add(t.Context(), bytes.NewReader(tt.sent))
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 64 || took > 5*time.Second {
				t.Errorf("it took %d MB and %v to refuse %d bytes", used, took, len(tt.sent))
			}
		})
	}
}

// The name and the type that a browser gives a file do not matter: the bytes do.
func TestAPictureIsKnownByItsBytes(t *testing.T) {
	s := open(t)
	var b bytes.Buffer
	if err := png.Encode(&b, flag(20, 10)); err != nil {
		t.Fatal(err)
	}
	one, err1 := s.Add(t.Context(), bytes.NewReader(b.Bytes()))
	two, err2 := s.Add(t.Context(), bytes.NewReader(append(b.Bytes(), "PK\x03\x04"...)))
	if err := errors.Join(err1, err2); err != nil || one != two {
		t.Errorf("%v and %v, %v: what stands behind a picture changes nothing", one, two, err)
	}
}
