package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

const nbsp = "\u00a0"

var months = map[string][12]string{
	"fi": {"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta", "heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta"},
	"sv": {"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
	"en": {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	"ru": {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	"kk": {"қаңтар", "ақпан", "наурыз", "сәуір", "мамыр", "маусым", "шілде", "тамыз", "қыркүйек", "қазан", "қараша", "желтоқсан"},
}

// Date writes a day in full, in the portal's time zone: "13 March 2026".
func (p Printer) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.Zone())
	m := months[p.lang()][t.Month()-1]
	switch p.Lang {
	case "fi":
		return fmt.Sprintf("%d."+nbsp+"%s %d", t.Day(), m, t.Year())
	case "ru":
		return fmt.Sprintf("%d"+nbsp+"%s %d"+nbsp+"г.", t.Day(), m, t.Year())
	case "kk":
		return fmt.Sprintf("%d"+nbsp+"жылғы %d"+nbsp+"%s", t.Year(), t.Day(), m)
	default:
		return fmt.Sprintf("%d"+nbsp+"%s %d", t.Day(), m, t.Year())
	}
}

// DateShort writes a day in figures: "13.3.2026".
func (p Printer) DateShort(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.Zone())
	switch p.Lang {
	case "fi":
		return t.Format("2.1.2006")
	case "sv":
		return t.Format("2006-01-02")
	case "ru", "kk":
		return t.Format("02.01.2006")
	default:
		return t.Format("2 Jan 2006")
	}
}

// DateTime writes a day in figures and the time of day.
func (p Printer) DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	clock := "15:04"
	if p.Lang == "fi" {
		clock = "15.04"
	}
	return p.DateShort(t) + " " + t.In(p.Zone()).Format(clock)
}

// ISO writes a day for the datetime attribute: "2026-03-13".
func (p Printer) ISO(t time.Time) string { return t.In(p.Zone()).Format("2006-01-02") }

// Num writes a whole number with the language's grouping.
func (p Printer) Num(n any) string {
	switch v := n.(type) {
	case int:
		return p.group(strconv.Itoa(v))
	case int64:
		return p.group(strconv.FormatInt(v, 10))
	case uint64:
		return p.group(strconv.FormatUint(v, 10))
	case float64:
		return p.Decimal(v, 1)
	default:
		return fmt.Sprint(n)
	}
}

// Decimal writes a number with at most digits decimals; zeros at the end are
// left out.
func (p Printer) Decimal(f float64, digits int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	s := strconv.FormatFloat(f, 'f', digits, 64)
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	if frac == "" {
		if whole == "-0" {
			whole = "0"
		}
		return p.group(whole)
	}
	return p.group(whole) + p.point() + frac
}

// Decimals is how many decimals a measured value needs: two, or as many more, up
// to six, as show two figures of a small one.
func Decimals(f float64) int {
	digits := 2
	for shown := math.Abs(f) * 100; f != 0 && shown < 10 && digits < 6; shown *= 10 {
		digits++
	}
	return digits
}

// Fixed writes a number with just so many decimals, so that figures in a list
// can be compared.
func (p Printer) Fixed(f float64, digits int) string {
	s := p.Decimal(f, digits)
	_, frac, has := strings.Cut(s, p.point())
	if digits > 0 && !has {
		s += p.point()
	}
	return s + strings.Repeat("0", max(0, digits-len(frac)))
}

// Percent writes a share (0.125) as a percentage with at most digits decimals.
func (p Printer) Percent(share float64, digits int) string {
	s := p.Decimal(share*100, digits)
	if p.Lang == "en" {
		return s + "%"
	}
	return s + nbsp + "%"
}

var symbols = map[string]string{"EUR": "€", "SEK": "kr", "KZT": "₸", "RUB": "₽", "USD": "$", "GBP": "£"}

// Money writes an amount of cents in its currency; cents are left out when
// there are none.
func (p Printer) Money(cents int64, currency string) string {
	sign := ""
	if cents < 0 {
		sign, cents = "−", -cents
	}
	s := p.group(strconv.FormatInt(cents/100, 10))
	if rest := cents % 100; rest != 0 {
		s += p.point() + fmt.Sprintf("%02d", rest)
	}
	symbol := symbols[currency]
	switch {
	case symbol == "":
		return sign + s + nbsp + currency
	case p.Lang == "en" && (currency == "EUR" || currency == "USD" || currency == "GBP"):
		return sign + symbol + s
	case currency == "SEK" && p.Lang != "sv":
		return sign + s + nbsp + "SEK"
	default:
		return sign + s + nbsp + symbol
	}
}

func (p Printer) lang() string {
	if Known(p.Lang) {
		return p.Lang
	}
	return "en"
}

func (p Printer) point() string {
	if p.lang() == "en" {
		return "."
	}
	return ","
}

// group puts the language's separator between thousands.
func (p Printer) group(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 3 {
		return sign + digits
	}
	sep := nbsp
	if p.lang() == "en" {
		sep = ","
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}
