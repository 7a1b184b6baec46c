package accounts_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

var update = flag.Bool("update", false, "write docs/permissions.md anew")

// roleWords name the cast in the document.
var roleWords = map[string]string{
	"nobody": "strangers", "owner": "the owner", "team": "the team", "author": "its authors", "member": "members of the own organisation",
	"coordinator": "the own coordinator", "manager": "the own manager", "elected": "the own elected members",
	"member2": "members of another organisation", "coordinator2": "a coordinator of another municipality", "manager2": "a manager elsewhere",
	"mentor": "its mentor", "mentor2": "another mentor", "reviewer": "an assigned reviewer without conflict", "reviewer2": "another reviewer",
	"conflicted": "a reviewer with a conflict", "officer": "an officer of the call", "officer2": "an officer of another call",
	"officer3": "an officer of the call with a conflict", "decided": "an officer who has decided already", "cohort": "a cohort coordinator",
	"methodologist": "a methodologist", "keeper": "its methodologist", "partner": "a coordinator of a partner or elsewhere", "peer": "a reviewer of another municipality", "moderator": "a moderator", "admin": "an administrator",
}

const permissionsIntro = `# Who may do what

Every service asks one function, ` + "`accounts.Can`" + `, before it shows or changes anything. This page is written from the table
that its tests go through, so it cannot be out of date: ` + "`go test ./internal/accounts -update`" + ` writes it anew.

"Own" means the organisation whose thing it is. Whoever is not named in a row may not. What somebody may not see answers 404, as
if it were not there. The portal itself and the operator's commands may do everything.

| action | situation | who may |
|---|---|---|
`

func TestPermissionsAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(permissionsIntro)
	for _, action := range accounts.Actions() {
		for _, r := range table[action] {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", action, r.situation, inWords(t, r.may))
		}
	}
	path := filepath.Join("..", "..", "docs", "permissions.md")
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
		t.Error("docs/permissions.md does not say what the table says: run go test ./internal/accounts -update")
	}
}

// inWords writes who may, the widest groups first.
func inWords(t *testing.T, may []string) string {
	t.Helper()
	var words []string
	for _, group := range []struct {
		names []string
		word  string
	}{{everyone, "everyone"}, {signedIn, "everybody signed in"}, {anyMember, "any member of an organisation"}} {
		if contains(may, group.names) {
			words = append(words, group.word)
			may = slices.DeleteFunc(slices.Clone(may), func(name string) bool { return slices.Contains(group.names, name) })
		}
	}
	for _, name := range may {
		word := roleWords[name]
		if word == "" {
			t.Fatalf("no words for %q", name)
		}
		words = append(words, word)
	}
	if len(words) == 0 {
		return "nobody"
	}
	return strings.Join(words, ", ")
}

func contains(all, part []string) bool {
	for _, p := range part {
		if !slices.Contains(all, p) {
			return false
		}
	}
	return true
}
