package search

import "sync"

// counting counts the words of a document once, for all of its fields.
type counting struct {
	document Document
	once     sync.Once
	text     termCounts // how often each zone has each word, packed
	title    termCounts // words, and neighbours
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
	d, lang := c.document, spoken(c.document.Lang)
	c.document = Document{} // the text is not needed any more
	var l lengths
	_, all, n := tallied(lines(d.Title, d.Summary, d.Body, d.Places))
	l[textZone] = stepOf(n)
	c.text = make(termCounts, len(all)+8)
	for w, n := range all {
		c.text[written(w, lang)] = frequency(zoneCounts{textZone: n}.packed())
	}
	c.title, l[titleZone] = c.zone(titleZone, lang, d.Title, "")
	c.lead, l[leadZone] = c.zone(leadZone, lang, d.Summary, d.Headings)
	_, names, _ := tallied(d.Places)
	c.add(nameZone, noLanguage, names)
	c.length = termCounts{l.value(): frequency(1)}
}

// zone counts the words of a zone with those of the text, and returns what the
// zone itself is asked for: its words, and which are neighbours in its first part.
func (c *counting) zone(z zone, lang, text, more string) (own termCounts, length uint8) {
	list, times, n := tallied(lines(text, more))
	c.add(z, lang, times)
	own = make(termCounts, 2*len(times))
	for w, n := range times {
		own[exactMark+w] = frequency(n)
	}
	for i := 1; i < len(list) && list[i].start < len(text); i++ {
		own.add(pairOf(list[i-1].text, list[i].text, lang), 1)
	}
	return own, stepOf(n)
}

// add counts the words of a zone.
func (c *counting) add(z zone, lang string, times tally) {
	for w, times := range times {
		var n zoneCounts
		term := written(w, lang)
		if had := c.text[term]; had != nil {
			n = unpacked(uint32(had.Frequency()))
		}
		n[z] = times
		c.text[term] = frequency(n.packed())
	}
}

// lexicon is a field that says which forms the words of the document have.
func (c *counting) lexicon() *indexed {
	return c.field("lexicon", func() termCounts {
		entries := make(termCounts, 4*len(c.text))
		for term := range c.text {
			entries.define(term, 1)
		}
		return entries
	})
}

// define adds what a lexicon says of a word that so many documents have.
func (c termCounts) define(term string, documents int) {
	for _, e := range entriesOf(term, documents) {
		c[e] = frequency(1)
	}
}
