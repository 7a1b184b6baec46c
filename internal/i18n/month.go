package i18n

import (
	"fmt"
	"strings"
	"time"
)

// russianMonths are the months as they are named by themselves; in a date they
// are inflected.
var russianMonths = [12]string{"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"}

// Month writes the month of a day, in the portal's time zone: "March 2026".
func (p Printer) Month(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.Zone())
	name := months[p.lang()][t.Month()-1]
	switch p.Lang {
	case "fi":
		name = strings.TrimSuffix(name, "ta")
	case "ru":
		return fmt.Sprintf("%s %d"+nbsp+"г.", russianMonths[t.Month()-1], t.Year())
	case "kk":
		return fmt.Sprintf("%d"+nbsp+"жылғы %s", t.Year(), name)
	}
	return fmt.Sprintf("%s %d", name, t.Year())
}
