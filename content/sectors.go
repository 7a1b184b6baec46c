package content

import (
	"fmt"
	"slices"
	"sync"
)

// A Sector is what part of public service something belongs to: a division of
// the United Nations' COFOG ("09" education) or a group in one ("09.1").
type Sector struct {
	Code   string
	Parent string // the division of a group; empty for a division
	Labels Labels
}

// In returns the sector's name in lang. A group without one there has the name
// of its division: no reader meets a foreign word.
func (s Sector) In(lang string) string {
	if s.Labels[lang] == "" && s.Parent != "" {
		if division, ok := SectorOf(s.Parent); ok {
			return division.In(lang)
		}
	}
	return s.Labels.In(lang)
}

// Division returns the code of the division that the sector is or is in.
func (s Sector) Division() string {
	if s.Parent != "" {
		return s.Parent
	}
	return s.Code
}

var sectors = sync.OnceValue(func() []Sector { return must(loadSectors()) })

func loadSectors() ([]Sector, error) {
	rows, err := loadTable("cofog.csv")
	if err != nil {
		return nil, err
	}
	list := make([]Sector, 0, len(rows))
	for _, row := range rows {
		s := Sector{Code: row["code"], Parent: row["parent"], Labels: Labels{}}
		for _, lang := range []string{"fi", "sv", "en", "ru", "kk"} {
			if name := row["name_"+lang]; name != "" {
				s.Labels[lang] = name
			}
		}
		if s.Code == "" || s.Labels["en"] == "" {
			return nil, fmt.Errorf("cofog.csv: sector %q has no name", s.Code)
		}
		list = append(list, s)
	}
	return list, nil
}

// Sectors returns all divisions and groups of COFOG in the order of their
// codes, every division followed by its groups.
func Sectors() []Sector { return slices.Clone(sectors()) }

// Divisions returns the ten divisions of COFOG.
func Divisions() []Sector {
	return slices.DeleteFunc(Sectors(), func(s Sector) bool { return s.Parent != "" })
}

// Groups returns the groups in a division.
func Groups(division string) []Sector {
	return slices.DeleteFunc(Sectors(), func(s Sector) bool { return s.Parent != division })
}

// SectorOf returns the division or group with a code.
func SectorOf(code string) (Sector, bool) {
	i := slices.IndexFunc(sectors(), func(s Sector) bool { return s.Code == code })
	if i < 0 {
		return Sector{}, false
	}
	return sectors()[i], true
}
