package accounts

import (
	"maps"
	"slices"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/web"
)

// Action is something a person may or may not do with a thing.
type Action string

// The actions. Every service asks Can before it changes anything.
const (
	ReadExperiment  Action = "experiment.read"
	AddExperiment   Action = "experiment.add"
	EditExperiment  Action = "experiment.edit" // card, plan, measures, results
	MoveExperiment  Action = "experiment.move" // stages that are the owner's
	ConfirmStart    Action = "experiment.confirm"
	PauseExperiment Action = "experiment.pause"         // pause or stop: owner or own coordinator
	PassOn          Action = "experiment.pass_on"       // offer the ownership to somebody of the team
	ReturnLesson    Action = "experiment.return_lesson" // send a lesson back with comments
	ReadTeamLog     Action = "log.read_team"
	AppendLog       Action = "log.append"

	ReadCase     Action = "case.read"
	AddCase      Action = "case.add"
	EditCase     Action = "case.edit"
	WithdrawCase Action = "case.withdraw"
	HideCase     Action = "case.hide"
	Endorse      Action = "case.endorse"
	Adopt        Action = "case.adopt"
	Vote         Action = "case.vote"

	KeepCall        Action = "call.keep" // open, pause, close
	ReadRequest     Action = "request.read"
	WriteRequest    Action = "request.write"    // write, submit, supplement, withdraw
	PrecheckRequest Action = "request.precheck" // ask a supplement, send to review, assign reviewers
	Score           Action = "request.score"
	ReadScores      Action = "request.read_scores"
	Decide          Action = "request.decide"
	ReadBudget      Action = "budget.read"

	KeepMentor   Action = "mentor.keep" // one's own profile
	AskMentor    Action = "mentor.ask"  // for an experiment's team
	AnswerMentor Action = "mentor.answer"

	KeepSearch     Action = "search.keep"     // one's own saved searches
	ModerateWanted Action = "wanted.moderate" // what was searched for in vain
	NameConcepts   Action = "concept.name"    // add to the thesaurus of the search

	ReadPerson    Action = "person.read"
	GrantRole     Action = "person.grant"
	DescribePlace Action = "organisation.describe" // what its page says of it
	ReadJournal   Action = "journal.read"
	RunPortal     Action = "portal.run" // backup, settings, organisations
)

// Thing is what an action is about, as far as permission needs to know it.
// Slices fill in what applies and leave the rest empty.
type Thing struct {
	Public         bool     // the slice's IsPublic said so
	MembersOnly    bool     // any member of an organisation may read it
	Draft          bool     // only its team may
	Organisations  []string // whose it is: keys of municipalities and partners
	Owner          string   // person
	Team           []string // people, the owner among them
	Mentors        []string // people who mentor the team
	Methodologists []string // people who keep this log, and nothing else
	Authors        []string // people who may change a case's text
	Reviewers      []string // people assigned
	Conflicted     []string // people who may not judge: found by the system or declared
	Officers       []string // people who keep the call; empty: every officer
	Decided        []string // officers who have decided already, where two must
	Person         string   // the person it is about
	// TeamOrganisations are the organisations of every team member: whoever
	// manages or coordinates one of them reads no team text.
	TeamOrganisations []string
	// TeamOpen switches the manager-blind rule off, by the portal's setting: they
	// read it then, from the idea on, as where the law on public records asks for.
	TeamOpen bool
}

func (t Thing) mine(a Actor) bool {
	return a.ID != "" && (t.Owner == a.ID || slices.Contains(t.Team, a.ID))
}

func (t Thing) coordinatedBy(a Actor) bool {
	return slices.ContainsFunc(t.Organisations, func(o string) bool { return a.HasIn(Coordinator, o) })
}

// answeredForBy reports whether a coordinates the organisation that answers for
// the thing, the first of its organisations. A team names its partners itself:
// their coordinators read along, and decide nothing.
func (t Thing) answeredForBy(a Actor) bool {
	return len(t.Organisations) > 0 && a.HasIn(Coordinator, t.Organisations[0])
}

// keptBy reports whether a writes the log as its methodologist: of this thing,
// draft or not, or of the whole portal.
func (t Thing) keptBy(a Actor) bool {
	return a.ID != "" && slices.Contains(t.Methodologists, a.ID) || a.Has(Methodologist) && !t.Draft
}

// foreignTo reports whether a belongs to an organisation that is not the thing's.
func (t Thing) foreignTo(a Actor) bool {
	own := a.Organisations()
	return len(own) > 0 && !slices.ContainsFunc(own, func(o string) bool { return slices.Contains(t.Organisations, o) })
}

// managedBy reports whether a is a manager or coordinator of any team member.
func (t Thing) managedBy(a Actor) bool {
	return slices.ContainsFunc(t.TeamOrganisations, func(o string) bool {
		return a.HasIn(Manager, o) || a.HasIn(Coordinator, o)
	})
}

func (t Thing) readable(a Actor) bool {
	switch {
	case t.mine(a), slices.Contains(t.Mentors, a.ID) && a.ID != "":
		return true
	case t.Draft:
		return false
	case t.Public:
		return true
	case t.MembersOnly && len(a.Organisations()) > 0:
		return true
	}
	return t.coordinatedBy(a)
}

func (t Thing) officer(a Actor) bool {
	return a.Has(Officer) && (len(t.Officers) == 0 || slices.Contains(t.Officers, a.ID))
}

func (t Thing) conflicted(a Actor) bool { return slices.Contains(t.Conflicted, a.ID) }

// foreignCoordinator: a coordinator somewhere, and of none of the thing's own
// organisations.
func (t Thing) foreignCoordinator(a Actor) bool { return a.Has(Coordinator) && t.foreignTo(a) }

// rules is the table of who may do what. docs/permissions.md is written from
// the same table.
var rules = map[Action]func(a Actor, t Thing) bool{
	ReadExperiment: func(a Actor, t Thing) bool { return t.readable(a) || t.keptBy(a) },
	AddExperiment: func(a Actor, t Thing) bool {
		return slices.ContainsFunc(t.Organisations, a.MemberOf)
	},
	EditExperiment:  func(a Actor, t Thing) bool { return t.mine(a) },
	MoveExperiment:  func(a Actor, t Thing) bool { return t.mine(a) },
	ConfirmStart:    func(a Actor, t Thing) bool { return t.answeredForBy(a) },
	PauseExperiment: func(a Actor, t Thing) bool { return t.mine(a) || t.answeredForBy(a) },
	PassOn:          func(a Actor, t Thing) bool { return a.ID != "" && t.Owner == a.ID || t.answeredForBy(a) && !t.Draft },
	ReturnLesson: func(a Actor, t Thing) bool {
		peer := t.foreignTo(a) && (a.Has(Coordinator) || a.Has(Reviewer))
		return !t.mine(a) && (t.readable(a) && peer || t.keptBy(a))
	},
	AppendLog: func(a Actor, t Thing) bool { return t.mine(a) || t.keptBy(a) },
	ReadTeamLog: func(a Actor, t Thing) bool {
		if t.managedBy(a) && !t.mine(a) {
			return t.TeamOpen && !t.Draft
		}
		return t.mine(a) || a.ID != "" && slices.Contains(t.Mentors, a.ID) || t.keptBy(a)
	},

	ReadCase:     func(a Actor, t Thing) bool { return t.readable(a) || a.ID != "" && slices.Contains(t.Authors, a.ID) },
	AddCase:      func(a Actor, _ Thing) bool { return len(a.Organisations()) > 0 || a.Has(Admin) },
	EditCase:     func(a Actor, t Thing) bool { return a.ID != "" && slices.Contains(t.Authors, a.ID) },
	WithdrawCase: func(a Actor, t Thing) bool { return a.ID != "" && slices.Contains(t.Authors, a.ID) || a.Has(Moderator) },
	HideCase:     func(a Actor, _ Thing) bool { return a.Has(Moderator) },
	Endorse:      func(a Actor, t Thing) bool { return t.Public && t.foreignCoordinator(a) },
	Adopt:        func(a Actor, t Thing) bool { return t.Public && t.foreignCoordinator(a) },
	Vote:         func(a Actor, t Thing) bool { return t.Public && t.foreignTo(a) },

	KeepCall: func(a Actor, t Thing) bool { return t.officer(a) },
	ReadRequest: func(a Actor, t Thing) bool {
		return t.mine(a) || t.coordinatedBy(a) || t.officer(a) && !t.Draft ||
			a.ID != "" && slices.Contains(t.Reviewers, a.ID) && !t.conflicted(a)
	},
	WriteRequest:    func(a Actor, t Thing) bool { return t.mine(a) },
	PrecheckRequest: func(a Actor, t Thing) bool { return t.officer(a) && !t.conflicted(a) },
	Score: func(a Actor, t Thing) bool {
		return a.ID != "" && slices.Contains(t.Reviewers, a.ID) && !t.conflicted(a)
	},
	ReadScores: func(a Actor, t Thing) bool { return t.officer(a) },
	Decide: func(a Actor, t Thing) bool {
		return t.officer(a) && !t.conflicted(a) && !slices.Contains(t.Decided, a.ID)
	},
	ReadBudget: func(a Actor, t Thing) bool { return a.Has(Admin) || t.officer(a) },

	KeepMentor:   func(a Actor, t Thing) bool { return a.SignedIn() && (t.Person == "" || t.Person == a.ID) },
	AskMentor:    func(a Actor, t Thing) bool { return t.mine(a) },
	AnswerMentor: func(a Actor, t Thing) bool { return a.ID != "" && t.Person == a.ID },

	KeepSearch:     func(a Actor, t Thing) bool { return a.ID != "" && t.Person == a.ID },
	ModerateWanted: func(a Actor, _ Thing) bool { return a.Has(Moderator) || a.Has(Admin) },
	NameConcepts:   func(a Actor, _ Thing) bool { return a.Has(Admin) },

	ReadPerson: func(a Actor, t Thing) bool { return a.ID != "" && t.Person == a.ID || a.Has(Admin) },
	GrantRole: func(a Actor, t Thing) bool {
		return a.Has(Admin) || len(t.Organisations) > 0 && t.coordinatedBy(a)
	},
	DescribePlace: func(a Actor, t Thing) bool {
		return len(t.Organisations) > 0 && (t.coordinatedBy(a) || a.Has(Admin))
	},
	ReadJournal: func(a Actor, _ Thing) bool { return a.Has(Admin) },
	RunPortal:   func(a Actor, _ Thing) bool { return a.Has(Admin) },
}

// Actions returns every action there is, in order.
func Actions() []Action { return slices.Sorted(maps.Keys(rules)) }

// Faults of permission.
var (
	ErrSignIn    = web.ErrSignIn
	ErrForbidden = fault.New(fault.Forbidden, "error.not_yours")
	ErrUnseen    = fault.New(fault.NotFound, "error.not_found")
)

// Can is the one answer to "may this actor do this?". The system may do
// everything; an action without a rule nobody may do.
func Can(a Actor, do Action, t Thing) bool {
	if a.System {
		return true
	}
	rule := rules[do]
	return rule != nil && rule(a, t)
}

// Must returns nil when the actor may, and otherwise the fault to answer
// with: sign in first, or not yours.
func Must(a Actor, do Action, t Thing) error {
	switch {
	case Can(a, do, t):
		return nil
	case !a.SignedIn():
		return ErrSignIn
	}
	return ErrForbidden
}

// See returns nil when the actor may read the thing by the given action, and
// otherwise ErrUnseen: what is not visible is not there.
func See(a Actor, read Action, t Thing) error {
	if Can(a, read, t) {
		return nil
	}
	return ErrUnseen
}
