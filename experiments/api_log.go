package experiments

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// logEntry is an entry of a log, without the person who wrote it.
type logEntry struct {
	Number      int          `json:"number"`
	At          time.Time    `json:"at"`
	Kind        string       `json:"kind"`
	Text        string       `json:"text"`
	Pictures    []logPicture `json:"pictures" nullable:"false"`
	Videos      []string     `json:"videos" nullable:"false" doc:"Addresses elsewhere"`
	Measure     int          `json:"measure,omitempty" doc:"Of a number: which measure, from 1"`
	Value       *float64     `json:"value,omitempty"`
	Source      string       `json:"source,omitempty" doc:"Of a number: who counted it, or where"`
	Barrier     string       `json:"barrier,omitempty" doc:"Of an obstacle: its type"`
	FollowedBy  int          `json:"followed_by,omitempty" doc:"Of an obstacle: number of the entry that follows it up; open without"`
	Settled     string       `json:"settled,omitempty" doc:"Of an obstacle: what became of it"`
	Follows     int          `json:"follows,omitempty" doc:"Number of the obstacle this entry follows up"`
	FollowUp    string       `json:"follow_up,omitempty" doc:"What this entry says became of that obstacle"`
	Corrects    int          `json:"corrects,omitempty"`
	CorrectedBy int          `json:"corrected_by,omitempty"`
}

type logPicture struct {
	URL    string `json:"url"`
	Alt    string `json:"alt"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

type logListInput struct {
	ID     string `path:"id" maxLength:"12"`
	Kind   string `query:"kind" enum:"observation,decision,obstacle,number,quote,small_win,thanks,picture" doc:"Only this kind"`
	Open   bool   `query:"open" doc:"Only obstacles that nobody has followed up"`
	Before int    `query:"before" minimum:"0" doc:"Only entries with a lower number: what next_before of the page before said"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type logListOutput struct {
	Body struct {
		Entries []logEntry `json:"entries" nullable:"false"`
		Next    int        `json:"next_before,omitempty" doc:"What before takes to go on"`
	}
}

type readingListInput struct {
	ID      string `path:"id" maxLength:"12"`
	Measure int    `query:"measure" minimum:"0" maximum:"3" doc:"Only this measure, from 1"`
}

// logReading is a value of a measure that was read on the way.
type logReading struct {
	Measure int       `json:"measure" doc:"Which measure, from 1"`
	Value   float64   `json:"value"`
	At      time.Time `json:"at"`
	Source  string    `json:"source,omitempty" doc:"Who counted it, or where"`
	Entry   int       `json:"entry" doc:"Number of the entry in the log"`
	Verdict string    `json:"verdict" enum:"met,not_met,unknown" doc:"By the limit that was locked at the start"`
}

type readingListOutput struct {
	Body struct {
		Readings []logReading `json:"readings" nullable:"false" doc:"Oldest first; the newest 600"`
	}
}

type obstacleStatisticsOutput struct {
	Body struct {
		Obstacles []obstacleLine `json:"obstacles" nullable:"false"`
	}
}

// obstacleLine counts the public obstacles of one type.
type obstacleLine struct {
	Barrier     string `json:"barrier" enum:"money,decision,procurement,data_protection,system,people,skills,other"`
	Count       int    `json:"count"`
	Open        int    `json:"open" doc:"Of these, not followed up yet"`
	Experiments int    `json:"experiments" doc:"How many experiments met it"`
}

type logEntryInput struct {
	ID   string `path:"id" maxLength:"12"`
	Body struct {
		Kind       string          `json:"kind,omitempty" enum:"observation,decision,obstacle,number,quote,small_win,thanks,picture" default:"observation"`
		Text       string          `json:"text,omitempty" maxLength:"1000"`
		Visibility string          `json:"visibility,omitempty" enum:"team,members,public" default:"public"`
		At         time.Time       `json:"at,omitempty" doc:"When it happened; now, if not given"`
		Corrects   int             `json:"corrects,omitempty" minimum:"0" doc:"Number of the entry this one puts right"`
		Measure    int             `json:"measure,omitempty" minimum:"0" maximum:"3" doc:"Of a number: which measure, from 1"`
		Value      *float64        `json:"value,omitempty"`
		Source     string          `json:"source,omitempty" maxLength:"120" doc:"Of a number: who counted it, or where"`
		Barrier    string          `json:"barrier,omitempty" enum:"money,decision,procurement,data_protection,system,people,skills,other" doc:"Of an obstacle: its type"`
		Follows    int             `json:"follows,omitempty" minimum:"0" doc:"Number of the obstacle this entry follows up"`
		FollowUp   string          `json:"follow_up,omitempty" enum:"solved,given_up,accepted" doc:"What became of that obstacle"`
		Pictures   []logPictureRef `json:"pictures,omitempty" maxItems:"3"`
		Videos     []string        `json:"videos,omitempty" maxItems:"3" doc:"Addresses elsewhere, over https; three pictures and videos in all"`
	}
}

// logPictureRef names a picture that POST /api/v1/files took.
type logPictureRef struct {
	Hash string `json:"hash" minLength:"64" maxLength:"64"`
	Alt  string `json:"alt" minLength:"1" maxLength:"300" doc:"What can be seen, for those who cannot see it"`
}

type logEntryOutput struct {
	Body struct {
		Number int    `json:"number"`
		URL    string `json:"url"`
	}
}

func registerLogAPI(api *web.API, s *Service) {
	tags := []string{"Experiments"}
	web.Handle(api, huma.Operation{
		OperationID: "list-log-entries", Method: http.MethodGet, Path: "/api/v1/experiments/{id}/log", Tags: tags,
		Summary: "Read the log", Description: "The entries that everybody may read, newest first.",
	}, s.apiLog)
	web.Handle(api, huma.Operation{
		OperationID: "add-log-entry", Method: http.MethodPost, Path: "/api/v1/experiments/{id}/log", Tags: tags,
		Summary: "Write in the log", Description: "For the team and for methodologists. Entries are never changed: a mistake is put right by a new one.",
		Security: web.Signed, DefaultStatus: http.StatusCreated,
	}, s.apiAppend)
	web.Handle(api, huma.Operation{
		OperationID: "list-readings", Method: http.MethodGet, Path: "/api/v1/experiments/{id}/readings", Tags: tags,
		Summary: "Read the measures over time", Description: "The public readings of the measures, each with its source and with what the locked limit says of it.",
	}, s.apiReadings)
	web.Handle(api, huma.Operation{
		OperationID: "count-obstacles", Method: http.MethodGet, Path: "/api/v1/obstacles", Tags: tags,
		Summary: "Count what gets in the way", Description: "The public obstacles of public experiments by type.",
	}, s.apiObstacles)
}

func (s *Service) apiLog(ctx context.Context, in *logListInput) (*logListOutput, error) {
	p, err := s.Log(ctx, everybody, in.ID, LogQuery{Kind: LogKind(in.Kind), Open: in.Open, Before: in.Before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &logListOutput{}
	out.Body.Next, out.Body.Entries = p.Older, []logEntry{}
	for _, n := range p.Entries {
		out.Body.Entries = append(out.Body.Entries, apiEntryOf(n))
	}
	return out, nil
}

func apiEntryOf(n Entry) logEntry {
	out := logEntry{
		Number: n.N, At: n.At, Kind: string(n.Kind), Text: n.Text, Corrects: n.Corrects, CorrectedBy: n.Corrected,
		Measure: n.Measure, Value: n.Value, Source: n.Source, FollowedBy: n.Followed, Settled: string(n.Settled), Follows: n.Follows, FollowUp: string(n.FollowUp),
		Pictures: []logPicture{}, Videos: append([]string{}, n.Videos...),
	}
	if n.Kind == Obstacle {
		out.Barrier = string(n.barrier())
	}
	for _, p := range n.Pictures {
		out.Pictures = append(out.Pictures, logPicture{URL: "/files/" + p.Hash, Alt: p.Alt, Width: p.Width, Height: p.Height})
	}
	return out
}

func (s *Service) apiAppend(ctx context.Context, in *logEntryInput) (*logEntryOutput, error) {
	n := Entry{
		Kind: LogKind(in.Body.Kind), Text: in.Body.Text, Reach: Reach(in.Body.Visibility), At: in.Body.At,
		Corrects: in.Body.Corrects, Measure: in.Body.Measure, Value: in.Body.Value, Source: in.Body.Source,
		Barrier: Barrier(in.Body.Barrier), Follows: in.Body.Follows, FollowUp: FollowUp(in.Body.FollowUp), Videos: in.Body.Videos,
	}
	for _, p := range in.Body.Pictures {
		one, err := s.picture(p.Hash, p.Alt)
		if err != nil {
			return nil, err
		}
		n.Pictures = append(n.Pictures, one)
	}
	number, err := s.AppendLog(ctx, accounts.ActorIn(ctx), in.ID, n)
	if err != nil {
		return nil, err
	}
	out := &logEntryOutput{}
	out.Body.Number, out.Body.URL = number, "/experiments/"+in.ID+"/log/"+strconv.Itoa(number)
	return out, nil
}

// picture is a picture that is kept. It fails with ErrEntryPicture when it is
// not.
func (s *Service) picture(hash, alt string) (Picture, error) {
	if s.PictureSize == nil {
		return Picture{}, ErrEntryPicture.On("pictures")
	}
	width, height, kept := s.PictureSize(hash)
	if !kept {
		return Picture{}, ErrEntryPicture.On("pictures")
	}
	return Picture{Hash: hash, Alt: alt, Width: width, Height: height}, nil
}

func (s *Service) apiReadings(ctx context.Context, in *readingListInput) (*readingListOutput, error) {
	e, thing, err := s.Get(ctx, everybody, in.ID)
	if err != nil {
		return nil, err
	}
	out := &readingListOutput{}
	out.Body.Readings = []logReading{}
	for i := range e.Measures {
		if in.Measure != 0 && in.Measure != i+1 {
			continue
		}
		m := e.asLocked(i)
		for _, r := range e.ReadingsOf(everybody, thing, i+1) {
			out.Body.Readings = append(out.Body.Readings, logReading{Measure: r.Measure, Value: r.Value, At: r.At, Source: r.Source, Entry: r.Entry, Verdict: string(m.Judge(&r.Value))})
		}
	}
	return out, nil
}

func (s *Service) apiObstacles(ctx context.Context, _ *struct{}) (*obstacleStatisticsOutput, error) {
	list, err := s.ObstacleCounts(ctx)
	if err != nil {
		return nil, err
	}
	out := &obstacleStatisticsOutput{}
	out.Body.Obstacles = []obstacleLine{}
	for _, c := range list {
		out.Body.Obstacles = append(out.Body.Obstacles, obstacleLine{Barrier: string(c.Barrier), Count: c.All(), Open: c.Open, Experiments: c.Experiments})
	}
	return out, nil
}
