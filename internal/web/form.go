package web

import (
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Faults of reading a form.
var (
	ErrForm     = fault.New(fault.Invalid, "error.form_unreadable")
	ErrText     = fault.New(fault.Invalid, "error.text_unreadable")
	ErrEncoding = fault.New(fault.Unsupported, "error.encoding")
)

// maxFields bounds a form: more fields than any page has is an attack.
const maxFields = 2000

// Form is what a person typed and what is wrong with it. The zero Form is a
// page that nothing was typed on yet.
type Form struct {
	Sent   bool // something was typed: show it instead of what is stored
	Values url.Values
	Files  map[string][]*multipart.FileHeader
	Faults []*fault.Error
}

// Get returns the first value of a field without the space around it.
func (f Form) Get(name string) string { return strings.TrimSpace(f.Values.Get(name)) }

// All returns the values of a field that are not empty.
func (f Form) All(name string) []string {
	var list []string
	for _, v := range f.Values[name] {
		if v = strings.TrimSpace(v); v != "" {
			list = append(list, v)
		}
	}
	return list
}

// Has reports whether a box is ticked or a button was pressed.
func (f Form) Has(name string) bool { return len(f.Values[name]) > 0 }

// Int returns a whole number, and whether it is one.
func (f Form) Int(name string) (int, bool) {
	n, err := strconv.Atoi(strings.ReplaceAll(strings.ReplaceAll(f.Get(name), "\u00a0", ""), " ", ""))
	return n, err == nil
}

// Number returns a decimal number written with a point or a comma, and
// whether it is one.
func (f Form) Number(name string) (float64, bool) { return ParseNumber(f.Get(name)) }

// ParseNumber reads a decimal number as people of the five languages write it.
func ParseNumber(s string) (float64, bool) {
	s = strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "", "−", "-", ",", ".").Replace(strings.TrimSpace(s))
	if len(s) == 0 || len(s) > 30 || strings.ContainsAny(s, "xXeEnNiIpP_") {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

// Cents returns a sum of money in cents, and whether it is one: at most two
// decimals, not negative, below ten billion.
func (f Form) Cents(name string) (int64, bool) { return ParseCents(f.Get(name)) }

// ParseCents reads a sum of money as people write it: "1 234,50".
func ParseCents(s string) (int64, bool) {
	s = strings.NewReplacer("\u00a0", "", "\u202f", "", " ", "", ",", ".").Replace(strings.TrimSpace(s))
	whole, frac, hasFrac := strings.Cut(s, ".")
	if whole == "" || len(whole) > 10 || (hasFrac && (frac == "" || len(frac) > 2)) {
		return 0, false
	}
	for len(frac) < 2 {
		frac += "0"
	}
	n, err := strconv.ParseUint(whole+frac, 10, 63)
	return int64(n), err == nil
}

// Day returns a day written as 2026-03-13 or 13.3.2026, and whether it is one.
func (f Form) Day(name string, zone *time.Location) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", "2.1.2006", "02.01.2006"} {
		if t, err := time.ParseInLocation(layout, f.Get(name), zone); err == nil {
			return t, t.Year() >= 1900 && t.Year() < 2200
		}
	}
	return time.Time{}, false
}

// ReadForm copies a submitted form out of the request. Text is cleaned: line
// ends become one newline, control characters go; text that is not UTF-8 is
// refused with ErrText.
func ReadForm(c *fiber.Ctx) (Form, error) {
	f := Form{Sent: true, Values: url.Values{}}
	if strings.HasPrefix(string(c.Request().Header.ContentType()), fiber.MIMEMultipartForm) {
		m, err := c.MultipartForm()
		if err != nil {
			return f, ErrForm.Because(err)
		}
		f.Files = m.File
		for name, values := range m.Value {
			for _, v := range values {
				if err := f.add(name, v); err != nil {
					return f, err
				}
			}
		}
		return f, nil
	}
	values, err := url.ParseQuery(string(c.Request().Body()))
	if err != nil {
		return f, ErrForm.Because(err)
	}
	for name, list := range values {
		for _, v := range list {
			if err := f.add(name, v); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}

func (f *Form) add(name, value string) error {
	if len(f.Values) > maxFields || len(f.Values[name]) > maxFields {
		return ErrForm
	}
	clean, ok := CleanText(value)
	if !ok || !utf8.ValidString(name) {
		return ErrText.On(strings.ToValidUTF8(name, ""))
	}
	name = strings.Clone(name)
	f.Values[name] = append(f.Values[name], clean)
	return nil
}

// CleanText returns s with one kind of line end and without control
// characters, and whether s is UTF-8 at all.
func CleanText(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Clone(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == '\ufeff' || r == '\ufffe' || r == '\uffff') {
			return -1
		}
		return r
	}, s)), true
}
