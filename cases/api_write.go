package cases

import (
	"context"
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// addInput is a case as a program gives it. Rules that name a field are
// checked by the service, so that the answer is in the reader's language.
type addInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key and body get the same answer."`
	Body struct {
		Title        string   `json:"title"`
		Body         string   `json:"body" doc:"Markdown."`
		Lang         string   `json:"lang" doc:"fi, sv, en, ru or kk."`
		Summary      string   `json:"summary,omitempty"`
		Organisation string   `json:"organisation,omitempty" doc:"Key of the owner; without it the caller's own."`
		Sector       string   `json:"sector,omitempty" doc:"COFOG code."`
		Themes       []string `json:"themes,omitempty"`
		Outcome      Outcome  `json:"outcome,omitempty" doc:"confirmed, partly, not_confirmed or not_tested."`
		Start        string   `json:"start,omitempty" doc:"2026-03-13"`
		End          string   `json:"end,omitempty" doc:"2026-06-05"`
		CostCents    int64    `json:"cost_cents,omitempty"`
		Currency     string   `json:"currency,omitempty"`
		Hours        float64  `json:"hours,omitempty"`
		Licence      string   `json:"licence,omitempty"`
	}
}

type addOutput struct {
	Location string `header:"Location"`
	Body     struct {
		ID  string `json:"id"`
		URL string `json:"url"`
	}
}

func (a api) add(ctx context.Context, in *addInput) (*addOutput, error) {
	b := in.Body
	d := Draft{
		Title: clearText(b.Title), Body: clearText(b.Body), Lang: b.Lang, Summary: clearText(b.Summary), Organisation: b.Organisation,
		Sector: b.Sector, Themes: b.Themes, Outcome: b.Outcome, CostCents: b.CostCents, Currency: b.Currency, Hours: b.Hours, Licence: clearText(b.Licence),
	}
	var ok bool
	if d.Start, ok = readDay(b.Start); !ok {
		return nil, ErrDay.On("start")
	}
	if d.End, ok = readDay(b.End); !ok {
		return nil, ErrDay.On("end")
	}
	c, err := a.Add(ctx, accounts.ActorIn(ctx), d)
	if err != nil {
		return nil, err
	}
	out := &addOutput{}
	out.Body.ID, out.Body.URL = c.ID, a.web.Absolute(web.Path(c.Lang, c.Path()))
	out.Location = out.Body.URL
	return out, nil
}

// clearText takes control characters out of what a program sent; the JSON
// reader has already refused what is no text.
func clearText(s string) string {
	clean, _ := web.CleanText(s)
	return clean
}

func readDay(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, true
	}
	return readTime(s)
}

type importInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" doc:"The same key and body get the same answer."`
	Body struct {
		Path string `json:"path" maxLength:"500" doc:"Path of the file in its folder: what it is known by when it has neither case nor id and source."`
		Text string `json:"text" doc:"The whole file: front matter and Markdown."`
	}
}

type importOutput struct{ Body Line }

func (a api) importOne(ctx context.Context, in *importInput) (*importOutput, error) {
	line, err := a.ImportOne(ctx, accounts.ActorIn(ctx), in.Body.Path, []byte(in.Body.Text))
	if err != nil {
		return nil, err
	}
	line.Missing, line.Wrong = notNil(line.Missing), notNil(line.Wrong)
	return &importOutput{Body: line}, nil
}

type topTenInput struct {
	Week string `query:"week" maxLength:"10" doc:"A Monday such as 2026-11-16: the list that was frozen then. Without it, the list as it is now."`
}

type ranked struct {
	Rank         int     `json:"rank"`
	Case         string  `json:"case"`
	Title        string  `json:"title"`
	Lang         string  `json:"lang"`
	Organisation string  `json:"organisation,omitempty"`
	Outcome      Outcome `json:"outcome,omitempty"`
	URL          string  `json:"url"`
	Change       Change  `json:"change"`
	Score        Score   `json:"score"`
}

type topTenOutput struct {
	Body struct {
		At     time.Time         `json:"at"`
		Frozen bool              `json:"frozen"`
		Lists  map[List][]ranked `json:"lists"`
		Weeks  []string          `json:"weeks" nullable:"false" doc:"Mondays that have a frozen list."`
	}
}

func (a api) topTen(ctx context.Context, in *topTenInput) (*topTenOutput, error) {
	board, err := a.Board(ctx)
	if err != nil {
		return nil, err
	}
	f := Frozen{At: board.At, Lists: board.freeze()}
	for name, entries := range f.Lists {
		for i := range entries {
			entries[i].Change = board.Lists[name][i].Change
		}
	}
	if in.Week != "" {
		if f, err = a.Week(ctx, in.Week); err != nil {
			return nil, err
		}
	}
	out := &topTenOutput{}
	out.Body.At, out.Body.Frozen, out.Body.Lists, out.Body.Weeks = f.At.UTC(), in.Week != "", map[List][]ranked{}, []string{}
	for _, name := range Lists {
		out.Body.Lists[name] = []ranked{}
		for _, e := range f.Lists[name] {
			e.Score.Adoptions, e.Score.Endorsements = notNil(e.Score.Adoptions), notNil(e.Score.Endorsements)
			out.Body.Lists[name] = append(out.Body.Lists[name], ranked{
				e.Rank, e.Case, e.Title, e.Lang, e.Organisation, e.Outcome, a.web.Absolute(web.Path(e.Lang, e.Path())), e.Change, e.Score,
			})
		}
	}
	weeks, err := a.Weeks(ctx, 52)
	for _, w := range weeks {
		out.Body.Weeks = append(out.Body.Weeks, w.Day(a.zone()))
	}
	return out, err
}
