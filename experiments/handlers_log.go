package experiments

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// appendLog adds an entry with its picture.
func (h *Handlers) appendLog(c *fiber.Ctx) error {
	a, err := signedIn(c)
	if err != nil {
		return err
	}
	form, err := h.Form(c)
	if err != nil {
		return err
	}
	id := c.Params("id")
	if _, thing, err := h.Experiments.Get(web.Context(c), a, id); err != nil {
		return err
	} else if err := accounts.Must(a, accounts.AppendLog, thing); err != nil {
		return err // before a picture is kept for somebody who may not write here
	}
	entry, err := h.entryOf(c, form)
	if err == nil {
		_, err = h.Experiments.AppendLog(web.Context(c), a, id, entry)
	}
	if err != nil {
		if kind := fault.KindOf(err); kind == fault.Unsupported || kind == fault.TooLarge {
			err = fault.Join(onField(err, "picture")...)
		}
		return h.Again(c, section, form, err, func(p web.Page) error {
			return h.sheet(c, p, "experiments/log", LogQuery{Limit: 10})
		})
	}
	return h.See(c, at(id)+"#log", "experiment_logged")
}

// onField turns the faults of a picture into faults of its field, which the
// page shows beside it.
func onField(err error, field string) []*fault.Error {
	var list []*fault.Error
	for _, f := range fault.All(err) {
		list = append(list, fault.New(fault.Invalid, f.Key, f.Args...).On(field).Because(err))
	}
	return list
}

func (h *Handlers) entryOf(c *fiber.Ctx, f web.Form) (Entry, error) {
	r := reader{Form: f, zone: h.Experiments.Zone}
	n := Entry{
		Kind: LogKind(f.Get("kind")), Text: f.Get("text"), Reach: Reach(f.Get("reach")),
		Corrects: r.whole("corrects"), Measure: r.whole("measure"), Value: r.number("value"), At: r.day("at"),
	}
	if now := h.Now(); !n.At.IsZero() && days(n.At, now, h.Experiments.Zone) == 0 {
		n.At = now // today: the time of day is known
	}
	if n.Kind == "" {
		n.Kind = Observation
	}
	if err := r.err(); err != nil {
		return n, err
	}
	picture, err := h.pictureOf(web.Context(c), f)
	if err != nil {
		return n, err
	}
	if picture != nil {
		n.Pictures = []Picture{*picture}
	}
	return n, nil
}

// pictureOf keeps the picture of a form, if there is one. Its words are asked
// for first, so that nothing is kept without them.
func (h *Handlers) pictureOf(ctx context.Context, f web.Form) (*Picture, error) {
	heads := f.Files["picture"]
	if len(heads) == 0 || heads[0].Size == 0 {
		return nil, nil
	}
	if f.Get("alt") == "" {
		return nil, ErrAlt
	}
	kept, err := h.Files.AddPart(ctx, heads[0])
	if err != nil {
		return nil, err
	}
	return &Picture{Hash: kept.Hash, Alt: f.Get("alt"), Width: kept.Width, Height: kept.Height}, nil
}
