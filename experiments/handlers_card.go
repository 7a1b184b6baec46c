package experiments

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// cardPage is everything experiments/card.html may use: one face of the card.
type cardPage struct {
	web.Page
	Card     Experiment
	Face     Face
	Faces    []faceLink
	Fields   []fieldView
	More     []cardLine // beside the faces
	Next     string     // key of the next single missing field
	NextHref string
	Complete float64
	Receipts []receiptView
	Family   familyView
	MayEdit  bool
	MayLook  bool // at versions and receipts
	Split    bool // splitting it is advised
}

// faceLink is one of the three faces as a tab.
type faceLink struct {
	Face     Face
	Href     string
	Complete float64
}

// fieldView is one of the 27 fields on a face.
type fieldView struct {
	N        int // from 1, as the card counts
	Key      string
	Label    string
	Lines    []cardLine
	Optional bool
	Missing  bool
	Examples string // key of a good and a bad example
	Href     string // where it is written
}

// receiptView is a receipt with the name of who was shown it.
type receiptView struct {
	Receipt
	Who    string
	Failed int // of what was shown
}

// card shows a face of the card to whoever may read the card.
func (h *Handlers) card(c *fiber.Ctx) error {
	face := Face(c.Params("face"))
	if !slices.Contains(Faces, face) {
		return accounts.ErrUnseen
	}
	a, p := accounts.ActorOf(c), h.Page(c, section)
	sheet, err := h.Experiments.Sheet(web.Context(c), a, c.Params("id"), p.Lang, LogQuery{Limit: 1})
	if err != nil {
		return err
	}
	e := &sheet.Card
	page := cardPage{
		Page: p, Card: *e, Face: face, Complete: e.Completeness(), Family: familyViewOf(p, sheet, h.Experiments.Zone),
		MayEdit: accounts.Can(a, accounts.EditExperiment, sheet.Thing), MayLook: accounts.Can(a, accounts.PauseExperiment, sheet.Thing),
	}
	page.Split = page.MayEdit && h.Experiments.splits(sheet)
	page.NoIndex = true
	page.Crumbs = crumbs(p, e, p.T("experiment.card_"+string(face)))
	for _, one := range Faces {
		page.Faces = append(page.Faces, faceLink{one, p.URL("experiments", e.ID, "card", string(one)), e.FaceCompleteness(one)})
	}
	page.fields(&sheet)
	if page.MayLook {
		if err := h.receipts(c, &page); err != nil {
			return err
		}
	}
	return h.Render(c, "experiments/card", page)
}

// fields lays the lines of the card under its fields.
func (page *cardPage) fields(sheet *Sheet) {
	e := &page.Card
	lines := map[string][]cardLine{}
	for _, l := range linesOf(page.Printer, sheet.Names, e) {
		lines[l.Field] = append(lines[l.Field], l)
	}
	for i, f := range fields {
		if f.face != page.Face {
			continue
		}
		v := fieldView{
			N: i + 1, Key: f.key, Label: fieldLabel(page.Page, f.key), Lines: lines[f.key], Optional: f.optional || !f.must(e),
			Missing: f.must(e) && !f.filled(e), Examples: examplesOf(f.key), Href: fieldHref(page.Page, e, f),
		}
		v.Lines = slices.Clone(v.Lines)
		for i := range v.Lines {
			if v.Lines[i].Label == v.Label {
				v.Lines[i].Label = "" // the field has asked it already
			}
		}
		if v.Missing && page.Next == "" && (f.face != FaceLearning || e.WasStarted()) {
			page.Next, page.NextHref = f.lacking(e), v.Href
		}
		page.Fields = append(page.Fields, v)
	}
	if page.Face == FacePlan {
		page.More = append(lines["trial"], visible(lines["more"], page.MayLook)...)
	}
}

// inward are the lines about people and worries: for the team and its
// coordinator.
var inward = []string{"risk", "timing", "sponsor"}

func visible(lines []cardLine, all bool) []cardLine {
	return slices.DeleteFunc(slices.Clone(lines), func(l cardLine) bool {
		return !all && slices.ContainsFunc(inward, func(key string) bool { return l.Key == key || len(l.Key) > len(key) && l.Key[:len(key)+1] == key+"_" })
	})
}

// fieldLabel is what a field is called: most often the question it answers.
func fieldLabel(p web.Page, key string) string {
	if p.Has("experiment." + key) {
		return p.T("experiment." + key)
	}
	return p.T("experiment.section_" + key)
}

// examplesOf is the key of a field's examples.
func examplesOf(key string) string {
	if key == "money" {
		key = "cost_lines"
	}
	return "experiment." + key
}

// fieldHref is where a field is written.
func fieldHref(p web.Page, e *Experiment, f field) string {
	switch {
	case f.section == SectionLearning:
		return p.URL("experiments", e.ID, "learning") + "#" + f.key
	case f.key == "owner":
		return p.URL("experiments", e.ID, "plan")
	}
	return p.URL("experiments", e.ID, "edit", string(f.section)) + "#" + f.key
}

func (h *Handlers) receipts(c *fiber.Ctx, page *cardPage) error {
	list, names, err := h.Experiments.Receipts(web.Context(c), accounts.ActorOf(c), page.Card.ID, page.Lang)
	for _, r := range list {
		v := receiptView{Receipt: r, Who: names[r.By]}
		for _, s := range r.Shown {
			if s.Failed() {
				v.Failed++
			}
		}
		page.Receipts = append(page.Receipts, v)
	}
	return err
}
