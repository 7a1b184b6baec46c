package search_test

import (
	"context"
	"iter"
	"log/slog"
	"slices"
	"testing"

	"github.com/kokeilu/kokeilu/search"
)

// shelf is a source that holds its documents in memory.
type shelf map[string]search.Document

func (s shelf) Kind() string { return "case" }

func (s shelf) Glance(ctx context.Context, id string) (search.Document, bool, error) {
	return s.Document(ctx, id)
}

func (s shelf) Document(_ context.Context, id string) (search.Document, bool, error) {
	d, ok := s[id]
	return d, ok, nil
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

func library() shelf {
	docs := []search.Document{
		{ID: "fi1", Lang: "fi", Title: "Kirjaston palvelut lähikirjastossa", Summary: "Omatoiminen kirjasto auki iltaisin.", Body: "Kunnissa kokeiltiin kirjastoautoa ja lähipalveluja.", Places: "Äänekoski"},
		{ID: "sv1", Lang: "sv", Title: "Digital post till invånare", Summary: "Kommunen skickar beslut digitalt.", Body: "Försöket visade att äldre läser breven i telefonen.", Places: "Sundsvall"},
		{ID: "en1", Lang: "en", Title: "Text message reminders", Summary: "Fewer missed appointments.", Body: "Residents answered reminders within an hour.", Places: "Helsinki\nHelsingfors", Outcome: "confirmed"},
		{ID: "ru1", Lang: "ru", Title: "Открытые данные города", Summary: "Жители видят расписание автобусов.", Body: "Ёмкость серверов оказалась мала.", Places: "Кемерово"},
		{ID: "kk1", Lang: "kk", Title: "Әкімдіктегі ашық кеңістік", Summary: "Азаматтар қызметті бір жерден алады.", Body: "Мектептер мен кітапханаларда сынақтан өтті.", Places: "Шымкент"},
		{ID: "secret", Lang: "en", Title: "Members only reminders", Body: "For members.", Members: true},
	}
	s := shelf{}
	for _, d := range docs {
		d.Kind = "case"
		s[d.ID] = d
	}
	return s
}

func open(t *testing.T, sources ...search.Source) *search.Index {
	t.Helper()
	x, fresh, err := search.Open(t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil || !fresh {
		t.Fatalf("Open: fresh %v, %v", fresh, err)
	}
	t.Cleanup(func() { _ = x.Close() })
	x.Sources = sources
	if err := x.Rebuild(t.Context(), []byte("here")); err != nil {
		t.Fatal(err)
	}
	return x
}

func ids(r search.Results) []string {
	list := []string{}
	for _, h := range r.Hits {
		list = append(list, h.ID)
	}
	return list
}

func TestFinds(t *testing.T) {
	x := open(t, library())
	tests := map[string]struct{ typed, want string }{
		"a word as written":             {"lähikirjastossa", "fi1"},
		"the dictionary form, Finnish":  {"kirjasto", "fi1"},
		"an inflected form, Swedish":    {"invånarna", "sv1"},
		"an inflected form, English":    {"reminder", "en1"},
		"an inflected form, Russian":    {"открытых", "ru1"},
		"the dictionary form, Kazakh":   {"кітапхана", "kk1"},
		"without diacritics":            {"aanekoski", "fi1"},
		"a place in the other alphabet": {"Shymkent", "kk1"},
		"ё written as е":                {"емкость", "ru1"},
		"a typo":                        {"remimders", "en1"},
		"the wrong keyboard":            {"jnrhsnst", "ru1"},
		"a phrase":                      {`"digital post"`, "sv1"},
		"a beginning":                   {"appoint*", "en1"},
		"nothing but odd characters":    {`)("*:-`, ""},
		"a word nobody wrote":           {"qqqqzzzz", ""},
		"a place by its Swedish name":   {"Helsingfors", "en1"},
		"a word to be left out":         {"reminders -text", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := x.Search(t.Context(), search.Request{Text: tt.typed, Lang: "en"})
			if err != nil {
				t.Fatal(err)
			}
			list := ids(got)
			if tt.want == "" && len(list) > 0 || tt.want != "" && (len(list) == 0 || list[0] != tt.want) {
				t.Errorf("%q finds %v, want %q first", tt.typed, list, tt.want)
			}
		})
	}
}

func TestMembersOnlyIsNeitherFoundNorCounted(t *testing.T) {
	x := open(t, library())
	req := search.Request{Text: "members reminders", Lang: "en", Count: true}
	public, err := x.Search(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	req.Members = true
	member, err := x.Search(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(ids(public), "secret") || public.Total != 1 || public.Facets["kind"][0].Count != 1 {
		t.Errorf("the public sees %v of %d, facets %v", ids(public), public.Total, public.Facets)
	}
	if !slices.Contains(ids(member), "secret") || member.Total != 2 {
		t.Errorf("a member sees %v of %d", ids(member), member.Total)
	}
}

func TestMatchesAreMarked(t *testing.T) {
	x := open(t, library())
	got, err := x.Search(t.Context(), search.Request{Text: "kirjasto", Lang: "fi"})
	if err != nil || len(got.Hits) == 0 {
		t.Fatal(got, err)
	}
	var marked []string
	for _, p := range append(got.Hits[0].Title, got.Hits[0].Snippet...) {
		if p.Found {
			marked = append(marked, p.Text)
		}
	}
	if !slices.Contains(marked, "Kirjaston") {
		t.Errorf("marked %v, want Kirjaston among them", marked)
	}
}

func TestApplyFollowsTheThing(t *testing.T) {
	lib := library()
	x := open(t, lib)
	d := lib["en1"]
	d.Title = "Letters by carrier pigeon"
	lib["en1"] = d
	if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, []byte("there")); err != nil {
		t.Fatal(err)
	}
	got, err := x.Search(t.Context(), search.Request{Text: "pigeon", Lang: "en"})
	if err != nil || got.Total != 1 {
		t.Fatalf("changed title: %d found, %v", got.Total, err)
	}
	delete(lib, "en1")
	if err := x.Apply(t.Context(), []search.Ref{{Kind: "case", ID: "en1"}}, []byte("gone")); err != nil {
		t.Fatal(err)
	}
	if got, _ = x.Search(t.Context(), search.Request{Text: "pigeon", Lang: "en"}); got.Total != 0 {
		t.Errorf("removed document: %d found", got.Total)
	}
	if cursor, _ := x.Cursor(t.Context()); string(cursor) != "gone" {
		t.Errorf("cursor %q, want gone", cursor)
	}
}

func TestReopenKeepsIndexAndCursor(t *testing.T) {
	dir := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	x, _, err := search.Open(dir, log)
	if err != nil {
		t.Fatal(err)
	}
	x.Sources = []search.Source{library()}
	if err := x.Rebuild(t.Context(), []byte("c1")); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	x, fresh, err := search.Open(dir, log)
	if err != nil || fresh {
		t.Fatalf("reopen: fresh %v, %v", fresh, err)
	}
	defer func() { _ = x.Close() }()
	x.Sources = []search.Source{library()}
	if n, _ := x.Count(); n != 6 {
		t.Errorf("%d documents after reopening, want 6", n)
	}
	if cursor, _ := x.Cursor(t.Context()); string(cursor) != "c1" {
		t.Errorf("cursor %q", cursor)
	}
}

func TestLike(t *testing.T) {
	x := open(t, library())
	list, err := x.Like(t.Context(), "en", "We would send text message reminders to residents before their appointments", "", 3)
	if err != nil || len(list) == 0 || list[0].ID != "en1" {
		t.Fatalf("Like = %v, %v", list, err)
	}
	if len(list[0].Shared) == 0 {
		t.Error("no shared words are named")
	}
}

func TestLikeFindsByFewOfManyWords(t *testing.T) {
	x := open(t, library())
	const text = "Library parcels ride home with the school taxi. The taxi that drives home empty takes reserved books to two villages, and reminders follow."
	list, err := x.Like(t.Context(), "en", text, "", 3)
	if err != nil || len(list) == 0 {
		t.Fatalf("Like = %v, %v; want what shares a word or two", list, err)
	}
}
