package search

import (
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/mapping"
)

// mappingVersion names the folder of the index. Raise it whenever analysis or
// fields change: a new index is then built from the store.
const mappingVersion = 8

// newEntry is a document as the index keeps it.
func newEntry(d Document, c *counting) *document.Document {
	e := document.NewDocument(key(d.Kind, d.ID))
	for _, f := range []*indexed{
		c.field("text", func() termCounts { return c.text }), c.field("title", func() termCounts { return c.title }),
		c.field("lead", func() termCounts { return c.lead }), c.field("length", func() termCounts { return c.length }),
	} {
		e.AddField(f)
	}
	for _, v := range d.values() {
		e.AddField(valueField(v.field, v.values...))
	}
	return e
}

// newLexicon is what the index keeps of the forms of words; each is in so many
// documents. It is never found, and stays when the documents go.
func newLexicon(number uint64, words []listed) *document.Document {
	e := document.NewDocument(key("lexicon", strconv.FormatUint(number, 10)))
	e.AddField(&indexed{name: "lexicon", count: func() termCounts {
		entries := make(termCounts, 4*len(words))
		for _, w := range words {
			entries.define(w.text, int(w.count))
		}
		return entries
	}})
	return e
}

// fieldValues are the values of a document in a field.
type fieldValues struct {
	field  string
	values []string
}

// values are what a document can be narrowed, sorted and weighed by.
func (d Document) values() []fieldValues {
	audience := "public"
	if d.Members {
		audience = "members"
	}
	one := func(field, value string) fieldValues { return fieldValues{field, []string{value}} }
	return []fieldValues{
		one("kind", d.Kind), one("lang", d.Lang), one("audience", audience), one("org", d.Organisation), {"theme", d.Themes}, one("sector", d.Sector),
		one("outcome", d.Outcome), one("stage", d.Stage), one("country", d.Country), one("size", d.SizeClass), one("year", positive(d.Year)),
		one("date", datedAs(d)), one("cost", positive(d.Cost)), one("evidence", positive(d.Evidence)), one("copies", positive(d.Copies)),
	}
}

// positive writes a number; nothing for what is not known.
func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// newMapping leaves nothing to the library: documents come with their fields.
func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentDisabledMapping()
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	return m
}
