package main

import (
	"slices"
	"testing"

	"github.com/kokeilu/kokeilu/internal/e2e"
)

func TestInLanguages(t *testing.T) {
	tests := map[string]struct {
		path  string
		langs []string
		want  []string
	}{
		"a path gets its language":          {"/cases", []string{"fi", "ru"}, []string{"/fi/cases", "/ru/cases"}},
		"the front page too":                {"/", []string{"sv"}, []string{"/sv/"}},
		"a language is replaced":            {"/en/cases?q=a", []string{"kk"}, []string{"/kk/cases?q=a"}},
		"a word is no language":             {"/english", []string{"fi"}, []string{"/fi/english"}},
		"= takes the path as it is":         {"=/demo", []string{"fi", "ru"}, []string{"/demo"}},
		"no language takes the path as is ": {"/c/abc", []string{""}, []string{"/c/abc"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := inLanguages(tt.path, tt.langs); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFileName(t *testing.T) {
	view := e2e.View{Width: 360, Scheme: "dark"}
	for page, want := range map[string]string{
		"/fi/cases/abc/slug?x=1": "visitor-fi-cases-abc-slug-x-1-360-dark.png",
		"/":                      "visitor-root-360-dark.png",
	} {
		if got := fileName("", page, view); got != want {
			t.Errorf("fileName(%q) = %q, want %q", page, got, want)
		}
	}
}

func TestParseViews(t *testing.T) {
	views, err := parseViews("1280,360", "light,dark")
	if err != nil || len(views) != 4 {
		t.Errorf("parseViews = %v, %v", views, err)
	}
	for _, bad := range [][2]string{{"x", "light"}, {"20", "light"}, {"360", "sepia"}} {
		if _, err := parseViews(bad[0], bad[1]); err == nil {
			t.Errorf("parseViews(%q) accepts it", bad)
		}
	}
}
