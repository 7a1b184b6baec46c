package content_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/content"
)

var languages = []string{"fi", "sv", "en", "ru", "kk"}

func TestTermsHaveANameInEveryLanguage(t *testing.T) {
	lists := map[string]struct {
		terms []content.Term
		n     int
	}{
		"themes":    {content.Themes(), 20},
		"skills":    {content.Skills(), 15},
		"countries": {content.Countries(), 4},
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			if len(list.terms) != list.n {
				t.Errorf("%d terms, want %d", len(list.terms), list.n)
			}
			seen := map[string]bool{}
			for _, term := range list.terms {
				if term.Key == "" || seen[term.Key] {
					t.Errorf("key %q is empty or there twice", term.Key)
				}
				seen[term.Key] = true
				for _, lang := range languages {
					if term.Labels[lang] == "" || seen[lang+term.Labels[lang]] {
						t.Errorf("%s: the %s name %q is missing or there twice", term.Key, lang, term.Labels[lang])
					}
					seen[lang+term.Labels[lang]] = true
				}
			}
		})
	}
}

func TestTermsAreFoundByKey(t *testing.T) {
	theme, ok := content.Theme("open-data")
	if !ok || theme.In("fi") != "Avoin data" || theme.In("xx") != "Open data" {
		t.Errorf("Theme(open-data) = %v, %v", theme, ok)
	}
	if skill, ok := content.Skill("lean"); !ok || skill.In("ru") != "Бережливое управление" {
		t.Errorf("Skill(lean) = %v, %v", skill, ok)
	}
	if country, ok := content.Country("SE"); !ok || country.In("kk") != "Швеция" {
		t.Errorf("Country(SE) = %v, %v", country, ok)
	}
	if _, ok := content.Theme("nothing"); ok {
		t.Error("a theme that is not there was found")
	}
	themes := content.Themes()
	themes[0] = content.Term{}
	if content.Themes()[0].Key == "" {
		t.Error("a caller can change the list for others")
	}
}

func TestSectorsAreCOFOG(t *testing.T) {
	if got := len(content.Divisions()); got != 10 {
		t.Errorf("%d divisions, want 10", got)
	}
	if got := len(content.Sectors()); got != 79 {
		t.Errorf("%d sectors, want 79", got)
	}
	for _, d := range content.Divisions() {
		for _, lang := range languages {
			if d.Labels[lang] == "" {
				t.Errorf("division %s has no %s name", d.Code, lang)
			}
		}
		if len(content.Groups(d.Code)) == 0 {
			t.Errorf("division %s has no groups", d.Code)
		}
	}
	for _, s := range content.Sectors() {
		if s.In("kk") == "" {
			t.Errorf("sector %s has no name to show", s.Code)
		}
		if d, ok := content.SectorOf(s.Division()); !ok || d.Parent != "" {
			t.Errorf("sector %s is in no division", s.Code)
		}
	}
	s, ok := content.SectorOf("02.1")
	if !ok || s.In("fi") != "Puolustus" || s.In("en") != "Military defence" || s.Division() != "02" {
		t.Errorf("SectorOf(02.1) = %+v, %v", s, ok)
	}
	if _, ok := content.SectorOf("99"); ok {
		t.Error("a sector that is not there was found")
	}
}

func TestMunicipalitiesAreComplete(t *testing.T) {
	count := map[string]int{}
	keys := map[string]bool{}
	for _, m := range content.Municipalities() {
		count[m.Country+" "+string(m.Kind)]++
		if keys[m.Key] || m.Key != m.Country+":"+m.Code {
			t.Errorf("key %q is odd or there twice", m.Key)
		}
		keys[m.Key] = true
		if m.Name == "" || m.Region == "" || len(m.Languages) == 0 {
			t.Errorf("%s lacks a name, a region or a language", m.Key)
		}
		if _, ok := content.Country(m.Country); !ok {
			t.Errorf("%s is in no known country", m.Key)
		}
		if m.HasPoint && (m.Lat < 40 || m.Lat > 71 || m.Lon < 10 || m.Lon > 92) {
			t.Errorf("%s lies at %v, %v", m.Key, m.Lat, m.Lon)
		}
	}
	want := map[string]int{"FI municipality": 308, "SE municipality": 290, "KZ region": 17, "KZ city": 26, "RU urban_okrug": 16, "RU municipal_okrug": 18}
	if diff := cmp.Diff(want, count); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMunicipalityIsNamedInTheReadersLanguage(t *testing.T) {
	tests := map[string]struct{ lang, name, region string }{
		"FI:020":                  {"sv", "Ackas", "Birkaland"},
		"FI:005":                  {"sv", "Alajärvi", "Södra Österbotten"},
		"SE:0114":                 {"fi", "Upplands Väsby", "Stockholms län"},
		"KZ:KZ-63-ustkamenogorsk": {"ru", "Усть-Каменогорск", "Восточно-Казахстанская область"},
		"KZ:KZ-71":                {"ru", "Астана", "Астана"},
		"RU:KEM-GO01":             {"fi", "Kemerovskiy urban okrug", "Kemerovo Oblast – Kuzbass"},
	}
	for key, tt := range tests {
		t.Run(key, func(t *testing.T) {
			m, ok := content.MunicipalityOf(key)
			if !ok || m.In(tt.lang) != tt.name || m.RegionIn(tt.lang) != tt.region {
				t.Errorf("%v %q %q, want %q %q", ok, m.In(tt.lang), m.RegionIn(tt.lang), tt.name, tt.region)
			}
		})
	}
	if m, _ := content.MunicipalityOf("FI:020"); m.In("kk") != "Akaa" {
		t.Errorf("in Kazakh Akaa is %q", m.In("kk"))
	}
	if _, ok := content.MunicipalityOf("FI:999"); ok {
		t.Error("a municipality that is not there was found")
	}
}

func TestRegionsOwnNothingAndHaveNoSize(t *testing.T) {
	region, _ := content.MunicipalityOf("KZ:KZ-19")
	if region.IsMunicipal() || region.SizeClass() != "" {
		t.Errorf("municipal %v, size %q", region.IsMunicipal(), region.SizeClass())
	}
	city, _ := content.MunicipalityOf("KZ:KZ-75")
	if !city.IsMunicipal() || city.SizeClass() != content.SizeOver100k {
		t.Errorf("Almaty: municipal %v, size %q", city.IsMunicipal(), city.SizeClass())
	}
}

func TestSizeClasses(t *testing.T) {
	tests := map[int]content.SizeClass{
		0: content.SizeUnknown, 1: content.SizeUnder5k, 4_999: content.SizeUnder5k, 5_000: content.Size5to20k, 19_999: content.Size5to20k,
		20_000: content.Size20to50k, 49_999: content.Size20to50k, 50_000: content.Size50to100k, 100_000: content.Size50to100k, 100_001: content.SizeOver100k,
	}
	for population, want := range tests {
		if got := content.SizeOf(population); got != want {
			t.Errorf("SizeOf(%d) = %q, want %q", population, got, want)
		}
		if !slices.Contains(content.SizeClasses(), want) {
			t.Errorf("%q is not among the classes", want)
		}
	}
}

func TestProvenanceNamesEveryFile(t *testing.T) {
	raw, err := fs.ReadFile(content.Reference(), "PROVENANCE.md")
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(content.Reference(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path == "PROVENANCE.md" {
			return err
		}
		name := path
		if strings.HasPrefix(path, "holidays/") {
			name = "holidays/*.yaml"
		}
		if !strings.Contains(string(raw), "`"+name+"`") {
			t.Errorf("%s is not in PROVENANCE.md", path)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
