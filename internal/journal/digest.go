package journal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"github.com/kokeilu/kokeilu/internal/store"
)

// Digest returns what an entry says about a state of subject: an HMAC under a
// random salt that is kept beside the journal, one for each subject. Who has
// the record of that time can prove it was this one; who has only the journal
// learns nothing, and Forget makes that final. A nil value, for a thing that is
// not there, has no digest.
func Digest(tx store.Tx, subject string, value []byte) ([]byte, error) {
	if value == nil {
		return nil, nil
	}
	salt, err := tx.Get(saltBucket, subject)
	if errors.Is(err, store.ErrNotFound) {
		salt = make([]byte, sha256.Size)
		rand.Read(salt)
		err = tx.Put(saltBucket, subject, salt)
	}
	if err != nil {
		return nil, err
	}
	return sign(salt, value), nil
}

// Matches reports whether digest was made by Digest of this value. After
// Forget nothing matches.
func Matches(tx store.Tx, subject string, value, digest []byte) (bool, error) {
	salt, err := tx.Get(saltBucket, subject)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && hmac.Equal(sign(salt, value), digest), err
}

// Forget deletes the salt of subject. Its entries and the chain stay as they
// are; what they said about its content can no longer be checked or guessed.
func Forget(tx store.Tx, subject string) error { return tx.Delete(saltBucket, subject) }

func sign(salt, value []byte) []byte {
	mac := hmac.New(sha256.New, salt)
	mac.Write(value)
	return mac.Sum(nil)
}
