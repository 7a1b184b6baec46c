package pagecache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/internal/pagecache"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/boltstore"
)

// text is a page.
type text string

func (t text) Size() int64 { return int64(len(t)) }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func at(moment time.Time) func() time.Time { return func() time.Time { return moment } }

// A desk is a cache over a store.
type desk struct {
	t     *testing.T
	store *boltstore.Store
	gens  *pagecache.Generations
	cache *pagecache.Cache[text]
	made  int
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	s, err := boltstore.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{t: t, store: s, gens: pagecache.NewGenerations("case")}
	s.OnWrites(d.gens.Wrote)
	d.cache = pagecache.New[text](d.gens, 1<<20, time.UTC)
	return d
}

func (d *desk) put(bucket, key, value string) {
	d.t.Helper()
	if err := d.store.Update(d.t.Context(), func(tx store.Tx) error { return tx.Put(bucket, key, []byte(value)) }); err != nil {
		d.t.Fatal(err)
	}
}

// page is what read makes of the store, kept under the name.
func (d *desk) page(name string, moment time.Time, read func(store.Tx) (string, error)) string {
	d.t.Helper()
	if page, ok := d.cache.Get([]byte(name), moment); ok {
		return string(page)
	}
	page, _, err := d.cache.Make(d.t.Context(), name, at(moment), func(ctx context.Context) (text, bool, error) {
		d.made++
		s, err := store.Get(ctx, d.store, read)
		return text(s), true, err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(page)
}

func get(bucket, key string) func(store.Tx) (string, error) {
	return func(tx store.Tx) (string, error) {
		raw, err := tx.Get(bucket, key)
		if errors.Is(err, store.ErrNotFound) {
			return "nothing", nil
		}
		return string(raw), err
	}
}

func list(bucket, prefix string) func(store.Tx) (string, error) {
	return func(tx store.Tx) (string, error) {
		var keys []string
		for e, err := range tx.Scan(bucket, store.Prefix(prefix)) {
			if err != nil {
				return "", err
			}
			keys = append(keys, e.Key+"="+string(e.Value))
		}
		return strings.Join(keys, " "), nil
	}
}

func TestAPageIsMadeAnewAfterWhatItShowsHasChanged(t *testing.T) {
	tests := map[string]struct {
		read        func(store.Tx) (string, error)
		bucket, key string
		want        string
		again       bool
	}{
		"the value it shows":             {get("case", "a"), "case", "a", "new", true},
		"a value it missed":              {get("case", "zz"), "case", "zz", "new", true},
		"another value":                  {get("case", "a"), "case", "b", "old", false},
		"a value of a list":              {list("case", ""), "case", "a", "a=new", true},
		"a new value of a list":          {list("case", ""), "case", "b", "a=old b=new", true},
		"another list":                   {list("case", ""), "log", "a/1", "a=old", false},
		"a value below a part of a list": {list("log", "a/"), "log", "a/2", "a/1=old a/2=new", true},
		"another part of a list":         {list("log", "a/"), "log", "b/1", "a/1=old", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.put("case", "a", "old")
			d.put("log", "a/1", "old")
			d.page("p", noon, tt.read)
			d.put(tt.bucket, tt.key, "new")
			if got := d.page("p", noon, tt.read); got != tt.want {
				t.Errorf("the page says %q, want %q", got, tt.want)
			}
			if again := d.made == 2; again != tt.again {
				t.Errorf("made %d times; again: want %v", d.made, tt.again)
			}
		})
	}
}

func TestAPageIsOldWhenAnotherNodeChangedWhatItShows(t *testing.T) {
	tests := map[string]struct {
		read     func(store.Tx) (string, error)
		id       string
		families []string
		again    bool
	}{
		"the thing itself":                {get("case", "a"), "a", []string{"case"}, true},
		"another thing":                   {get("case", "a"), "b", []string{"case"}, false},
		"what belongs to the thing":       {list("case_vote", "a/"), "a", []string{"case"}, true},
		"a list of such things":           {list("case_row/newest", ""), "b", []string{"case"}, true},
		"a list by a value":               {list("case_row/group", "g\x00"), "b", []string{"case"}, true},
		"a list of other things":          {list("case_row/newest", ""), "b", []string{"experiment"}, false},
		"something of a family of few":    {get("call", "x"), "y", []string{"call"}, true},
		"a thing of an unrelated family":  {get("call", "x"), "y", []string{"people"}, false},
		"a part of a list of few changes": {list("mentor/open", "x"), "y", []string{"mentor"}, true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.page("p", noon, tt.read)
			d.gens.ChangedElsewhere(tt.id, tt.families...)
			d.page("p", noon, tt.read)
			if again := d.made == 2; again != tt.again {
				t.Errorf("made %d times; again: want %v", d.made, tt.again)
			}
		})
	}
}

func TestAPageIsOldWithTime(t *testing.T) {
	evening := time.Date(2026, 3, 2, 23, 58, 0, 0, time.UTC)
	opens := noon.Add(2 * time.Minute)
	tests := map[string]struct {
		made, asked, until time.Time
		again              bool
	}{
		"soon after":               {noon, noon.Add(time.Minute), time.Time{}, false},
		"after a while":            {noon, noon.Add(pagecache.MaxAge), time.Time{}, true},
		"after midnight":           {evening, evening.Add(2 * time.Minute), time.Time{}, true},
		"before midnight":          {evening, evening.Add(time.Minute), time.Time{}, false},
		"after a deadline":         {noon, opens, opens, true},
		"before a deadline":        {noon, opens.Add(-time.Second), opens, false},
		"a deadline long past":     {noon, noon.Add(time.Minute), noon.Add(-time.Hour), false},
		"a deadline far in future": {noon, noon.Add(pagecache.MaxAge), noon.Add(24 * time.Hour), true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			read := func(tx store.Tx) (string, error) {
				pagecache.Until(tx.Context(), tt.made, tt.until)
				return "page", nil
			}
			d.page("p", tt.made, read)
			d.page("p", tt.asked, read)
			if again := d.made == 2; again != tt.again {
				t.Errorf("made %d times; again: want %v", d.made, tt.again)
			}
		})
	}
}

func TestWhatHasANameIsRaisedByIt(t *testing.T) {
	d := newDesk(t)
	read := func(tx store.Tx) (string, error) {
		pagecache.Shows(tx.Context(), "search")
		return "finds", nil
	}
	d.page("p", noon, read)
	d.gens.Raise("other")
	d.page("p", noon, read)
	d.gens.Raise("search")
	d.page("p", noon, read)
	if d.made != 2 {
		t.Errorf("made %d times, want 2", d.made)
	}
}

func TestWhatIsReadApartMakesNoPageOld(t *testing.T) {
	d := newDesk(t)
	read := func(ctx context.Context) (text, bool, error) {
		d.made++
		s, err := store.Get(pagecache.Apart(ctx), d.store, get("case", "a"))
		return text(s), true, err
	}
	for range 2 {
		if _, ok := d.cache.Get([]byte("p"), noon); !ok {
			if _, _, err := d.cache.Make(t.Context(), "p", at(noon), read); err != nil {
				t.Fatal(err)
			}
		}
		d.put("case", "a", "new")
	}
	if d.made != 1 {
		t.Errorf("made %d times, want 1", d.made)
	}
}

func TestAPrivatePageIsSentToItsReaderOnly(t *testing.T) {
	d := newDesk(t)
	read := func(tx store.Tx) (string, error) {
		pagecache.Private(tx.Context())
		return "key", nil
	}
	for range 2 {
		if got := d.page("p", noon, read); got != "key" {
			t.Errorf("the page says %q", got)
		}
	}
	if d.made != 2 {
		t.Errorf("made %d times, want 2", d.made)
	}
}

func TestOneMakesAPageForAllWhoWait(t *testing.T) {
	d := newDesk(t)
	var made, waited atomic.Int32
	begun, goOn := make(chan struct{}), make(chan struct{})
	ask := func() {
		page, out, err := d.cache.Make(t.Context(), "p", at(noon), func(context.Context) (text, bool, error) {
			made.Add(1)
			close(begun)
			<-goOn
			return "page", true, nil
		})
		if page != "page" || err != nil {
			t.Errorf("%q, %v", page, err)
		}
		if out == pagecache.Waited {
			waited.Add(1)
		}
	}
	var all sync.WaitGroup
	all.Go(ask)
	<-begun
	for range 20 {
		all.Go(ask)
	}
	close(goOn)
	all.Wait()
	if made.Load() != 1 || waited.Load() != 20 {
		t.Errorf("made %d times, %d waited; want 1 and 20", made.Load(), waited.Load())
	}
}

// Who asks after a change is not given a page that was begun before it.
func TestWhoWaitsIsNotGivenAPageFromBeforeAChange(t *testing.T) {
	d := newDesk(t)
	d.put("case", "a", "old")
	var all sync.WaitGroup
	read, goOn := make(chan struct{}), make(chan struct{})
	all.Go(func() {
		_, _, err := d.cache.Make(t.Context(), "p", at(noon), func(ctx context.Context) (text, bool, error) {
			s, err := store.Get(ctx, d.store, get("case", "a"))
			close(read)
			<-goOn
			return text(s), true, err
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-read
	d.put("case", "a", "new")
	all.Go(func() {
		page, out, err := d.cache.Make(t.Context(), "p", at(noon), func(ctx context.Context) (text, bool, error) {
			s, err := store.Get(ctx, d.store, get("case", "a"))
			return text(s), true, err
		})
		if err != nil || out == pagecache.Waited || out == pagecache.Made && page != "new" {
			t.Errorf("who waited got %q, %v, %v", page, out, err)
		}
	})
	close(goOn)
	all.Wait()
}

func TestTheRoomIsBounded(t *testing.T) {
	d := newDesk(t)
	big := strings.Repeat("x", 100_000)
	for i := range 40 {
		d.page("always", noon, get("case", "a"))
		d.page(fmt.Sprint(i), noon, func(store.Tx) (string, error) { return big, nil })
	}
	s := d.cache.Stats()
	if s.Bytes > 1<<20 || s.Evicted == 0 || s.Pages < 5 {
		t.Errorf("%+v: want at most a megabyte", s)
	}
	if _, ok := d.cache.Get([]byte("always"), noon); !ok {
		t.Error("the page that is always asked for is gone")
	}
	d.page("huge", noon, func(store.Tx) (string, error) { return big + big, nil })
	if _, ok := d.cache.Get([]byte("huge"), noon); ok {
		t.Error("one page took the room of many")
	}
}

// Writers change values and at once read their own page; whatever is kept, they
// see their change.
func TestWhoChangesSomethingSeesItAtOnce(t *testing.T) {
	d := newDesk(t)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			key := fmt.Sprint("k", w)
			for i := range 50 {
				value := fmt.Sprint(i)
				err := d.store.Update(t.Context(), func(tx store.Tx) error { return tx.Put("case", key, []byte(value)) })
				if err != nil {
					t.Error(err)
					return
				}
				if got := d.listed(t); !slices.Contains(strings.Fields(got), key+"="+value) {
					t.Errorf("%s=%s is not on the page: %s", key, value, got)
				}
			}
		})
	}
	all.Wait()
}

func (d *desk) listed(t *testing.T) string {
	t.Helper()
	if page, ok := d.cache.Get([]byte("list"), noon); ok {
		return string(page)
	}
	read := func(ctx context.Context) (text, bool, error) {
		s, err := store.Get(ctx, d.store, list("case", ""))
		return text(s), true, err
	}
	page, out, err := d.cache.Make(t.Context(), "list", at(noon), read)
	if out == pagecache.Alone {
		page, _, err = read(t.Context())
	}
	if err != nil {
		t.Error(err)
	}
	return string(page)
}
