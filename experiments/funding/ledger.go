package funding

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// EntryKind is what a line of the ledger records.
type EntryKind string

// The kinds of lines.
const (
	EntryGrant    EntryKind = "grant"    // commits money
	EntryRelease  EntryKind = "release"  // gives committed money back to the call
	EntryAdvance  EntryKind = "advance"  // the first payment
	EntryRest     EntryKind = "rest"     // the last payment
	EntryRecovery EntryKind = "recovery" // money claimed back
)

// An Entry is one line of a call's ledger. Lines are never changed or removed.
// The sum of Committed over a call is what the call has committed; the sum of
// Paid is what was paid.
type Entry struct {
	Call         string    `json:"call"`
	N            int       `json:"n"` // from 1, without gaps
	At           time.Time `json:"at"`
	Kind         EntryKind `json:"kind"`
	Request      string    `json:"request"`
	Title        string    `json:"title"`
	Organisation string    `json:"organisation"`
	Account      string    `json:"account,omitempty"`
	Committed    int64     `json:"committed,omitempty"`
	Paid         int64     `json:"paid,omitempty"`
	Currency     string    `json:"currency"`
	By           string    `json:"by"`
}

var ledgerHead = []string{"n", "time_utc", "kind", "request", "title", "organisation", "account", "committed", "paid", "currency", "by"}

// WriteLedger writes a ledger as CSV for bookkeeping: UTF-8 with a mark,
// amounts with a point. A text that a spreadsheet would take for a formula
// gets an apostrophe in front.
func WriteLedger(w io.Writer, entries []Entry) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(ledgerHead); err != nil {
		return err
	}
	for _, e := range entries {
		err := out.Write([]string{
			strconv.Itoa(e.N), e.At.UTC().Format(time.RFC3339), string(e.Kind), plain(e.Request), plain(e.Title), plain(e.Organisation),
			plain(e.Account), amount(e.Committed), amount(e.Paid), e.Currency, plain(e.By),
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// amount writes cents as a number that a spreadsheet can add up.
func amount(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// plain makes sure that a spreadsheet reads a text as text.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|", rune(s[0])) {
		return "'" + s
	}
	return s
}
