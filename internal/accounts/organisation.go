package accounts

import (
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// OrgKind says what sort of body an organisation is.
type OrgKind string

// The kinds of organisations.
const (
	Municipality OrgKind = "municipality"
	Region       OrgKind = "region" // owns no experiments, endorses and adopts nothing
	Ministry     OrgKind = "ministry"
	Agency       OrgKind = "agency"
	Company      OrgKind = "company"
	Association  OrgKind = "association"
	School       OrgKind = "school"
	Fund         OrgKind = "fund"
)

// OrgKinds lists the kinds in the order they are offered.
var OrgKinds = []OrgKind{Municipality, Region, Ministry, Agency, Company, Association, School, Fund}

// SizeClass is a municipality's class by inhabitants.
type SizeClass string

// The size classes.
const (
	SizeUnder5   SizeClass = "under_5k"
	Size5To20    SizeClass = "5k_20k"
	Size20To50   SizeClass = "20k_50k"
	Size50To100  SizeClass = "50k_100k"
	SizeOver100  SizeClass = "over_100k"
	SizeNotKnown SizeClass = "unknown"
)

// SizeClasses lists the classes from small to large.
var SizeClasses = []SizeClass{SizeUnder5, Size5To20, Size20To50, Size50To100, SizeOver100, SizeNotKnown}

// An Organisation is a body whose people use the portal. A municipality is
// one kind of it. Its key is country and code, "FI:020", and never changes.
type Organisation struct {
	Key         string            `json:"key"`
	Kind        OrgKind           `json:"kind"`
	Names       map[string]string `json:"names"` // by language; not every language has one
	Country     string            `json:"country"`
	Region      string            `json:"region,omitempty"` // the same words for every organisation of the region
	RegionNames map[string]string `json:"region_names,omitempty"`
	Population  int               `json:"population,omitempty"` // 0: not known
	Lat         float64           `json:"lat,omitempty"`
	Lon         float64           `json:"lon,omitempty"`
	Domains     []string          `json:"domains,omitempty"`     // mail domains whose people are its members
	ClosedInto  string            `json:"closed_into,omitempty"` // key of the organisation it was merged into
}

// Faults of organisations.
var (
	ErrOrganisation       = fault.New(fault.Invalid, "accounts.organisation_incomplete")
	ErrOrganisationClosed = fault.New(fault.Conflict, "accounts.organisation_closed")
	ErrUnknownOrg         = fault.New(fault.Invalid, "accounts.organisation_unknown").On("organisation")
	ErrDomain             = fault.New(fault.Invalid, "accounts.domain_invalid").On("domains")
	ErrDomainTaken        = fault.New(fault.Conflict, "accounts.domain_taken").On("domains")
)

// Name is the organisation's name in a language, else in a language it has
// one in, else its key.
func (o Organisation) Name(lang string) string { return inLanguage(o.Names, lang, o.Key) }

// RegionName is the name of its region in a language.
func (o Organisation) RegionName(lang string) string {
	return inLanguage(o.RegionNames, lang, o.Region)
}

func inLanguage(names map[string]string, lang, otherwise string) string {
	for _, l := range append([]string{lang, "en"}, i18n.Languages...) {
		if n := names[l]; n != "" {
			return n
		}
	}
	return otherwise
}

// SizeClass is the class by inhabitants; only municipalities have one.
func (o Organisation) SizeClass() SizeClass {
	switch n := o.Population; {
	case n <= 0 || o.Kind != Municipality:
		return SizeNotKnown
	case n < 5_000:
		return SizeUnder5
	case n < 20_000:
		return Size5To20
	case n < 50_000:
		return Size20To50
	case n <= 100_000:
		return Size50To100
	}
	return SizeOver100
}

// IsMunicipality reports whether it may endorse and adopt.
func (o Organisation) IsMunicipality() bool { return o.Kind == Municipality && o.ClosedInto == "" }

// MayOwn reports whether experiments may be its own.
func (o Organisation) MayOwn() bool { return o.Kind != Region && o.ClosedInto == "" }

// Slug is the key as it stands in an address: "FI-020".
func (o Organisation) Slug() string { return KeySlug(o.Key) }

// KeySlug is an organisation's key as it stands in an address.
func KeySlug(key string) string { return strings.Replace(key, ":", "-", 1) }

// SlugKey is the key of the organisation an address names.
func SlugKey(slug string) string { return strings.Replace(slug, "-", ":", 1) }

func (o Organisation) check() error {
	country, code, ok := strings.Cut(o.Key, ":")
	plain := func(s string) bool {
		return s != "" && len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool {
			return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
		})
	}
	switch {
	case !ok, len(country) != 2, country != o.Country, !plain(country), !plain(code):
		return ErrOrganisation.On("key")
	case !slices.Contains(OrgKinds, o.Kind):
		return ErrOrganisation.On("kind")
	case inLanguage(o.Names, "en", "") == "":
		return ErrOrganisation.On("name")
	}
	return nil
}

// matches reports whether one of its names, or a word of one, begins with the
// text, which is in lower case. Every organisation matches the empty text.
func (o Organisation) matches(text string) bool {
	for _, name := range o.Names {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, text) || strings.Contains(name, " "+text) {
			return true
		}
	}
	return strings.EqualFold(o.Key, text) || strings.EqualFold(o.Slug(), text)
}

// cleanDomains returns mail domains in lower case, each once, or ErrDomain.
// Domains at which anybody gets a mailbox say nothing about their owner.
func cleanDomains(list []string) ([]string, error) {
	var clean []string
	for _, d := range list {
		d = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(d)), "@")
		if d == "" || slices.Contains(clean, d) {
			continue
		}
		if address, err := CleanEmail("somebody@" + d); err != nil || address != "somebody@"+d || !strings.Contains(d, ".") || slices.Contains(openDomains, d) {
			return nil, ErrDomain.With(d)
		}
		clean = append(clean, d)
	}
	return clean, nil
}

var openDomains = []string{
	"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "yahoo.com", "proton.me",
	"protonmail.com", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "yandex.ru", "yandex.kz", "ya.ru", "rambler.ru",
	"suomi24.fi", "elisanet.fi", "kolumbus.fi", "luukku.com", "telia.com", "mail.kz", "gmx.com",
}
