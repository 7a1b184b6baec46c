package cases

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"

	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// rendered is a case's text as pages show it, stored apart from the case.
type rendered struct {
	HTML     string            `json:"html,omitempty"` // here as it was stored at first; see putHTML
	Contents []content.Heading `json:"contents,omitempty"`
	Lead     string            `json:"lead,omitempty"` // how the text begins, for lists

	plain string // the text without marks, kept apart
}

// render turns the text of a case into HTML. It is called outside of
// transactions. A person's texts are rendered one after the other, so that
// nobody can keep the machine busy with long ones: the later wait, and fail
// with store.ErrBusy when ctx is over first.
func (s *Service) render(ctx context.Context, a accounts.Actor, c Case) (rendered, error) {
	if a.System {
		return render(c)
	}
	leave, err := s.memory().desk.take(ctx, a.ID)
	if err != nil {
		return rendered{}, err
	}
	defer leave()
	return render(c)
}

func render(c Case) (rendered, error) {
	html, headings, err := content.RenderWithHeadings(c.Body, content.Options{Lang: c.Lang, Heading: 2, Limit: content.CaseLimit})
	if err != nil {
		return rendered{}, onField(err, "body")
	}
	headings = slices.DeleteFunc(headings, func(h content.Heading) bool { return h.Level != 2 || h.Text == "" })
	return rendered{HTML: html, Contents: headings, Lead: content.Excerpt(c.Body, leadLength), plain: content.PlainText(c.Body)}, nil
}

// desk has one place for each person.
type desk struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed when the person leaves
}

// take waits until a person's place is free. It fails with store.ErrBusy when
// ctx is over before.
func (d *desk) take(ctx context.Context, person string) (leave func(), err error) {
	for {
		d.mu.Lock()
		over, busy := d.taken[person]
		if !busy {
			over = make(chan struct{})
			if d.taken == nil {
				d.taken = map[string]chan struct{}{}
			}
			d.taken[person] = over
		}
		d.mu.Unlock()
		if !busy {
			return func() { d.free(person, over) }, nil
		}
		select {
		case <-over:
		case <-ctx.Done():
			return nil, store.ErrBusy.Because(ctx.Err())
		}
	}
}

func (d *desk) free(person string, over chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.taken, person)
	close(over)
}

// putHTML stores a text: a line of JSON about it, and the HTML as it is.
func putHTML(tx store.Tx, id string, r rendered) error {
	html := r.HTML
	r.HTML = ""
	head, err := json.Marshal(r)
	if err != nil {
		return err
	}
	raw := append(append(head, '\n'), html...)
	return errors.Join(tx.Put(htmlBucket, id, raw), tx.Put(plainBucket, id, []byte(r.plain)))
}

// getHTML returns the stored HTML of a case; a draft has none yet.
func getHTML(tx store.Tx, id string) (r rendered, err error) {
	raw, err := tx.Get(htmlBucket, id)
	if errors.Is(err, store.ErrNotFound) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	head, html, apart := bytes.Cut(raw, []byte("\n"))
	if err := json.Unmarshal(head, &r); err != nil {
		return r, err
	}
	if apart {
		r.HTML = string(html)
	}
	return r, nil
}

// plainText returns the words of a case's text.
func plainText(tx store.Tx, id string) (string, error) {
	raw, err := tx.Get(plainBucket, id)
	if !errors.Is(err, store.ErrNotFound) {
		return string(raw), err
	}
	c, err := table.Get(tx, id) // it was published before words were kept
	return content.PlainText(c.Body), err
}

// onField puts a fault of rendering at a field of the form.
func onField(err error, field string) error {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Field == "" {
		return f.On(field)
	}
	return err
}
