package saved_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/journal"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
	"github.com/kokeilu/kokeilu/search"
	"github.com/kokeilu/kokeilu/search/saved"
)

// shelf is a source of cases that tests change.
type shelf map[string]search.Document

func (s shelf) Kind() string { return "case" }

func (s shelf) Document(_ context.Context, id string) (search.Document, bool, error) {
	d, ok := s[id]
	return d, ok, nil
}

func (s shelf) Glance(ctx context.Context, id string) (search.Document, bool, error) {
	return s.Document(ctx, id)
}

func (s shelf) IDs(context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for id := range s {
			if !yield(id, nil) {
				return
			}
		}
	}
}

// reader is somebody who keeps searches in a portal at a time that tests move.
type reader struct {
	*saved.Service
	t      *testing.T
	now    time.Time
	ids    int
	cases  shelf
	people *accounts.Service
	me     accounts.Actor
	post   *notify.Runner
	box    string // folder of letters
}

// monday is six in the morning of a Monday.
var monday = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)

func each(t *testing.T, fn func(t *testing.T, r *reader)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) {
		r := &reader{t: t, now: monday, cases: shelf{}, box: t.TempDir()}
		clock, newID, log := func() time.Time { return r.now }, func() string { r.ids++; return fmt.Sprintf("id%010d", r.ids) }, slog.New(slog.DiscardHandler)
		locales, err := i18n.Load(os.DirFS(filepath.Join("..", "..", "content", "locales")), time.UTC)
		r.must(err)
		x, _, err := search.Open(t.TempDir(), log)
		r.must(err)
		t.Cleanup(func() { _ = x.Close() })
		x.Sources = []search.Source{r.cases}
		r.must(x.Rebuild(t.Context(), []byte("here")))
		j := journal.New(s, journal.Clock(clock), journal.Log(log))
		mail := &notify.Outbox{Now: clock, NewID: newID, Locales: locales, Portal: "Kokeilu"}
		r.post = notify.NewRunner(s, notify.Folder{Dir: r.box, From: "Kokeilu <k@kokeilu.example>", Now: clock}, clock, log)
		r.people = &accounts.Service{Store: s, Journal: j, Now: clock, NewID: newID, Locales: locales, Mail: mail, PublicURL: "https://kokeilu.example"}
		r.Service = &saved.Service{
			Store: s, Journal: j, Now: clock, NewID: newID, Zone: time.UTC, Index: x, People: r.people, Mail: mail, Locales: locales, PublicURL: "https://kokeilu.example",
		}
		r.people.Leaving = append(r.people.Leaving, r.LeaveTx)
		r.me = r.person("me@kunta.example")
		fn(t, r)
	})
}

func (r *reader) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *reader) person(email string) accounts.Actor {
	r.t.Helper()
	p, err := r.people.Add(r.t.Context(), accounts.System, accounts.NewPerson{Email: email, Lang: "en"})
	r.must(err)
	a, err := r.people.Actor(r.t.Context(), p.ID)
	r.must(err)
	return a
}

// publishes puts a case on the shelf as if it had been published now.
func (r *reader) publishes(id, title string) {
	r.t.Helper()
	r.cases[id] = search.Document{Kind: "case", ID: id, Lang: "en", Title: title, Path: "/cases/" + id, Date: r.now}
	r.indexes(id)
}

func (r *reader) indexes(id string) {
	r.t.Helper()
	r.must(r.Index.Apply(r.t.Context(), []search.Ref{{Kind: "case", ID: id}}, []byte("there")))
}

func (r *reader) keeps(words string, mail saved.Mail) saved.Search {
	r.t.Helper()
	one, err := r.Save(r.t.Context(), r.me, saved.Search{Words: words, Lang: "en", Mail: mail})
	r.must(err)
	return one
}

// morning goes to eight in the morning some days later and returns the letters
// that were written.
func (r *reader) morning(days int) []string {
	r.t.Helper()
	r.now = monday.AddDate(0, 0, days).Add(2 * time.Hour)
	_, err := r.Send(r.t.Context())
	r.must(err)
	_, err = r.Send(r.t.Context()) // twice is harmless
	r.must(err)
	_, err = r.post.Flush(r.t.Context())
	r.must(err)
	paths, err := filepath.Glob(filepath.Join(r.box, "*.eml"))
	r.must(err)
	var letters []string
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		r.must(err)
		letters = append(letters, strings.NewReplacer("\r\n ", " ", "\r\n", "\n").Replace(string(raw)))
		r.must(os.Remove(path))
	}
	return letters
}

func TestALetterNamesWhatIsNewOnce(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		r.now = monday.Add(-time.Hour)
		r.publishes("old", "An old library at night")
		r.now = monday
		r.keeps("library", saved.Daily)
		if letters := r.morning(0); len(letters) != 0 {
			t.Errorf("what was there before comes as new: %q", letters)
		}
		r.publishes("new", "A new library at night")
		r.publishes("other", "Something else")
		letters := r.morning(1)
		if len(letters) != 1 {
			t.Fatalf("%d letters", len(letters))
		}
		for _, part := range []string{"A new library at night", "https://kokeilu.example/en/cases/new", "List-Unsubscribe: <https://kokeilu.example/en/saved-searches/stop/", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "1 new find: library"} {
			if !strings.Contains(letters[0], part) {
				t.Errorf("the letter lacks %q:\n%s", part, letters[0])
			}
		}
		if strings.Contains(letters[0], "An old library") || strings.Contains(letters[0], "Something else") {
			t.Errorf("the letter names too much:\n%s", letters[0])
		}
		d := r.cases["new"]
		d.Title = "A newer library at night"
		r.cases["new"] = d
		r.indexes("new")
		for day := 2; day < 5; day++ {
			if letters := r.morning(day); len(letters) != 0 {
				t.Errorf("a find that changed comes again on day %d", day)
			}
		}
	})
}

func TestALetterNamesTenAndCountsTheRest(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		r.keeps("library", saved.Weekly)
		r.morning(0)
		for i := range 13 {
			r.publishes(fmt.Sprintf("case%02d", i), fmt.Sprintf("Library number %02d", i))
		}
		if letters := r.morning(6); len(letters) != 0 {
			t.Errorf("a weekly letter on Sunday")
		}
		letters := r.morning(7)
		if len(letters) != 1 || strings.Count(letters[0], "Library number") != 10 || !strings.Contains(letters[0], "and 3 more") {
			t.Errorf("%q", letters)
		}
		if letters := r.morning(14); len(letters) != 0 {
			t.Error("the rest comes in another letter")
		}
	})
}

func TestWhatIsNotPublicAnyMoreIsInNoLetter(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		r.keeps("library", saved.Daily)
		r.morning(0)
		r.publishes("gone", "A hidden library")
		r.publishes("members", "A library for members")
		delete(r.cases, "gone") // and the index has not heard of it
		d := r.cases["members"]
		d.Members = true
		r.cases["members"] = d
		if letters := r.morning(1); len(letters) != 0 {
			t.Errorf("%q", letters)
		}
	})
}

func TestTheLinkInALetterEndsTheLettersForWhoeverHasIt(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		one := r.keeps("library", saved.Daily)
		r.morning(0)
		for range 2 {
			if _, err := r.StopLetters(t.Context(), one.Stop); err != nil {
				t.Fatal(err)
			}
		}
		r.publishes("new", "A new library")
		if letters := r.morning(1); len(letters) != 0 {
			t.Error("a letter after the end")
		}
		for _, secret := range []string{"", one.ID, one.Stop[:10], one.Stop + "x"} {
			if _, err := r.StopLetters(t.Context(), secret); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("link %q: %v", secret, err)
			}
		}
		// Whoever wants letters again is told of what comes from then on.
		r.must(r.Change(t.Context(), r.me, one.ID, "", saved.Daily))
		if letters := r.morning(2); len(letters) != 0 {
			t.Errorf("what came meanwhile is told: %q", letters)
		}
	})
}

func TestSomebodyWhoIsGoneGetsNoLetter(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		one := r.keeps("library", saved.Daily)
		r.morning(0)
		r.publishes("new", "A new library")
		r.must(r.people.Erase(t.Context(), accounts.System, r.me.ID))
		if letters := r.morning(1); len(letters) != 0 {
			t.Errorf("%q", letters)
		}
		if _, err := r.Stopped(t.Context(), one.Stop); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("the search of an erased account is still there: %v", err)
		}
	})
}

func TestASearchIsItsOwnersOnly(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		one, other := r.keeps("library", saved.Never), r.person("other@kunta.example")
		for name, a := range map[string]accounts.Actor{"another": other, "a stranger": {}} {
			want := accounts.ErrUnseen
			if !a.SignedIn() {
				want = accounts.ErrSignIn
			}
			_, err := r.Get(t.Context(), a, one.ID)
			for _, err := range []error{err, r.Change(t.Context(), a, one.ID, "x", saved.Daily), r.Delete(t.Context(), a, one.ID)} {
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", name, err, want)
				}
			}
		}
		if list, err := r.Of(t.Context(), other); err != nil || len(list) != 0 {
			t.Errorf("another sees %v, %v", list, err)
		}
		if _, err := r.Save(t.Context(), accounts.Actor{}, saved.Search{Words: "x", Lang: "en", Mail: saved.Never}); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("a stranger saves: %v", err)
		}
	})
}

func TestThereAreNotMoreThanFifty(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		for range saved.Most {
			r.keeps("library", saved.Never)
		}
		_, err := r.Save(t.Context(), r.me, saved.Search{Words: "library", Lang: "en", Mail: saved.Never})
		if !errors.Is(err, saved.ErrMost) {
			t.Errorf("one more: %v", err)
		}
	})
}

func TestAFormThatIsSentTwiceSavesOnce(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		ctx := once.With(t.Context(), r.me.ID, "the key of a form", "")
		for range 2 {
			if _, err := r.Save(ctx, r.me, saved.Search{Words: "library", Lang: "en", Mail: saved.Never}); err != nil {
				t.Fatal(err)
			}
		}
		if list, err := r.Of(t.Context(), r.me); err != nil || len(list) != 1 {
			t.Errorf("%d searches, %v", len(list), err)
		}
	})
}

func TestWhatIsWrongWithASearchIsSaid(t *testing.T) {
	each(t, func(t *testing.T, r *reader) {
		for want, one := range map[error]saved.Search{
			saved.ErrWords: {Words: "  ", Lang: "en", Mail: saved.Never},
			saved.ErrName:  {Words: "x", Name: strings.Repeat("n", 81), Lang: "en", Mail: saved.Never},
			saved.ErrMail:  {Words: "x", Lang: "en", Mail: "hourly"},
			saved.ErrLang:  {Words: "x", Lang: "xx", Mail: saved.Never},
		} {
			if _, err := r.Save(t.Context(), r.me, one); !errors.Is(err, want) {
				t.Errorf("got %v, want %v", err, want)
			}
		}
	})
}
