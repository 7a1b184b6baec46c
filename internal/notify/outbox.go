// Package notify sends the portal's letters. A letter is stored in the same
// transaction as what it tells about, so that neither happens without the
// other, and is sent afterwards: by a mail server, or as files in a folder
// where none is configured.
package notify

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/internal/store"
)

// A Mail is one letter to one person.
type Mail struct {
	To      string    `json:"to"`
	Lang    string    `json:"lang"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html,omitempty"`   // the same for readers of HTML, sanitised; may be empty
	Expires time.Time `json:"expires,omitzero"` // not sent after this
	Leave   string    `json:"leave,omitempty"`  // address to unsubscribe at, for digests
}

// ErrAddress is returned for a letter to something that is no mail address.
var ErrAddress = fault.New(fault.Invalid, "accounts.email_invalid")

// Outbox takes letters. Its fields are set once, before the first letter.
type Outbox struct {
	Now     func() time.Time
	NewID   func() string
	Locales *i18n.Bundle
	Portal  string // name of the installation, for the foot of a letter
	// Wake is called after a letter was stored; it must not block. Nil: the
	// runner finds the letter by itself.
	Wake func()
}

// waiting is a letter in the outbox. A dead one was given up; it stays until
// somebody looks.
type waiting struct {
	ID     string    `json:"id"`
	Mail   Mail      `json:"mail"`
	Stored time.Time `json:"stored"`
	Due    time.Time `json:"due"`
	Tries  int       `json:"tries,omitempty"`
	Dead   bool      `json:"dead,omitempty"`
	Error  string    `json:"error,omitempty"` // of the last try
}

var letters = store.Table[waiting]{
	Bucket: "letters",
	Key:    func(w waiting) string { return w.ID },
	Indexes: []store.Index[waiting]{{Name: "due", Keys: func(w waiting) []string {
		if w.Dead {
			return []string{"dead/" + sortable(w.Stored)}
		}
		return []string{"due/" + sortable(w.Due)}
	}}},
}

func sortable(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// Send stores a letter. It is sent when, and only when, the transaction is
// committed. It fails with ErrAddress when there is nobody to send it to.
func (o *Outbox) Send(tx store.Tx, m Mail) error {
	a, err := mail.ParseAddress(m.To)
	if err != nil || a.Address != m.To {
		return ErrAddress.Because(err)
	}
	m.Subject = oneLine(m.Subject)
	m.Leave = oneLine(m.Leave)
	m.Text = strings.TrimSpace(m.Text) + "\n\n-- \n" + o.foot(m.Lang) + "\n"
	now := o.Now().UTC()
	if o.Wake != nil {
		tx.OnCommit(o.Wake)
	}
	return letters.Put(tx, waiting{ID: o.NewID(), Mail: m, Stored: now, Due: now})
}

// Tell stores a letter whose words are the texts KEY_subject and KEY_text in
// the receiver's language. args fill the verbs of the text; the subject has
// none.
func (o *Outbox) Tell(tx store.Tx, to, lang, key string, args ...any) error {
	p := o.Locales.For(lang)
	return o.Send(tx, Mail{To: to, Lang: p.Lang, Subject: p.T(key + "_subject"), Text: p.T(key+"_text", args...)})
}

func (o *Outbox) foot(lang string) string {
	return o.Locales.For(lang).T("accounts.letter_foot", o.Portal)
}

// oneLine keeps a text from adding lines to the head of a letter.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}

// Status counts the letters that wait and those that were given up.
type Status struct{ Waiting, Dead int }

// StatusTx counts the letters in the outbox.
func StatusTx(tx store.Tx) (s Status, err error) {
	if s.Waiting, err = letters.Count(tx, "due", "due/"); err != nil {
		return s, fmt.Errorf("count letters: %w", err)
	}
	if s.Dead, err = letters.Count(tx, "due", "dead/"); err != nil {
		return s, fmt.Errorf("count letters: %w", err)
	}
	return s, nil
}
