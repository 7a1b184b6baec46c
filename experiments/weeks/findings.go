package weeks

import (
	"strings"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// findings collects what is wrong with a form, in the order it is looked at.
type findings struct{ list []*fault.Error }

func (f *findings) when(wrong bool, err *fault.Error) {
	if wrong {
		f.list = append(f.list, err)
	}
}

// text refuses a text of more characters than the field takes.
func (f *findings) text(field, text string, limit int) {
	n := utf8.RuneCountInString(text)
	f.when(n > limit, ErrTooLong.With(limit, n).On(field))
}

// must refuses an empty text, and one that is too long.
func (f *findings) must(field, text string, limit int) {
	f.when(strings.TrimSpace(text) == "", ErrMissing.On(field))
	f.text(field, text, limit)
}

func (f *findings) err() error { return fault.Join(f.list...) }
