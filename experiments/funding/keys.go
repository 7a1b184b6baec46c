package funding

import (
	"fmt"
	"slices"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/store"
)

// calls holds the calls.
var calls = &store.Table[Call]{
	Bucket: "call",
	Key:    func(c Call) string { return c.ID },
	Indexes: []store.Index[Call]{
		{Name: byNewest, Keys: func(c Call) []string { return []string{stamp(c.Created)} }},
	},
}

// requests holds the requests.
var requests = &store.Table[Request]{
	Bucket: "request",
	Key:    func(r Request) string { return r.ID },
	Indexes: []store.Index[Request]{
		{Name: byRegister, Keys: func(r Request) []string {
			if r.Submitted.IsZero() {
				return nil
			}
			return []string{r.Call + "/" + stamp(r.Submitted)}
		}},
		{Name: byState, Keys: func(r Request) []string { return []string{r.Call + "/" + string(r.State)} }},
		{Name: byPerson, Keys: func(r Request) []string {
			list := make([]string, 0, len(r.Team))
			for _, p := range r.Team {
				list = append(list, p+"/"+stamp(r.Created))
			}
			return list
		}},
		{Name: byExperiment, Keys: func(r Request) []string { return one(r.Experiment) }},
		{Name: byReviewer, Keys: func(r Request) []string {
			var list []string
			for _, a := range r.Assigned {
				list = append(list, a.Person+"/"+stamp(r.Submitted))
			}
			return list
		}},
		{Name: byCompetitor, Keys: func(r Request) []string {
			if r.State == Withdrawn {
				return nil
			}
			return under(r.Call, r.Team)
		}},
		{Name: byCallOrganisation, Keys: func(r Request) []string { return under(r.Call, r.Organisations) }},
	},
}

// sent holds the card of each request as it was when it was sent.
var sent = &store.Table[Sent]{Bucket: "request_card", Key: func(s Sent) string { return s.Request }}

// Sent is the experiment's card as a request was sent with it.
type Sent struct {
	Request string                 `json:"request"`
	At      time.Time              `json:"at"`
	Card    experiments.Experiment `json:"card"`
}

// ledger holds the lines of all ledgers: those of one call lie together, in
// the order they were written.
var ledger = &store.Table[Entry]{
	Bucket: "call_ledger",
	Key:    func(e Entry) string { return fmt.Sprintf("%s/%08d", e.Call, e.N) },
}

// Names of the indexes.
const (
	byNewest           = "newest"
	byRegister         = "register"
	byState            = "state"
	byPerson           = "person"
	byExperiment       = "experiment"
	byReviewer         = "reviewer"
	byCompetitor       = "competitor"
	byCallOrganisation = "call_organisation"
)

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000000") }

func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// under puts a prefix before each value, each once.
func under(prefix string, values []string) []string {
	list := make([]string, 0, len(values))
	for _, v := range values {
		if key := prefix + "/" + v; !slices.Contains(list, key) {
			list = append(list, key)
		}
	}
	return list
}
