package content

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Municipality is a body of the reference data: a municipality, city or
// okrug, or a region of Kazakhstan.
type Municipality struct {
	Key        string // country:code, "FI:020"
	Country    string // ISO code
	Code       string // the country's own code, with its leading zeros
	Name       string
	NameAlt    string // in Finland the Swedish name, in Kazakhstan the Russian one
	Region     string
	RegionAlt  string
	Kind       Kind
	Population int // 0 when not known
	Lat, Lon   float64
	HasPoint   bool
	Languages  []string // its own, the main one first
}

// Kind is what sort of body a Municipality is.
type Kind string

// The kinds of bodies.
const (
	KindMunicipality   Kind = "municipality"
	KindCity           Kind = "city"
	KindUrbanOkrug     Kind = "urban_okrug"
	KindMunicipalOkrug Kind = "municipal_okrug"
	KindRegion         Kind = "region" // owns no experiments
)

// IsMunicipal reports whether the body may own experiments, endorse and adopt.
// Regions may not.
func (m Municipality) IsMunicipal() bool { return m.Kind != KindRegion }

// In returns the name as it is used in lang, where the data has one.
func (m Municipality) In(lang string) string { return pick(m.Country, lang, m.Name, m.NameAlt) }

// RegionIn returns the name of its region or county as it is used in lang.
func (m Municipality) RegionIn(lang string) string {
	return pick(m.Country, lang, m.Region, m.RegionAlt)
}

func pick(country, lang, name, alt string) string {
	usesAlt := country == "FI" && lang == "sv" || country == "KZ" && lang == "ru" ||
		country == "RU" && lang != "ru" && lang != "kk"
	if usesAlt && alt != "" {
		return alt
	}
	return name
}

// SizeClass returns the class of its population; a region has none.
func (m Municipality) SizeClass() SizeClass {
	if !m.IsMunicipal() {
		return ""
	}
	return SizeOf(m.Population)
}

// SizeClass groups municipalities so that like is compared with like. Its
// translation key is "content.size_" and its value.
type SizeClass string

// The size classes, smallest first.
const (
	SizeUnder5k   SizeClass = "under_5k"
	Size5to20k    SizeClass = "5k_20k"
	Size20to50k   SizeClass = "20k_50k"
	Size50to100k  SizeClass = "50k_100k"
	SizeOver100k  SizeClass = "over_100k"
	SizeUnknown   SizeClass = "unknown"
	sizeKeyPrefix           = "content.size_"
)

// SizeClasses returns all classes, smallest first, the unknown last.
func SizeClasses() []SizeClass {
	return []SizeClass{SizeUnder5k, Size5to20k, Size20to50k, Size50to100k, SizeOver100k, SizeUnknown}
}

// Key returns the translation key of the class.
func (s SizeClass) Key() string { return sizeKeyPrefix + string(s) }

// Bounds are the populations of a class, from one up to and without another; to
// is 0 where there is no limit. ok is false for the unknown.
func (s SizeClass) Bounds() (from, to int, ok bool) {
	switch s {
	case SizeUnder5k:
		return 0, 5_000, true
	case Size5to20k:
		return 5_000, 20_000, true
	case Size20to50k:
		return 20_000, 50_000, true
	case Size50to100k:
		return 50_000, 100_000, true
	case SizeOver100k:
		return 100_000, 0, true
	default:
		return 0, 0, false
	}
}

// SizeOf returns the class of a population; 0 is unknown.
func SizeOf(population int) SizeClass {
	switch {
	case population <= 0:
		return SizeUnknown
	case population < 5_000:
		return SizeUnder5k
	case population < 20_000:
		return Size5to20k
	case population < 50_000:
		return Size20to50k
	case population <= 100_000:
		return Size50to100k
	}
	return SizeOver100k
}

var municipalities = sync.OnceValue(func() []Municipality { return must(loadMunicipalities()) })

var municipalityIndex = sync.OnceValue(func() map[string]int {
	index := map[string]int{}
	for i, m := range municipalities() {
		index[m.Key] = i
	}
	return index
})

func loadMunicipalities() ([]Municipality, error) {
	rows, err := loadTable("municipalities.csv")
	if err != nil {
		return nil, err
	}
	list := make([]Municipality, 0, len(rows))
	for _, row := range rows {
		m, err := municipalityOf(row)
		if err != nil {
			return nil, fmt.Errorf("municipalities.csv: %s %s: %w", row["country"], row["code"], err)
		}
		list = append(list, m)
	}
	return list, nil
}

func municipalityOf(row map[string]string) (Municipality, error) {
	m := Municipality{
		Key: row["country"] + ":" + row["code"], Country: row["country"], Code: row["code"],
		Name: row["name"], NameAlt: row["name_alt"], Region: row["region"], RegionAlt: row["region_alt"],
		Kind: Kind(row["kind"]), Languages: strings.Fields(row["languages"]),
		HasPoint: row["lat"] != "" && row["lon"] != "",
	}
	var errs [3]error
	if p := row["population"]; p != "" {
		m.Population, errs[0] = strconv.Atoi(p)
	}
	if m.HasPoint {
		m.Lat, errs[1] = strconv.ParseFloat(row["lat"], 64)
		m.Lon, errs[2] = strconv.ParseFloat(row["lon"], 64)
	}
	return m, errors.Join(errs[:]...)
}

// Municipalities returns all bodies of the reference data, by country in the
// order of Countries, then as the data lists them. Regions are among them.
func Municipalities() []Municipality { return slices.Clone(municipalities()) }

// MunicipalityOf returns the body with a key such as "FI:020".
func MunicipalityOf(key string) (Municipality, bool) {
	i, ok := municipalityIndex()[key]
	if !ok {
		return Municipality{}, false
	}
	return municipalities()[i], true
}
