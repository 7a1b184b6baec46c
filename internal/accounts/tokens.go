package accounts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// TokenPrefix begins every personal token, so that one that leaked is
// recognised.
const TokenPrefix = "kk_"

const maxTokens = 20

// A Token lets a program act for a person, with the roles the person has at
// that moment.
type Token struct {
	ID      string    `json:"id"`
	Hash    string    `json:"hash"` // the token itself is shown once and not kept
	Person  string    `json:"person"`
	Name    string    `json:"name"` // what it is for, in the person's words
	Created time.Time `json:"created"`
	Used    time.Time `json:"used,omitzero"` // to the hour
}

// Faults of tokens.
var (
	ErrToken      = fault.New(fault.Unauthenticated, "accounts.token_invalid")
	ErrTokenName  = fault.New(fault.Invalid, "accounts.token_name").On("name")
	ErrTokenCount = fault.New(fault.Conflict, "accounts.token_count")
)

// AddToken makes a personal token and returns it: this is the only time it can
// be read. It fails with ErrTokenName without a name and with ErrTokenCount
// when there are too many already.
func (s *Service) AddToken(ctx context.Context, by Actor, name string) (t Token, secret string, err error) {
	defer fault.Wrap(&err, "add token")
	if !by.SignedIn() {
		return Token{}, "", ErrSignIn
	}
	name, err = cleanName(name)
	if err != nil || name == "" {
		return Token{}, "", ErrTokenName.With(maxName)
	}
	secret = TokenPrefix + newSecret()
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		if _, err := s.livePerson(tx, by.ID); err != nil {
			return err
		}
		if n, err := tokens.Count(tx, "person", by.ID+"\x00"); err != nil || n >= maxTokens {
			return cmp.Or(err, error(ErrTokenCount.With(maxTokens)))
		}
		t = Token{ID: s.NewID(), Hash: digest("token", secret), Person: by.ID, Name: name, Created: s.Now().UTC()}
		if err := tokens.Put(tx, t); err != nil {
			return err
		}
		return s.note(tx, by, "person.token_added", "person:"+by.ID)
	})
	return t, secret, err
}

// Tokens returns a person's own tokens, the newest first.
func (s *Service) Tokens(ctx context.Context, by Actor) ([]Token, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]Token, error) { return tokensTx(tx, by.ID) })
}

func tokensTx(tx store.Tx, personID string) ([]Token, error) {
	list, err := collect(tokens.By(tx, "person", store.Exactly(personID)))
	slices.SortStableFunc(list, func(a, b Token) int { return b.Created.Compare(a.Created) })
	return list, err
}

// RevokeToken ends one of the person's own tokens. Another's is not there:
// store.ErrNotFound.
func (s *Service) RevokeToken(ctx context.Context, by Actor, id string) (err error) {
	defer fault.Wrap(&err, "revoke token")
	return s.Store.Update(ctx, func(tx store.Tx) error {
		if !plainID(id) {
			return store.ErrNotFound
		}
		t, err := tokens.Get(tx, id)
		if err != nil {
			return err
		}
		if t.Person != by.ID {
			return store.ErrNotFound
		}
		if err := tokens.Delete(tx, id); err != nil {
			return err
		}
		return s.note(tx, by, "person.token_revoked", "person:"+by.ID)
	})
}

// ByToken returns whom a token acts for, or ErrToken.
func (s *Service) ByToken(ctx context.Context, secret string) (v Visit, err error) {
	defer fault.Wrap(&err, "token")
	if !strings.HasPrefix(secret, TokenPrefix) || !plausible(secret) {
		return Visit{}, ErrToken
	}
	var t Token
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if t, err = tokens.One(tx, "hash", digest("token", secret)); err != nil {
			return err
		}
		v, err = s.visitTx(tx, t.Person)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Visit{}, ErrToken
	case err != nil:
		return Visit{}, err
	}
	if now := s.Now().UTC(); now.Sub(t.Used) >= time.Hour {
		s.noteUse(ctx, t.ID, now)
	}
	return v, nil
}

// HasToken reports whether a token acts for somebody. Unlike ByToken it notes
// no use.
func (s *Service) HasToken(ctx context.Context, secret string) bool {
	if !plausible(secret) {
		return false
	}
	_, err := store.Get(ctx, s.Store, func(tx store.Tx) (Token, error) { return tokens.One(tx, "hash", digest("token", secret)) })
	return err == nil
}

// noteUse tells the owner that a token is in use. A store that cannot note it
// keeps nobody from reading.
func (s *Service) noteUse(ctx context.Context, id string, now time.Time) {
	_ = s.Store.Update(ctx, func(tx store.Tx) error {
		t, err := tokens.Get(tx, id)
		if err != nil {
			return err
		}
		t.Used = now.Truncate(time.Hour)
		return tokens.Put(tx, t)
	})
}

func dropTokens(tx store.Tx, personID string) error {
	list, err := tokensTx(tx, personID)
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := tokens.Delete(tx, t.ID); err != nil {
			return err
		}
	}
	return nil
}
