package experiments_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/kokeilu/kokeilu/experiments"
)

func TestMoneyIsWarnedOfWhenNobodyPays(t *testing.T) {
	line := []experiments.CostLine{{Text: "Viestit", Cents: 100_00}}
	tests := map[string]struct {
		money experiments.Money
		want  string
	}{
		"it costs nothing":          {experiments.Money{None: true}, ""},
		"nothing is said yet":       {experiments.Money{}, ""},
		"it costs, and nobody pays": {experiments.Money{Lines: line}, "experiment.money_nobody"},
		"a part is not covered":     {experiments.Money{Lines: line, Own: 99_99}, "experiment.money_gap"},
		"all is covered":            {experiments.Money{Lines: line, Own: 50_00, Seed: 50_00}, ""},
		"more than all":             {experiments.Money{Lines: line, Other: 500_00}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tt.money.Warning(); got != tt.want {
				t.Errorf("Warning = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestABriefSpeaksTheReadersLanguage(t *testing.T) {
	s := newSite(t)
	planned, learned := s.world.at(experiments.Planned), s.world.at(experiments.Learned)
	s.must(s.save("developer", planned, experiments.MoneyEdit{Money: experiments.Money{Lines: []experiments.CostLine{{Text: "Viestit", Cents: 100_00}}}}))
	s.must(s.save("developer", planned, experiments.DecisionsEdit{Decisions: experiments.Decisions{List: []experiments.Decision{{What: "Määräraha", Body: "Kunnanhallitus", State: experiments.Open}}}}))
	for path, words := range map[string]map[string][]string{
		planned + "/brief": {
			"fi": {"Mitä pyydämme", "Määräraha", "kenenkään talousarviossa"},
			"ru": {"О чём мы просим", `lang="fi"`, "Määräraha", "Тексты самой команды на языке: Suomi", "ни в одном бюджете этого нет"},
		},
		learned + "/one-pager": {
			"fi": {"Mitä siitä tuli", "Vahvistui", "Isovanhemmat"},
			"ru": {"Что получилось", "Подтвердилось", "Isovanhemmat", "Тексты самой команды на языке: Suomi"},
		},
	} {
		for lang, texts := range words {
			page := s.want(s.get("nobody", "/"+lang+"/experiments/"+path), 200, "", texts...).body
			if lang == "fi" && strings.Contains(page, "Tiimin omat tekstit") {
				t.Errorf("%s says in which language it is, in that language", path)
			}
			if key := regexp.MustCompile(`\bexperiment\.[a-z_]+`).FindString(visible(page)); key != "" {
				t.Errorf("%s in %s shows the key %s", path, lang, key)
			}
		}
	}
	s.want(s.get("developer", "/fi/experiments/"+planned+"/plan"), 200, "", "kenenkään talousarviossa")
	s.want(s.get("developer", "/fi/experiments/"+planned+"/edit/money"), 200, "", "kenenkään talousarviossa")
}

func TestThePublicPageSaysWhatAStrangerCanDo(t *testing.T) {
	s := newSite(t)
	tests := map[experiments.Stage]struct{ has, hasNot string }{
		experiments.Idea:    {"An idea so far", "calendar.ics"},
		experiments.Planned: {"Starts on 9 Mar 2026, in 7 days", "one-pager"},
		experiments.Running: {"Week 1 of 12", "/brief"},
		experiments.Learned: {"one-pager", "calendar.ics"},
	}
	for stage, tt := range tests {
		id := s.world.at(stage)
		if stage == experiments.Planned {
			s.must(s.save("developer", id, experiments.AboutEdit{About: experiments.About{Needs: []string{"Muotoilija"}, Doer: true, Place: &experiments.Point{Lat: 64.9, Lon: 26.1}}}))
		}
		page := s.want(s.get("nobody", "/en/experiments/"+id), 200, "", tt.has, "What you can do", "/en/organisations/FI-889", "/en/feeds/experiments/"+id+"/log.atom")
		if strings.Contains(page.body, tt.hasNot) {
			t.Errorf("%s: the page has %q", stage, tt.hasNot)
		}
		if stage != experiments.Planned {
			continue
		}
		s.want(page, 200, "", "We look for", "Muotoilija", "Somebody who takes this idea")
		s.want(s.get("nobody", "/en/experiments?needs=doer"), 200, "", id)
		s.want(s.get("nobody", "/en/experiments.geojson?needs=any"), 200, "", "[26.1,64.9]")
		s.want(s.get("nobody", "/api/v1/experiments?needs=doer"), 200, "", id)
	}
	if list := s.get("nobody", "/en/experiments?needs=any").body; strings.Count(list, "<h3") != 1 {
		t.Errorf("%d look for something, want 1", strings.Count(list, "<h3"))
	}
}
