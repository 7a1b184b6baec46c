package web

import (
	"bytes"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// framing refuses messages whose length or host two servers could read
// differently: the ground of request smuggling. It reads the header as it was
// sent and costs no memory.
func framing(h *fasthttp.RequestHeader) error {
	proto := h.Protocol()
	if string(proto) != "HTTP/1.1" && string(proto) != "HTTP/1.0" {
		return fiber.ErrHTTPVersionNotSupported
	}
	var hosts, lengths, codings int
	for raw := h.RawHeaders(); len(raw) > 0; {
		var line []byte
		line, raw, _ = bytes.Cut(raw, []byte{'\n'})
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) == 0 {
			continue
		}
		name, _, ok := bytes.Cut(line, []byte{':'})
		if !ok || len(name) == 0 || bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, 0) >= 0 || bytes.IndexByte(name, ' ') >= 0 || bytes.IndexByte(name, '\t') >= 0 {
			return fiber.ErrBadRequest
		}
		switch {
		case isWord(name, "host"):
			hosts++
		case isWord(name, "content-length"):
			lengths++
		case isWord(name, "transfer-encoding"):
			codings++
		}
	}
	if hosts != 1 && string(proto) == "HTTP/1.1" || lengths+codings > 1 {
		return fiber.ErrBadRequest
	}
	return nil
}

// isWord compares a header's name, or a word in one, with a word in small
// letters.
func isWord(name []byte, want string) bool {
	if len(name) != len(want) {
		return false
	}
	for i, c := range name {
		if c|0x20 != want[i] && c != want[i] {
			return false
		}
	}
	return true
}
