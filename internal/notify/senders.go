package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Folder writes letters as .eml files: for trying the portal out and for
// installations without a mail server. Mail programs open such files.
type Folder struct {
	Dir  string // made when it is missing
	From string
	Now  func() time.Time
}

// Send writes one letter to a file that only the portal's user may read.
func (f Folder) Send(_ context.Context, id string, m Mail) error {
	msg, err := message(f.From, id, m, f.Now())
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return fmt.Errorf("write letter: %w", err)
	}
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return err
	}
	name := f.Now().UTC().Format("20060102-150405") + "-" + id + ".eml"
	return os.WriteFile(filepath.Join(f.Dir, name), b.Bytes(), 0o600)
}

// SMTP sends letters by a mail server.
type SMTP struct {
	Host     string
	Port     int    // 0: 587, or 465 when Implicit
	User     string // empty: no sign-in at the server
	Password string
	From     string // address of the sender: "Kokeilu <no-reply@kokeilu.example>"
	Implicit bool   // TLS from the first byte
	Plain    bool   // no TLS at all: for a server on the same machine only
	Now      func() time.Time
}

// Send hands one letter to the server. An answer of the server that will not
// change is marked with Never.
func (s SMTP) Send(ctx context.Context, id string, m Mail) error {
	msg, err := message(s.From, id, m, s.Now())
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.Host, s.options()...)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if refused, ok := errors.AsType[*mail.SendError](err); ok && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		return Never(err)
	}
	return err
}

func (s SMTP) options() []mail.Option {
	opts := []mail.Option{mail.WithTimeout(once), mail.WithTLSPolicy(mail.TLSMandatory)}
	switch {
	case s.Plain:
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	case s.Implicit:
		opts = append(opts, mail.WithSSL())
	}
	port := s.Port
	switch {
	case port == 0 && s.Implicit:
		port = 465
	case port == 0:
		port = 587
	}
	opts = append(opts, mail.WithPort(port))
	if s.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return opts
}

// message builds the letter as it travels.
func message(from, id string, m Mail, now time.Time) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(from); err != nil {
		return nil, Never(fmt.Errorf("sender of letters: %w", err))
	}
	if err := msg.To(m.To); err != nil {
		return nil, Never(fmt.Errorf("receiver of a letter: %w", err))
	}
	_, host, _ := strings.Cut(strings.TrimSuffix(from, ">"), "@")
	msg.SetMessageIDWithValue(id + "@" + host)
	msg.SetDateWithValue(now)
	msg.Subject(oneLine(m.Subject))
	msg.SetGenHeader("Content-Language", oneLine(m.Lang))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Leave != "" {
		msg.SetGenHeader(mail.HeaderListUnsubscribe, "<"+oneLine(m.Leave)+">")
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}
