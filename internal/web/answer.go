package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// Levels of packing: beyond them it takes longer than it saves.
const (
	gzipLevel   = 5
	brotliLevel = 4
	packFrom    = 512 // bytes; less is not worth it
)

// coding is how the bytes of an answer are packed.
type coding int

const (
	plainly coding = iota
	gzipped
	brotlied
	codings
)

var codingNames = [codings]string{"", "gzip", "br"}

// Answer is a finished page with its headers, in each coding that was asked
// for so far.
type Answer struct {
	route    *fiber.Route            // that made it
	header   fasthttp.ResponseHeader // of the page as it was made
	body     []byte
	etag     string
	modified []byte
	packed   [codings]struct {
		once sync.Once
		variant
	}
}

// variant is an answer in one coding: headers that are copied as they are, and
// bytes.
type variant struct {
	whole, same fasthttp.ResponseHeader // for 200 and for 304
	etag        []byte
	body        []byte
}

// Headers that belong to one request, or that a variant sets itself.
var ownHeaders = []string{requestHeader, fiber.HeaderETag, fiber.HeaderContentLength, fiber.HeaderDate, fiber.HeaderConnection, fiber.HeaderServer}

func newAnswer(c *fiber.Ctx) *Answer {
	r := c.Response()
	a := &Answer{route: c.Route(), body: bytes.Clone(r.Body()), modified: bytes.Clone(r.Header.Peek(fiber.HeaderLastModified))}
	r.Header.CopyTo(&a.header)
	for _, name := range ownHeaders {
		a.header.Del(name)
	}
	a.header.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	a.etag = etagOf(a.body)
	return a
}

// etagOf is a strong validator: of these very bytes.
func etagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// Size is about the memory that the answer takes with its variants.
func (a *Answer) Size() int64 { return int64(len(a.body) + len(a.body)/2 + 4096) }

// in returns the answer in a coding. It is packed when it is first asked for.
func (a *Answer) in(c coding) *variant {
	if len(a.body) < packFrom {
		c = plainly
	}
	slot := &a.packed[c]
	slot.once.Do(func() { slot.fill(a, c) })
	return &slot.variant
}

func (v *variant) fill(a *Answer, c coding) {
	a.header.CopyTo(&v.whole)
	etag := a.etag
	switch c {
	case gzipped:
		v.body = fasthttp.AppendGzipBytesLevel(nil, a.body, gzipLevel)
	case brotlied:
		v.body = fasthttp.AppendBrotliBytesLevel(nil, a.body, brotliLevel)
	default:
		v.body = a.body
	}
	if name := codingNames[c]; name != "" {
		etag = etag[:len(etag)-1] + "-" + name + `"`
		v.whole.Set(fiber.HeaderContentEncoding, name)
	}
	v.etag = []byte(etag)
	v.whole.SetBytesV(fiber.HeaderETag, v.etag)
	v.whole.CopyTo(&v.same)
	v.same.SetStatusCode(fiber.StatusNotModified)
	v.same.Del(fiber.HeaderContentType)
	v.same.Del(fiber.HeaderContentEncoding)
}

// routeOfKept is where a request that is answered with a kept page notes which
// route once made it.
const routeOfKept = "kept"

// send answers a request: with the page, or with 304 when the reader has these
// very bytes. The answer keeps its own id.
func (a *Answer) send(c *fiber.Ctx) {
	asked, r := &c.Request().Header, c.Response()
	var room [32]byte
	id := append(room[:0], r.Header.Peek(requestHeader)...)
	v := a.in(codingFor(asked.Peek(fiber.HeaderAcceptEncoding)))
	if a.known(v, asked) {
		v.same.CopyTo(&r.Header)
		r.ResetBody()
	} else {
		v.whole.CopyTo(&r.Header)
		r.SetBodyRaw(v.body)
	}
	r.Header.SetBytesV(requestHeader, id)
	c.Locals(routeOfKept, a.route)
}

// known reports whether the reader has the variant. The ETag decides when it
// is asked for; a date must be the very one that was sent, because taking
// something off a list makes its date older.
func (a *Answer) known(v *variant, h *fasthttp.RequestHeader) bool {
	asked := h.Peek(fiber.HeaderIfNoneMatch)
	if len(asked) == 0 {
		return len(a.modified) > 0 && bytes.Equal(h.Peek(fiber.HeaderIfModifiedSince), a.modified)
	}
	for len(asked) > 0 {
		var one []byte
		one, asked, _ = bytes.Cut(asked, []byte{','})
		one = bytes.TrimPrefix(bytes.TrimSpace(one), []byte("W/"))
		if string(one) == "*" || bytes.Equal(one, v.etag) {
			return true
		}
	}
	return false
}

// codingFor picks the best coding that a reader takes.
func codingFor(accepted []byte) coding {
	best := plainly
	for len(accepted) > 0 {
		var one []byte
		one, accepted, _ = bytes.Cut(accepted, []byte{','})
		name, quality, _ := bytes.Cut(one, []byte{';'})
		if quality = bytes.TrimSpace(quality); bytes.HasPrefix(quality, []byte("q=0")) && len(bytes.Trim(quality[3:], ".0")) == 0 {
			continue
		}
		switch name = bytes.TrimSpace(name); {
		case isWord(name, codingNames[brotlied]):
			return brotlied
		case isWord(name, codingNames[gzipped]):
			best = gzipped
		}
	}
	return best
}
