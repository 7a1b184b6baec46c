package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Entry says that a thing was changed, when and by whom. It holds no personal
// data but the person's id, so that it can stay when the person goes.
type Entry struct {
	Seq     uint64    `json:"seq"`     // 1, 2, 3 ... without gaps
	Time    time.Time `json:"time"`    // UTC
	Actor   string    `json:"actor"`   // a person's id, or "system"
	Kind    string    `json:"kind"`    // what happened: "experiment.published"
	Subject string    `json:"subject"` // to what: "experiment:ID"
	Before  []byte    `json:"before,omitempty"`
	After   []byte    `json:"after,omitempty"` // both from Digest
	Prev    Hash      `json:"prev"`            // of the entry before
	Hash    Hash      `json:"hash"`
}

// Sum computes the entry's hash from all its other fields: SHA-256 of Prev and
// the fields, each with its length before it. Anyone who has the entries can
// check the chain with it.
func (e Entry) Sum() Hash {
	b := make([]byte, 0, 256)
	b = append(b, e.Prev[:]...)
	b = field(b, binary.BigEndian.AppendUint64(nil, e.Seq))
	b = field(b, binary.BigEndian.AppendUint64(nil, uint64(e.Time.UnixNano())))
	for _, s := range []string{e.Actor, e.Kind, e.Subject} {
		b = field(b, s)
	}
	b = field(b, e.Before)
	b = field(b, e.After)
	return sha256.Sum256(b)
}

func field[T ~string | ~[]byte](b []byte, v T) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(v)))
	return append(b, v...)
}

// check refuses what could not be read back as it was hashed.
func (e Entry) check() error {
	if e.Kind == "" || e.Subject == "" {
		return errors.New("journal: an entry needs a kind and a subject")
	}
	for _, s := range []string{e.Actor, e.Kind, e.Subject} {
		if !utf8.ValidString(s) {
			return fmt.Errorf("journal: %q is not UTF-8", s)
		}
	}
	return nil
}

// Hash is the SHA-256 of an entry. As text it is 64 hexadecimal digits.
type Hash [sha256.Size]byte

// ParseHash reads what String wrote.
func ParseHash(s string) (Hash, error) {
	var h Hash
	err := h.UnmarshalText([]byte(s))
	return h, err
}

// String returns the hash as hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether h is no hash at all.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes the hash as hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("journal: a hash has %d digits, not %d", hex.EncodedLen(len(h)), len(text))
	}
	_, err := hex.Decode(h[:], text)
	return err
}

// Position is a place in the journal of one portal: behind the entry with this
// number and hash. The zero Position is before everything and of no portal.
type Position struct {
	Portal string `json:"portal"`
	Seq    uint64 `json:"seq"`
	Hash   Hash   `json:"hash"`
}

// Head is where the journal ends, and the time of its last entry.
type Head struct {
	Position
	Time time.Time `json:"time,omitzero"`
}

// genesis is the head of an empty journal.
func genesis(portal string) Head {
	return Head{Position: Position{Portal: portal, Hash: sha256.Sum256([]byte("kokeilu journal\n" + portal))}}
}
