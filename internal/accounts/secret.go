package accounts

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// newSecret returns 256 random bits as text for a cookie, a link or a token.
// Only its digest is stored: who reads the store can sign in as nobody.
func newSecret() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// digest is what is stored of a secret. Each purpose has digests of its own,
// so that a session is no token and a link no session.
func digest(purpose, secret string) string {
	sum := sha256.Sum256([]byte(purpose + "\x00" + secret))
	return hex.EncodeToString(sum[:])
}

// NewSecret returns a secret for a link in a letter that another package
// sends. It stores Digest of it, never the secret.
func NewSecret() string { return newSecret() }

// Digest is what is stored of such a secret; what cannot be one has none.
func Digest(purpose, secret string) (hash string, ok bool) {
	return digest(purpose, secret), plausible(secret)
}

// plausible keeps what cannot be a secret of ours from being looked up.
func plausible(secret string) bool { return len(secret) >= 20 && len(secret) <= 100 }
