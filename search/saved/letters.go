package saved

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
	"github.com/kokeilu/kokeilu/search"
)

// Send writes the letters that are due and returns how many. A search with
// nothing new gets none. Running it twice, late, or on several nodes writes no
// letter twice. A search that cannot be made now waits for the next time and
// keeps no other from its letter.
func (s *Service) Send(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "letters of saved searches")
	due, err := store.Get(ctx, s.Store, s.dueTx)
	if err != nil {
		return 0, err
	}
	var failed error
	for _, one := range due {
		sent, err := s.send(ctx, one)
		if err != nil && fault.KindOf(err) != fault.Unavailable { // that one waits; the others need not
			failed = errors.Join(failed, fmt.Errorf("saved search %q: %w", one.ID, err))
		}
		if sent {
			n++
		}
	}
	return n, failed
}

// dueTx are the searches it is time to look at, those that wait longest first.
func (s *Service) dueTx(tx store.Tx) ([]Search, error) {
	now := s.Now()
	var list []Search
	for _, mail := range []Mail{Daily, Weekly} {
		for one, err := range table.By(tx, byMail, store.Prefix(string(mail)+"/")) {
			if err != nil {
				return nil, err
			}
			if !one.due(now, s.Zone) {
				break
			}
			list = append(list, one)
		}
	}
	return list, nil
}

// send looks for news of one search and stores the letter, together with what
// it names. The finds are what everybody may read now.
func (s *Service) send(ctx context.Context, one Search) (sent bool, err error) {
	filters, without := search.Conditions(one.Filters)
	found, err := s.Index.Newest(ctx, search.Request{Text: one.Words, Lang: one.Lang, Filters: filters, Without: without}, looked)
	if err != nil {
		return false, err
	}
	err = s.Store.Update(ctx, func(tx store.Tx) error {
		sent = false
		now := s.Now().UTC()
		current, err := table.Get(tx, one.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return err
		case !current.due(now, s.Zone): // another node was here, or the letters were stopped
			return nil
		}
		news := current.fresh(found)
		current.tell(news, now)
		if len(news) > 0 {
			if sent, err = s.tellTx(tx, current, news); err != nil {
				return err
			}
		}
		return table.Put(tx, current)
	})
	return sent, err
}

// tellTx stores the letter, unless the person is gone.
func (s *Service) tellTx(tx store.Tx, one Search, news []search.Document) (bool, error) {
	p, err := s.People.PersonTx(tx, one.Person)
	if errors.Is(err, store.ErrNotFound) || err == nil && (p.IsErased() || p.Email == "") {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, s.Mail.Send(tx, s.letter(one, p.Lang, p.Email, news))
}

// letter is what somebody gets: the newest finds with their addresses, how many
// more there are, and how to end it.
func (s *Service) letter(one Search, lang, to string, news []search.Document) notify.Mail {
	p := s.Locales.For(lang)
	var b strings.Builder
	b.WriteString(p.N("saved.letter_lead", len(news), one.Name) + "\n\n")
	for _, d := range news[:min(letter, len(news))] {
		b.WriteString(d.Title + "\n" + p.T("search.kind_"+d.Kind) + ", " + p.Date(d.Date) + "\n" + s.PublicURL + web.Path(p.Lang, d.Path) + "\n\n")
	}
	again := s.PublicURL + web.Path(p.Lang, "search") + "?" + one.Query()
	if more := len(news) - letter; more > 0 {
		b.WriteString(p.N("saved.letter_more", more) + "\n" + again + "\n\n")
	}
	stop := s.StopURL(p.Lang, one)
	b.WriteString(p.T("saved.letter_why_"+string(one.Mail), one.Name) + "\n" + p.T("saved.letter_stop") + "\n" + stop + "\n")
	return notify.Mail{
		To: to, Lang: p.Lang, Subject: p.N("saved.letter_subject", len(news), one.Name), Text: b.String(), Leave: stop,
		Expires: s.Now().UTC().Add(3 * 24 * time.Hour),
	}
}

// StopURL is the address that ends the letters of a search.
func (s *Service) StopURL(lang string, one Search) string {
	return s.PublicURL + web.Path(lang, "saved-searches", "stop", one.Stop)
}
