package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
)

// Folder writes letters as .eml files: for trying the portal out and for
// installations without a mail server. Mail programs open such files.
type Folder struct {
	Dir  string // made when it is missing
	From string
	Now  func() time.Time // nil: time.Now
}

// Send writes one letter to a file that only the portal's user may read.
func (f Folder) Send(_ context.Context, id string, m Mail) error {
	now := time.Now
	if f.Now != nil {
		now = f.Now
	}
	msg, err := message(f.From, id, m, now(), mail.WithEncoding(mail.NoEncoding)) // people look into the files with any editor
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
	name := now().UTC().Format("20060102-150405") + "-" + id + ".eml"
	return os.WriteFile(filepath.Join(f.Dir, name), b.Bytes(), 0o600)
}

// SMTP sends letters by a mail server. The connection is encrypted: from the
// first byte on port 465, otherwise by STARTTLS, without which nothing is
// sent. Only a server on this machine may do without.
type SMTP struct {
	Addr     string // "mail.kokeilu.example:587"; without a port, 587
	User     string // empty: no sign-in at the server
	Password string
	From     string           // address of the sender: "Kokeilu <no-reply@kokeilu.example>"
	Now      func() time.Time // nil: time.Now
}

// Send hands one letter to the server. An answer of the server that will not
// change is marked with Never.
func (s SMTP) Send(ctx context.Context, id string, m Mail) error {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	msg, err := message(s.From, id, m, now())
	if err != nil {
		return err
	}
	host, opts, err := s.server()
	if err != nil {
		return err
	}
	client, err := mail.NewClient(host, opts...)
	if err != nil {
		return fmt.Errorf("mail server: %w", err)
	}
	err = client.DialAndSendWithContext(ctx, msg)
	if refused, ok := errors.AsType[*mail.SendError](err); ok && !refused.IsTemp() && refused.ErrorCode() >= 500 {
		return Never(err)
	}
	return err
}

// server is how to reach the mail server.
func (s SMTP) server() (host string, opts []mail.Option, err error) {
	host, portText, err := net.SplitHostPort(s.Addr)
	if err != nil {
		host, portText = s.Addr, "587"
	}
	port, err := strconv.Atoi(portText)
	if err != nil || host == "" {
		return "", nil, fmt.Errorf("mail server: %q is no host:port", s.Addr)
	}
	opts = []mail.Option{mail.WithPort(port), mail.WithTimeout(once), mail.WithTLSPolicy(mail.TLSMandatory)}
	ip := net.ParseIP(host)
	switch {
	case port == 465:
		opts = append(opts, mail.WithSSL())
	case host == "localhost" || ip != nil && ip.IsLoopback():
		opts = append(opts, mail.WithTLSPolicy(mail.TLSOpportunistic))
	}
	if s.User != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(s.User), mail.WithPassword(s.Password))
	}
	return host, opts, nil
}

// message builds the letter as it travels.
func message(from, id string, m Mail, now time.Time, options ...mail.MsgOption) (*mail.Msg, error) {
	msg := mail.NewMsg(append(options, mail.WithNoDefaultUserAgent())...)
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
		if strings.HasPrefix(m.Leave, "https://") {
			msg.SetGenHeader(mail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click") // RFC 8058: a POST there is enough
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}
