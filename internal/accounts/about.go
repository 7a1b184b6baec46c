package accounts

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
)

// About is what an organisation says of itself on its page: some lines in each
// language its readers need, and links to reports and films. It is public.
type About struct {
	Organisation string            `json:"organisation"` // its key
	Texts        map[string]string `json:"texts,omitempty"`
	Links        []AboutLink       `json:"links,omitempty"`
	Changed      time.Time         `json:"changed"`
}

// An AboutLink leads to a document or a video elsewhere.
type AboutLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
	Video bool   `json:"video,omitempty"`
}

// Limits of About.
const (
	MaxAbout      = 600 // characters
	MaxAboutLinks = 8
	maxLinkTitle  = 120
	maxLinkURL    = 500
)

// Faults of About.
var (
	ErrAboutLong = fault.New(fault.Invalid, "place.text_long").On("text")
	ErrAboutLink = fault.New(fault.Invalid, "place.link_wrong").On("links")
)

var abouts = store.Table[About]{
	Bucket: "organisation_about",
	Key:    func(a About) string { return a.Organisation },
}

// In is the text in a language, else in one it is written in, and that
// language.
func (a About) In(lang string) (text, in string) {
	for _, l := range append([]string{lang, "en"}, i18n.Languages...) {
		if t := a.Texts[l]; t != "" {
			return t, l
		}
	}
	return "", ""
}

// About is what an organisation says of itself; the zero About when it has
// said nothing.
func (s *Service) About(ctx context.Context, key string) (About, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) (About, error) { return aboutTx(tx, key) })
}

func aboutTx(tx store.Tx, key string) (About, error) {
	a, err := abouts.Get(tx, key)
	if errors.Is(err, store.ErrNotFound) {
		return About{Organisation: key}, nil
	}
	return a, err
}

// Describe keeps an organisation's text in one language, and its links. Links
// that are empty are left out; an empty text takes that language away.
func (s *Service) Describe(ctx context.Context, by Actor, key, lang, text string, links []AboutLink) (err error) {
	defer fault.Wrap(&err, "describe organisation %q", key)
	if err := Must(by, DescribePlace, Thing{Organisations: []string{key}}); err != nil {
		return err
	}
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n > MaxAbout {
		return ErrAboutLong.With(MaxAbout, n)
	}
	clean, err := cleanLinks(links)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		if _, err := s.OrganisationTx(tx, key); err != nil {
			return err
		}
		a, err := aboutTx(tx, key)
		if err != nil {
			return err
		}
		texts := map[string]string{lang: text}
		for l, t := range a.Texts {
			if l != lang {
				texts[l] = t
			}
		}
		if text == "" {
			delete(texts, lang)
		}
		a.Texts, a.Links, a.Changed = texts, clean, s.Now().UTC()
		if err := abouts.Put(tx, a); err != nil {
			return err
		}
		return s.note(tx, by, "organisation.described", "organisation:"+key)
	})
}

func cleanLinks(links []AboutLink) ([]AboutLink, error) {
	var clean []AboutLink
	for _, l := range links {
		l.Title, l.URL = strings.TrimSpace(l.Title), strings.TrimSpace(l.URL)
		if l.Title == "" && l.URL == "" {
			continue
		}
		u, err := url.Parse(l.URL)
		if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || len(l.URL) > maxLinkURL ||
			l.Title == "" || utf8.RuneCountInString(l.Title) > maxLinkTitle || len(clean) == MaxAboutLinks {
			return nil, ErrAboutLink
		}
		clean = append(clean, l)
	}
	return clean, nil
}
