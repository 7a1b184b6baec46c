package main

import (
	"math"
	"strings"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/experiments"
	"github.com/kokeilu/kokeilu/internal/i18n"
	"github.com/kokeilu/kokeilu/search"
)

// searchNames are the names by which people ask for values in the search:
// "theme:koulutus", "outcome:failed", "size<5000".
func (a *App) searchNames() *search.Names {
	n := search.NewNames()
	add := func(field, value string, others ...string) {
		for _, lang := range i18n.Languages {
			others = append(others, a.facetLabel(lang, field, value))
		}
		n.Add(field, value, others...)
	}
	for _, kind := range []string{"case", "experiment", "page"} {
		add("kind", kind)
	}
	for _, lang := range i18n.Languages {
		add("lang", lang)
	}
	for _, o := range cases.Outcomes {
		add("outcome", string(o), strings.Fields(otherOutcomes[o])...)
	}
	for _, s := range experiments.Stages {
		add("stage", string(s))
	}
	for _, t := range content.Themes() {
		add("theme", t.Key)
	}
	for _, c := range content.Countries() {
		add("country", c.Key)
	}
	for _, s := range content.SizeClasses() {
		add("size", string(s))
		if from, to, ok := s.Bounds(); ok {
			if to == 0 {
				n.AddSpan("size", string(s), float64(from), math.Inf(1))
			} else {
				n.AddSpan("size", string(s), float64(from), float64(to))
			}
		}
	}
	for _, s := range content.Divisions() {
		var names []string
		for _, lang := range i18n.Languages {
			names = append(names, s.In(lang))
		}
		n.Add("sector", s.Code, names...)
	}
	return n
}

// otherOutcomes are short words for outcomes, beside their names.
var otherOutcomes = map[cases.Outcome]string{
	cases.Confirmed:    "success successful worked onnistui onnistunut lyckades lyckat успех удалось сәтті расталды",
	cases.Partly:       "partly partial osittain osin delvis частично ішінара",
	cases.NotConfirmed: "failed failure epäonnistui epäonnistunut misslyckades misslyckat провал неудача сәтсіз",
	cases.NotTested:    "untested testaamatta otestad otestat непроверено тексерілмеді",
}
