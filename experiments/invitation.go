package experiments

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Seat is as what somebody is asked to take part.
type Seat string

// The seats.
const (
	TeamSeat Seat = "team"
	LogSeat  Seat = "log" // methodologist: writes the log, and nothing else
)

// Seats lists the seats in the order they are offered.
var Seats = []Seat{TeamSeat, LogSeat}

// Limits of invitations.
const (
	InvitationDays = 14  // a link works so long
	invitedADay    = 100 // letters of one experiment
	keepInvited    = 30 * 24 * time.Hour
)

// An Invitation asks whoever reads the mail of an address to join a team. Its
// link works once and until it expires or is withdrawn; Hash is all that is
// stored of it.
type Invitation struct {
	ID         string    `json:"id"`
	Hash       string    `json:"hash"`
	Experiment string    `json:"experiment"`
	Email      string    `json:"email"`
	Seat       Seat      `json:"seat"`
	Role       string    `json:"role,omitempty"` // what they are to do
	By         string    `json:"by"`
	Created    time.Time `json:"created"`
	Expires    time.Time `json:"expires"`
	UsedBy     string    `json:"used_by,omitempty"` // person
	Withdrawn  bool      `json:"withdrawn,omitempty"`
}

// Faults of invitations.
var (
	ErrInvitation   = fault.New(fault.Gone, "experiment.invitation_over")
	ErrOtherAddress = fault.New(fault.Conflict, "experiment.invitation_of_another")
	ErrSeat         = fault.New(fault.Invalid, "experiment.seat_unknown").On("seat")
	ErrInvitedOften = fault.New(fault.TooMany, "experiment.invited_often").On("email")
)

// Open reports whether the link still works.
func (i Invitation) Open(now time.Time) bool {
	return i.UsedBy == "" && !i.Withdrawn && now.Before(i.Expires)
}

// invitations holds them with the digests of their links.
var invitations = &store.Table[Invitation]{
	Bucket: "experiment_invitation",
	Key:    func(i Invitation) string { return i.ID },
	Indexes: []store.Index[Invitation]{
		{Name: "hash", Unique: true, Keys: func(i Invitation) []string { return []string{i.Hash} }},
		{Name: "experiment", Keys: func(i Invitation) []string { return []string{i.Experiment + "/" + stamp(i.Created)} }},
		{Name: "email", Keys: func(i Invitation) []string { return []string{i.Email} }},
	},
}

// invitationTx is the invitation of a link, or ErrInvitation: used ones are
// returned too.
func (s *Service) invitationTx(tx store.Tx, secret string) (Invitation, error) {
	hash, ok := accounts.Digest("invitation", secret)
	if !ok {
		return Invitation{}, ErrInvitation
	}
	i, err := invitations.One(tx, "hash", hash)
	switch {
	case fault.KindOf(err) == fault.NotFound && err != nil:
		return Invitation{}, ErrInvitation
	case err != nil:
		return Invitation{}, err
	case i.UsedBy == "" && !i.Open(s.Now()):
		return Invitation{}, ErrInvitation
	}
	return i, nil
}

// invitedTx are the invitations of an experiment, oldest first.
func invitedTx(tx store.Tx, experiment string) (list []Invitation, err error) {
	for i, err := range invitations.By(tx, "experiment", store.Prefix(experiment+"/")) {
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, nil
}
