package cases_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/once"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// onBank runs fn with an empty bank on each driver.
func onBank(t *testing.T, fn func(t *testing.T, b *bank)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, s store.Store) { fn(t, newBank(t, s)) })
}

func TestADraftBecomesACase(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		id := b.draft(t, told("Day-care by text message"))
		if _, err := b.Get(t.Context(), nobody, id); !errors.Is(err, cases.ErrUnknown) {
			t.Errorf("anybody reads a draft: %v", err)
		}
		if _, err := b.Publish(t.Context(), colleague, id); !errors.Is(err, cases.ErrUnknown) {
			t.Errorf("somebody else publishes a draft: %v", err)
		}
		c, err := b.Publish(t.Context(), author, id)
		if err != nil {
			t.Fatal(err)
		}
		if c.Path() != "/cases/"+id+"/day-care-by-text-message" || !c.IsPublic(b.now) {
			t.Errorf("published as %+v", c)
		}
		if _, err := b.Get(t.Context(), nobody, id); err != nil {
			t.Errorf("nobody can read it: %v", err)
		}
		if got := b.kinds(t, id); got != "drafted published" {
			t.Errorf("journal says %q", got)
		}
		if _, err := b.Publish(t.Context(), author, id); !errors.Is(err, cases.ErrPublished) {
			t.Errorf("published twice: %v", err)
		}
	})
}

func TestWhatAPublishedCaseNeeds(t *testing.T) {
	tests := map[string]struct {
		change func(*cases.Draft)
		want   []error
	}{
		"all is there":          {func(*cases.Draft) {}, nil},
		"no title":              {func(d *cases.Draft) { d.Title = "  " }, []error{cases.ErrTitleMissing}},
		"a title too long":      {func(d *cases.Draft) { d.Title = strings.Repeat("ä", 201) }, []error{cases.ErrTitleLong}},
		"a summary too long":    {func(d *cases.Draft) { d.Summary = strings.Repeat("ä", 601) }, []error{cases.ErrSummaryLong}},
		"an unknown language":   {func(d *cases.Draft) { d.Lang = "de" }, []error{cases.ErrLang}},
		"no text":               {func(d *cases.Draft) { d.Body = "" }, []error{cases.ErrBodyMissing}},
		"a heading is missing":  {func(d *cases.Draft) { d.Body = strings.Replace(d.Body, "## Problem", "", 1) }, []error{cases.ErrHeadingMissing}},
		"an unknown sector":     {func(d *cases.Draft) { d.Sector = "99" }, []error{cases.ErrSector}},
		"an organisation wrong": {func(d *cases.Draft) { d.Organisation = "Tampere" }, []error{cases.ErrOrganisation}},
		"an unknown outcome":    {func(d *cases.Draft) { d.Outcome = "great" }, []error{cases.ErrOutcome}},
		"a cost beyond belief":  {func(d *cases.Draft) { d.CostCents, d.Currency = 1<<62, "EUR" }, []error{cases.ErrCost}},
		"cost without currency": {func(d *cases.Draft) { d.CostCents = 5 }, []error{cases.ErrCost}},
		"end before start":      {func(d *cases.Draft) { d.Start, d.End = noon, noon.AddDate(0, 0, -1) }, []error{cases.ErrDates}},
		"two things at once":    {func(d *cases.Draft) { d.Title, d.Sector = "", "x" }, []error{cases.ErrTitleMissing, cases.ErrSector}},
	}
	onBank(t, func(t *testing.T, b *bank) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				d := told("A title")
				tt.change(&d)
				_, err := b.Publish(t.Context(), author, b.draft(t, d))
				if len(fault.All(err)) < len(tt.want) || (err == nil) != (tt.want == nil) {
					t.Fatalf("got %v, want %v", err, tt.want)
				}
				for _, want := range tt.want {
					if !errors.Is(err, want) {
						t.Errorf("got %v, want %v", err, want)
					}
				}
			})
		}
	})
}

func TestASlugIsInTheCasesLanguageAndStays(t *testing.T) {
	for _, tt := range []struct{ lang, title, want string }{
		{"fi", "Päätös kotona – nopeasti & helposti", "paatos-kotona-nopeasti-ja-helposti"},
		{"sv", "Äldre på nätet", "aldre-pa-natet"},
		{"ru", "Цифровая больница", "tsifrovaia-bolnitsa"},
		{"kk", "Қостанай өңірі", "qostanai-oniri"},
		{"en", "!!!", "case"},
		{"en", strings.Repeat("word ", 40), strings.TrimSuffix(strings.Repeat("word-", 16), "-")},
	} {
		onBank(t, func(t *testing.T, b *bank) {
			d := told(tt.title)
			d.Lang, d.Body = tt.lang, body(tt.lang)
			c := b.publish(t, d)
			if c.Slug != tt.want {
				t.Errorf("%s: slug %q, want %q", tt.title, c.Slug, tt.want)
			}
			text := cases.Text{Revision: c.Revision, Title: "Another title", Body: c.Body}
			edited, err := b.Edit(t.Context(), author, c.ID, text)
			if err != nil || edited.Slug != c.Slug || edited.Title != "Another title" {
				t.Errorf("edited: %q %q %v", edited.Title, edited.Slug, err)
			}
		})
	}
}

func TestEditingKeepsTheEarlierWordingAndItsAuthor(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		d := told("First")
		d.Authors = []string{"second-author"}
		c := b.publish(t, d)
		second := person("second-author", accounts.Member, tampere)
		if _, err := b.Edit(t.Context(), second, c.ID, cases.Text{Revision: 1, Title: "Second", Body: c.Body}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Edit(t.Context(), author, c.ID, cases.Text{Revision: 1, Title: "Lost", Body: c.Body}); !errors.Is(err, cases.ErrChanged) {
			t.Errorf("a slower edit: %v", err)
		}
		if _, err := b.Edit(t.Context(), author, c.ID, cases.Text{Revision: 2, Title: "Third", Body: ""}); !errors.Is(err, cases.ErrBodyMissing) {
			t.Errorf("a published case without text: %v", err)
		}
		now, list, err := b.Revisions(t.Context(), nobody, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if now.Title != "Second" || now.Outcome != cases.NotConfirmed || len(list) != 2 || list[0].Author != "second-author" || list[1].Author != "author" || list[1].Title != "First" {
			t.Errorf("revisions %+v", list)
		}
	})
}

func TestOnlyAuthorsEdit(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Mine"))
		text := cases.Text{Revision: 1, Title: "Yours", Body: c.Body}
		for name, tt := range map[string]struct {
			who  accounts.Actor
			want error
		}{
			"nobody":      {nobody, accounts.ErrSignIn},
			"a colleague": {colleague, accounts.ErrForbidden},
			"a moderator": {moderator, accounts.ErrForbidden},
		} {
			if _, err := b.Edit(t.Context(), tt.who, c.ID, text); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", name, err, tt.want)
			}
		}
		if html, err := b.Preview(t.Context(), author, c.ID, cases.Text{Body: "*new* <script>x</script>"}); err != nil || !strings.Contains(html, "<em>new</em>") || strings.Contains(html, "<script") {
			t.Errorf("preview %q, %v", html, err)
		}
	})
}

func TestAWithdrawnCaseLeavesATombstone(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Wrong numbers"))
		if err := b.Withdraw(t.Context(), colleague, c.ID, "because"); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("a coordinator withdraws: %v", err)
		}
		if err := b.Withdraw(t.Context(), author, c.ID, " "); !errors.Is(err, cases.ErrWhyMissing) {
			t.Errorf("without a reason: %v", err)
		}
		if err := b.Withdraw(t.Context(), author, c.ID, "The numbers were wrong."); err != nil {
			t.Fatal(err)
		}
		got, err := b.Get(t.Context(), nobody, c.ID)
		if !errors.Is(err, cases.ErrWithdrawn) || got.Title != "Wrong numbers" || got.Reason != "The numbers were wrong." || got.Body != "" || got.WithdrawnAt.IsZero() {
			t.Errorf("tombstone %+v, %v", got, err)
		}
		if list := b.titles(t.Context(), t, nobody, cases.Filter{}); list != "" {
			t.Errorf("still listed: %s", list)
		}
		if err := b.Withdraw(t.Context(), author, c.ID, "again"); !errors.Is(err, cases.ErrWithdrawn) {
			t.Errorf("withdrawn twice: %v", err)
		}
	})
}

func TestAModeratorHidesAndShows(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Names a child"))
		if err := b.Hide(t.Context(), author, c.ID, "x"); !errors.Is(err, accounts.ErrForbidden) {
			t.Errorf("an author hides: %v", err)
		}
		if err := b.Hide(t.Context(), moderator, c.ID, "Personal data"); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Get(t.Context(), member, c.ID); !errors.Is(err, cases.ErrUnknown) {
			t.Errorf("a member reads it: %v", err)
		}
		for _, who := range []accounts.Actor{author, moderator} {
			if got, err := b.Get(t.Context(), who, c.ID); err != nil || got.Hidden != "Personal data" {
				t.Errorf("%s: %q, %v", who.ID, got.Hidden, err)
			}
		}
		if err := b.Unhide(t.Context(), moderator, c.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Get(t.Context(), nobody, c.ID); err != nil {
			t.Errorf("shown again: %v", err)
		}
	})
}

func TestMembersOnlyAndEmbargo(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		hidden, later := b.publish(t, told("For members")), b.publish(t, told("For Friday"))
		text := cases.Text{Revision: 1, Title: hidden.Title, Body: hidden.Body, Visibility: cases.Members}
		if _, err := b.Edit(t.Context(), author, hidden.ID, text); err != nil {
			t.Fatal(err)
		}
		text = cases.Text{Revision: 1, Title: later.Title, Body: later.Body, Embargo: b.now.AddDate(0, 0, 2)}
		if _, err := b.Edit(t.Context(), author, later.ID, text); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			who           accounts.Actor
			days          int
			wantM, wantE  bool
			wantListNames string
		}{
			"nobody, before":   {nobody, 0, false, false, ""},
			"a member, before": {member, 0, true, false, "For members"},
			"nobody, after":    {nobody, 3, false, true, "For Friday"},
			"a member, after":  {member, 3, true, true, "For Friday, For members"},
			"the author":       {author, 0, true, true, "For members"},
		} {
			b.now = noon.AddDate(0, 0, tt.days)
			_, errM := b.Get(t.Context(), tt.who, hidden.ID)
			_, errE := b.Get(t.Context(), tt.who, later.ID)
			if (errM == nil) != tt.wantM || (errE == nil) != tt.wantE {
				t.Errorf("%s: members only %v, embargo %v", name, errM, errE)
			}
			if got := b.titles(t.Context(), t, tt.who, cases.Filter{}); got != tt.wantListNames {
				t.Errorf("%s: list %q, want %q", name, got, tt.wantListNames)
			}
		}
		b.now = noon
		if err := b.Withdraw(t.Context(), author, hidden.ID, "Secret reason"); err != nil {
			t.Fatal(err)
		}
		if c, err := b.Get(t.Context(), nobody, hidden.ID); !errors.Is(err, cases.ErrUnknown) || c.Title != "" {
			t.Errorf("its tombstone is shown to everybody: %+v, %v", c, err)
		}
		if _, err := b.Get(t.Context(), member, hidden.ID); !errors.Is(err, cases.ErrWithdrawn) {
			t.Errorf("its tombstone for a member: %v", err)
		}
	})
}

func TestAnEmbargoEndsWithATick(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("For Friday"))
		if _, err := b.Edit(t.Context(), author, c.ID, cases.Text{Revision: 1, Title: c.Title, Body: c.Body, Embargo: b.now.AddDate(0, 0, 2)}); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct{ days, opened, count int }{{1, 0, 0}, {2, 1, 1}, {3, 0, 1}} {
			b.now = noon.AddDate(0, 0, step.days)
			n, err := b.Tick(t.Context())
			count, cerr := b.Count(t.Context())
			if err != nil || cerr != nil || n != step.opened || count != step.count {
				t.Errorf("day %d: %d opened, %d counted, %v %v", step.days, n, count, err, cerr)
			}
		}
		if got := b.kinds(t, c.ID); got != "drafted published edited published" {
			t.Errorf("journal says %q", got)
		}
		if got, _ := b.Get(t.Context(), nobody, c.ID); !got.Published.Equal(noon.AddDate(0, 0, 2)) {
			t.Errorf("published %v", got.Published)
		}
	})
}

func TestListsAreFilteredAndPaged(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		for i, title := range []string{"a", "b", "c", "d", "e"} {
			d := told(title)
			b.now = noon.Add(time.Duration(i) * time.Hour)
			if i%2 == 0 {
				d.Lang, d.Body, d.Themes, d.Outcome = "fi", body("fi"), []string{"care"}, cases.Confirmed
			}
			if i == 4 {
				d.Organisation, d.Organisations, d.Sector = tampere, []string{sunds}, "07.2"
			}
			b.publish(t, d)
		}
		for want, f := range map[string]cases.Filter{
			"e, d, c, b, a": {},
			"e, c, a":       {Lang: "fi"},
			"d, b":          {Theme: "open-data"},
			"e":             {Theme: "07"},
			"c, a":          {Theme: "09", Outcome: cases.Confirmed},
			"":              {Country: "SE"},
			"e, ":           {Organisation: sunds},
		} {
			if got := b.titles(t.Context(), t, nobody, f); got != strings.TrimSuffix(want, ", ") {
				t.Errorf("%+v: %q, want %q", f, got, want)
			}
		}
		f, all := cases.Filter{Limit: 2, Country: "FI"}, ""
		for range 5 {
			page, err := b.List(t.Context(), nobody, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range page.Rows {
				all += r.Title
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
		}
		if all != "edcba" {
			t.Errorf("pages hold %q", all)
		}
		if _, err := b.List(t.Context(), nobody, cases.Filter{Cursor: "%%%"}); !errors.Is(err, cases.ErrCursor) {
			t.Errorf("a made-up cursor: %v", err)
		}
	})
}

func TestAddPublishesAtOnce(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		d := cases.Draft{Title: "From the API", Body: "Any text.", Lang: "sv"}
		if _, err := b.Add(t.Context(), nobody, d); !errors.Is(err, accounts.ErrSignIn) {
			t.Errorf("nobody adds: %v", err)
		}
		ctx := once.With(t.Context(), "author", "key", "")
		c, err := b.Add(ctx, author, d)
		if err != nil || c.Organisation != tampere || !c.IsPublic(b.now) {
			t.Fatalf("%+v, %v", c, err)
		}
		again, err := b.Add(ctx, author, d)
		if err != nil || again.ID != c.ID {
			t.Errorf("sent twice: %s and %s, %v", c.ID, again.ID, err)
		}
		if got := b.titles(t.Context(), t, nobody, cases.Filter{}); got != "From the API" {
			t.Errorf("list %q", got)
		}
		d.Organisation = oulu
		if _, err := b.Add(t.Context(), author, d); !errors.Is(err, cases.ErrOtherAuthor) {
			t.Errorf("for another municipality: %v", err)
		}
	})
}

func TestABodyKeepsTheIndentationThatMakesCode(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c, err := b.Add(t.Context(), author, cases.Draft{Title: "Code first", Body: "\n \n\tls -l\n    cd\n\nText. \n\n", Lang: "en"})
		if err != nil || c.Body != "\tls -l\n    cd\n\nText." {
			t.Errorf("%q, %v", c.Body, err)
		}
	})
}

func TestATranslationSharesTheGroup(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Original"))
		id, err := b.Translate(t.Context(), author, c.ID, "sv")
		if err != nil {
			t.Fatal(err)
		}
		v, err := b.Get(t.Context(), author, id)
		if err != nil || v.Group != c.Group || v.Lang != "sv" || v.State != cases.StateDraft || v.Slug != "" || v.Revision != 1 {
			t.Errorf("%+v, %v", v, err)
		}
		if _, err := b.Translate(t.Context(), author, c.ID, "sv"); !errors.Is(err, cases.ErrTranslated) {
			t.Errorf("translated twice: %v", err)
		}
		if _, err := b.Translate(t.Context(), author, c.ID, "xx"); !errors.Is(err, cases.ErrLang) {
			t.Errorf("into nothing: %v", err)
		}
	})
}

func TestAListShowsOneLanguageOfEachAccount(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Original"))
		for lang, title := range map[string]string{"sv": "Svenska", "fi": "Suomi"} {
			id, err := b.Translate(t.Context(), author, c.ID, lang)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := b.EditAndPublish(t.Context(), author, id, cases.Text{Revision: 1, Title: title, Body: body(lang)}); err != nil {
				t.Fatal(err)
			}
		}
		for reader, want := range map[string]string{"en": "Original", "sv": "Svenska", "fi": "Suomi", "ru": "Original"} {
			if got := b.titles(t.Context(), t, nobody, cases.Filter{Reader: reader}); got != want {
				t.Errorf("a reader of %s sees %q, want %q", reader, got, want)
			}
		}
		if got := b.titles(t.Context(), t, nobody, cases.Filter{Reader: "sv", Lang: "fi"}); got != "Suomi" {
			t.Errorf("who asks for Finnish sees %q", got)
		}
	})
}

func TestTheOriginFollowsItsExperiment(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		c := b.publish(t, told("Moves"))
		next := cases.Origin{Experiment: c.Origin.Experiment, Stage: "S", Completeness: 1}
		move := func(id string) error {
			return b.Store.Update(t.Context(), func(tx store.Tx) error { return b.OriginTx(tx, id, next) })
		}
		if err := errors.Join(move(c.ID), move(c.ID)); err != nil {
			t.Fatal(err)
		}
		if got, _ := b.Get(t.Context(), nobody, c.ID); got.Origin != next || got.Revision != 1 {
			t.Errorf("%+v", got)
		}
		if got := b.kinds(t, c.ID); got != "drafted published moved" {
			t.Errorf("journal says %q", got)
		}
		if err := move("nowhere"); !errors.Is(err, cases.ErrUnknown) {
			t.Errorf("a case that is not there: %v", err)
		}
	})
}
