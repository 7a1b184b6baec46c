package notify_test

import (
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

// mailServer is a mail server on this machine. It refuses receivers that begin
// with "unknown" for good and those that begin with "later" for now.
type mailServer struct {
	mu    sync.Mutex
	mails []string
}

func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) { return &mailSession{m}, nil }

type mailSession struct{ server *mailServer }

func (*mailSession) Reset()                               {}
func (*mailSession) Logout() error                        { return nil }
func (*mailSession) Mail(string, *smtp.MailOptions) error { return nil }

func (*mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "unknown"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
	case strings.HasPrefix(to, "later"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try later"}
	}
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.mails = append(s.server.mails, string(raw))
	return err
}

func startMailServer(t *testing.T) (*mailServer, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	backend := &mailServer{}
	server := smtp.NewServer(backend)
	server.Domain = "localhost"
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return backend, l.Addr().String()
}

func TestSMTP(t *testing.T) {
	backend, addr := startMailServer(t)
	o := newOffice(t, storetest.Bolt(t))
	o.Sender = notify.SMTP{Addr: addr, From: "Kokeilu <no-reply@kokeilu.example>"}
	for _, to := range []string{"aino@x.example", "unknown@x.example", "later@x.example"} {
		if err := o.write(notify.Mail{To: to, Lang: "fi", Subject: "Päätös odottaa", Text: "Hei"}); err != nil {
			t.Fatal(err)
		}
	}
	o.flush()
	if len(backend.mails) != 1 || !strings.Contains(backend.mails[0], "To: <aino@x.example>") || !strings.Contains(backend.mails[0], "=?UTF-8?q?P=C3=A4=C3=A4t=C3=B6s_odottaa?=") {
		t.Errorf("arrived: %q", backend.mails)
	}
	if got := o.status(); got != (notify.Status{Waiting: 1, Dead: 1}) {
		t.Errorf("then %+v, want one that waits and one given up", got)
	}
}

func TestSMTPThatCannotBeReached(t *testing.T) {
	for _, addr := range []string{"", "127.0.0.1:1", "127.0.0.1:x"} {
		err := notify.SMTP{Addr: addr, From: "no-reply@kokeilu.example"}.Send(t.Context(), "letter1", notify.Mail{To: "a@x.example"})
		if err == nil {
			t.Errorf("%q: sent", addr)
		}
	}
}
