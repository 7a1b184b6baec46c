package pgstore

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// columnOf is the name of a bucket as a PostgreSQL text, which holds neither
// NUL nor anything but UTF-8: those bytes, and the per cent sign that marks
// them, are written as %00. Ordinary names stay as they are.
func columnOf(bucket string) string {
	if utf8.ValidString(bucket) && !strings.ContainsAny(bucket, "\x00%") {
		return bucket
	}
	var b strings.Builder
	for len(bucket) > 0 {
		r, size := utf8.DecodeRuneInString(bucket)
		if r == 0 || r == '%' || r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "%%%02x", bucket[0])
		} else {
			b.WriteString(bucket[:size])
		}
		bucket = bucket[size:]
	}
	return b.String()
}

// bucketOf undoes columnOf.
func bucketOf(column string) (string, error) { return url.PathUnescape(column) }
