package cases

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// act takes one of the small forms on a case's page. What is wrong is shown on
// the same page.
func (h *Handlers) act(c *fiber.Ctx, done string, do func(ctx context.Context, a accounts.Actor, id string, f web.Form) error) error {
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	a, id := accounts.ActorOf(c), c.Params("id")
	if err := do(web.Context(c), a, id, form); err != nil {
		return h.Web.Again(c, "cases", form, err, func(p web.Page) error {
			shown, err := h.Cases.Show(web.Context(c), a, id)
			if err != nil {
				return err
			}
			return h.render(c, p, shown)
		})
	}
	return h.Web.See(c, "cases/"+id, done)
}

func (h *Handlers) publish(c *fiber.Ctx) error {
	return h.act(c, "case_published", func(ctx context.Context, a accounts.Actor, id string, _ web.Form) error {
		_, err := h.Cases.Publish(ctx, a, id)
		return err
	})
}

func (h *Handlers) endorse(c *fiber.Ctx) error {
	return h.act(c, "case_endorsed", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
		return h.Cases.Endorse(ctx, a, id, f.Get("reason"))
	})
}

func (h *Handlers) adopt(c *fiber.Ctx) error {
	return h.act(c, "case_adopted", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
		result := Outcome(f.Get("result"))
		switch result {
		case "":
			result = "missing" // nothing chosen: the service says so at the field
		case "running":
			result = ""
		}
		return h.Cases.Adopt(ctx, a, id, Adopting{Result: result, Note: f.Get("note"), Confirmed: f.Has("confirmed")})
	})
}

func (h *Handlers) vote(c *fiber.Ctx) error {
	return h.act(c, "case_voted", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
		return h.Cases.Vote(ctx, a, id, f.Get("useful") == "yes")
	})
}

// takeBack withdraws, hides or shows again, by the button that was pressed.
func (h *Handlers) takeBack(c *fiber.Ctx) error {
	return h.act(c, "case_taken", func(ctx context.Context, a accounts.Actor, id string, f web.Form) error {
		switch f.Get("do") {
		case "hide":
			return h.Cases.Hide(ctx, a, id, f.Get("why"))
		case "unhide":
			return h.Cases.Unhide(ctx, a, id)
		}
		return h.Cases.Withdraw(ctx, a, id, f.Get("why"))
	})
}

// translate begins a version in another language and opens it.
func (h *Handlers) translate(c *fiber.Ctx) error {
	form, err := h.Web.Form(c)
	if err != nil {
		return err
	}
	id, err := h.Cases.Translate(web.Context(c), accounts.ActorOf(c), c.Params("id"), form.Get("lang"))
	if err != nil {
		return err
	}
	return h.Web.See(c, "cases/"+id+"/edit", "")
}
