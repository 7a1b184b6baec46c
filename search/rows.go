package search

// row is what every search asks of the documents it finds, side by side: what is
// looked at together lies together.
type row struct {
	date     float64             // seconds
	facets   [len(Facets)]uint16 // the number of its first value of each
	themes   [3]uint16           // further themes, 0 behind the last
	evidence uint8
	more     bool // it has further values that do not stand here
}

// The places of some of the Facets.
const kindFacet, langFacet, themeFacet = 0, 1, 3

// rowsOf reads the rows of some documents from their columns.
func rowsOf(columns map[string]*column, documents int) []row {
	list := make([]row, documents)
	date, evidence := columns["date"], columns["evidence"]
	for i := range list {
		doc := uint32(i)
		list[i].date = date.numeric(doc)
		list[i].evidence = uint8(min(max(evidence.numeric(doc), 0), maxEvidence))
	}
	for i, name := range Facets {
		if c := columns[name]; c != nil {
			for doc, v := range c.first {
				list[doc].facets[i] = uint16(v)
				list[doc].add(i, c.others(uint32(doc)))
			}
		}
	}
	return list
}

// add notes the further values of a facet.
func (r *row) add(facet int, values []uint32) {
	if len(values) == 0 {
		return
	}
	if facet != themeFacet || len(values) > len(r.themes) {
		r.more = true
		return
	}
	for i, v := range values {
		r.themes[i] = uint16(v)
	}
}
