package experiments_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/accounts"
)

var update = flag.Bool("update", false, "write docs/lifecycle.md anew")

const lifecycleIntro = `# Stages of an experiment

Every change of stage is a row of this table, which is written from the one the program goes by: ` + "`go test ./experiments -run Documented -update`" + `
writes it anew. What is not in it nobody may do: what is over does not run again, and nothing becomes a draft again. A refused step says what is
missing, on the page and in the API (` + "`POST /api/v1/experiments/{id}/stage`" + `): 422 for what must be written first, 409 for what is not possible
from here, 403 for somebody else's step.

| from | to | who | what must be there | what it does |
|---|---|---|---|---|
`

const lifecycleEnd = `
## Beside the table

- **Decisions** that are still needed, each by a body and a day, are open, made, or waived with a reason. None may be open at the start. A *budget*
  decision is marked as one. **Permission cards** name a rule that was waived, by whom and until when; everybody sees them, and the owner is reminded
  14 days before one runs out.
- **Confirmation**: when personal data is used, money is needed, or a decision was waived, the coordinator of the owning municipality says yes first. A
  change of these grounds takes the yes back. Coordinators of partner municipalities read along and decide nothing.
- **Pauses**: two at most, eight weeks in all. The end moves by what they took. Coordinators and managers of the municipality get a letter.
- **Extension**: the owner or the team moves the end of a running experiment by one to five weeks, with a reason, more than once if need be, to 26 weeks at
  most (a micro-experiment: two), pauses apart. Weeks, days left and the calendar follow; the snapshot of the start stays, and the page says what moved.
- **Questions of the calendar**, each a letter to the owner and a line on the plan: an idea without activity for 90 days, *still alive?*; ended for more than
  28 days without its lesson, *stuck*, also to the coordinators; learned a year ago, *still valid?*; pauses that took all their weeks. Unanswered ones come
  again after as long.
- **Ownership** is offered by the owner, or by the own coordinator, to somebody of the team, and passes when they accept. The last owner cannot leave; one
  who leaves the organisation is followed by the next of the team, and the coordinators hear of it.
`

// whoWords are the actions of the table in words.
var whoWords = map[accounts.Action]string{
	accounts.MoveExperiment: "owner, team", accounts.PauseExperiment: "owner, team, own coordinator", accounts.ConfirmStart: "own coordinator",
	accounts.RunPortal: "administrator", accounts.Adopt: "coordinator of another municipality",
	accounts.ReturnLesson: "a methodologist, or a coordinator or reviewer of another municipality",
}

// rowWords are what must be there, beside the reason, and what a step does.
var rowWords = map[string][2]string{
	"draft idea":       {"fields 1 to 5 (micro: 1 to 4)", "others may read it: everybody, or members"},
	"idea planned":     {"fields 6 to 17 as the type asks (micro: belief, test, a measure)", "locks nothing"},
	"planned running":  {"the whole plan; every decision made or waived; the coordinator's yes where it is needed; micro: no money", "belief, test, measures and calendar are locked in a snapshot; the weeks begin today"},
	"running paused":   {"a pause is left", "the weeks stand still; coordinators and managers are told"},
	"paused running":   {"", "the end moves by the pause, within eight weeks in all"},
	"running ended":    {"", "asks for the results; by itself 14 days after the last day"},
	"paused ended":     {"", "closes the pause"},
	"idea stopped":     {"", "an honest ending"},
	"planned stopped":  {"", "an honest ending"},
	"running stopped":  {"outcome, surprise, lesson (fields 20 to 22)", "an honest ending"},
	"paused stopped":   {"outcome, surprise, lesson (fields 20 to 22)", "an honest ending; closes the pause"},
	"ended learned":    {"fields 19 to 25 (micro: 19 to 22)", "the last payment is free; a case can be drafted"},
	"learned ended":    {"not sent back before; no case drafted", "the comments stand on the plan; the owner gets a letter"},
	"learned spread":   {"", "keeps the note with the municipality's name"},
	"learned archived": {"", "nothing changes any more; it stays readable and citable"},
	"spread archived":  {"", "nothing changes any more; it stays readable and citable"},
	"stopped archived": {"", "nothing changes any more; it stays readable and citable"},
}

func TestTheTableOfStagesIsDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(lifecycleIntro)
	for _, row := range experiments.Transitions {
		words, ok := rowWords[string(row.From)+" "+string(row.To)]
		if !ok {
			t.Errorf("%s to %s has no words", row.From, row.To)
		}
		var who []string
		for _, do := range row.Who {
			who = append(who, whoWords[do])
		}
		if row.Automatic {
			who = append(who, "the portal")
		}
		needs := words[0]
		if row.Reason {
			needs = strings.TrimPrefix(needs+"; a reason", "; ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", row.From, row.To, strings.Join(who, ", "), needs, words[1])
	}
	b.WriteString(lifecycleEnd)
	if len(rowWords) != len(experiments.Transitions) {
		t.Errorf("%d rows in words, %d in the table", len(rowWords), len(experiments.Transitions))
	}
	path := filepath.Join("..", "docs", "lifecycle.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/lifecycle.md does not say what the table says: run go test ./experiments -run Documented -update")
	}
}
