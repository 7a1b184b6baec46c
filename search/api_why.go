package search

// apiFacet is how many hits have a value.
type apiFacet struct {
	Facet string `json:"facet" enum:"kind,lang,outcome,theme,country,size,year"`
	Value string `json:"value"`
	Count int    `json:"count"`
}

// apiWhy is an Explanation. The points of the words and of neighbours, times the
// factors, are the score.
type apiWhy struct {
	Words      []apiWordReason `json:"words" nullable:"false"`
	Neighbours float64         `json:"neighbours" doc:"Points for words that follow each other in the title or summary."`
	Factors    []apiFactor     `json:"factors" nullable:"false"`
}

type apiWordReason struct {
	Asked  string   `json:"asked"`
	Points float64  `json:"points" doc:"0 when the text does not have it."`
	How    string   `json:"how,omitempty" enum:"written,form,loose,joined,meant,misspelt"`
	Said   string   `json:"said,omitempty" doc:"Another name of the same thing that was found instead."`
	Found  []string `json:"found,omitempty" doc:"How the text writes it."`
	Where  []string `json:"where" nullable:"false" doc:"title, lead (summary or headings), names (of places), text"`
}

type apiFactor struct {
	Name  string  `json:"name" enum:"share,language,fresh,evidence"`
	Times float64 `json:"times"`
}

func apiReasons(e *Explanation) *apiWhy {
	if e == nil {
		return nil
	}
	why := &apiWhy{Words: []apiWordReason{}, Neighbours: e.Neighbours, Factors: []apiFactor{}}
	for _, w := range e.Words {
		why.Words = append(why.Words, apiWordReason{w.Asked, w.Points, string(w.How), w.Said, w.Found, append([]string{}, w.Where...)})
	}
	for _, f := range e.Factors {
		why.Factors = append(why.Factors, apiFactor(f))
	}
	return why
}
