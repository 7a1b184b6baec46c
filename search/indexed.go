package search

import (
	"log/slog"
	"runtime/debug"

	index "github.com/blevesearch/bleve_index_api"
)

// termCounts is how often a field has each term. Its values are shared: the
// index only reads them, and it takes the terms from the keys.
type termCounts index.TokenFrequencies

// small are the counts that most terms have.
var small = func() (all [64]*index.TokenFreq) {
	for n := range all {
		all[n] = &index.TokenFreq{}
		all[n].SetFrequency(n)
	}
	return all
}()

func (c termCounts) add(term string, n int) {
	if had := c[term]; had != nil {
		n += had.Frequency()
	}
	c[term] = frequency(n)
}

// frequency is one of the shared ones when it is small.
func frequency(n int) *index.TokenFreq {
	if n < len(small) {
		return small[n]
	}
	many := &index.TokenFreq{}
	many.SetFrequency(n)
	return many
}

// indexed is a field of a document of the index with its terms already counted.
// The library's own would make a token of each form of each word of a text, which
// takes longer than all the rest.
type indexed struct {
	name  string
	bytes int
	count func() termCounts
	terms termCounts
}

// valueField has values as they are.
func valueField(name string, values ...string) *indexed {
	f := &indexed{name: name, terms: termCounts{}}
	for _, v := range values {
		if v != "" {
			f.terms.add(v, 1)
			f.bytes += len(v)
		}
	}
	return f
}

// Analyze counts the terms. It is called in goroutines of the library, where a
// panic would end the process: a text that cannot be taken apart is not found by
// its words.
func (f *indexed) Analyze() {
	if f.count == nil {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			slog.Error("a text cannot be analysed for the search", "field", f.name, "bytes", f.bytes, "panic", r, "stack", string(debug.Stack()))
			f.terms = nil
		}
		f.count = nil // the text is not needed any more
	}()
	f.terms = f.count()
}

// Name is the name of the field.
func (f *indexed) Name() string { return f.name }

// Options: the field can be found; nothing of it is stored.
func (f *indexed) Options() index.FieldIndexingOptions { return index.IndexField }

// AnalyzedLength is the same for all: how long a text is stands in a field of
// its own.
func (f *indexed) AnalyzedLength() int { return 1 }

// AnalyzedTokenFrequencies is how often it has each.
func (f *indexed) AnalyzedTokenFrequencies() index.TokenFrequencies {
	return index.TokenFrequencies(f.terms)
}

// NumPlainTextBytes is the length of the text.
func (f *indexed) NumPlainTextBytes() uint64 { return uint64(f.bytes) }

// Size is about the memory the field takes.
func (f *indexed) Size() int { return f.bytes + 64*len(f.terms) }

// EncodedFieldType says that it is text.
func (f *indexed) EncodedFieldType() byte { return 't' }

// ArrayPositions: the field stands in no list.
func (f *indexed) ArrayPositions() []uint64 { return nil }

// Value: nothing is stored.
func (f *indexed) Value() []byte { return nil }
