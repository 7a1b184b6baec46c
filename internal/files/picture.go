package files

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"github.com/bep/imagemeta"
	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Limits of a picture as it is sent. What is kept is never wider or higher
// than MaxSide.
const (
	MaxBytes  = 10 << 20
	MaxPixels = 40_000_000
	MaxSide   = 2000
)

// Widths are those of the thumbnails, where the picture is wider.
var Widths = []int{480, 960}

// Faults of pictures.
var (
	ErrMoves   = fault.New(fault.Unsupported, "files.picture_moves")
	ErrType    = fault.New(fault.Unsupported, "files.not_a_picture")
	ErrBroken  = fault.New(fault.Invalid, "files.picture_broken")
	ErrTooBig  = fault.New(fault.TooLarge, "files.picture_too_big", MaxBytes>>20)
	ErrPixels  = fault.New(fault.TooLarge, "files.picture_too_many_pixels", MaxPixels/1_000_000)
	ErrMissing = fault.New(fault.Invalid, "files.missing")
)

// kind is a picture format that is accepted.
type kind struct {
	meta   imagemeta.ImageFormat
	config func([]byte) (image.Config, error)
	decode func([]byte) (image.Image, error)
}

var kinds = map[string]kind{
	"jpeg": {imagemeta.JPEG,
		func(b []byte) (image.Config, error) { return jpeg.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }},
	"png": {imagemeta.PNG,
		func(b []byte) (image.Config, error) { return png.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }},
	"webp": {imagemeta.WebP,
		func(b []byte) (image.Config, error) { return webp.DecodeConfig(bytes.NewReader(b)) },
		func(b []byte) (image.Image, error) { return webp.Decode(bytes.NewReader(b)) }},
}

// sniff tells a format by its first bytes; names and media types lie.
func sniff(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "jpeg"
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return "png"
	case len(b) > 12 && bytes.HasPrefix(b, []byte("RIFF")) && string(b[8:12]) == "WEBP":
		return "webp"
	}
	return ""
}

// read decodes a picture, scales it down to MaxSide and turns it upright. The
// pixels are counted and weighed before they are unpacked.
func read(b []byte) (image.Image, error) {
	if len(b) > MaxBytes {
		return nil, ErrTooBig
	}
	format := sniff(b)
	k, ok := kinds[format]
	if !ok {
		return nil, ErrType
	}
	c, err := k.config(b)
	switch {
	case format == "webp" && moves(b):
		return nil, ErrMoves
	case err != nil:
		return nil, ErrBroken.Because(err)
	case c.Width <= 0 || c.Height <= 0:
		return nil, ErrBroken
	case c.Width > MaxPixels/c.Height:
		return nil, ErrPixels
	}
	if each := weight(b, format, c.ColorModel); each*float64(c.Width*c.Height) > MaxUnpacked {
		return nil, ErrPixels.With(int(MaxUnpacked / each / 1_000_000))
	}
	img, err := k.decode(b)
	if err != nil {
		return nil, ErrBroken.Because(err)
	}
	return upright(scaled(img, MaxSide, MaxSide), orientation(b, k.meta)), nil
}

// moves reports whether a WebP holds several pictures, which cannot be unpacked
// here. Of a PNG that does, the first one is kept.
func moves(b []byte) bool {
	const animated = 1 << 1
	return len(b) > 20 && string(b[12:16]) == "VP8X" && b[20]&animated != 0
}

// orientation is how the camera was held: EXIF's number from 1 to 8. Pictures
// that do not say are upright.
func orientation(b []byte, format imagemeta.ImageFormat) int {
	turned := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(b), ImageFormat: format, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if v, ok := t.Value.(uint16); ok && v >= 1 && v <= 8 && t.Namespace == "IFD0" {
				turned = int(v)
			}
			return nil
		},
	})
	if err != nil {
		return 1 // damaged notes of the camera are no reason to refuse the picture
	}
	return turned
}

// scaled fits a picture into a frame; a smaller one stays as it is.
func scaled(img image.Image, width, height int) image.Image {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	if w <= width && h <= height {
		return img
	}
	if w*height > h*width {
		height = max(1, h*width/w)
	} else {
		width = max(1, w*height/h)
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	return out
}

// upright undoes an EXIF orientation.
func upright(img image.Image, turned int) image.Image {
	if turned == 1 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	width, height := w, h
	if turned >= 5 {
		width, height = h, w
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range h {
		for x := range w {
			to := turn(turned, x, y, w, h)
			out.Set(to.X, to.Y, img.At(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// turn is where a pixel of a picture of w by h goes.
func turn(turned, x, y, w, h int) image.Point {
	switch turned {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(h-1-y, x)
	case 7:
		return image.Pt(h-1-y, w-1-x)
	case 8:
		return image.Pt(y, w-1-x)
	}
	return image.Pt(x, y)
}

// encode writes a picture anew, so that nothing of what the camera noted
// remains: as PNG where something is transparent, else as JPEG.
func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	var err error
	if opaque(img) {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: 84})
	} else {
		err = png.Encode(&b, img)
	}
	return b.Bytes(), err
}

func opaque(img image.Image) bool {
	if o, ok := img.(interface{ Opaque() bool }); ok {
		return o.Opaque()
	}
	return img.ColorModel() == color.YCbCrModel || img.ColorModel() == color.GrayModel
}
