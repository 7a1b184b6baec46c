package accounts_test

import (
	"errors"
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

// The cast of the table: who asks. Everybody but the last three is of Akaa or
// of Umeå; the things are Akaa's.
var cast = map[string]accounts.Actor{
	"nobody":        {},
	"system":        accounts.System,
	"owner":         actorWith("owner", in(accounts.Member, "FI:020")),
	"team":          actorWith("team", in(accounts.Member, "FI:020")),
	"author":        actorWith("author", in(accounts.Member, "FI:020")),
	"member":        actorWith("member", in(accounts.Member, "FI:020")),
	"coordinator":   actorWith("coordinator", in(accounts.Member, "FI:020"), in(accounts.Coordinator, "FI:020")),
	"manager":       actorWith("manager", in(accounts.Member, "FI:020"), in(accounts.Manager, "FI:020")),
	"elected":       actorWith("elected", in(accounts.Member, "FI:020"), in(accounts.Elected, "FI:020")),
	"member2":       actorWith("member2", in(accounts.Member, "SE:2480")),
	"coordinator2":  actorWith("coordinator2", in(accounts.Member, "SE:2480"), in(accounts.Coordinator, "SE:2480")),
	"manager2":      actorWith("manager2", in(accounts.Member, "SE:2480"), in(accounts.Manager, "SE:2480")),
	"mentor":        actorWith("mentor", in(accounts.Mentor, "")),
	"mentor2":       actorWith("mentor2", in(accounts.Mentor, "")), // of another team
	"reviewer":      actorWith("reviewer", in(accounts.Reviewer, "")),
	"reviewer2":     actorWith("reviewer2", in(accounts.Reviewer, "")), // not assigned
	"conflicted":    actorWith("conflicted", in(accounts.Reviewer, "")),
	"officer":       actorWith("officer", in(accounts.Officer, "")),
	"officer2":      actorWith("officer2", in(accounts.Officer, "")), // of another call
	"officer3":      actorWith("officer3", in(accounts.Officer, "")), // of this call, conflicted
	"decided":       actorWith("decided", in(accounts.Officer, "")),
	"cohort":        actorWith("cohort", in(accounts.Cohort, "")),
	"methodologist": actorWith("methodologist", in(accounts.Methodologist, "")),
	"keeper":        actorWith("keeper", in(accounts.Member, "SE:2480")), // methodologist of this experiment only
	"partner":       actorWith("partner", in(accounts.Member, "FI:889"), in(accounts.Coordinator, "FI:889")),
	"peer":          actorWith("peer", in(accounts.Member, "SE:2480"), in(accounts.Reviewer, "")),
	"moderator":     actorWith("moderator", in(accounts.Moderator, "")),
	"admin":         actorWith("admin", in(accounts.Admin, "")),
}

func actorWith(id string, grants ...accounts.Grant) accounts.Actor {
	return accounts.Actor{ID: id, Grants: grants}
}

// The things, by situation. Every one is Akaa's.
var (
	own = accounts.Thing{
		Organisations: []string{"FI:020"}, TeamOrganisations: []string{"FI:020"}, Owner: "owner", Team: []string{"owner", "team"},
		Mentors: []string{"mentor"}, Methodologists: []string{"keeper"}, Authors: []string{"author"}, Reviewers: []string{"reviewer", "conflicted"},
		Conflicted: []string{"conflicted", "officer3"}, Officers: []string{"officer", "officer3", "decided"}, Decided: []string{"decided"}, Person: "owner",
	}
	public  = with(func(t *accounts.Thing) { t.Public = true })
	members = with(func(t *accounts.Thing) { t.MembersOnly = true })
	draft   = with(func(t *accounts.Thing) { t.Draft = true })
	unblind = with(func(t *accounts.Thing) { t.Public, t.TeamOpen = true, true })
	shared  = with(func(t *accounts.Thing) { t.Public, t.TeamOrganisations = true, []string{"FI:020", "SE:2480"} })
	joint   = with(func(t *accounts.Thing) { t.Public, t.Organisations = true, []string{"FI:020", "FI:889"} })
	empty   = accounts.Thing{}
)

func with(change func(*accounts.Thing)) accounts.Thing {
	t := own
	change(&t)
	return t
}

// everyone is the cast but the system, and anyMember those of the cast who
// belong to an organisation.
var (
	everyone  = names(func(a accounts.Actor) bool { return !a.System })
	signedIn  = names(func(a accounts.Actor) bool { return a.SignedIn() })
	anyMember = names(func(a accounts.Actor) bool { return len(a.Organisations()) > 0 })
)

func names(fits func(accounts.Actor) bool) []string {
	var list []string
	for name, a := range cast {
		if fits(a) {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

func people(list ...string) []string { return list }

// A row says who may do something in a situation: just these, and the system.
type row struct {
	situation string
	thing     accounts.Thing
	may       []string
}

// table is "who may see and do what". Each action has a row for every
// situation in which somebody else may do it.
var table = map[accounts.Action][]row{
	accounts.ReadExperiment: {
		{"public", public, everyone},
		{"members only", members, append(people("mentor", "methodologist"), anyMember...)},
		{"draft", draft, people("owner", "team", "mentor", "keeper")},
		{"neither, such as hidden", own, people("owner", "team", "mentor", "coordinator", "methodologist", "keeper")},
	},
	accounts.AddExperiment: {
		{"of Akaa", own, people("owner", "team", "author", "member", "coordinator", "manager", "elected")},
		{"of nobody", empty, nil},
	},
	accounts.EditExperiment: {{"public", public, people("owner", "team")}, {"draft", draft, people("owner", "team")}},
	accounts.MoveExperiment: {{"public", public, people("owner", "team")}},
	accounts.ConfirmStart:   {{"public", public, people("coordinator")}, {"with a partner municipality", joint, people("coordinator")}},
	accounts.PauseExperiment: {
		{"public", public, people("owner", "team", "coordinator")},
		{"with a partner municipality", joint, people("owner", "team", "coordinator")},
	},
	accounts.PassOn: {{"public", public, people("owner", "coordinator")}, {"draft", draft, people("owner")}},
	accounts.ReturnLesson: {
		{"public", public, people("coordinator2", "peer", "partner", "methodologist", "keeper")},
		{"with a partner municipality", joint, people("coordinator2", "peer", "methodologist", "keeper")},
		{"members only", members, people("coordinator2", "peer", "partner", "methodologist", "keeper")},
		{"neither, such as hidden", own, people("methodologist", "keeper")},
	},
	accounts.ReadTeamLog: {
		{"public", public, people("owner", "team", "mentor", "methodologist", "keeper")},
		{"draft", draft, people("owner", "team", "mentor", "keeper")},
		{"with the manager-blind rule off", unblind, people("owner", "team", "mentor", "methodologist", "keeper", "manager", "coordinator")},
		{"with a team of two municipalities", shared, people("owner", "team", "mentor", "methodologist", "keeper")},
	},
	accounts.AppendLog: {{"public", public, people("owner", "team", "methodologist", "keeper")}, {"draft", draft, people("owner", "team", "keeper")}},

	accounts.ReadCase: {
		{"public", public, everyone},
		{"members only", members, append(people("mentor"), anyMember...)},
		{"draft", draft, people("owner", "team", "mentor", "author")},
		{"hidden", own, people("owner", "team", "mentor", "author", "coordinator")},
	},
	accounts.AddCase:      {{"any", empty, append(people("admin"), anyMember...)}},
	accounts.EditCase:     {{"public", public, people("author")}},
	accounts.WithdrawCase: {{"public", public, people("author", "moderator")}},
	accounts.HideCase:     {{"public", public, people("moderator")}},
	accounts.Endorse:      {{"public", public, people("coordinator2", "partner")}, {"draft", draft, nil}, {"members only", members, nil}},
	accounts.Adopt:        {{"public", public, people("coordinator2", "partner")}, {"draft", draft, nil}, {"of a partner", joint, people("coordinator2")}},
	accounts.Vote:         {{"public", public, people("member2", "coordinator2", "manager2", "keeper", "partner", "peer")}, {"draft", draft, nil}},

	accounts.KeepCall: {
		{"with its officers", own, people("officer", "officer3", "decided")},
		{"new", empty, people("officer", "officer2", "officer3", "decided")},
	},
	accounts.ReadRequest: {
		{"submitted", own, people("owner", "team", "coordinator", "officer", "officer3", "decided", "reviewer")},
		{"draft", draft, people("owner", "team", "coordinator", "reviewer")},
	},
	accounts.WriteRequest:    {{"any", own, people("owner", "team")}},
	accounts.PrecheckRequest: {{"submitted", own, people("officer", "decided")}},
	accounts.Score:           {{"in review", own, people("reviewer")}},
	accounts.ReadScores:      {{"in review", own, people("officer", "officer3", "decided")}},
	accounts.Decide:          {{"ready", own, people("officer")}},
	accounts.ReadBudget:      {{"of a call", own, people("officer", "officer3", "decided", "admin")}},

	accounts.KeepMentor:   {{"one's own", own, people("owner")}, {"new", empty, signedIn}},
	accounts.AskMentor:    {{"for a team", own, people("owner", "team")}},
	accounts.AnswerMentor: {{"asked", own, people("owner")}, {"nobody asked", empty, nil}},

	accounts.KeepSearch:     {{"one's own", own, people("owner")}, {"of nobody", empty, nil}},
	accounts.ModerateWanted: {{"any", empty, people("moderator", "admin")}},
	accounts.NameConcepts:   {{"any", empty, people("admin")}},
	accounts.ReadPerson:     {{"of the owner", own, people("owner", "admin")}},
	accounts.DescribePlace:  {{"of Akaa", own, people("coordinator", "admin")}},
	accounts.GrantRole:      {{"in Akaa", own, people("coordinator", "admin")}, {"in the portal", empty, people("admin")}},
	accounts.ReadJournal:    {{"any", empty, people("admin")}},
	accounts.RunPortal:      {{"any", empty, people("admin")}},
}

func TestWhoMayDoWhat(t *testing.T) {
	for _, action := range accounts.Actions() {
		rows := table[action]
		if len(rows) == 0 {
			t.Errorf("%s has no row in the table", action)
		}
		for _, r := range rows {
			for name, a := range cast {
				want := a.System || slices.Contains(r.may, name)
				if got := accounts.Can(a, action, r.thing); got != want {
					t.Errorf("%s, %s: %s may = %v, want %v", action, r.situation, name, got, want)
				}
			}
		}
	}
	for action := range table {
		if !slices.Contains(accounts.Actions(), action) {
			t.Errorf("the table has a row for %s, which nobody can do", action)
		}
	}
}

// TestEveryActionHasARule reads the constants from the source: one without a
// rule would be nobody's, silently.
func TestEveryActionHasARule(t *testing.T) {
	source, err := os.ReadFile("can.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []accounts.Action
	for _, m := range regexp.MustCompile(`(?m)^\t\w+ +Action = "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		declared = append(declared, accounts.Action(m[1]))
	}
	slices.Sort(declared)
	if diff := cmp.Diff(declared, accounts.Actions()); diff != "" {
		t.Errorf("constants and rules differ: %s", diff)
	}
}

func TestManagersReadNoTeamText(t *testing.T) {
	tests := map[string]struct {
		grants []accounts.Grant
		thing  accounts.Thing
		want   bool
	}{
		"a mentor does":                      {nil, public, true},
		"unless manager of a team member":    {[]accounts.Grant{in(accounts.Manager, "FI:020")}, public, false},
		"or coordinator":                     {[]accounts.Grant{in(accounts.Coordinator, "FI:020")}, public, false},
		"of the second municipality too":     {[]accounts.Grant{in(accounts.Manager, "SE:2480")}, shared, false},
		"but not as a manager elsewhere":     {[]accounts.Grant{in(accounts.Manager, "SE:2480")}, public, true},
		"and not with the rule switched off": {[]accounts.Grant{in(accounts.Manager, "FI:020")}, unblind, true},
	}
	for name, tt := range tests {
		if got := accounts.Can(actorWith("mentor", tt.grants...), accounts.ReadTeamLog, tt.thing); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
	keeper := actorWith("keeper", in(accounts.Manager, "FI:020"))
	if accounts.Can(keeper, accounts.ReadTeamLog, public) || !accounts.Can(keeper, accounts.AppendLog, public) {
		t.Error("a manager who keeps the log writes it, and reads nothing of the team")
	}
	ownManager := actorWith("owner", in(accounts.Manager, "FI:020"))
	if !accounts.Can(ownManager, accounts.ReadTeamLog, public) {
		t.Error("a manager who is on the team reads its log")
	}
}

func TestUnknownActionsAreNobodys(t *testing.T) {
	if accounts.Can(cast["admin"], "portal.sell", empty) {
		t.Error("an action without a rule was allowed")
	}
}

func TestRefusals(t *testing.T) {
	tests := map[string]struct {
		err, want error
	}{
		"a stranger signs in first":        {accounts.Must(cast["nobody"], accounts.EditExperiment, public), accounts.ErrSignIn},
		"somebody else is told":            {accounts.Must(cast["member"], accounts.EditExperiment, public), accounts.ErrForbidden},
		"the owner may":                    {accounts.Must(cast["owner"], accounts.EditExperiment, public), nil},
		"what is not visible is not there": {accounts.See(cast["member"], accounts.ReadExperiment, draft), accounts.ErrUnseen},
		"not even for a stranger":          {accounts.See(cast["nobody"], accounts.ReadExperiment, draft), accounts.ErrUnseen},
		"what is visible is":               {accounts.See(cast["nobody"], accounts.ReadExperiment, public), nil},
	}
	for name, tt := range tests {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", name, tt.err, tt.want)
		}
	}
}
