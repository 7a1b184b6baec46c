package experiments

import (
	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/files"
	"github.com/kokeilu/kokeilu/internal/web"
)

// appendLog adds an entry with its pictures. When something is wrong with it,
// the form comes back with everything that was typed and with the pictures that
// arrived.
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
		return h.Again(c, section, form, err, func(p web.Page) error { return h.logbook(c, p) })
	}
	return h.See(c, at(id)+"#log", doneOf(entry))
}

// doneOf names what the page says after an entry.
func doneOf(n Entry) string {
	switch {
	case n.Follows != 0:
		return "experiment_logged_follow"
	case n.Kind == SmallWin, n.Kind == Thanks:
		return "experiment_logged_glad"
	}
	return "experiment_logged"
}

// entryOf reads an entry. The pictures come first, so that they are kept
// whatever else is wrong: the form then names them.
func (h *Handlers) entryOf(c *fiber.Ctx, f web.Form) (Entry, error) {
	r := reader{Form: f, zone: h.Experiments.Zone}
	pictures, err := h.picturesOf(c, f, &r.findings)
	if err != nil {
		return Entry{}, err
	}
	n := Entry{
		Kind: LogKind(f.Get("kind")), Text: f.Get("text"), Reach: Reach(f.Get("reach")), Pictures: pictures,
		Corrects: r.whole("corrects"), Measure: r.whole("measure"), Value: r.number("value"), Source: f.Get("source"), At: r.day("at"),
		Barrier: Barrier(f.Get("barrier")), Follows: r.whole("follows"), FollowUp: FollowUp(f.Get("follow_up")),
	}
	for i := range MaxMedia {
		if link := f.Get(nthField("video", i)); link != "" {
			n.Videos = append(n.Videos, link)
		}
	}
	if now := h.Now(); !n.At.IsZero() && days(n.At, now, h.Experiments.Zone) == 0 {
		n.At = now // today: the time of day is known
	}
	switch {
	case n.Kind == "":
		n.Kind = Observation
	case n.Kind == Observation && n.Value != nil:
		n.Kind = Number // a value was given and no other kind was chosen
	}
	return n, r.err()
}

// picturesOf keeps the pictures of a form and puts what they are known by into
// it. A picture that came with an earlier, refused form is named in it already.
func (h *Handlers) picturesOf(c *fiber.Ctx, f web.Form, wrong *findings) (list []Picture, err error) {
	for i := range MaxMedia {
		field, kept := nthField("picture", i), nthField("kept", i)
		hash := f.Get(kept)
		if heads := f.Files[field]; len(heads) > 0 && heads[0].Size > 0 {
			file, err := h.Files.AddPart(web.Context(c), heads[0])
			switch fault.KindOf(err) {
			case fault.Unsupported, fault.TooLarge, fault.Invalid:
				wrong.list = append(wrong.list, onField(err, field)...)
				continue
			}
			if err != nil {
				return nil, err
			}
			hash = file.Hash
			f.Values.Set(kept, hash)
		} else if f.Has(nthField("drop", i)) {
			f.Values.Del(kept)
			continue
		}
		if hash == "" {
			continue
		}
		one, err := h.Experiments.picture(hash, f.Get(nthField("alt", i)))
		if err != nil {
			f.Values.Del(kept)
			wrong.add(ErrEntryPicture.On(field))
			continue
		}
		wrong.when(one.Alt == "", ErrAlt.On(nthField("alt", i)))
		list = append(list, one)
	}
	return list, nil
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

// slotView is the place of one picture in the form: Kept is the thumbnail of one
// that arrived already.
type slotView struct {
	Picture, Alt, Hidden, Drop, Video string // names of the fields
	Hash, Kept                        string
	Words, Link                       string // what stands in them: words for the picture, a video
	First                             bool
}

// slotsOf are the places of pictures and videos in the form, filled with what
// was sent or, before that, with those of an entry.
func slotsOf(p web.Page, n Entry) []slotView {
	var list []slotView
	for i := range MaxMedia {
		s := slotView{Picture: nthField("picture", i), Alt: nthField("alt", i), Hidden: nthField("kept", i), Drop: nthField("drop", i), Video: nthField("video", i), First: i == 0}
		old := nth(n.Pictures, i)
		s.Words, s.Link = old.Alt, p.Value(s.Video, nth(n.Videos, i))
		if hash := p.Value(s.Hidden, old.Hash); files.IsHash(hash) {
			s.Hash, s.Kept = hash, files.Thumbnail(hash, files.Widths[0])
		}
		list = append(list, s)
	}
	return list
}
