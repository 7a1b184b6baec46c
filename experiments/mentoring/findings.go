package mentoring

import (
	"slices"
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

func (f *findings) err() error { return fault.Join(f.list...) }

// only reports whether every value is one of those allowed.
func only[T comparable](values, allowed []T) bool {
	return !slices.ContainsFunc(values, func(v T) bool { return !slices.Contains(allowed, v) })
}

// unique is the list with each value once, in its first place.
func unique[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
