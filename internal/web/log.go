package web

import (
	"context"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// slow is how long a request takes that is worth a line of its own.
const slow = time.Second

// log gives every request an id, counts it, and logs it where that is asked
// for. Slow requests are always logged. Nothing in a line tells who asked.
func (k *Kit) log(c *fiber.Ctx) error {
	setRequestID(c)
	start := time.Now()
	k.Traffic.begin()
	err := c.Next()
	if err != nil {
		// The handler's time is over; the error page has its own.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), storeLimit)
		defer cancel()
		c.SetUserContext(ctx)
		err = k.Fail(c, err)
	}
	took := time.Since(start)
	k.Traffic.end(c, took)
	switch {
	case took > slow:
		k.line(c, slog.LevelWarn, "slow request", took)
	case k.AccessLog:
		k.line(c, slog.LevelInfo, "request", took)
	}
	return err
}

// line logs one request.
func (k *Kit) line(c *fiber.Ctx, level slog.Level, message string, took time.Duration) {
	attrs := [...]slog.Attr{
		slog.String("request", RequestID(c)),
		slog.String("method", strings.Clone(c.Method())),
		slog.String("route", routeOf(c).Path),
		slog.String("path", logPath(c)),
		slog.Int("status", c.Response().StatusCode()),
		slog.Duration("took", took.Round(time.Microsecond)),
		slog.Int("bytes", sent(c)),
		slog.String("from", ShortIP(c.IP())),
		{},
	}
	n := len(attrs) - 1
	if trace := traceID(c); trace != "" {
		attrs[n], n = slog.String("trace", trace), n+1
	}
	k.Log.LogAttrs(context.Background(), level, message, attrs[:n]...)
}

// sent is how many bytes the answer's body has, as far as that is known.
func sent(c *fiber.Ctx) int {
	if c.Response().IsBodyStream() {
		return max(0, c.Response().Header.ContentLength())
	}
	return len(c.Response().Body())
}

// logPath is the path as it may stand in a log: what signs somebody in and what
// looks like a mail address is left out.
func logPath(c *fiber.Ctx) string {
	path := strings.Clone(c.Path())
	for _, page := range []string{"/sign-in/", "/join/", "/invitations/", "/saved-searches/stop/"} {
		if before, _, ok := strings.Cut(path, page); ok {
			return before + page + "…"
		}
	}
	for _, at := range []string{"@", "%40"} {
		if before, _, ok := strings.Cut(path, at); ok {
			return before[:strings.LastIndexByte(before, '/')+1] + "…"
		}
	}
	return path
}

// requestHeader carries the id that ties an answer to its log lines.
const requestHeader = "X-Request-Id"

var requestLetters = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// setRequestID gives the answer an id. It is no secret, only unlikely to come
// twice, so that it need not cost what a secret costs.
func setRequestID(c *fiber.Ctx) {
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], rand.Uint64()) //nolint:gosec // G404: an id, not a secret
	var text [13]byte
	requestLetters.Encode(text[:], raw[:])
	c.Response().Header.SetBytesV(requestHeader, text[:12])
}

// RequestID is the id that ties a request's answer to its log lines.
func RequestID(c *fiber.Ctx) string {
	return string(c.Response().Header.Peek(requestHeader))
}

// traceID is the id of the trace that a caller says the request belongs to (W3C
// Trace Context), or empty.
func traceID(c *fiber.Ctx) string {
	parent := c.Request().Header.Peek("traceparent")
	if len(parent) < 55 || parent[2] != '-' || parent[35] != '-' {
		return ""
	}
	id := parent[3:35]
	var raw [16]byte
	if _, err := hex.Decode(raw[:], id); err != nil || raw == [16]byte{} {
		return ""
	}
	return string(id)
}

// ShortIP is the network of an address, as it may stand in a log: without the
// last byte of an IPv4 and the last ten of an IPv6 address.
func ShortIP(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 48
	if addr = addr.Unmap().WithZone(""); addr.Is4() {
		bits = 24
	}
	network, err := addr.Prefix(bits)
	if err != nil {
		return ""
	}
	return network.Addr().String()
}
