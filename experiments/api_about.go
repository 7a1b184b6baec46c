package experiments

// ExperimentAbout is what a card tells beside its three faces, as far as it
// is open data: no person, no risk, nothing about the time in the office.
type ExperimentAbout struct {
	Steps     []experimentStep     `json:"steps" nullable:"false"`
	Seen      []experimentSeen     `json:"observations" nullable:"false" doc:"Of a complete process: what was seen of each participant, P1 to P5"`
	Pitfalls  string               `json:"pitfalls,omitempty" doc:"What went wrong where it was tried before"`
	FromCase  string               `json:"from_case,omitempty" doc:"Id of the case it was started from"`
	Parent    string               `json:"parent,omitempty" doc:"Id of the experiment it is a part or a child of"`
	Children  []string             `json:"children" nullable:"false" doc:"Ids of its own parts and children"`
	Rung      string               `json:"rung" enum:"micro,small,scaled" doc:"On the ladder from the small to the large"`
	Place     *Point               `json:"place,omitempty" doc:"Where it is tried, in degrees"`
	Doer      bool                 `json:"doer_wanted,omitempty" doc:"Somebody is looked for who does it"`
	Needs     []string             `json:"needs" nullable:"false" doc:"What the team looks for"`
	Programme *experimentProgramme `json:"programme,omitempty" doc:"The programme, or item of an agenda, it belongs to"`
	Phases    Phases               `json:"phases,omitzero" doc:"Plan of phases in four tracks"`
	Barrier   string               `json:"barrier,omitempty" doc:"Of the working culture, that it removes"`
	Means     string               `json:"means,omitempty" doc:"The easiest means to do so"`
	Benefit   *experimentBenefit   `json:"benefit,omitempty"`
	Tools     string               `json:"tools,omitempty" doc:"Tools and methods that would help"`
	Reuse     []Link               `json:"reuse" nullable:"false" doc:"What others may use again"`
}

type experimentStep struct {
	What    string `json:"what"`
	Who     string `json:"who,omitempty"`
	Channel string `json:"channel,omitempty"`
	Mocked  bool   `json:"mocked" doc:"Done by hand behind the curtain"`
	Minutes int    `json:"minutes,omitempty" doc:"That it really took"`
}

type experimentSeen struct {
	Participant string `json:"participant" example:"P1"`
	Text        string `json:"text"`
}

type experimentProgramme struct {
	Title string `json:"title,omitempty"`
	URL   string `json:"url,omitempty"`
}

type experimentBenefit struct {
	Hours      float64 `json:"hours_a_year"`
	Cents      int64   `json:"cents_a_year,omitempty"`
	Currency   string  `json:"currency,omitempty"`
	Assumption string  `json:"assumption" doc:"What the estimate stands on"`
}

func (s *Service) apiAboutOf(sheet Sheet) ExperimentAbout {
	e := &sheet.Card
	a := e.About
	out := ExperimentAbout{
		Pitfalls: e.Pitfalls, Rung: string(rowOf(e).Rung(s.Zone)), Place: a.Place, Doer: a.Doer, Phases: a.Phases,
		Barrier: a.Barrier, Means: a.Means, Tools: a.Tools, Steps: []experimentStep{}, Seen: []experimentSeen{}, Children: []string{},
		Needs: append([]string{}, a.Needs...), Reuse: append([]Link{}, e.Learning.Reuse...),
	}
	if sheet.Family.Case != nil {
		out.FromCase = sheet.Family.Case.ID
	}
	if n := len(sheet.Family.Ancestors); n > 0 {
		out.Parent = sheet.Family.Ancestors[n-1].ID
	}
	for _, r := range sheet.Family.Children {
		out.Children = append(out.Children, r.ID)
	}
	for _, one := range e.Steps {
		out.Steps = append(out.Steps, experimentStep(one))
	}
	for _, o := range e.Observations {
		out.Seen = append(out.Seen, experimentSeen(o))
	}
	if p := a.Programme; p.URL != "" || p.Title != "" {
		out.Programme = &experimentProgramme{p.Title, p.URL}
	}
	if b := a.Benefit; b.Hours() > 0 {
		out.Benefit = &experimentBenefit{Hours: b.Hours(), Cents: b.Saved(), Assumption: b.Assumption}
		if b.Saved() > 0 {
			out.Benefit.Currency = e.currency()
		}
	}
	return out
}
