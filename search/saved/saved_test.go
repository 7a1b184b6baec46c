package saved_test

import (
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/search/saved"
)

func TestLettersAreWrittenInTheMorning(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, zone) } // 2 March is a Monday
	tests := map[string]struct {
		mail      saved.Mail
		now, want time.Time
	}{
		"every day, in the afternoon":          {saved.Daily, at(4, 15, 0), at(4, 7, 0)},
		"every day, before seven":              {saved.Daily, at(4, 6, 59), at(3, 7, 0)},
		"every day, at seven":                  {saved.Daily, at(4, 7, 0), at(4, 7, 0)},
		"every day, over the change to summer": {saved.Daily, at(29, 8, 0), at(29, 7, 0)},
		"every week, on Monday":                {saved.Weekly, at(9, 7, 0), at(9, 7, 0)},
		"every week, early on Monday":          {saved.Weekly, at(9, 6, 0), at(2, 7, 0)},
		"every week, on Sunday":                {saved.Weekly, at(8, 23, 0), at(2, 7, 0)},
		"never":                                {saved.Never, at(9, 8, 0), time.Time{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.mail.DueAt(tt.now.UTC(), zone); !got.Equal(tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
