package notify_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

var words = fstest.MapFS{
	"a.en.toml": {Data: []byte(`"accounts.letter_foot" = "Sent by %s."` + "\n" + `"x_subject" = "A task waits"` + "\n" + `"x_text" = "See %s."`)},
	"a.fi.toml": {Data: []byte(`"accounts.letter_foot" = "Lähetti %s."` + "\n" + `"x_subject" = "Tehtävä odottaa"` + "\n" + `"x_text" = "Katso %s."`)},
}

// office is an outbox, its runner and a sender that can be told to fail.
type office struct {
	*notify.Outbox
	*notify.Runner
	t    *testing.T
	mu   sync.Mutex
	now  time.Time
	ids  int
	fail error
	sent []string // id, receiver, subject
	last notify.Mail
}

func newOffice(t *testing.T, s store.Store) *office {
	t.Helper()
	b, err := i18n.Load(words, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	clock := func() time.Time {
		o.mu.Lock()
		defer o.mu.Unlock()
		return o.now
	}
	o.Runner = notify.NewRunner(s, sender{o}, clock, slog.New(slog.DiscardHandler))
	o.Outbox = &notify.Outbox{Now: clock, Locales: b, Portal: "Kokeilu", Wake: o.Runner.Wake, NewID: func() string {
		o.ids++
		return fmt.Sprintf("letter%d", o.ids)
	}}
	return o
}

type sender struct{ *office }

func (s sender) Send(_ context.Context, id string, m notify.Mail) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, id+" "+m.To+" "+m.Subject)
	s.last = m
	return s.fail
}

func (o *office) wait(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// write stores a letter.
func (o *office) write(m notify.Mail) error {
	return o.Store.Update(o.t.Context(), func(tx store.Tx) error { return o.Outbox.Send(tx, m) })
}

// flush sends what is due and returns how often the sender was asked.
func (o *office) flush() int {
	o.t.Helper()
	n, err := o.Flush(o.t.Context())
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *office) status() notify.Status {
	o.t.Helper()
	s, err := store.Get(o.t.Context(), o.Store, notify.StatusTx)
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func TestALetterIsSentOnceItIsCommitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		refused := errors.New("refused")
		err := s.Update(t.Context(), func(tx store.Tx) error {
			if err := o.Tell(tx, "a@x.example", "en", "x", "there"); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) || o.flush() != 0 {
			t.Errorf("a letter about what never happened was sent (%v)", err)
		}
		err = s.Update(t.Context(), func(tx store.Tx) error { return o.Tell(tx, "b@x.example", "fi", "x", "tuolla") })
		if err != nil {
			t.Fatal(err)
		}
		o.flush()
		o.flush()
		if diff := cmp.Diff([]string{"letter2 b@x.example Tehtävä odottaa"}, o.sent); diff != "" {
			t.Error(diff)
		}
		if want := "Katso tuolla.\n\n-- \nLähetti Kokeilu.\n"; o.last.Text != want {
			t.Errorf("text %q, want %q", o.last.Text, want)
		}
		if got := o.status(); got != (notify.Status{}) {
			t.Errorf("left in the outbox: %+v", got)
		}
	})
}

func TestLettersAreTriedAgainAndThenGivenUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		o.fail = errors.New("421 try later: a@x.example")
		if err := o.write(notify.Mail{To: "a@x.example", Lang: "en", Subject: "Hello", Text: "x"}); err != nil {
			t.Fatal(err)
		}
		if n := o.flush() + o.flush(); n != 1 {
			t.Errorf("tried %d times at once, want 1", n)
		}
		o.wait(time.Minute)
		if n := o.flush(); n != 1 {
			t.Errorf("tried %d times after a minute, want 1", n)
		}
		for range 20 {
			o.wait(24 * time.Hour)
			o.flush()
		}
		if n := len(o.sent); n != 8 {
			t.Errorf("tried %d times in all, want 8", n)
		}
		if got := o.status(); got != (notify.Status{Dead: 1}) {
			t.Errorf("then %+v, want one dead", got)
		}
		if n, err := notify.Forget(t.Context(), s, o.Outbox.Now().AddDate(0, 0, -30)); n != 0 || err != nil {
			t.Errorf("forgotten too early: %d, %v", n, err)
		}
		if n, err := notify.Forget(t.Context(), s, o.Outbox.Now()); n != 1 || err != nil {
			t.Errorf("forgotten: %d, %v", n, err)
		}
	})
}

func TestAFailureThatStaysIsGivenUpAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		o.fail = notify.Never(errors.New("550 no such user"))
		if err := o.write(notify.Mail{To: "a@x.example", Lang: "en"}); err != nil {
			t.Fatal(err)
		}
		o.flush()
		if got := o.status(); got != (notify.Status{Dead: 1}) {
			t.Errorf("%+v, want one dead", got)
		}
	})
}

func TestALetterAnotherNodeTookIsLeftAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		if err := o.write(notify.Mail{To: "a@x.example", Lang: "en"}); err != nil {
			t.Fatal(err)
		}
		other := notify.NewRunner(s, stuck{o}, o.Outbox.Now, slog.New(slog.DiscardHandler))
		if _, err := other.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if o.flush(); len(o.sent) != 0 {
			t.Error("sent while another node had it, or after it was sent")
		}
	})
}

// stuck is a sender that looks, while it sends, whether anybody else does.
type stuck struct{ o *office }

func (s stuck) Send(context.Context, string, notify.Mail) error {
	s.o.flush()
	return nil
}

func TestLettersThatAreOverAreNotSent(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		if err := o.write(notify.Mail{To: "a@x.example", Expires: o.Outbox.Now().Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
		o.wait(time.Minute)
		if o.flush(); len(o.sent) != 0 || o.status().Waiting != 0 {
			t.Errorf("sent %v, %+v", o.sent, o.status())
		}
	})
}

func TestTheHeadOfALetterCannotBeExtended(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s store.Store) {
		o := newOffice(t, s)
		for _, to := range []string{"", "a", "a@x.example\r\nBcc: all@x.example", "Aino <a@x.example>", "a@x.example, b@x.example"} {
			if err := o.write(notify.Mail{To: to}); !errors.Is(err, notify.ErrAddress) {
				t.Errorf("to %q: %v, want ErrAddress", to, err)
			}
		}
		if err := o.write(notify.Mail{To: "a@x.example", Subject: "Hei\r\nBcc: all@x.example\u2028x"}); err != nil {
			t.Fatal(err)
		}
		o.flush()
		if want := "Hei Bcc: all@x.example x"; o.last.Subject != want {
			t.Errorf("subject %q, want %q", o.last.Subject, want)
		}
	})
}

func TestRunSendsWhenItIsWoken(t *testing.T) {
	s := storetest.Bolt(t)
	o := newOffice(t, s)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	arrived := make(chan struct{}, 1)
	o.Sender = signal{arrived}
	go func() {
		defer close(done)
		o.Run(ctx)
	}()
	if err := o.write(notify.Mail{To: "a@x.example"}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-arrived:
	case <-time.After(10 * time.Second):
		t.Error("nothing was sent")
	}
	stop()
	<-done
	if got := o.status(); got != (notify.Status{}) {
		t.Errorf("stopped before it noted that the letter was sent: %+v", got)
	}
}

// signal is a sender that tells that it was asked.
type signal struct{ arrived chan struct{} }

func (s signal) Send(context.Context, string, notify.Mail) error {
	s.arrived <- struct{}{}
	return nil
}

func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	f := notify.Folder{Dir: dir, From: "Kokeilu <no-reply@kokeilu.example>", Now: func() time.Time { return now }}
	m := notify.Mail{To: "a@x.example", Lang: "kk", Subject: "Кіру сілтемеңіз", Text: "Сәлем\n", HTML: "<p>Сәлем</p>", Leave: "https://kokeilu.example/leave"}
	if err := f.Send(t.Context(), "letter1", m); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "20260302-080000-letter1.eml")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v; want a file only the portal reads", info, err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	letter, err := mail.ReadMessage(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"To": "<a@x.example>", "From": `"Kokeilu" <no-reply@kokeilu.example>`, "Message-ID": "<letter1@kokeilu.example>",
		"Content-Language": "kk", "Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://kokeilu.example/leave>",
		"User-Agent": "", "X-Mailer": "",
	} {
		if got := letter.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := letter.Header.Get("Content-Type"); !strings.HasPrefix(got, "multipart/alternative") {
		t.Errorf("Content-Type: %q", got)
	}
	if err := f.Send(t.Context(), "letter2", notify.Mail{To: "nobody"}); err == nil {
		t.Error("a letter to nobody was written")
	}
}
