package experiments

import (
	"errors"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// keptDraft is what a page says of a draft that it shows.
type keptDraft struct {
	At  string // when it was typed, in words; "" for none
	URL string // where drafts of the page are kept
}

// draft keeps what the script of a page sends while somebody types, and
// forgets it when a button says so.
func (h *Handlers) draft(c *fiber.Ctx) error {
	return h.keep(c, c.Params("id"), Section(c.Params("section")))
}

// draftNew is draft for the experiment that is being registered.
func (h *Handlers) draftNew(c *fiber.Ctx) error { return h.keep(c, Unborn, SectionProblem) }

func (h *Handlers) keep(c *fiber.Ctx, id string, s Section) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	if _, ok := readers[s]; !ok {
		return accounts.ErrUnseen
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	if form.Has("discard") {
		if err := h.Experiments.DropDraft(web.Context(c), a, id, s); err != nil {
			return err
		}
		return h.See(c, pageOf(id, s), "experiment_draft_dropped")
	}
	version, _ := form.Int("version") // none is an old version
	at, err := h.Experiments.KeepDraft(web.Context(c), a, FormDraft{Experiment: id, Section: s, Version: version, Values: form.Values})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(fiber.Map{"at": h.Locales.For(web.Lang(c)).DateTime(at)})
}

// pageOf is the address, below the language, of the page that a section is
// written on.
func pageOf(id string, s Section) string {
	switch {
	case id == Unborn:
		return at(Unborn)
	case s == SectionLearning:
		return at(id, "learning")
	}
	return at(id, "edit", string(s))
}

// draftURL is where drafts of a page are kept.
func draftURL(p web.Page, id string, s Section) string {
	if id == Unborn {
		return p.URL("experiments/new/draft")
	}
	return p.URL("experiments", id, "draft", string(s))
}

// resume puts what the reader has typed into a page before, and not saved,
// into its form. older says that the card has gone on since.
func (h *Handlers) resume(c *fiber.Ctx, p web.Page, id string, s Section) (page web.Page, kept keptDraft, version int, err error) {
	kept.URL = draftURL(p, id, s)
	if p.Form.Sent {
		return p, kept, 0, nil
	}
	d, ok, err := h.Experiments.DraftOf(web.Context(c), accounts.ActorOf(c), id, s)
	if err != nil || !ok {
		return p, kept, 0, err
	}
	p.Form = web.Form{Sent: true, Values: d.Values}
	kept.At = p.DateTime(d.At.In(time.UTC))
	return p, kept, d.Version, nil
}

// keepRefused keeps what was typed into a form that was refused, so that it is
// there again when the page is closed. What cannot be kept is in the page.
func (h *Handlers) keepRefused(c *fiber.Ctx, id string, s Section, form web.Form, why error) {
	kinds := []fault.Kind{fault.Invalid, fault.Conflict}
	if !slices.Contains(kinds, fault.KindOf(why)) {
		return
	}
	version, _ := form.Int("version") // none is an old version
	_, err := h.Experiments.KeepDraft(web.Context(c), accounts.ActorOf(c), FormDraft{Experiment: id, Section: s, Version: version, Values: form.Values})
	if err != nil && !errors.Is(err, ErrDraftLarge) {
		h.Log.Warn("a refused form was not kept", "err", err)
	}
}
