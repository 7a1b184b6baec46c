package content_test

import (
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/content"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse("2006-01-02", s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestIsWorkday(t *testing.T) {
	tests := map[string]struct {
		country, date string
		want          bool
	}{
		"an ordinary Tuesday":                     {"FI", "2026-03-03", true},
		"a Saturday":                              {"FI", "2026-03-07", false},
		"Good Friday":                             {"FI", "2026-04-03", false},
		"Easter Monday":                           {"SE", "2027-03-29", false},
		"Ascension Day":                           {"FI", "2028-05-25", false},
		"Midsummer Eve":                           {"FI", "2026-06-19", false},
		"Midsummer Eve, the latest possible day":  {"SE", "2027-06-25", false},
		"Independence Day of Finland":             {"FI", "2027-12-06", false},
		"the same day in Sweden":                  {"SE", "2027-12-06", true},
		"New Year's Eve in Sweden":                {"SE", "2026-12-31", false},
		"New Year's Eve in Finland":               {"FI", "2026-12-31", true},
		"National Day of Sweden":                  {"SE", "2028-06-06", false},
		"Nauryz moved from the weekend":           {"KZ", "2026-03-25", false},
		"the day after it":                        {"KZ", "2026-03-26", true},
		"Constitution Day until 2025, moved":      {"KZ", "2025-09-01", false},
		"no Constitution Day in 2026":             {"KZ", "2026-08-31", true},
		"Constitution Day from 2027":              {"KZ", "2027-03-15", false},
		"Orthodox Christmas":                      {"KZ", "2027-01-07", false},
		"New Year holidays in Russia":             {"RU", "2027-01-08", false},
		"a day off by decree":                     {"RU", "2026-01-09", false},
		"8 March on a Sunday moves to the Monday": {"RU", "2026-03-09", false},
		"a Saturday that is worked":               {"RU", "2025-11-01", true},
		"lower case":                              {"ru", "2026-06-12", false},
		"a country without data, a holiday":       {"DE", "2026-12-25", true},
		"a country without data, a Sunday":        {"DE", "2026-12-27", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := content.Holidays(tt.country).IsWorkday(day(t, tt.date)); got != tt.want {
				t.Errorf("%s %s: %v, want %v", tt.country, tt.date, got, tt.want)
			}
		})
	}
}

// The example of the service clock: submitted on Monday 2 March, the ministry
// asks on Wednesday, decides on Tuesday 17 March.
func TestWorkdaysBetweenCountsAsTheClockDoes(t *testing.T) {
	c := content.Holidays("FI")
	tests := map[string]struct {
		from, to string
		want     int
	}{
		"the day of submission":     {"2026-03-02", "2026-03-02", 0},
		"the next day":              {"2026-03-02", "2026-03-03", 1},
		"Wednesday":                 {"2026-03-02", "2026-03-04", 2},
		"over a weekend":            {"2026-03-06", "2026-03-09", 1},
		"a Saturday adds nothing":   {"2026-03-06", "2026-03-07", 0},
		"two weeks and a day":       {"2026-03-02", "2026-03-17", 11},
		"over Easter":               {"2026-04-02", "2026-04-07", 1},
		"over Christmas":            {"2026-12-23", "2026-12-28", 1},
		"backwards":                 {"2026-03-04", "2026-03-02", -2},
		"over the turn of the year": {"2026-12-30", "2027-01-04", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			from, to := day(t, tt.from).Add(15*time.Hour), day(t, tt.to).Add(9*time.Hour)
			if tt.from == tt.to {
				to = from
			}
			if got := c.WorkdaysBetween(from, to); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestAddWorkdays(t *testing.T) {
	c := content.Holidays("FI")
	tests := map[string]struct {
		from string
		n    int
		want string
	}{
		"none":                 {"2026-03-07", 0, "2026-03-07"},
		"over a weekend":       {"2026-03-06", 1, "2026-03-09"},
		"ten from a Monday":    {"2026-03-02", 10, "2026-03-16"},
		"over Easter":          {"2026-04-02", 1, "2026-04-07"},
		"from a Sunday":        {"2026-03-08", 1, "2026-03-09"},
		"backwards":            {"2026-04-07", -1, "2026-04-02"},
		"past the end of data": {"2031-12-23", 2, "2031-12-25"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			from := day(t, tt.from).Add(13 * time.Hour)
			got := c.AddWorkdays(from, tt.n)
			if want := day(t, tt.want).Add(13 * time.Hour); !got.Equal(want) {
				t.Errorf("got %v, want %v", got, want)
			}
			if tt.n > 0 && c.WorkdaysBetween(from, got) != tt.n {
				t.Errorf("between them lie %d working days, want %d", c.WorkdaysBetween(from, got), tt.n)
			}
		})
	}
	if got, want := c.NextWorkday(day(t, "2026-04-03")), day(t, "2026-04-07"); !got.Equal(want) {
		t.Errorf("NextWorkday(Good Friday) = %v, want %v", got, want)
	}
}

// The files list days; here they are computed once more from the rules.
func TestMovingHolidaysAreRight(t *testing.T) {
	for year := 2025; year <= 2030; year++ {
		e := easter(year)
		midsummer := time.Date(year, 6, 19, 0, 0, 0, 0, time.UTC)
		for midsummer.Weekday() != time.Friday {
			midsummer = midsummer.AddDate(0, 0, 1)
		}
		for name, d := range map[string]time.Time{
			"Good Friday": e.AddDate(0, 0, -2), "Easter Monday": e.AddDate(0, 0, 1), "Ascension Day": e.AddDate(0, 0, 39), "Midsummer Eve": midsummer,
		} {
			for _, country := range []string{"FI", "SE"} {
				if why, ok := content.Holidays(country).Why(d); !ok {
					t.Errorf("%s: %s %v is a working day (%q)", country, name, d.Format(time.DateOnly), why)
				}
			}
		}
	}
}

// easter is the Sunday after the first full moon of spring, by the method of
// Gauss, which is not the one the files were made with.
func easter(year int) time.Time {
	a, b, c := year%19, year%4, year%7
	k := year / 100
	p := (13 + 8*k) / 25
	m := (15 - p + k - k/4) % 30
	n := (4 + k - k/4) % 7
	d := (19*a + m) % 30
	e := (2*b + 4*c + 6*d + n) % 7
	if d == 29 && e == 6 {
		d -= 7
	} else if d == 28 && e == 6 && a > 10 {
		d -= 7
	}
	return time.Date(year, 3, 22+d+e, 0, 0, 0, 0, time.UTC)
}

func TestCalendarsCoverTheirYears(t *testing.T) {
	for _, country := range content.Countries() {
		c := content.Holidays(country.Key)
		if c.Country != country.Key || c.Until.Format(time.DateOnly) != "2030-12-31" {
			t.Errorf("%s: country %q, until %v", country.Key, c.Country, c.Until)
		}
		for year := 2025; year <= 2030; year++ {
			n := 0
			for d := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == year; d = d.AddDate(0, 0, 1) {
				if c.IsWorkday(d) {
					n++
				}
			}
			if n < 240 || n > 256 {
				t.Errorf("%s %d has %d working days", country.Key, year, n)
			}
		}
	}
	if !content.Holidays("DE").Until.IsZero() {
		t.Error("a country without data claims some")
	}
}
