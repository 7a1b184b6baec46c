package cases

import (
	"context"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/internal/web"
)

// feedLength is how many cases a feed holds.
const feedLength = 30

// feedNewest are the newest cases that everybody may read, as items of a feed.
// Addresses are absolute, from public on; topics are named in lang. organisation, when set, is whose.
func (s *Service) feedNewest(ctx context.Context, public, lang, organisation string) (items []web.Item, err error) {
	defer fault.Wrap(&err, "feed of cases")
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]web.Item, error) {
		list, err := s.listTx(tx, accounts.Actor{}, Filter{Limit: feedLength, Reader: lang, Organisation: organisation})
		if err != nil {
			return nil, err
		}
		return feedItems(tx, list.Rows, public, lang)
	})
}

// feedRanked are the cases of a list of the TOP-10, the first place first.
func (s *Service) feedRanked(ctx context.Context, list List, public, lang string) (items []web.Item, err error) {
	defer fault.Wrap(&err, "feed of %s", list)
	board, err := s.Board(ctx)
	if err != nil {
		return nil, err
	}
	var ranked []Row
	for _, e := range board.Lists[list] {
		ranked = append(ranked, e.Row)
	}
	return store.Get(ctx, s.Store, func(tx store.Tx) ([]web.Item, error) { return feedItems(tx, ranked, public, lang) })
}

func feedItems(tx store.Tx, list []Row, public, lang string) ([]web.Item, error) {
	var items []web.Item
	for _, r := range list {
		html, err := getHTML(tx, r.ID)
		if err != nil {
			return nil, err
		}
		item := web.Item{
			ID: public + "/c/" + r.ID, URL: public + web.Path(r.Lang, r.Path()), Title: r.Title, Summary: r.Lead, HTML: html.HTML,
			Lang: r.Lang, Published: r.Date, Updated: r.Updated,
		}
		if topic := topicName(r.Sector, nil, lang); topic != "" {
			item.Topics = append(item.Topics, topic)
		}
		for _, theme := range r.Themes {
			item.Topics = append(item.Topics, themeName(theme, lang))
		}
		items = append(items, item)
	}
	return items, nil
}
