package files

import (
	"encoding/binary"
	"image/color"
)

// MaxUnpacked is how much memory unpacking a picture may take. Few bytes can
// claim many pixels, and some kinds take far more for each than others.
const MaxUnpacked = 160 << 20

// Bytes of memory for each sample of a JPEG: as it is, and with the
// coefficients that are kept while a progressive one comes in.
const (
	plainSample       = 1
	progressiveSample = 1 + 4
)

// weight is how many bytes each pixel of a picture takes while it is unpacked.
func weight(b []byte, format string, m color.Model) float64 {
	switch {
	case format == "jpeg":
		return weightOfJPEG(b)
	case m == color.RGBA64Model, m == color.NRGBA64Model, format == "webp" && m == color.NRGBAModel:
		return 8
	case m == color.Gray16Model:
		return 2
	case m == color.GrayModel:
		return 1
	}
	return 4
}

// weightOfJPEG looks for the frame's header: whether it is progressive, and how
// many samples each colour has. What cannot be read weighs the most there is.
func weightOfJPEG(b []byte) float64 {
	const most = 4 * progressiveSample
	for i := 2; i+4 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		if marker == 0xff { // filled up
			i++
			continue
		}
		next := i + 2 + int(binary.BigEndian.Uint16(b[i+2:]))
		if !isFrame(marker) {
			i = next
			continue
		}
		if next > len(b) || next < i+10 {
			return most
		}
		samples := samplesOf(b[i+10 : next])
		if marker == 0xc2 {
			return samples * progressiveSample
		}
		return samples * plainSample
	}
	return most
}

// isFrame reports whether a marker begins a frame's header.
func isFrame(marker byte) bool {
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
}

// samplesOf is how many samples a pixel has on average: colours may be coarser
// than brightness.
func samplesOf(components []byte) float64 {
	sum, widest, highest := 0, 1, 1
	for c := components; len(c) >= 3; c = c[3:] {
		h, v := int(c[1]>>4), int(c[1]&15)
		sum += h * v
		widest, highest = max(widest, h), max(highest, v)
	}
	return max(1, float64(sum)/float64(widest*highest))
}
