package funding

import (
	"strings"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// findings collects what is wrong with a form, in the order it is looked at.
type findings struct{ list []*fault.Error }

func (f *findings) add(err *fault.Error) { f.list = append(f.list, err) }

func (f *findings) when(wrong bool, err *fault.Error) {
	if wrong {
		f.add(err)
	}
}

// text refuses a text of more characters than the field takes.
func (f *findings) text(field, text string, limit int) {
	if n := utf8.RuneCountInString(text); n > limit {
		f.add(ErrTooLong.With(limit, n).On(field))
	}
}

func (f *findings) err() error { return fault.Join(f.list...) }

// trim takes the space around each of the texts away.
func trim(texts ...*string) {
	for _, t := range texts {
		*t = strings.TrimSpace(*t)
	}
}
