package content

import (
	"fmt"
	"strings"
	"sync"
	"time"

	yaml "go.yaml.in/yaml/v3"
)

// A Calendar knows the working days of a country's public offices. It takes
// the civil date of the times it is given: convert them to the portal's time
// zone first.
type Calendar struct {
	Country string
	// Until is the last day the data covers; zero for a country without data,
	// where only weekends are free. From then on only weekends are free, so
	// warn an administrator a year before.
	Until  time.Time
	free   map[civil]string
	worked map[civil]string
}

type civil struct {
	year  int
	month time.Month
	day   int
}

func civilOf(t time.Time) civil {
	y, m, d := t.Date()
	return civil{y, m, d}
}

var calendars = sync.OnceValue(func() map[string]Calendar {
	all := map[string]Calendar{}
	for _, c := range countries() {
		all[c.Key] = must(loadCalendar(c.Key))
	}
	return all
})

// Holidays returns the calendar of a country by its ISO code, in either case.
// For a country without data only weekends are free.
func Holidays(country string) Calendar {
	code := strings.ToUpper(country)
	if c, ok := calendars()[code]; ok {
		return c
	}
	return Calendar{Country: code}
}

func loadCalendar(country string) (Calendar, error) {
	name := "holidays/" + strings.ToLower(country) + ".yaml"
	raw, err := referenceFiles.ReadFile("reference/" + name)
	if err != nil {
		return Calendar{}, err
	}
	type day struct {
		Date time.Time `yaml:"date"`
		Name string    `yaml:"name"`
	}
	var file struct {
		Country  string    `yaml:"country"`
		Until    time.Time `yaml:"until"`
		Days     []day     `yaml:"days"`
		Workdays []day     `yaml:"workdays"`
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		return Calendar{}, fmt.Errorf("%s: %w", name, err)
	}
	c := Calendar{Country: file.Country, Until: file.Until, free: map[civil]string{}, worked: map[civil]string{}}
	for _, d := range file.Days {
		c.free[civilOf(d.Date)] = d.Name
	}
	for _, d := range file.Workdays {
		c.worked[civilOf(d.Date)] = d.Name
	}
	return c, nil
}

// IsWorkday reports whether public offices work on the day of t.
func (c Calendar) IsWorkday(t time.Time) bool {
	day := civilOf(t)
	if _, ok := c.worked[day]; ok {
		return true
	}
	if _, ok := c.free[day]; ok {
		return false
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Why returns the name of the holiday on the day of t, if it is one.
func (c Calendar) Why(t time.Time) (string, bool) {
	name, ok := c.free[civilOf(t)]
	return name, ok
}

// NextWorkday returns t's own day if it is a working day, else the first one
// after it.
func (c Calendar) NextWorkday(t time.Time) time.Time {
	for !c.IsWorkday(t) {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// AddWorkdays returns the n-th working day after the day of t, at the same
// time of day; before it when n is negative. n = 0 returns t.
func (c Calendar) AddWorkdays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if c.IsWorkday(t) {
			n--
		}
	}
	return t
}

// WorkdaysBetween counts the working days after the day of from up to and with
// the day of to: a request that came on Monday is on day 2 on Wednesday. It is
// negative when to is before from. Days are those of from's time zone.
func (c Calendar) WorkdaysBetween(from, to time.Time) int {
	to = to.In(from.Location())
	sign := 1
	if to.Before(from) {
		from, to, sign = to, from, -1
	}
	end, n := civilOf(to), 0
	for day := civilOf(from); day != end; {
		from = time.Date(day.year, day.month, day.day+1, 12, 0, 0, 0, time.UTC)
		day = civilOf(from)
		if c.IsWorkday(from) {
			n++
		}
	}
	return sign * n
}
