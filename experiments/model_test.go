package experiments_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/fault"
)

// The table of stages as the domain model writes it, letter by letter: D draft,
// I idea, P planned, R running, H paused, E ended, L learned, S spread, X
// stopped, A archived. Who: o owner and team, c the own coordinator, f a
// coordinator of another municipality, m methodologist, p peer, a administrator.
// A bang asks for a reason. It is a second telling: nothing of it comes from
// the code it judges.
const m2 = `
D>I o   I>P o   P>R o
R>H oc! H>R o
R>E o   H>E o
I>X oc! P>X oc! R>X oc! H>X oc!
E>L o   L>E mpf!
L>S cf!
L>A ca  S>A ca  X>A ca
`

// stageOf are the letters of the model.
var stageOf = map[byte]experiments.Stage{
	'D': experiments.Draft, 'I': experiments.Idea, 'P': experiments.Planned, 'R': experiments.Running, 'H': experiments.Paused,
	'E': experiments.Ended, 'L': experiments.Learned, 'S': experiments.Spread, 'X': experiments.Stopped, 'A': experiments.Archived,
}

// players are who acts, by the letter they have in the table; a dash has none.
var players = map[string]byte{
	"developer": 'o', "mate": 'o', "coordinator": 'c', "coordinator2": 'f', "methodologist": 'm', "peer": 'p', "admin": 'a',
	"developer2": '-', "manager": '-', "moderator": '-', "nobody": '-',
}

// A modelRow is who may take a step, and whether they say why.
type modelRow struct {
	who    string
	reason bool
}

// modelTable reads m2: "R>H" to its row.
func modelTable() map[string]modelRow {
	table := map[string]modelRow{}
	words := strings.Fields(m2)
	for i := 0; i < len(words); i += 2 {
		who, reason := strings.CutSuffix(words[i+1], "!")
		table[words[i]] = modelRow{who, reason}
	}
	return table
}

// A mirror is what the model knows of one experiment: days are counted from
// 1970, as people count them.
type mirror struct {
	id                 string
	stage              byte
	plan, lesson, full bool
	personal, money    bool
	decisions          string // "", open, done, waived
	confirmed          bool
	locked             bool
	start, end, planed int      // planed is how many days the plan has after its first
	lockedEnd          int      // in the snapshot
	pauses             [][2]int // from, until; 0 while it lasts
	extended           int
	returned           bool
	spread, moves      int
}

func dayNumber(t time.Time) int {
	y, m, d := t.In(helsinki).Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// paused is how many days the pauses took, up to a day.
func (m *mirror) paused(today int) (n int) {
	for _, p := range m.pauses {
		until := p[1]
		if until == 0 {
			until = today
		}
		n += until - p[0]
	}
	return n
}

func (m *mirror) over() bool { return strings.IndexByte("ELSXA", m.stage) >= 0 }

// lacks says in the keys of the portal's words what keeps a step from being
// taken, beside who takes it.
func (m *mirror) lacks(to byte, reason bool, row modelRow, today int) (keys []string) {
	missing := func(names ...string) {
		for _, name := range names {
			keys = append(keys, "experiment.missing_"+name)
		}
	}
	switch string([]byte{m.stage, to}) {
	case "IP":
		if !m.plan {
			missing("checked", "belief", "test", "measures", "stop_rule", "people", "calendar", "decisions", "money", "after")
		}
	case "PR":
		if m.decisions == "open" {
			keys = append(keys, "experiment.decisions_open")
		}
		if m.needsYes() && !m.confirmed {
			keys = append(keys, "experiment.start_unconfirmed")
		}
	case "RH":
		if len(m.pauses) == 2 || m.paused(today) >= 8*7 {
			keys = append(keys, "experiment.pauses_used")
		}
	case "RX", "HX":
		if !m.lesson {
			missing("outcome", "surprise", "learnt")
		}
	case "EL":
		if !m.lesson {
			missing("outcome", "surprise", "learnt")
		}
		if !m.full {
			missing("results", "conditions", "cost_real", "decision")
		}
	case "LE":
		if m.returned {
			keys = append(keys, "experiment.returned_already")
		}
	}
	if row.reason && !reason {
		keys = append(keys, "experiment.reason_missing")
	}
	return keys
}

// needsYes is when the municipality's coordinator confirms: personal data,
// money, or a decision that nobody made.
func (m *mirror) needsYes() bool {
	return m.personal || m.money || m.decisions == "open" || m.decisions == "waived"
}

// take does what the model says a step does.
func (m *mirror) take(to byte, today int) {
	closePause := func() {
		if n := len(m.pauses); n > 0 && m.pauses[n-1][1] == 0 {
			m.pauses[n-1][1] = today
		}
	}
	switch string([]byte{m.stage, to}) {
	case "PR":
		m.locked, m.start, m.end = true, today, today+m.planed
		m.lockedEnd = m.end
	case "RH":
		m.pauses = append(m.pauses, [2]int{today, 0})
	case "HR":
		before := m.paused(today)
		last := m.pauses[len(m.pauses)-1]
		before -= today - last[0]
		closePause()
		m.end += min(today-last[0], max(0, 8*7-before))
	case "LE":
		m.returned = true
	case "LS":
		m.spread++
	}
	if m.stage == 'H' {
		closePause()
	}
	m.stage = to
	m.moves++
}

// A walker takes random steps through a real service, beside the mirror.
type walker struct {
	*world
	r       *rand.Rand
	table   map[string]modelRow
	m       *mirror
	taken   map[string]int
	refused map[string]int
}

func (k *walker) today() int { return dayNumber(k.clock()) }

func (k *walker) chance(percent int) bool { return k.r.IntN(100) < percent }

func (k *walker) anybody() string {
	names := make([]string, 0, len(players))
	for name := range players {
		names = append(names, name)
	}
	slices.Sort(names)
	return names[k.r.IntN(len(names))]
}

// begin registers the next experiment.
func (k *walker) begin() {
	k.t.Helper()
	id := k.registered()
	k.must(k.AddMember(k.ctx(), k.actors["developer"], id, "mate@kunta.example", ""))
	k.m = &mirror{id: id, stage: 'D'}
}

// keysOf are the keys of all faults of an error, in order of the alphabet.
func keysOf(err error) []string {
	keys := []string{}
	for _, f := range fault.All(err) {
		keys = append(keys, f.Key)
	}
	slices.Sort(keys)
	return keys
}

// expect fails unless an error is what the model says: taken, refused for
// missing things, or of a kind.
func (k *walker) expect(what string, err error, kind fault.Kind, keys []string) {
	k.t.Helper()
	switch {
	case kind == fault.Internal && len(keys) == 0: // taken
		if err != nil {
			k.t.Fatalf("%s: refused with %v; %+v", what, err, *k.m)
		}
	case err == nil:
		k.t.Fatalf("%s: taken, the model refuses it (kind %d, %v); %+v", what, kind, keys, *k.m)
	case len(keys) > 0:
		slices.Sort(keys)
		if diff := cmp.Diff(keys, keysOf(err)); diff != "" {
			k.t.Fatalf("%s: refused for other reasons; %+v\n%s", what, *k.m, diff)
		}
	case fault.KindOf(err) != kind:
		k.t.Fatalf("%s: %v is of kind %d, want %d; %+v", what, err, fault.KindOf(err), kind, *k.m)
	}
}

// unseen is how an actor who may not act at all is refused: a draft is not
// there, and a stranger signs in first. Internal means that they are not.
func (k *walker) unseen(who string) fault.Kind {
	switch {
	case k.m.stage == 'D' && players[who] != 'o':
		return fault.NotFound
	case who == "nobody":
		return fault.Unauthenticated
	}
	return fault.Internal
}

// step tries to take the experiment somewhere.
func (k *walker) step() {
	k.t.Helper()
	letters := "DIPRHELSXA"
	to := letters[k.r.IntN(len(letters))]
	if k.chance(70) { // somewhere the table leads to
		var next []byte
		for name := range k.table {
			if name[0] == k.m.stage {
				next = append(next, name[2])
			}
		}
		slices.Sort(next)
		if len(next) > 1 && k.chance(80) { // stops are rare, or the walk gets nowhere
			next = slices.DeleteFunc(next, func(b byte) bool { return b == 'X' })
		}
		if len(next) > 1 && k.chance(60) { // and so are ends, or nothing is paused twice
			next = slices.DeleteFunc(next, func(b byte) bool { return b == 'E' })
		}
		if len(next) > 0 {
			to = next[k.r.IntN(len(next))]
		}
	}
	who := k.anybody()
	name := string([]byte{k.m.stage, '>', to})
	row, inTable := k.table[name]
	for range 20 { // most try what they may
		if !inTable || k.chance(15) || strings.IndexByte(row.who, players[who]) >= 0 {
			break
		}
		who = k.anybody()
	}
	reason := k.chance(85)
	kind, keys := k.unseen(who), []string(nil)
	switch {
	case kind != fault.Internal:
	case !inTable && players[who] == 'o':
		kind = fault.Conflict
	case !inTable, strings.IndexByte(row.who, players[who]) < 0:
		kind = fault.Forbidden
	default:
		keys = k.m.lacks(to, reason, row, k.today())
	}
	err := k.Advance(k.ctx(), k.actors[who], k.m.id, stageOf[to], map[bool]string{true: "Syy"}[reason])
	k.expect(fmt.Sprintf("%s by %s", name, who), err, kind, keys)
	if err != nil {
		k.refused[name]++
		if slices.Contains(keys, "experiment.pauses_used") {
			k.refused["a third pause, or a ninth week"]++
		}
		return
	}
	k.taken[name]++
	k.m.take(to, k.today())
}

// write changes the card as its owner: the plan, what a start asks for, the
// lesson.
func (k *walker) write() {
	k.t.Helper()
	m := k.m
	switch n := k.r.IntN(5); {
	case m.stage == 'A':
		if err := k.save("developer", m.id, experiments.AfterEdit{After: "x"}); keysOf(err)[0] != "experiment.archived" {
			k.t.Fatalf("the archive was changed: %v", err)
		}
	case !m.plan && m.stage != 'X':
		for _, edit := range sections() {
			k.must(k.save("developer", m.id, edit))
		}
		end := midnight(time.May, 31)
		if k.chance(40) { // twenty-five weeks, over the change of the clock
			end = midnight(time.August, 30)
			k.must(k.save("developer", m.id, experiments.CalendarEdit{Calendar: experiments.Calendar{Start: midnight(time.March, 9), End: end}}))
		}
		m.plan, m.planed = true, dayNumber(end)-dayNumber(midnight(time.March, 9))
	case n <= 2 && m.stage != 'P':
		k.writeLesson(n == 0)
	case n == 0:
		k.changes(func() { m.personal = !m.personal }, k.people())
	case n == 1:
		k.changes(func() { m.money = !m.money }, k.sums())
	default:
		state := []string{"", "open", "done", "waived"}[k.r.IntN(4)]
		k.changes(func() { m.decisions = state }, decisionsOf(state))
	}
}

// changes saves a ground of the coordinator's yes: while it is planned, a yes
// to something else is none.
func (k *walker) changes(change func(), edit experiments.Edit) {
	k.t.Helper()
	before := *k.m
	change()
	k.must(k.save("developer", k.m.id, edit))
	after := *k.m
	if k.m.stage == 'P' && (before.personal != after.personal || before.money != after.money || before.decisions != after.decisions) {
		k.m.confirmed = false
	}
}

func (k *walker) people() experiments.Edit {
	edit := experiments.PeopleEdit{People: daycare().People, Steps: daycare().Steps}
	if !k.m.personal {
		edit.People.PersonalData = experiments.Yes
	}
	return edit
}

func (k *walker) sums() experiments.Edit {
	if k.m.money {
		return experiments.MoneyEdit{Money: experiments.Money{None: true}}
	}
	return experiments.MoneyEdit{Money: experiments.Money{Lines: []experiments.CostLine{{Text: "Viestit", Cents: 18_000}}}}
}

func decisionsOf(state string) experiments.Edit {
	if state == "" {
		return experiments.DecisionsEdit{Decisions: experiments.Decisions{None: true}}
	}
	one := experiments.Decision{What: "Tietosuojan lupa", State: experiments.DecisionState(state)}
	if state == "waived" {
		one.Reason = "Ei tarvita"
	}
	return experiments.DecisionsEdit{Decisions: experiments.Decisions{List: []experiments.Decision{one}}}
}

// writeLesson writes the three lines, or the whole face. There is nothing to
// learn from before the start.
func (k *walker) writeLesson(full bool) {
	k.t.Helper()
	edit := lesson().(experiments.LearningEdit)
	if !full && !k.m.full {
		edit = experiments.LearningEdit{Learning: experiments.Learning{Outcome: experiments.Confirmed, Surprise: "s", Works: "w"}}
	}
	err := k.save("developer", k.m.id, edit)
	if !k.m.locked && !k.m.over() {
		if keys := keysOf(err); len(keys) != 1 || keys[0] != "experiment.learning_not_yet" {
			k.t.Fatalf("a lesson at %c: %v", k.m.stage, err)
		}
		return
	}
	if err != nil && !k.m.plan { // an idea that was stopped has no measures to report
		return
	}
	k.must(err)
	k.m.lesson, k.m.full = true, k.m.full || full
}

// confirm asks, confirms, or tries to.
func (k *walker) confirm() {
	k.t.Helper()
	who := k.anybody()
	if k.chance(60) {
		who = "coordinator"
	}
	kind, keys := k.unseen(who), []string(nil)
	switch {
	case kind != fault.Internal:
	case who != "coordinator":
		kind = fault.Forbidden
	case k.m.stage != 'P' || !k.m.needsYes() || k.m.confirmed:
		keys = []string{"experiment.nothing_to_confirm"}
	}
	err := k.ConfirmStart(k.ctx(), k.actors[who], k.m.id)
	k.expect("confirm by "+who, err, kind, keys)
	if err == nil {
		k.m.confirmed = true
	}
}

// extend tries to move the end.
func (k *walker) extend() {
	k.t.Helper()
	who, weeks, reason := k.anybody(), k.r.IntN(8)-1, k.chance(85)
	if k.chance(70) {
		who = "developer"
	}
	kind, keys := k.unseen(who), []string(nil)
	switch {
	case kind != fault.Internal:
	case players[who] != 'o':
		kind = fault.Forbidden
	case k.m.stage != 'R':
		keys = append(keys, "experiment.extend_not_running")
	case weeks < 1 || weeks > 5:
		keys = append(keys, "experiment.extend_weeks")
	case k.m.end-k.m.start+1-min(k.m.paused(k.today()), 8*7)+7*weeks > 26*7:
		keys = append(keys, "experiment.extend_too_long")
	}
	if kind == fault.Internal && !reason {
		keys = append(keys, "experiment.reason_missing")
	}
	err := k.Extend(k.ctx(), k.actors[who], k.m.id, weeks, map[bool]string{true: "Loma"}[reason])
	k.expect(fmt.Sprintf("extend by %d, %s", weeks, who), err, kind, keys)
	if slices.Contains(keys, "experiment.extend_too_long") {
		k.refused["extend"]++
	}
	if err == nil {
		k.m.end += 7 * weeks
		k.m.extended++
		k.taken["extend"]++
	}
}

// wait lets days go by, and the portal do what is due.
func (k *walker) wait() {
	k.t.Helper()
	k.goTo(k.clock().AddDate(0, 0, k.r.IntN(25)).Add(time.Duration(k.r.IntN(24)) * time.Hour))
	if _, err := k.Tick(k.ctx()); err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.Ask(k.ctx()); err != nil {
		k.t.Fatal(err)
	}
	if k.m.stage == 'R' && k.today() >= k.m.end+14 {
		k.m.take('E', k.today())
		k.taken["by itself"]++
	}
}

// compare holds the stored card against the mirror.
func (k *walker) compare() {
	k.t.Helper()
	e, m := k.card(k.m.id), *k.m
	got := mirror{
		id: e.ID, stage: m.stage, plan: m.plan, lesson: m.lesson, full: m.full, personal: m.personal, money: m.money, decisions: m.decisions, planed: m.planed,
		confirmed: !e.Confirmed.At.IsZero(), locked: e.Lock != nil, extended: len(e.Extensions), returned: e.Returned != nil, spread: len(e.Spread), moves: len(e.Moves),
	}
	if e.Stage != stageOf[m.stage] {
		k.t.Fatalf("at %s, the model at %c", e.Stage, m.stage)
	}
	for _, p := range e.Pauses {
		until := 0
		if !p.Until.IsZero() {
			until = dayNumber(p.Until)
		}
		got.pauses = append(got.pauses, [2]int{dayNumber(p.From), until})
	}
	if e.Lock != nil {
		got.start, got.end, got.lockedEnd = dayNumber(e.Calendar.Start), dayNumber(e.Calendar.End), dayNumber(e.Lock.Calendar.End)
		if h, min, s := e.Calendar.End.In(helsinki).Clock(); h+min+s != 0 || *e.Lock.Measures[0].Limit != 5 || e.Lock.Belief != e.Belief {
			k.t.Fatalf("the last day begins at %02d:%02d, the lock is %+v", h, min, e.Lock)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(m) {
		k.t.Fatalf("the card is\n%+v, the model\n%+v", got, m)
	}
}

const modelSteps = 2500

// TestTheServiceWalksAsTheModelSays lets random people try random things at
// random times, with the real service on both stores, and compares every answer
// and every card with the model.
func TestTheServiceWalksAsTheModelSays(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const seed = 20260302
		k := &walker{world: w, r: rand.New(rand.NewPCG(seed, 5)), table: modelTable(), taken: map[string]int{}, refused: map[string]int{}}
		k.begin()
		for range modelSteps {
			switch n := k.r.IntN(100); {
			case n < 50:
				k.step()
			case n < 66:
				k.write()
			case n < 74:
				k.confirm()
			case n < 85:
				k.extend()
			default:
				k.wait()
			}
			k.compare()
			if k.m.stage == 'A' && k.chance(30) {
				k.begin()
			}
		}
		for name := range k.table {
			if k.taken[name] == 0 || k.refused[name] == 0 {
				t.Errorf("%s was taken %d times and refused %d times: the walk proves nothing about it", name, k.taken[name], k.refused[name])
			}
		}
		for name, n := range map[string]int{
			"an extension": k.taken["extend"], "one that is too long": k.refused["extend"], "an end by itself": k.taken["by itself"],
			"pauses used up": k.refused["a third pause, or a ninth week"],
		} {
			if n == 0 {
				t.Errorf("%s never came about", name)
			}
		}
		t.Logf("taken %v", k.taken)
	})
}

// Every transition of the code is one of the model's, and the other way round,
// for the same people.
func TestTheModelsTableHasNoOtherRows(t *testing.T) {
	table := modelTable()
	thing := accounts.Thing{Public: true, Organisations: []string{"FI:889"}, Owner: "o", Team: []string{"o"}}
	actors := map[byte]accounts.Actor{
		'o': {ID: "o"},
		'c': {ID: "c", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: "FI:889"}}},
		'f': {ID: "f", Grants: []accounts.Grant{{Role: accounts.Coordinator, Organisation: "FI:020"}}},
		'm': {ID: "m", Grants: []accounts.Grant{{Role: accounts.Methodologist}}},
		'p': {ID: "p", Grants: []accounts.Grant{{Role: accounts.Reviewer}, {Role: accounts.Member, Organisation: "FI:020"}}},
		'a': {ID: "a", Grants: []accounts.Grant{{Role: accounts.Admin}}},
	}
	for from, f := range stageOf {
		for to, s := range stageOf {
			row, inModel := table[string([]byte{from, '>', to})]
			tr, inCode := experiments.TransitionOf(f, s)
			if inModel != inCode {
				t.Errorf("%c to %c: in the model %v, in the code %v", from, to, inModel, inCode)
				continue
			}
			for letter, a := range actors {
				if want := strings.IndexByte(row.who, letter) >= 0; inCode && tr.Allows(a, thing) != want {
					t.Errorf("%c to %c by %c: %v, want %v", from, to, letter, !want, want)
				}
			}
			if inCode && tr.Reason != row.reason {
				t.Errorf("%c to %c asks for a reason: %v", from, to, tr.Reason)
			}
		}
	}
}
