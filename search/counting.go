package search

import (
	"strings"
	"sync"
)

// counting counts the terms of a document once, for all of its fields.
type counting struct {
	document Document
	once     sync.Once
	text     termCounts // how often each zone has each form of its words, packed
	title    termCounts // words as they are written, and neighbours
	lead     termCounts // likewise
	length   termCounts // of the zones
}

// field is a field of the index that is filled when it is analysed.
func (c *counting) field(name string, terms func() termCounts) *indexed {
	return &indexed{name: name, bytes: len(c.document.Body), count: func() termCounts {
		c.once.Do(c.count)
		return terms()
	}}
}

func (c *counting) count() {
	d := c.document
	c.document = Document{} // the text is not needed any more
	var l lengths
	var n int
	c.text, n = forms{lean: true}.count(d.Lang, lines(d.Title, d.Summary, d.Body, d.Places))
	l[textZone] = stepOf(n)
	for t, many := range c.text {
		c.text[t] = frequency(zoneCounts{textZone: many.Frequency()}.packed())
	}
	title, n := forms{pairs: true}.count(d.Lang, d.Title)
	l[titleZone] = stepOf(n)
	c.title = c.zone(titleZone, title)
	lead, n := forms{pairs: true}.count(d.Lang, lines(d.Summary, d.Headings))
	l[leadZone] = stepOf(n)
	c.lead = c.zone(leadZone, lead)
	names, _ := forms{}.count(noLanguage, d.Places)
	c.zone(nameZone, names)
	c.length = termCounts{l.value(): frequency(1)}
}

// zone adds the forms of words of a zone to the text, and returns what the zone
// itself is asked for: its words as they are written, and which are neighbours.
func (c *counting) zone(z zone, terms termCounts) (own termCounts) {
	own = termCounts{}
	for t, many := range terms {
		if !strings.HasPrefix(t, pairMark) {
			var n zoneCounts
			if had := c.text[t]; had != nil {
				n = unpacked(uint32(had.Frequency()))
			}
			n[z] = many.Frequency()
			c.text[t] = frequency(n.packed())
		}
		if strings.HasPrefix(t, pairMark) || strings.HasPrefix(t, exactMark) {
			own[t] = many
		}
	}
	return own
}
