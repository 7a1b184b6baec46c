package experiments

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// LogKind is what an entry of the log tells.
type LogKind string

// The kinds of entries.
const (
	Observation  LogKind = "observation"
	DecisionMade LogKind = "decision"
	Obstacle     LogKind = "obstacle"
	Number       LogKind = "number"
	Quote        LogKind = "quote"
	SmallWin     LogKind = "small_win"
	Thanks       LogKind = "thanks"
	PictureTaken LogKind = "picture"
)

// LogKinds lists the kinds in the order they are offered.
var LogKinds = []LogKind{Observation, Number, Obstacle, DecisionMade, Quote, SmallWin, Thanks, PictureTaken}

// Reach is who may read an entry of the log.
type Reach string

// The reaches. An entry is never read by more people than its experiment.
const (
	ForTeam    Reach = "team" // closed to the members' own managers
	ForMembers Reach = "members"
	ForAll     Reach = "public"
)

// Reaches lists the reaches in the order they are offered.
var Reaches = []Reach{ForAll, ForMembers, ForTeam}

// includes reports whether whoever may read an entry of reach other may read
// one of r.
func (r Reach) includes(other Reach) bool {
	return slices.Index(Reaches, r) <= slices.Index(Reaches, other)
}

// Limits of an entry.
const (
	MaxEntry  = 1000
	MaxMedia  = 3 // pictures and videos together
	MaxAlt    = 300
	MaxSource = 120
	maxValue  = 1e15 // nothing that is counted is more
)

// An Entry is one dated note of those who try. It is never changed: a mistake
// is put right by a new entry that points to the old one.
type Entry struct {
	Experiment string    `json:"experiment"`
	N          int       `json:"n"`       // from 1, in the order of writing
	At         time.Time `json:"at"`      // when it happened
	Written    time.Time `json:"written"` // when it was noted
	By         string    `json:"by"`
	Kind       LogKind   `json:"kind"`
	Text       string    `json:"text,omitempty"`
	Pictures   []Picture `json:"pictures,omitempty"`
	Videos     []string  `json:"videos,omitempty"` // addresses elsewhere
	Reach      Reach     `json:"reach"`
	Corrects   int       `json:"corrects,omitempty"`     // number of the entry it puts right
	Corrected  int       `json:"corrected_by,omitempty"` // number of the entry that puts this one right
	Measure    int       `json:"measure,omitempty"`      // from 1; of a number
	Value      *float64  `json:"value,omitempty"`
	Source     string    `json:"source,omitempty"` // who counted it, or where

	Barrier  Barrier  `json:"barrier,omitempty"`     // of an obstacle
	Followed int      `json:"followed_by,omitempty"` // number of the entry that follows the obstacle up
	Settled  FollowUp `json:"settled,omitempty"`     // what became of the obstacle
	Follows  int      `json:"follows,omitempty"`     // number of the obstacle that this entry follows up
	FollowUp FollowUp `json:"follow_up,omitempty"`   // what this entry says became of it
}

// A Picture belongs to an entry. Alt says what can be seen, for those who
// cannot see it.
type Picture struct {
	Hash   string `json:"hash"`
	Alt    string `json:"alt"`
	Width  int    `json:"width,omitempty"`
	Height int    `json:"height,omitempty"`
}

// Faults of the log.
var (
	ErrEntryEmpty   = fault.New(fault.Invalid, "experiment.log_empty").On("text")
	ErrEntryKind    = fault.New(fault.Invalid, "experiment.log_kind_unknown").On("kind")
	ErrEntryReach   = fault.New(fault.Invalid, "experiment.log_reach").On("reach")
	ErrEntryValue   = fault.New(fault.Invalid, "experiment.log_value").On("value")
	ErrEntryPicture = fault.New(fault.Invalid, "experiment.log_picture").On("picture")
	ErrAlt          = fault.New(fault.Invalid, "experiment.alt_missing").On("alt")
	ErrEntryFuture  = fault.New(fault.Invalid, "experiment.log_future").On("at")
	ErrVideo        = fault.New(fault.Invalid, "experiment.log_video_wrong").On("video")
	ErrNarrower     = fault.New(fault.Invalid, "experiment.log_narrower").On("reach")
	ErrNoSuchEntry  = fault.New(fault.Conflict, "experiment.no_such_entry").On("corrects")
	ErrArchived     = fault.New(fault.Conflict, "experiment.archived")
)

// check cleans the entry and says everything that is wrong with it.
func (n *Entry) check(e *Experiment, now time.Time) error {
	n.Text = strings.TrimSpace(n.Text)
	var f findings
	f.text("text", n.Text, MaxEntry)
	oneOf(&f, ErrEntryKind, n.Kind, LogKinds)
	oneOf(&f, ErrEntryReach, n.Reach, Reaches)
	f.when(n.Follows == 0 && n.Text == "" && len(n.Pictures) == 0 && len(n.Videos) == 0 && n.Value == nil, ErrEntryEmpty)
	f.when(n.Kind == Number && (n.Value == nil || n.Measure < 1 || n.Measure > len(e.Measures)), ErrEntryValue)
	f.when(n.Value != nil && math.Abs(*n.Value) > maxValue, ErrNumber.On("value"))
	f.when(n.Kind == PictureTaken && len(n.Pictures) == 0, ErrEntryPicture)
	f.when(n.At.After(now.Add(24*time.Hour)), ErrEntryFuture)
	n.checkMedia(&f)
	n.checkObstacle(&f)
	n.Source = strings.TrimSpace(n.Source)
	f.text("source", n.Source, MaxSource)
	if n.Kind != Number {
		n.Measure, n.Value, n.Source = 0, nil, ""
	}
	return f.err()
}

// checkMedia cleans and checks pictures and videos. A video is the address of
// a page elsewhere, over https, so that a reader can be sent there.
func (n *Entry) checkMedia(f *findings) {
	if len(n.Pictures)+len(n.Videos) > MaxMedia {
		f.add(fault.New(fault.Invalid, "experiment.too_many_pictures", MaxMedia).On("picture"))
	}
	for i := range n.Pictures {
		field := nthField("alt", i)
		n.Pictures[i].Alt = strings.TrimSpace(n.Pictures[i].Alt)
		f.when(n.Pictures[i].Alt == "", ErrAlt.On(field))
		f.text(field, n.Pictures[i].Alt, MaxAlt)
	}
	for i := range n.Videos {
		n.Videos[i] = strings.TrimSpace(n.Videos[i])
		u, err := url.Parse(n.Videos[i])
		f.when(err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(n.Videos[i]) > maxVideo, ErrVideo.On(nthField("video", i)))
	}
}

// maxVideo bounds an address.
const maxVideo = 500

// nthField is the name of the field for the i-th of a few things, from 0: the
// first has the plain name.
func nthField(name string, i int) string {
	if i == 0 {
		return name
	}
	return name + "_" + strconv.Itoa(i+1)
}

// ReadableBy reports whether an actor who may read the experiment may read
// the entry too.
func (n Entry) ReadableBy(a accounts.Actor, thing accounts.Thing) bool {
	return n.Reach.ReadableBy(a, thing)
}

// ReadableBy reports whether the reach includes an actor who may read the
// experiment.
func (r Reach) ReadableBy(a accounts.Actor, thing accounts.Thing) bool {
	switch r {
	case ForAll:
		return true
	case ForMembers:
		return a.System || len(a.Organisations()) > 0 || accounts.Can(a, accounts.ReadTeamLog, thing)
	}
	return accounts.Can(a, accounts.ReadTeamLog, thing)
}

// noted brings the card up to date with a new entry: its count, its newest
// days and, for a number, the readings.
func (e *Experiment) noted(n Entry) {
	e.LogCount = n.N
	e.LastLog = n.Written
	if n.Reach == ForAll {
		e.LastPublic = n.Written
	}
	if n.Corrects > 0 {
		e.Readings = withoutReading(e.Readings, n.Corrects)
	}
	if n.Kind == Number {
		e.Readings = append(e.Readings, Reading{Measure: n.Measure, Value: *n.Value, At: n.At, Entry: n.N, Reach: n.Reach, Source: n.Source})
		e.Readings = e.Readings[max(0, len(e.Readings)-MaxReadings):]
	}
	e.count(n, +1)
}

func withoutReading(list []Reading, entry int) []Reading {
	var kept []Reading
	for _, r := range list {
		if r.Entry != entry {
			kept = append(kept, r)
		}
	}
	return kept
}

func runes(s string) int { return utf8.RuneCountInString(s) }
