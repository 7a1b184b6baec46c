package experiments_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments"
)

func TestTeamsOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	path := "/en/experiments/" + id
	s.want(s.get("nobody", path+"/team"), 200, "", "Who reads what is for the team only", "Utajärvi")
	s.want(s.post("developer", path+"/team", url.Values{"email": {"no address"}}), 422, "", "no address", `href="#email"`)
	s.want(s.post("developer2", path+"/team", url.Values{"email": {"x@kunta.example"}}), 403, "")
	for _, to := range []string{"mate@kunta.example", "teacher@school.example"} { // with an account and without: the same answer
		s.want(s.post("developer", path+"/team", url.Values{"email": {to}, "role": {"nurse"}}), 303, path+"/team?done=experiment_invited")
	}
	page := s.want(s.get("developer", path+"/team"), 200, "", "teacher@school.example", "mate@kunta.example", "The link works until")
	if strings.Contains(s.get("nobody", path+"/team").body, "teacher@") {
		t.Error("a stranger sees whom the team invited")
	}

	link := "/en/invitations/" + s.linkTo("mate@kunta.example")
	s.want(s.get("nobody", link), 200, "", "Sign in first", "/en/sign-in?next=")
	s.want(s.post("nobody", link, url.Values{}), 303, "/en/sign-in?next="+url.QueryEscape(link))
	s.want(s.get("developer2", link), 200, "", "sent to another address")
	s.want(s.post("developer2", link, url.Values{}), 409, "", "sent to another address")
	s.want(s.get("mate", link), 200, "", "Hoitoajan vaihto", "Your part: nurse")
	for range 2 {
		s.want(s.post("mate", link, url.Values{"_key": {"k9"}}), 303, path+"/team?done=experiment_joined")
	}
	s.want(s.get("mate", link), 303, path+"/team")
	s.want(s.get("developer2", link), 410, "", "used, withdrawn or is too old")
	s.want(s.get("mate", path+"/team"), 200, "", "nurse")

	withdraw := regexp.MustCompile(`action="([^"]*/withdraw)"`).FindStringSubmatch(page.body)
	s.want(s.post("developer", withdraw[1], url.Values{}), 303, "")
	s.want(s.post("mate", path+"/team/"+s.actors["developer"].ID+"/remove", url.Values{}), 409, "", "passes it on first")
	s.want(s.post("developer", path+"/team/offer", url.Values{"to": {s.actors["mate"].ID}}), 303, path+"/team?done=experiment_offered")
	s.want(s.get("mate", path+"/team"), 200, "", "Will you answer for this experiment?")
	s.want(s.post("mate", path+"/team/answer", url.Values{"do": {"accept"}}), 303, "")
	s.want(s.post("developer", path+"/team/"+s.actors["developer"].ID+"/remove", url.Values{}), 303, "/en/my-work?done=experiment_team")
	s.want(s.get("developer", path+"/plan"), 403, "")
}

func TestANewcomerFollowsTheLinkOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.registered()
	s.must(s.invite(id, "teacher@school.example", experiments.TeamSeat))
	link := "/fi/invitations/" + s.linkTo("teacher@school.example")
	form := s.want(s.get("nobody", link), 200, "", "teacher@school.example", `name="name"`)
	if got := form.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the page may be kept: %q", got)
	}
	s.want(s.post("nobody", link, url.Values{"name": {" "}}), 422, "", `href="#name"`)
	joined := s.want(s.post("nobody", link, url.Values{"name": {"Åsa Lärare"}, "_key": {"k1"}}), 303, "/fi/experiments/"+id+"/team?done=experiment_joined")
	cookie, _, _ := strings.Cut(joined.Header.Get("Set-Cookie"), ";")
	if !strings.HasPrefix(cookie, "session=") {
		t.Fatalf("not signed in: %q", cookie)
	}
	s.cookies["teacher"] = cookie
	s.want(s.get("teacher", "/fi/experiments/"+id+"/plan"), 200, "") // a draft
	s.want(s.post("nobody", link, url.Values{"name": {"Somebody Else"}}), 410, "")
	s.want(s.get("nobody", "/fi/invitations/"+strings.Repeat("x", 43)), 410, "")
}

func TestPermissionCardsOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Idea)
	form := with(forms()["decisions"], "permission_1_rule", "Hankintaraja 10 000 €")
	s.want(s.fill("developer", id, "decisions", form), 422, "", `href="#permission_1_by"`, `href="#permission_1_until"`, "Hankintaraja")
	form = with(form, "permission_1_by", "Kunnanhallitus", "permission_1_until", "2026-06-30", "permission_2_rule", "Aukioloajat", "permission_2_by", "Rehtori", "permission_2_until", "2026-04-01")
	s.want(s.fill("developer", id, "decisions", form), 303, "")
	s.want(s.get("developer", "/fi/experiments/"+id+"/edit/decisions"), 200, "", "Hankintaraja 10 000 €", "2026-06-30", "Rehtori")
	s.want(s.get("nobody", "/en/experiments/"+id), 200, "", "Permission card", "Hankintaraja 10 000 €", "Waived by Kunnanhallitus")
	s.want(s.get("nobody", "/api/v1/experiments/"+id), 200, "", `"rule":"Hankintaraja 10 000 €"`, `"by":"Kunnanhallitus"`)
	s.want(s.fill("developer", id, "decisions", url.Values{
		"decision_1_what": {"Lisämääräraha"}, "decision_1_body": {"Valtuusto"}, "decision_1_kind": {"budget"}, "decision_1_state": {"open"}, "decision_1_by": {"2026-04-01"},
	}), 303, "")
	s.want(s.get("nobody", "/en/experiments/"+id), 200, "", "Lisämääräraha", "A budget decision", "Valtuusto")
}

func TestExtendingOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/en/experiments/" + id
	s.want(s.get("developer", path+"/plan"), 200, "", "Extend the experiment")
	s.want(s.get("developer", path+"/extend"), 200, "", "5 weeks")
	s.want(s.post("developer", path+"/extend", url.Values{"weeks": {"9"}, "reason": {""}}), 422, "", "Choose from 1 to 5 weeks", `href="#reason"`)
	s.want(s.post("coordinator", path+"/extend", url.Values{"weeks": {"1"}, "reason": {"x"}}), 403, "")
	s.want(s.post("developer", path+"/extend", url.Values{"weeks": {"2"}, "reason": {"Hiihtoloma"}}), 303, path+"?done=experiment_extended")
	s.want(s.get("nobody", path), 200, "", "Extended by 2 weeks", "Hiihtoloma", "Week 1 of 14")
}

func TestRefusedStagesSayWhatIsMissing(t *testing.T) {
	s := newSite(t)
	running, learned := s.world.at(experiments.Running), s.world.at(experiments.Learned)
	for name, tt := range map[string]struct {
		who, id, to, reason string
		status              int
		says                string
	}{
		"a stranger starts":            {"nobody", running, "ended", "", 401, ""},
		"another municipality ends it": {"developer2", running, "ended", "", 403, "The owner and the team take this step."},
		"a partner stops it":           {"coordinator2", running, "stopped", "x", 403, "the coordinator of its municipality takes this step"},
		"it learns too early":          {"developer", running, "learned", "", 409, "not possible from where it is"},
		"it stops without a lesson":    {"developer", running, "stopped", "x", 422, "Choose what became of the belief."},
		"it pauses without a reason":   {"developer", running, "paused", "", 422, "Say why."},
		"it runs again":                {"developer", learned, "running", "", 409, "What is over does not run again."},
		"it becomes a draft":           {"developer", learned, "draft", "", 409, "Nothing goes back to a draft."},
		"its owner spreads it":         {"developer", learned, "spread", "x", 403, "A coordinator of another municipality says so"},
		"its owner archives it":        {"developer", learned, "archived", "", 403, "The coordinator of its municipality takes this step."},
		"its owner returns it":         {"developer", learned, "ended", "x", 403, "sends a lesson back"},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"to": {tt.to}}
			if tt.reason != "" || tt.status == 422 {
				form.Set("reason", tt.reason)
			}
			s.want(s.post(tt.who, "/en/experiments/"+tt.id+"/advance", form), tt.status, "", tt.says)
			body := `{"to":"` + tt.to + `","reason":"` + tt.reason + `"}`
			if tt.to == "draft" {
				return // the interface does not know it
			}
			s.want(s.do(tt.who, "POST", "/api/v1/experiments/"+tt.id+"/stage", "application/json", strings.NewReader(body)), tt.status, "", tt.says)
		})
	}
}
