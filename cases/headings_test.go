package cases_test

import (
	"io/fs"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

func TestTheHeadingsAreThoseOfTheSampleData(t *testing.T) {
	raw, err := fs.ReadFile(content.Sample(), "headings.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]yaml.Node
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages {
		var words map[string]string
		node := file[lang]
		if err := node.Decode(&words); err != nil {
			t.Fatal(err)
		}
		h := cases.HeadingsIn(lang)
		want := []string{words["problem"], words["tried"], words["happened"], words["surprised"], words["learnt"], words["elsewhere"], words["cost"], words["next"]}
		if !slices.Equal(h.Fixed(), want) || h.Works != words["works"] || h.DoesNot != words["does_not"] || h.Unclear != words["unclear"] {
			t.Errorf("%s: %+v, the sample has %v", lang, h, words)
		}
	}
	if cases.HeadingsIn("de") != cases.HeadingsIn("en") {
		t.Error("a language nobody speaks here has headings of its own")
	}
}
