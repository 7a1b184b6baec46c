package experiments

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

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
	if n := runes(text); n > limit {
		f.add(fault.New(fault.Invalid, "experiment.too_long", limit, n).On(field))
	}
}

// link refuses what is no web address.
func (f *findings) link(field, link string) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || len(link) > 500 {
		f.add(fault.New(fault.Invalid, "experiment.link_invalid").On(field))
	}
}

// count refuses more lines than a list takes.
func (f *findings) count(field string, n, limit int) {
	if n > limit {
		f.add(fault.New(fault.Invalid, "experiment.too_many", limit).On(field))
	}
}

// sum refuses a sum of money that nobody can mean.
func (f *findings) sum(field string, cents int64) {
	if cents < 0 || cents > maxCents {
		f.add(fault.New(fault.Invalid, "experiment.sum_invalid").On(field))
	}
}

// row is the name of a field in a row of a form: "measure_1_name".
func row(list string, i int, field string) string { return fmt.Sprintf("%s_%d_%s", list, i+1, field) }

func (f *findings) err() error { return fault.Join(f.list...) }

const maxCents = 100_000_000_00

func oneOf[T comparable](f *findings, err *fault.Error, value T, offered []T) {
	f.when(!slices.Contains(offered, value), err)
}

// trim takes the space around each of the texts away.
func trim(texts ...*string) {
	for _, t := range texts {
		*t = strings.TrimSpace(*t)
	}
}
