package mentoring

import "github.com/kokeilu/kokeilu/content"

// Surroundings say what kind of place somebody knows.
type Surroundings string

// The kinds of places.
const (
	Urban Surroundings = "urban"
	Rural Surroundings = "rural"
)

// AllSurroundings lists the kinds of places in the order they are offered.
var AllSurroundings = []Surroundings{Urban, Rural}

// urbanFrom is from how many inhabitants on a municipality counts as urban
// where the data does not tell cities from others.
const urbanFrom = 20_000

// A Place is what is compared between a mentor's home and a team's. Empty
// fields are not known and equal nothing.
type Place struct {
	Size         content.SizeClass `json:"size,omitempty"`
	Surroundings Surroundings      `json:"surroundings,omitempty"`
}

// PlaceOf is the place of an organisation of the reference data. Any other
// organisation has none.
func PlaceOf(organisation string) Place {
	m, ok := content.MunicipalityOf(organisation)
	if !ok || !m.IsMunicipal() {
		return Place{}
	}
	p := Place{Size: m.SizeClass()}
	if p.Size == content.SizeUnknown {
		p.Size = ""
	}
	switch m.Kind {
	case content.KindCity, content.KindUrbanOkrug:
		p.Surroundings = Urban
	case content.KindMunicipalOkrug:
		p.Surroundings = Rural
	default:
		switch {
		case m.Population >= urbanFrom:
			p.Surroundings = Urban
		case m.Population > 0:
			p.Surroundings = Rural
		}
	}
	return p
}

// Place is what the mentor's home is like, with what the mentor says about it
// before what the data says.
func (m Mentor) Place() Place {
	p := PlaceOf(m.Organisation)
	if m.Surroundings != "" {
		p.Surroundings = m.Surroundings
	}
	return p
}
