package accounts_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/internal/accounts"
)

// form writes fields as a form does: "name=Aino", "roles=manager".
func form(fields ...string) string {
	v := url.Values{}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		v.Add(name, value)
	}
	return v.Encode()
}

func TestProfileOverHTTP(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@akaa.example", "coordinator/FI:020")
	cookie := s.in(p)
	s.want(s.get("/en/profile"), 303, "/en/sign-in?next=%2Fen%2Fprofile")
	s.want(s.send("/en/profile", "name=x"), 401, "")
	s.want(s.get("/en/profile", cookie), 200, "", "page accounts/profile", "Shown: Coordinator, Akaa", "Slug:FI-020", "Keeps:true")
	s.want(s.send("/en/profile", form("name=Aino", "show_name=1", "lang=fi"), cookie), 303, "/en/profile?done=accounts_saved")
	s.want(s.get("/en/profile?done=accounts_saved", cookie), 200, "", "Shown: Aino", "notice: Your profile has been saved.")
	long := strings.Repeat("ä", 101)
	s.want(s.send("/en/profile", form("name="+long, "lang=fi"), cookie), 422, "", "at most 100", "name:["+long+"]")
	s.want(s.send("/en/profile", form("name=x", "lang=de"), cookie), 422, "", "{lang ")

	made := s.send("/en/profile/tokens", form("token=reports"), cookie)
	s.want(made, 200, "", "NewToken: kk_", "Name:reports")
	if again := s.get("/en/profile", cookie); strings.Contains(again.body, "kk_") {
		t.Error("the token is shown again")
	}
	refused := s.send("/en/profile/tokens", form("token="), cookie)
	s.want(refused, 422, "", "{token ", "name:[Aino]", "show_name:[1]", "lang:[fi]")
	id := s.tokenID(p)
	other := s.in(s.person("bo@akaa.example", "member/FI:020"))
	s.want(s.send("/en/profile/tokens/"+id+"/revoke", "", other), 404, "")
	s.want(s.send("/en/profile/tokens/"+id+"/revoke", "", cookie), 303, "/en/profile?done=accounts_token_revoked#tokens")
}

func (s *site) tokenID(p accounts.Person) string {
	s.t.Helper()
	list, err := s.Tokens(s.t.Context(), s.actor(p))
	if err != nil || len(list) == 0 {
		s.t.Fatal(len(list), err)
	}
	return list[0].ID
}

func TestLeavingAndJoiningFromTheProfile(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@akaa.example", "member/FI:020")
	cookie := s.in(p)
	s.want(s.send("/en/profile/join", form("organisation=SE:2480"), cookie), 422, "", "{name Write your name")
	s.want(s.send("/en/profile", form("name=Aino", "lang=en"), cookie), 303, "")
	s.want(s.send("/en/profile/join", form("organisation=SE:2480", "message=Hello"), cookie), 303, "/en/profile?done=accounts_join_asked")
	s.want(s.send("/en/profile/join", form("organisation=FI:020"), cookie), 409, "", "You belong to this organisation already", "name:[Aino]")
	s.want(s.send("/en/profile/leave", form("organisation=FI:020"), cookie), 303, "/en/profile?done=accounts_left")
	if got := s.again(p).Grants; len(got) != 0 {
		t.Errorf("still %v", got)
	}
}

func TestSigningOutEverywhereOverHTTP(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@akaa.example", "member/FI:020")
	here, there := s.in(p), s.in(p)
	s.want(s.send("/en/profile/sign-out-everywhere", "", here), 303, "/en/sign-in?done=accounts_signed_out")
	s.want(s.get("/en/my-work", here), 303, "")
	s.want(s.get("/en/my-work", there), 303, "")
}

func TestOwnDataOverHTTP(t *testing.T) {
	s := newSite(t, func(h *accounts.Handlers) {
		h.Export = map[string]func(context.Context, accounts.Actor) (any, error){
			"experiments": func(_ context.Context, a accounts.Actor) (any, error) { return []string{"of " + a.ID}, nil },
		}
	})
	p := s.person("aino@akaa.example", "member/FI:020")
	got := s.get("/en/profile/data", s.in(p))
	s.want(got, 200, "")
	var data struct {
		Account     struct{ Person struct{ Email string } }
		Experiments []string
	}
	if err := json.Unmarshal([]byte(got.body), &data); err != nil {
		t.Fatal(err)
	}
	if data.Account.Person.Email != p.Email || len(data.Experiments) != 1 || got.Header.Get("Cache-Control") != "private, no-store" {
		t.Errorf("%+v, %v", data, got.Header)
	}
	s.want(s.get("/en/profile/data"), 303, "")
}

func TestErasingOverHTTP(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@akaa.example", "member/FI:020")
	cookie := s.in(p)
	s.want(s.get("/en/profile/erase", cookie), 200, "", "page accounts/erase")
	s.want(s.send("/en/profile/erase", "", cookie), 422, "", "page accounts/erase", "Tick the box")
	s.want(s.send("/en/profile/erase", "sure=1", cookie), 303, "/en/sign-in?done=accounts_erased")
	s.want(s.get("/en/my-work", cookie), 303, "")
	if !s.again(p).IsErased() {
		t.Error("the account is still there")
	}
	boss := s.person("boss@x.example", "admin")
	s.want(s.send("/en/profile/erase", "sure=1", s.in(boss)), 409, "", "last administrator")
}

func TestPeopleOfAnOrganisationOverHTTP(t *testing.T) {
	s := newSite(t)
	coordinator, member := s.person("c@akaa.example", "coordinator/FI:020"), s.person("m@akaa.example", "member/FI:020")
	cookie := s.in(coordinator)
	const page = "/en/organisations/FI-020/people"
	for name, tt := range map[string]struct {
		who    []header
		path   string
		status int
	}{
		"a stranger signs in first":            {nil, page, 303},
		"a member does not see it":             {[]header{s.in(member)}, page, 404},
		"nor a coordinator from elsewhere":     {[]header{s.in(s.person("c@umea.example", "coordinator/SE:2480"))}, page, 404},
		"an administrator does":                {[]header{s.in(s.person("boss@x.example", "admin"))}, page, 200},
		"an organisation that is not there":    {[]header{cookie}, "/en/organisations/FI-999/people", 404},
		"an address that is no organisation's": {[]header{cookie}, "/en/organisations/%00%2f/people", 404},
	} {
		if got := s.get(tt.path, tt.who...); got.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", name, got.StatusCode, tt.status)
		}
	}
	s.want(s.get(page, cookie), 200, "", "page accounts/people", "c@akaa.example", "m@akaa.example", "MayDomains: false")
	s.want(s.send(page+"/"+member.ID, form("roles=manager", "do=save"), cookie), 303, page+"?done=accounts_roles")
	if !s.actor(member).HasIn(accounts.Manager, akaa.Key) {
		t.Error("the role was not given")
	}
	s.want(s.send(page+"/"+member.ID, form("roles=admin", "do=save"), cookie), 422, "", "page accounts/people", "Choose a role")
	s.want(s.send(page+"/"+member.ID, form("do=remove"), cookie), 303, "")
	if s.actor(member).MemberOf(akaa.Key) {
		t.Error("still a member")
	}
	s.want(s.send(page+"/invite", form("email=new@x.example", "lang=sv"), cookie), 303, page+"?done=accounts_invited")
	s.want(s.send(page+"/invite", form("email=nonsense", "name=Bo"), cookie), 422, "", "{email This is not", "name:[Bo]")
	s.want(s.send(page+"/domains", form("domains=evil.example"), cookie), 403, "")
	s.want(s.send(page+"/"+coordinator.ID, form("do=save"), cookie), 303, "/en/profile?done=accounts_roles")
}

func TestInvitationsAreLimited(t *testing.T) {
	s := newSite(t)
	cookie := s.in(s.person("c@akaa.example", "coordinator/FI:020"))
	for range 30 {
		s.want(s.send("/en/organisations/FI-020/people/invite", form("email=new@x.example"), cookie), 303, "")
	}
	s.want(s.send("/en/organisations/FI-020/people/invite", form("email=new@x.example"), cookie), 429, "")
}

func TestJoiningOverHTTP(t *testing.T) {
	s := newSite(t)
	cookie := s.in(s.person("c@umea.example", "coordinator/SE:2480"))
	_, secret := s.link("bo@elsewhere.example")
	path := "/sv/join/" + secret
	s.want(s.get(path), 200, "", "page accounts/join", "Email: bo@elsewhere.example", "Value:SE:2480")
	s.want(s.send(path, form("organisation=", "name=Bo")), 422, "", "page accounts/join", "{organisation ", "name:[Bo]")
	s.want(s.send(path, form("organisation=SE:2480", "name=Bo")), 303, "/sv/join/sent")
	s.want(s.get("/sv/join/sent"), 200, "", "page accounts/join_sent")
	s.want(s.get(path), 410, "", "page accounts/sign_in")
	s.want(s.send(path, form("organisation=SE:2480", "name=Bo")), 410, "")

	coordinator, err := s.ByEmail(t.Context(), "c@umea.example")
	if err != nil {
		t.Fatal(err)
	}
	id := s.joins(s.actor(coordinator), umea.Key)[0].ID
	answer := "/en/organisations/SE-2480/people/joins/" + id
	s.want(s.send(answer, "answer=yes", s.in(s.person("m@umea.example", "member/SE:2480"))), 404, "")
	s.want(s.send(answer, "answer=yes", cookie), 303, "/en/organisations/SE-2480/people?done=accounts_answered")
	if p, err := s.ByEmail(t.Context(), "bo@elsewhere.example"); err != nil || !s.actor(p).MemberOf(umea.Key) {
		t.Errorf("accepted: %+v, %v", p, err)
	}
}

func TestAdministrationOverHTTP(t *testing.T) {
	s := newSite(t)
	boss := s.in(s.person("boss@x.example", "admin"))
	s.want(s.get("/en/admin/people"), 303, "")
	s.want(s.get("/en/admin/people", s.in(s.person("c@akaa.example", "coordinator/FI:020"))), 404, "")
	s.want(s.get("/en/admin/people?q=akaa", boss), 200, "", "page accounts/admin", "c@akaa.example", "Text: akaa")

	added := s.send("/en/admin/people", form("email=new@x.example", "lang=en", "roles=officer", "roles=reviewer"), boss)
	p, err := s.ByEmail(t.Context(), "new@x.example")
	if err != nil {
		t.Fatal(err)
	}
	page := "/en/admin/people/" + p.ID
	s.want(added, 303, page+"?done=accounts_added")
	s.want(s.send("/en/admin/people", form("email=new@x.example", "name=Bo"), boss), 409, "", "page accounts/admin", "name:[Bo]")
	s.want(s.get(page, boss), 200, "", "page accounts/admin_person", "Shown: Funding officer")
	s.want(s.get("/en/admin/people/nobody", boss), 404, "")
	s.want(s.send(page+"/roles", form("roles=moderator"), boss), 303, page+"?done=accounts_roles")
	s.want(s.send(page+"/organisation", form("organisation=FI:020", "role=coordinator"), boss), 303, "")
	if a := s.actor(p); !a.Has(accounts.Moderator) || a.Has(accounts.Officer) || !a.HasIn(accounts.Coordinator, akaa.Key) {
		t.Errorf("roles: %v", a.Grants)
	}
	s.want(s.send(page+"/organisation", form("organisation=FI:020", "role=coordinator", "do=revoke"), boss), 303, "")
	s.want(s.send(page+"/organisation", form("organisation=", "role=member"), boss), 422, "", "{organisation ", "email:[new@x.example]")
	s.want(s.send(page+"/mail", form("email=c@akaa.example"), boss), 409, "", "email:[c@akaa.example]")
	s.want(s.send(page+"/mail", form("email=newer@x.example"), boss), 303, page+"?done=accounts_rebound")
	s.want(s.send(page+"/erase", "", boss), 422, "", "Tick the box")
	s.want(s.send(page+"/erase", "sure=1", boss), 303, page+"?done=accounts_erased")
	s.want(s.get(page, boss), 200, "", "Shown: Former member")
	s.want(s.send(page+"/roles", form("roles=admin"), boss), 404, "")
	s.want(s.send("/en/organisations/FI-020/people/domains", form("domains=akaa.example, akaa.test"), boss), 303, "")
	s.want(s.send("/en/organisations/FI-020/people/domains", form("domains=gmail.com"), boss), 422, "", "gmail.com cannot be used", "domains:[gmail.com]")
}
