package experiments

import (
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// A Permission is a rule that somebody waived for this experiment until a day:
// its permission card. Everybody who reads the experiment sees it.
type Permission struct {
	Rule     string    `json:"rule"`
	By       string    `json:"by"`    // who waived it
	Until    time.Time `json:"until"` // the last day
	Reminded time.Time `json:"reminded,omitzero"`
}

// Limits of permissions.
const (
	MaxPermissions = 6
	RemindDays     = 14 // before the last day
)

// Faults of permissions.
var (
	ErrPermissionRule  = fault.New(fault.Invalid, "experiment.permission_rule_missing").On("permissions")
	ErrPermissionBy    = fault.New(fault.Invalid, "experiment.permission_by_missing").On("permissions")
	ErrPermissionUntil = fault.New(fault.Invalid, "experiment.permission_until_missing").On("permissions")
)

// Over reports whether the last day has passed.
func (p Permission) Over(now time.Time, zone *time.Location) bool {
	return days(p.Until, now, zone) > 0
}

// RemindFrom is when the team is reminded that it runs out.
func (p Permission) RemindFrom(zone *time.Location) time.Time {
	return p.Until.In(zone).AddDate(0, 0, -RemindDays)
}

// waived are the permissions as typed, without the empty rows. One that stands
// as before keeps that its team was reminded.
func waived(before, typed []Permission, f *findings) []Permission {
	f.count("permissions", len(typed), MaxPermissions)
	var list []Permission
	for i, one := range typed {
		trim(&one.Rule, &one.By)
		if one.Rule == "" && one.By == "" && one.Until.IsZero() {
			continue
		}
		f.when(one.Rule == "", ErrPermissionRule.On(row("permission", i, "rule")))
		f.when(one.By == "", ErrPermissionBy.On(row("permission", i, "by")))
		f.when(one.Until.IsZero(), ErrPermissionUntil.On(row("permission", i, "until")))
		f.text(row("permission", i, "rule"), one.Rule, MaxLine)
		f.text(row("permission", i, "by"), one.By, MaxLine)
		one.Reminded = time.Time{}
		for _, old := range before {
			if old.Rule == one.Rule && old.Until.Equal(one.Until) {
				one.Reminded = old.Reminded
			}
		}
		list = append(list, one)
	}
	return list
}

// permitEnds is the last day of the permission that the team is reminded of
// next, or zero.
func (e *Experiment) permitEnds() (first time.Time) {
	for _, p := range e.Permissions {
		if p.Reminded.IsZero() && (first.IsZero() || p.Until.Before(first)) {
			first = p.Until
		}
	}
	return first
}

// permitRow is a row of the form.
type permitRow struct {
	N int
	Permission
}

func (r *reader) permissions() (list []Permission) {
	for i := range MaxPermissions {
		list = append(list, Permission{Rule: r.Get(row("permission", i, "rule")), By: r.Get(row("permission", i, "by")), Until: r.day(row("permission", i, "until"))})
	}
	return list
}

// permissionsOf says in a case which rules had to be waived.
func permissionsOf(e *Experiment, p i18n.Printer) string {
	var lines []string
	for _, one := range e.Permissions {
		lines = append(lines, "- "+p.T("experiment.text_permission", oneLine(one.Rule), oneLine(one.By)))
	}
	return strings.Join(lines, "\n")
}

// kindOf reads the kind of a decision: "other" is an ordinary one.
func kindOf(typed string) DecisionKind {
	if typed == "other" {
		return ""
	}
	return DecisionKind(typed)
}
