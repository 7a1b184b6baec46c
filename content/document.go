package content

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// A Document is a text as a file: what is known about it, then the text.
//
//	---
//	title: Text messages instead of a form
//	lang: en
//	---
//
//	## Problem
//
// Whatever the portal does not understand in the upper part is kept, in its
// place and as it was written.
type Document struct {
	Meta *Meta  // never nil in a parsed Document
	Body string // everything after the front matter, unchanged
}

// metaLimit is the largest front matter that is read, in bytes.
const metaLimit = 32 << 10

// Faults of files that are not read. Their texts take the name of the file and
// the number of the line.
var (
	ErrNotText      = fault.New(fault.Invalid, "content.file_not_text")
	ErrControl      = fault.New(fault.Invalid, "content.file_control_character")
	ErrMetaUnclosed = fault.New(fault.Invalid, "content.front_matter_unclosed")
	ErrMetaTooLong  = fault.New(fault.TooLarge, "content.front_matter_too_long")
	ErrMetaBroken   = fault.New(fault.Invalid, "content.front_matter_broken")
	ErrMetaTwice    = fault.New(fault.Invalid, "content.front_matter_key_twice")
	ErrMetaValue    = fault.New(fault.Invalid, "content.front_matter_value")
)

// ParseDocument reads a file. The name is only for the faults: each names the
// file and the line. A byte order mark and Windows line ends are accepted; NUL,
// other control characters and bytes that are not UTF-8 are not. A file
// without front matter is all body.
func ParseDocument(name string, raw []byte) (Document, error) {
	src, err := cleanText(name, raw)
	if err != nil {
		return Document{}, err
	}
	first, rest, _ := strings.Cut(src, "\n")
	if strings.TrimRight(first, " \t") != "---" {
		return Document{Meta: &Meta{}, Body: src}, nil
	}
	head, body, ok := cutAtMarker(rest)
	if !ok {
		return Document{}, ErrMetaUnclosed.With(name, 1)
	}
	meta, err := parseMeta(name, head, 1)
	if err != nil {
		return Document{}, err
	}
	return Document{Meta: meta, Body: body}, nil
}

// cutAtMarker splits at the line that ends the front matter.
func cutAtMarker(s string) (head, body string, ok bool) {
	pos := 0
	for line := range strings.Lines(s) {
		switch strings.TrimRight(line, " \t\n") {
		case "---", "...":
			return s[:pos], s[pos+len(line):], true
		}
		pos += len(line)
	}
	return "", "", false
}

// cleanText returns raw as text with plain line ends, or a fault that says on
// which line it is no text.
func cleanText(name string, raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	line := 1
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		switch {
		case r == utf8.RuneError && size <= 1, r == 0:
			return "", ErrNotText.With(name, line)
		case r == '\n':
			line++
		case isControl(r):
			return "", ErrControl.With(name, line, int(r))
		}
		i += size
	}
	return string(raw), nil
}

// isControl reports whether r is a control character other than a tab or the
// end of a line.
func isControl(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\n' }

// Bytes writes the document as a file. Reading it gives the same document
// again, and what was not changed is written as it was read.
func (d Document) Bytes() []byte {
	head := d.Meta.YAML()
	looksLikeMeta := strings.HasPrefix(d.Body, "---")
	if head == "" && !looksLikeMeta {
		return []byte(d.Body)
	}
	return []byte("---\n" + head + "---\n" + d.Body)
}
