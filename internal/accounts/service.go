package accounts

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Service keeps people, organisations, sessions and tokens. Its fields are set
// once, before the first call.
type Service struct {
	Store   store.Store
	Journal *journal.Journal
	Now     func() time.Time
	NewID   func() string
	Mail    *notify.Outbox
	Locales *i18n.Bundle
	// PublicURL begins the links of letters, "https://kokeilu.example".
	PublicURL string
	// Leaving is told in the same transaction that somebody leaves an
	// organisation, or, when it is empty, the portal.
	Leaving []func(tx store.Tx, person Person, organisation string) error

	cache organisationCache
}

// note appends to the journal what happened to a person or an organisation.
func (s *Service) note(tx store.Tx, by Actor, kind, subject string) error {
	return s.Journal.Append(tx, journal.Entry{Actor: by.ID, Kind: kind, Subject: subject})
}

// t writes in a language.
func (s *Service) t(lang, key string, args ...any) string { return s.Locales.For(lang).T(key, args...) }
