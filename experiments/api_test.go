package experiments_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments"
)

func TestTheAPI(t *testing.T) {
	s := newSite(t)
	draft := s.registered()
	id := s.world.at(experiments.Running)
	list := s.want(s.get("developer", "/api/v1/experiments?stage=running&limit=5"), 200, "", `"id":"`+id+`"`)
	if strings.Contains(list.body, draft) || strings.Contains(list.body, s.actors["developer"].ID) {
		t.Error("open data carries a draft or a person")
	}
	s.want(s.get("nobody", "/api/v1/experiments?stage=stuck"), 422, "")
	s.want(s.get("developer", "/api/v1/experiments/"+draft), 404, "")
	s.want(s.get("nobody", "/api/v1/experiments/"+id), 200, "", `"verdict":"unknown"`, `"log":[]`)
	post := func(who, body string) answer {
		return s.do(who, http.MethodPost, "/api/v1/experiments/"+id+"/log", "application/json", strings.NewReader(body))
	}
	s.want(post("nobody", `{"text":"x"}`), 401, "")
	s.want(post("developer2", `{"text":"x"}`), 403, "")
	s.want(post("developer", `{"text":"Kolmas päivä."}`), 201, "", `"number":1`)
	s.want(post("developer", `{"kind":"number","measure":1,"value":6,"visibility":"team"}`), 201, "", `"number":2`)
	s.want(post("developer", `{"kind":"picture","pictures":[{"hash":"`+strings.Repeat("0", 64)+`","alt":"x"}]}`), 422, "")
	s.want(post("developer", `{}`), 422, "", "body.text")
	page := s.want(s.get("nobody", "/api/v1/experiments/"+id), 200, "", "Kolmas päivä.")
	if strings.Contains(page.body, `"number":2`) {
		t.Error("a team entry is in the API")
	}
}
