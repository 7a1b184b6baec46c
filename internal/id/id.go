// Package id makes the names that people, cases and experiments keep for good.
package id

import "crypto/rand"

// Length is how many characters an id has.
const Length = 12

// alphabet is base32 without the letters that look like others: no i, l, o
// or u.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// New returns a new id: 60 random bits as 12 lower-case characters. Two equal
// ones are not to be expected; it never fails.
func New() string {
	var b [Length]byte
	rand.Read(b[:])
	for i := range b {
		b[i] = alphabet[b[i]%byte(len(alphabet))]
	}
	return string(b[:])
}

// Valid reports whether s has the form of an id. It says nothing about whether
// such a thing exists.
func Valid(s string) bool {
	if len(s) != Length {
		return false
	}
	for i := range len(s) {
		c := s[i]
		digit, letter := c >= '0' && c <= '9', c >= 'a' && c <= 'z'
		if !digit && !letter || c == 'i' || c == 'l' || c == 'o' || c == 'u' {
			return false
		}
	}
	return true
}
