package experiments

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A FormDraft is what somebody has typed into one page of a card and not saved
// yet. It is theirs alone and changes no card. Version is the card they had
// before their eyes.
type FormDraft struct {
	Experiment string              `json:"experiment"` // or Unborn
	Section    Section             `json:"section"`
	Person     string              `json:"person"`
	Version    int                 `json:"version,omitempty"`
	At         time.Time           `json:"at"`
	Values     map[string][]string `json:"values"`
}

// Unborn stands for the experiment that somebody is registering.
const Unborn = "new"

// drafts holds them: one for each person and page.
var drafts = &store.Table[FormDraft]{
	Bucket: "experiment_draft",
	Key:    func(d FormDraft) string { return draftKey(d.Experiment, d.Section, d.Person) },
	Indexes: []store.Index[FormDraft]{
		{Name: "at", Keys: func(d FormDraft) []string { return []string{stamp(d.At)} }},
		{Name: "person", Keys: func(d FormDraft) []string { return []string{d.Person} }},
	},
}

func draftKey(id string, s Section, person string) string {
	return strings.Join([]string{id, string(s), person}, "/")
}

// MaxDraft is how many bytes a draft may have: far more than all limits of a
// page together.
const MaxDraft = 64 << 10

// DraftDays is how long a draft that nobody touches is kept.
const DraftDays = 60

// ErrDraftLarge is returned for a draft of more than MaxDraft bytes.
var ErrDraftLarge = fault.New(fault.TooLarge, "experiment.draft_large", MaxDraft>>10)

// buttons are the fields of a form that are no text of anybody.
var buttons = []string{"_key", "version", "later", "similar", "finish", "discard"}

// KeepDraft keeps what a person has typed so far, instead of what they had
// typed before. An empty form keeps nothing, and neither does one that was saved
// meanwhile. It fails with ErrDraftLarge, and for a card that the person may not
// edit.
func (s *Service) KeepDraft(ctx context.Context, a accounts.Actor, d FormDraft) (at time.Time, err error) {
	defer fault.Wrap(&err, "keep draft of %s of experiment %q", d.Section, d.Experiment)
	values := url.Values{}
	size := 0
	for name, list := range d.Values {
		for _, v := range list {
			size += len(name) + len(v)
		}
		values[name] = list
	}
	for _, name := range buttons {
		values.Del(name)
	}
	if size > MaxDraft {
		return at, ErrDraftLarge
	}
	d.Person, d.At, d.Values = a.ID, s.Now().UTC(), values
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		e, err := s.draftableTx(tx, a, d.Experiment)
		if err != nil {
			return err
		}
		late, err := savedSinceTx(tx, a, &e, d)
		if err != nil || late {
			return err
		}
		if len(values) == 0 {
			return drafts.Delete(tx, draftKey(d.Experiment, d.Section, a.ID))
		}
		return drafts.Put(tx, d)
	})
	return d.At, err
}

func (s *Service) draftableTx(tx store.Tx, a accounts.Actor, id string) (e Experiment, err error) {
	if !a.SignedIn() {
		return e, accounts.ErrSignIn
	}
	if id == Unborn {
		return e, nil
	}
	e, thing, err := s.SeeTx(tx, a, id)
	if err != nil {
		return e, err
	}
	return e, accounts.Must(a, accounts.EditExperiment, thing)
}

// savedSinceTx reports whether the person has saved the section since the
// draft's version: then the draft was on its way while the form was sent, and
// is no news. Only the newest versions are looked at.
func savedSinceTx(tx store.Tx, a accounts.Actor, e *Experiment, d FormDraft) (bool, error) {
	if d.Experiment == Unborn || d.Version <= 0 {
		return false, nil
	}
	for n := max(d.Version, e.Version-versionsShown) + 1; n <= e.Version; n++ {
		v, ok, err := versionTx(tx, e.ID, n)
		if err != nil {
			return false, err
		}
		if !ok || v.By != a.ID {
			continue
		}
		before, ok, err := versionTx(tx, e.ID, n-1)
		if err != nil || !ok {
			return false, err
		}
		if same, err := sameSection(&before.Card, &v.Card, d.Section); err != nil || !same {
			return err == nil, err
		}
	}
	return false, nil
}

// DraftOf is what a person has typed into a page and not saved; ok is false
// when there is nothing.
func (s *Service) DraftOf(ctx context.Context, a accounts.Actor, id string, section Section) (d FormDraft, ok bool, err error) {
	defer fault.Wrap(&err, "draft of %s of experiment %q", section, id)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		d, err = drafts.Get(tx, draftKey(id, section, a.ID))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		ok = err == nil
		return err
	})
	return d, ok, err
}

// DropDraft forgets what a person has typed into a page.
func (s *Service) DropDraft(ctx context.Context, a accounts.Actor, id string, section Section) (err error) {
	defer fault.Wrap(&err, "drop draft of %s of experiment %q", section, id)
	return s.Store.Update(ctx, func(tx store.Tx) error { return dropDraftTx(tx, a, id, section) })
}

// dropDraftTx is called where the text was saved.
func dropDraftTx(tx store.Tx, a accounts.Actor, id string, section Section) error {
	return drafts.Delete(tx, draftKey(id, section, a.ID))
}

// forgetTx drops everything a person has typed and not saved.
func forgetTx(tx store.Tx, person string) error {
	var own []string
	for d, err := range drafts.By(tx, "person", store.Exactly(person)) {
		if err != nil {
			return err
		}
		own = append(own, drafts.Key(d))
	}
	for _, key := range own {
		if err := drafts.Delete(tx, key); err != nil {
			return err
		}
	}
	return nil
}

// SweepDrafts forgets the drafts that nobody has touched for DraftDays, some
// at a time. It returns how many it dropped.
func (s *Service) SweepDrafts(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "sweep drafts")
	limit := s.Now().AddDate(0, 0, -DraftDays)
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		var old []string
		for d, err := range drafts.By(tx, "at", store.Range{}) {
			if err != nil {
				return err
			}
			if !d.At.Before(limit) || len(old) == 500 {
				break
			}
			old = append(old, drafts.Key(d))
		}
		n = len(old)
		for _, key := range old {
			if err := drafts.Delete(tx, key); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}
