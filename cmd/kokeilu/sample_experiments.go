package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

type sampleExperiment struct {
	ID, Lang, Type, Stage, Visibility, Organisation, Owner, Case string
	Title, Summary, Problem, Sector, Belief, Test, Rules, After  string
	Team, Themes                                                 []string
	Request, Mentor                                              string
	sampleAbout                                                  `yaml:",inline"`
	Checked                                                      struct {
		Links     []string
		NoneFound bool `yaml:"none_found"`
		Search    string
	}
	Measures []struct {
		Name, Unit, Direction, How string
		Baseline, Limit            *float64
	}
	StopRule string `yaml:"stop_rule"`
	People   struct {
		Number   int
		Text     string
		Personal bool `yaml:"personal_data"`
	}
	Steps []struct {
		Who, What, Channel, Mode string
		Minutes                  int
	}
	Calendar struct {
		Start, End int
		Checkin    string
	}
	Decisions *[]struct {
		What, Body, State, Reason string
		By                        int
	}
	Money *struct {
		Currency string
		Lines    []struct {
			Text  string
			Cents int64
		}
		Seed  int64 `yaml:"seed_cents"`
		Own   int64 `yaml:"own_cents"`
		Other int64 `yaml:"other_cents"`
	}
	Comms  string
	Pauses []struct {
		Day        int
		By, Reason string
	}
	Stopped *struct {
		Day        int
		By, Reason string
	}
	Log []struct {
		Kind, Visibility, By, Text string
		Obstacle, Source           string
		Follows                    int
		FollowUp                   string `yaml:"follow_up"`
		Day, Measure               int
		Value                      *float64
	}
	Results []struct {
		Measure, N int
		Value      *float64
		Source     string
	}
	Outcome, Surprise, Conditions string
	Learnt                        struct {
		Works, Unclear []string
		DoesNot        []string `yaml:"does_not"`
	}
	CostReal *struct {
		Hours *float64
		Cents *int64
	} `yaml:"cost_real"`
	Decision *struct {
		Choice, Text, Who string
		Day               int
	}
	SwitchedOff string `yaml:"switched_off"`
}

func (l *sampler) loadExperiments(ctx context.Context) error {
	all := l.data.all()
	// What others build on is there before they do. Those that owe their lesson
	// come last: their owners may ask for no more money.
	slices.SortStableFunc(all, func(a, b sampleExperiment) int {
		if owes := func(e sampleExperiment) int { return map[bool]int{e.Stage == "ended": 1}[true] }; owes(a) != owes(b) {
			return owes(a) - owes(b)
		}
		return a.Calendar.Start - b.Calendar.Start
	})
	for _, e := range all {
		x := &trial{sampler: l, sampleExperiment: e}
		if err := x.load(ctx); err != nil {
			return fmt.Errorf("%s %q: %w", e.ID, e.Title, err)
		}
	}
	return nil
}

// trial is one experiment of the sample on its way through the stages.
type trial struct {
	*sampler
	sampleExperiment
	owner accounts.Actor
}

// rank is how far a stage is along the way.
func (x *trial) rank() int {
	return slices.Index([]string{"draft", "idea", "planned", "running", "paused", "ended", "learned", "spread", "archived"}, x.Stage)
}

func (x *trial) load(ctx context.Context) (err error) {
	if x.owner, err = x.as(x.Owner); err != nil {
		return err
	}
	begin := x.Calendar.Start - 30
	if x.Calendar.Start == 0 || x.rank() < 2 && x.Stage != "stopped" {
		begin = -25
	}
	begin = min(begin, -3)
	for _, step := range []struct {
		day  int
		need bool
		do   func(context.Context) error
	}{
		{begin, true, x.register},
		{begin + 1, x.Stage != "draft", x.move(experiments.Idea, "")},
		{begin + 2, x.Stage != "draft", x.plan},
		{begin + 3, x.rank() >= 2 || x.Stage == "stopped" && x.Belief != "", x.move(experiments.Planned, "")},
		{begin + 4, true, x.ask},
		{x.Calendar.Start, x.rank() >= 3 || x.Stopped != nil && x.Calendar.Start < x.Stopped.Day && len(x.Log) > 0, x.start},
		{x.Calendar.Start, true, x.log},
		{x.Calendar.End + 1, x.rank() >= 5, x.move(experiments.Ended, "")},
		{x.Calendar.End + 10, x.rank() >= 6, x.learn},
		{0, x.Stopped != nil, x.stop},
		{0, x.Case != "", x.publish},
		{-3, x.Stage == "archived", x.archive},
	} {
		if !step.need {
			continue
		}
		x.moment.goTo(x.day(min(step.day, 0)))
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (x *trial) register(ctx context.Context) error {
	x.moment.name(x.ID)
	id, err := x.Experiments.Register(ctx, x.owner, experiments.Registration{
		Lang: x.Lang, Title: x.Title, Summary: x.Summary, Problem: x.Problem, Organisation: x.Organisation,
		Sector: x.Sector, Themes: x.Themes, Type: experiments.Type(x.Type),
		FromCase: x.fromCase(ctx), Parent: x.Parent,
	})
	if err != nil {
		return err
	}
	if id != x.ID {
		return fmt.Errorf("it got the id %s", id)
	}
	if x.Visibility == "members" {
		edit := experiments.IdeaEdit{Title: x.Title, Summary: x.Summary, Problem: x.Problem, Sector: x.Sector, Themes: x.Themes, Visibility: experiments.Members}
		if err := x.save(ctx, edit); err != nil {
			return err
		}
	}
	for _, key := range x.Team {
		if err := x.Experiments.AddMember(ctx, x.owner, x.ID, accounts.DemoEmail(key), ""); err != nil {
			return fmt.Errorf("team member %s: %w", key, err)
		}
	}
	return nil
}

// move returns the step that takes the experiment to a stage.
func (x *trial) move(to experiments.Stage, reason string) func(context.Context) error {
	return func(ctx context.Context) error { return x.Experiments.Advance(ctx, x.owner, x.ID, to, reason) }
}

// plan writes every section of the plan that the sample has.
func (x *trial) plan(ctx context.Context) error {
	e, _, err := x.Experiments.Get(ctx, x.owner, x.ID)
	if err != nil {
		return err
	}
	for _, edit := range append(x.sections(), x.about(&e)...) {
		if belief, ok := edit.(experiments.BeliefEdit); ok {
			belief.Pitfalls = e.Pitfalls // of what it was started from
			edit = belief
		}
		if err := x.save(ctx, edit); err != nil {
			return fmt.Errorf("section %s: %w", edit.Section(), err)
		}
	}
	return nil
}

func (x *trial) save(ctx context.Context, edit experiments.Edit) error {
	e, _, err := x.Experiments.Get(ctx, x.owner, x.ID)
	if err != nil {
		return err
	}
	_, err = x.Experiments.Save(ctx, x.owner, x.ID, e.Version, edit)
	return err
}

func (x *trial) sections() []experiments.Edit {
	var list []experiments.Edit
	if x.Belief != "" {
		var links []string
		for _, link := range x.Checked.Links {
			if !strings.Contains(link, "/") {
				link = x.Config.PublicURL + "/c/" + link
			}
			links = append(links, link)
		}
		list = append(list, experiments.BeliefEdit{Type: experiments.Type(x.Type), Belief: x.Belief, Test: x.Test, StopRule: x.StopRule,
			Links: links, None: x.Checked.NoneFound, Words: x.Checked.Search})
	}
	if len(x.Measures) > 0 {
		var measures experiments.MeasuresEdit
		for _, m := range x.Measures {
			measures.Measures = append(measures.Measures, experiments.Measure{
				Name: m.Name, Unit: m.Unit, Direction: experiments.Direction(m.Direction), Baseline: m.Baseline, Limit: m.Limit, How: m.How})
		}
		list = append(list, measures)
	}
	if x.People.Number > 0 || x.People.Text != "" {
		list = append(list, x.participants())
	}
	if x.Calendar.End != 0 {
		checkin := map[string]time.Weekday{"monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5}[x.Calendar.Checkin]
		list = append(list, experiments.CalendarEdit{Calendar: experiments.Calendar{Start: x.midnight(x.Calendar.Start), End: x.midnight(x.Calendar.End), CheckIn: checkin}})
	}
	if x.Decisions != nil {
		list = append(list, x.decisions())
	}
	if x.Money != nil {
		m := experiments.Money{None: len(x.Money.Lines) == 0, Currency: x.Money.Currency, Seed: x.Money.Seed, Own: x.Money.Own, Other: x.Money.Other}
		for _, line := range x.Money.Lines {
			m.Lines = append(m.Lines, experiments.CostLine{Text: line.Text, Cents: line.Cents})
		}
		list = append(list, experiments.MoneyEdit{Money: m})
	}
	if x.After != "" {
		list = append(list, experiments.AfterEdit{After: x.After, Comms: x.Comms})
	}
	return list
}

func (x *trial) midnight(offset int) time.Time {
	d := x.day(offset)
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, x.Config.Zone)
}

func (x *trial) participants() experiments.PeopleEdit {
	edit := experiments.PeopleEdit{Host: x.Host, People: experiments.Participants{Number: x.People.Number, Who: x.People.Text, PersonalData: experiments.No}}
	if x.People.Personal {
		edit.People.PersonalData = experiments.Yes
	}
	for _, s := range x.Steps {
		edit.Steps = append(edit.Steps, experiments.Step{Who: s.Who, What: s.What, Channel: s.Channel, Mocked: s.Mode == "mocked"})
	}
	return edit
}

func (x *trial) decisions() experiments.DecisionsEdit {
	edit := experiments.DecisionsEdit{Rules: x.Rules, Decisions: experiments.Decisions{None: len(*x.Decisions) == 0}}
	for _, d := range *x.Decisions {
		edit.Decisions.List = append(edit.Decisions.List, experiments.Decision{What: d.What, Body: d.Body, By: x.midnight(d.By), State: experiments.DecisionState(d.State), Reason: d.Reason})
	}
	return edit
}

// start asks for the coordinator's yes where it is needed, and starts.
func (x *trial) start(ctx context.Context) error {
	e, _, err := x.Experiments.Get(ctx, x.owner, x.ID)
	if err != nil {
		return err
	}
	if e.NeedsConfirmation() {
		coordinator, err := x.coordinator(ctx)
		if err != nil {
			return err
		}
		if err := x.Experiments.AskStart(ctx, x.owner, x.ID); err != nil {
			return err
		}
		if err := x.Experiments.ConfirmStart(ctx, coordinator, x.ID); err != nil {
			return err
		}
	}
	return x.Experiments.Advance(ctx, x.owner, x.ID, experiments.Running, "")
}

func (x *trial) coordinator(ctx context.Context) (accounts.Actor, error) {
	return store.Get(ctx, x.Store, func(tx store.Tx) (accounts.Actor, error) {
		ids, err := x.Accounts.CoordinatorsTx(tx, x.Organisation)
		if err != nil || len(ids) == 0 {
			return accounts.Actor{}, fmt.Errorf("%s has no coordinator: %w", x.Organisation, err)
		}
		return x.Accounts.ActorTx(tx, ids[0])
	})
}

// log writes the entries in their order, and the pauses between them.
func (x *trial) log(ctx context.Context) error {
	paused := 0
	for _, n := range x.Log {
		for ; paused < len(x.Pauses) && x.Pauses[paused].Day <= n.Day; paused++ {
			if err := x.pause(ctx, paused); err != nil {
				return err
			}
		}
		writer, err := x.as(n.By)
		if err != nil {
			return err
		}
		x.moment.goTo(x.day(n.Day).Add(5 * time.Hour))
		_, err = x.Experiments.AppendLog(ctx, writer, x.ID, experiments.Entry{
			At: x.day(n.Day).Add(4 * time.Hour), Kind: experiments.LogKind(n.Kind), Text: n.Text, Reach: experiments.Reach(n.Visibility), Measure: n.Measure, Value: n.Value,
			Barrier: experiments.Barrier(n.Obstacle), Source: n.Source, Follows: n.Follows, FollowUp: experiments.FollowUp(n.FollowUp)})
		if err != nil {
			return fmt.Errorf("entry of day %d: %w", n.Day, err)
		}
	}
	for ; paused < len(x.Pauses); paused++ {
		if err := x.pause(ctx, paused); err != nil {
			return err
		}
	}
	return nil
}

func (x *trial) pause(ctx context.Context, i int) error {
	p := x.Pauses[i]
	return x.by(p.By, p.Day, func(a accounts.Actor) error { return x.Experiments.Advance(ctx, a, x.ID, experiments.Paused, p.Reason) })
}

func (x *trial) learning() experiments.LearningEdit {
	edit := experiments.LearningEdit{Learning: experiments.Learning{
		Outcome: experiments.Outcome(x.Outcome), Surprise: x.Surprise, Conditions: x.Conditions, SwitchedOff: x.SwitchedOff,
		Works: strings.Join(x.Learnt.Works, "\n"), DoesNot: strings.Join(x.Learnt.DoesNot, "\n"), Unclear: strings.Join(x.Learnt.Unclear, "\n"),
		Licence: experiments.DefaultLicence,
	}}
	for i := range x.Measures {
		result := experiments.Result{}
		for _, r := range x.Results {
			if r.Measure == i+1 {
				result = experiments.Result{Final: r.Value, N: r.N, Source: r.Source}
			}
		}
		edit.Results = append(edit.Results, result)
	}
	if x.CostReal != nil {
		edit.Learning.Hours, edit.Learning.Cents = x.CostReal.Hours, x.CostReal.Cents
	}
	if d := x.Decision; d != nil {
		edit.Learning.Next = experiments.Next{What: experiments.NextStep(d.Choice), Who: d.Who, Day: x.midnight(d.Day), Text: d.Text}
	}
	return edit
}

func (x *trial) learn(ctx context.Context) error {
	if err := x.save(ctx, x.learning()); err != nil {
		return err
	}
	return x.Experiments.Advance(ctx, x.owner, x.ID, experiments.Learned, "")
}

func (x *trial) stop(ctx context.Context) error {
	if x.Outcome != "" {
		x.moment.goTo(x.day(x.Stopped.Day))
		if err := x.save(ctx, x.learning()); err != nil {
			return err
		}
	}
	return x.by(x.Stopped.By, x.Stopped.Day, func(a accounts.Actor) error {
		return x.Experiments.Advance(ctx, a, x.ID, experiments.Stopped, x.Stopped.Reason)
	})
}

// publish drafts the case from the card and gives it the text of the sample.
func (x *trial) publish(ctx context.Context) error {
	file, ok := x.cases[x.Case]
	if !ok {
		return fmt.Errorf("no case file %s", x.Case)
	}
	x.moment.goTo(file.Published)
	x.moment.name(x.Case)
	id, err := x.Experiments.Publish(ctx, x.owner, x.ID, x.Locales)
	if err != nil {
		return err
	}
	if id != x.Case {
		return fmt.Errorf("its case got the id %s", id)
	}
	draft, err := x.Cases.ToEdit(ctx, x.owner, id)
	if err != nil {
		return err
	}
	if _, err := x.Cases.Edit(ctx, x.owner, id, file.over(draft)); err != nil {
		return err
	}
	_, err = x.Cases.Publish(ctx, x.owner, id)
	return err
}

func (x *trial) archive(ctx context.Context) error {
	coordinator, err := x.coordinator(ctx)
	if err != nil {
		return err
	}
	return x.Experiments.Advance(ctx, coordinator, x.ID, experiments.Archived, "")
}
