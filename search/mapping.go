package search

import (
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/mapping"
)

// mappingVersion names the folder of the index. Raise it whenever analysis or
// mapping change: a new index is then built from the store.
const mappingVersion = 5

// entry is a document as the index keeps it.
type entry struct {
	Title    string   `json:"title"`
	Lead     string   `json:"lead"` // summary and headings
	Names    string   `json:"names"`
	Text     string   `json:"text"` // everything
	Kind     string   `json:"kind"`
	Lang     string   `json:"lang"`
	Audience string   `json:"audience"` // public or members
	Org      string   `json:"org"`
	Themes   []string `json:"theme"`
	Sector   string   `json:"sector"`
	Outcome  string   `json:"outcome"`
	Stage    string   `json:"stage"`
	Country  string   `json:"country"`
	Size     string   `json:"size"`
	Year     string   `json:"year"`
	Date     string   `json:"date"` // sortable
	Cost     string   `json:"cost"`
	Evidence string   `json:"evidence"`
	Copies   string   `json:"copies"`
}

// BleveType names the mapping of entries.
func (entry) BleveType() string { return "entry" }

func newEntry(d Document) entry {
	e := entry{
		Title: inLanguage(d.Lang, d.Title), Lead: inLanguage(d.Lang, lines(d.Summary, d.Headings)), Names: inLanguage("--", d.Places),
		Text: inLanguage(d.Lang, lines(d.Title, d.Summary, d.Body, d.Places)),
		Kind: d.Kind, Lang: d.Lang, Audience: "public", Org: d.Organisation, Themes: d.Themes, Sector: d.Sector,
		Outcome: d.Outcome, Stage: d.Stage, Country: d.Country, Size: d.SizeClass,
		Date: datedAs(d),
	}
	e.Year, e.Cost, e.Evidence, e.Copies = positive(d.Year), positive(d.Cost), positive(d.Evidence), positive(d.Copies)
	if d.Members {
		e.Audience = "members"
	}
	return e
}

// positive writes a number; nothing for what is not known.
func positive(n int) string {
	if n <= 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func newMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentDisabledMapping()
	m.DefaultAnalyzer = keyword.Name
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	doc := bleve.NewDocumentStaticMapping()
	for _, name := range []string{"title", "lead", "names", "text"} {
		f := bleve.NewTextFieldMapping()
		f.Analyzer = analyser
		f.Store, f.IncludeInAll, f.DocValues = false, false, false
		f.IncludeTermVectors = false
		switch name {
		case "title", "lead":
			f.Analyzer = pairsAnalyser
		case "text":
			f.Analyzer = leanAnalyser
		}
		doc.AddFieldMappingsAt(name, f)
	}
	for _, name := range []string{"kind", "lang", "audience", "org", "theme", "sector", "outcome", "stage", "country", "size", "year", "date", "cost", "evidence", "copies"} {
		f := bleve.NewKeywordFieldMapping()
		f.Store, f.IncludeInAll, f.IncludeTermVectors = false, false, false
		doc.AddFieldMappingsAt(name, f)
	}
	m.AddDocumentMapping("entry", doc)
	m.ScoringModel = "bm25"
	return m
}
