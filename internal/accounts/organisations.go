package accounts

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// SeedOrganisations adds the organisations of the reference data and brings
// known ones up to date. Mail domains and mergers, which are the portal's own,
// stay. It returns how many changed; when none has to, nothing is written.
func (s *Service) SeedOrganisations(ctx context.Context, list []Organisation) (n int, err error) {
	defer fault.Wrap(&err, "seed organisations")
	var changed []Organisation
	err = s.Store.View(ctx, func(tx store.Tx) error {
		changed, err = changedIn(tx, list)
		return err
	})
	if err != nil || len(changed) == 0 {
		return 0, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		changed, err := changedIn(tx, changed) // another node may have been quicker
		n = len(changed)
		for _, o := range changed {
			if err := s.seedTx(tx, o); err != nil {
				return fmt.Errorf("%q: %w", o.Key, err)
			}
		}
		return err
	})
	return n, err
}

// changedIn returns those of the list that the store has not or has otherwise,
// as they should be there.
func changedIn(tx store.Tx, list []Organisation) (changed []Organisation, err error) {
	for _, o := range list {
		old, err := organisations.Get(tx, o.Key)
		switch {
		case errors.Is(err, store.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			o.ClosedInto, o.Domains = cmp.Or(old.ClosedInto, o.ClosedInto), old.Domains
			if same(o, old) {
				continue
			}
		}
		changed = append(changed, o)
	}
	return changed, nil
}

func (s *Service) seedTx(tx store.Tx, o Organisation) error {
	if err := o.check(); err != nil {
		return err
	}
	kind := "organisation.changed"
	if _, err := organisations.Get(tx, o.Key); errors.Is(err, store.ErrNotFound) {
		kind = "organisation.added"
	} else if err != nil {
		return err
	}
	return s.putOrganisation(tx, System, kind, o)
}

// AddOrganisation adds a body that the reference data does not know, such as
// an association or a company. It fails with ErrForbidden for anybody but an
// administrator and with store.ErrExists for a key in use.
func (s *Service) AddOrganisation(ctx context.Context, by Actor, o Organisation) (err error) {
	defer fault.Wrap(&err, "add organisation %q", o.Key)
	if err := Must(by, RunPortal, Thing{}); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	if o.Domains, err = cleanDomains(o.Domains); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		if known, err := organisations.Has(tx, o.Key); err != nil || known {
			return cmp.Or(err, error(store.ErrExists))
		}
		return s.putOrganisation(tx, by, "organisation.added", o)
	})
}

// SetDomains says at which mail domains the people of an organisation have
// their addresses: they become members by signing in. It fails with ErrDomain
// and, when another organisation has one, with ErrDomainTaken.
func (s *Service) SetDomains(ctx context.Context, by Actor, key string, domains []string) (err error) {
	defer fault.Wrap(&err, "set domains of %q", key)
	if err := Must(by, RunPortal, Thing{}); err != nil {
		return err
	}
	clean, err := cleanDomains(domains)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		o, err := s.OrganisationTx(tx, key)
		if err != nil {
			return err
		}
		o.Domains = clean
		err = s.putOrganisation(tx, by, "organisation.changed", o)
		if errors.Is(err, store.ErrExists) {
			return ErrDomainTaken.Because(err)
		}
		return err
	})
}

// CloseInto merges an organisation into another: its people become members
// there with the roles they had, its history stays. It fails with
// ErrOrganisationClosed when either is closed already.
func (s *Service) CloseInto(ctx context.Context, by Actor, key, into string) (err error) {
	defer fault.Wrap(&err, "close organisation %q into %q", key, into)
	if err := Must(by, RunPortal, Thing{}); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx store.Tx) error {
		old, err := s.OrganisationTx(tx, key)
		if err != nil {
			return err
		}
		next, err := s.OrganisationTx(tx, into)
		if err != nil {
			return err
		}
		if old.ClosedInto != "" || next.ClosedInto != "" || key == into {
			return ErrOrganisationClosed
		}
		domains := append(slices.Clone(next.Domains), old.Domains...)
		old.ClosedInto, old.Domains, next.Domains = into, nil, domains
		if err := s.putOrganisation(tx, by, "organisation.closed", old); err != nil {
			return err
		}
		if err := s.putOrganisation(tx, by, "organisation.changed", next); err != nil {
			return err
		}
		return s.moveMembers(tx, by, key, into)
	})
}

func (s *Service) moveMembers(tx store.Tx, by Actor, from, to string) error {
	members, err := collect(people.By(tx, "organisation", store.Exactly(from)))
	if err != nil {
		return err
	}
	for _, p := range members {
		now := s.Now().UTC()
		for _, g := range p.Grants {
			if g.Organisation == from {
				p = p.without(g, now).with(Grant{Role: g.Role, Organisation: to}, now)
			}
		}
		if err := s.putPerson(tx, by, "person.granted", p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) putOrganisation(tx store.Tx, by Actor, kind string, o Organisation) error {
	if err := organisations.Put(tx, o); err != nil {
		return err
	}
	if err := tx.Put(metaBucket, organisationsAt, []byte(s.NewID())); err != nil {
		return err
	}
	return s.note(tx, by, kind, "organisation:"+o.Key)
}

// Organisation returns an organisation, or store.ErrNotFound.
func (s *Service) Organisation(ctx context.Context, key string) (Organisation, error) {
	return store.Get(ctx, s.Store, func(tx store.Tx) (Organisation, error) { return s.OrganisationTx(tx, key) })
}

// OrganisationTx is Organisation inside a transaction.
func (s *Service) OrganisationTx(tx store.Tx, key string) (Organisation, error) {
	if !plainID(key) {
		return Organisation{}, store.ErrNotFound
	}
	return organisations.Get(tx, key)
}

// OrganisationsVersionTx is another text whenever an organisation was changed:
// what somebody has remembered of them is then old.
func (s *Service) OrganisationsVersionTx(tx store.Tx) (string, error) {
	raw, err := tx.Get(metaBucket, organisationsAt)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return string(raw), err
}

// OrganisationQuery says which organisations to list. Its zero value is all
// that are open.
type OrganisationQuery struct {
	Text    string // beginning of a name, or of a word of it
	Country string
	Region  string
	Kind    OrgKind
	Closed  bool // those that were merged into others too
	Limit   int  // 0: all
}

// Organisations returns organisations in the order of their names in lang.
func (s *Service) Organisations(ctx context.Context, lang string, q OrganisationQuery) ([]Organisation, error) {
	all, err := s.allOrganisations(ctx, lang)
	if err != nil {
		return nil, err
	}
	text := strings.ToLower(strings.TrimSpace(q.Text))
	var list []Organisation
	for _, o := range all {
		if (o.ClosedInto == "" || q.Closed) && (q.Country == "" || q.Country == o.Country) &&
			(q.Region == "" || q.Region == o.Region) && (q.Kind == "" || q.Kind == o.Kind) && o.matches(text) {
			list = append(list, o)
		}
		if q.Limit > 0 && len(list) == q.Limit {
			break
		}
	}
	return list, nil
}

// allOrganisations returns the organisations in order: from the cache when the
// store's stamp says that nothing has changed since, here or on another node.
func (s *Service) allOrganisations(ctx context.Context, lang string) (list []Organisation, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		raw, err := tx.Get(metaBucket, organisationsAt)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if list = s.cache.get(string(raw), lang); list != nil {
			return nil
		}
		if list, err = collect(organisations.All(tx, store.Range{})); err != nil {
			return err
		}
		order(list, lang)
		s.cache.put(string(raw), lang, list)
		return nil
	})
	return list, err
}

// order sorts by name as the language does: Å before Ä before Ö in Swedish.
func order(list []Organisation, lang string) {
	by := collate.New(language.Make(lang))
	slices.SortStableFunc(list, func(a, b Organisation) int { return by.CompareString(a.Name(lang), b.Name(lang)) })
}

func same(a, b Organisation) bool {
	x, xerr := json.Marshal(a)
	y, yerr := json.Marshal(b)
	return xerr == nil && yerr == nil && string(x) == string(y)
}

// organisationCache holds the ordered lists as of one stamp in the store.
type organisationCache struct {
	mu    sync.Mutex
	stamp string
	lists map[string][]Organisation // by language
}

func (c *organisationCache) get(stamp, lang string) []Organisation {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stamp != stamp {
		return nil
	}
	return c.lists[lang]
}

func (c *organisationCache) put(stamp, lang string, list []Organisation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stamp != stamp {
		c.stamp, c.lists = stamp, map[string][]Organisation{}
	}
	c.lists[lang] = list
}
