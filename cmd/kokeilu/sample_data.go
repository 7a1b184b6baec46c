package main

import (
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
)

// sampleData is what content/sample holds; its README says what each key
// means. Days are counted from the first start.
type sampleData struct {
	Organisations []sampleOrganisation `yaml:"organisations"`
	People        []samplePerson       `yaml:"people"`
	Experiments   []sampleExperiment   `yaml:"experiments"`
	Published     []sampleExperiment   `yaml:"published_experiments"`
	Endorsements  []sampleEndorsement  `yaml:"endorsements"`
	Adoptions     []sampleAdoption     `yaml:"adoptions"`
	Useful        []sampleUseful       `yaml:"useful"`
	Calls         []sampleCall         `yaml:"calls"`
	Mentors       []sampleMentor       `yaml:"mentors"`
	Mentorships   []sampleMentorship   `yaml:"mentorships"`
	Plans         []samplePlan         `yaml:"plans"`
	Purposes      []samplePurpose      `yaml:"purposes"`
	Wanted        []sampleWanted       `yaml:"wanted"`
	Concepts      []sampleConcept      `yaml:"concepts"`
	Saved         []sampleSaved        `yaml:"saved"`
}

func (d sampleData) all() []sampleExperiment {
	return append(append([]sampleExperiment{}, d.Experiments...), d.Published...)
}

type sampleOrganisation struct {
	Key     string            `yaml:"key"`
	Kind    string            `yaml:"kind"`
	Country string            `yaml:"country"`
	Region  string            `yaml:"region"`
	Domain  string            `yaml:"domain"`
	Name    map[string]string `yaml:"name"`
}

type samplePerson struct {
	Key          string            `yaml:"key"`
	Email        string            `yaml:"email"`
	Organisation string            `yaml:"organisation"`
	Roles        []string          `yaml:"roles"`
	Lang         string            `yaml:"lang"`
	Since        int               `yaml:"since"`
	Name         map[string]string `yaml:"name"`
}

type sampleEndorsement struct {
	Case, By, Organisation, Reason string
	Day                            int
}

type sampleAdoption struct {
	Case, By, Organisation, Result, Evidence string
	Day                                      int
}

type sampleUseful struct {
	Case  string
	Votes []struct {
		Organisation string
		Yes          int `yaml:"yes"`
		No           int `yaml:"no"`
	}
}

// sampleCase is one Markdown file of the sample, its days made absolute.
type sampleCase struct {
	ID        string
	Raw       []byte
	Document  content.Document
	Published time.Time
}

// read reads every file of the sample.
func (l *sampler) read() error {
	files := content.Sample()
	for _, name := range []string{"organisations", "people", "experiments", "votes", "calls", "mentors", "weeks", "wanted"} {
		raw, err := fs.ReadFile(files, name+".yaml")
		if err != nil {
			return err
		}
		if err := yaml.Unmarshal(raw, &l.data); err != nil {
			return fmt.Errorf("%s.yaml: %w", name, err)
		}
	}
	return l.readCases(files)
}

func (l *sampler) readCases(files fs.FS) error {
	l.cases = map[string]sampleCase{}
	names, err := fs.Glob(files, "cases/*.md")
	if err != nil {
		return err
	}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		c, err := l.readCase(name, raw)
		if err != nil {
			return err
		}
		l.cases[c.ID] = c
	}
	return nil
}

// offset is a day of the sample in front matter: "-30d".
var offset = regexp.MustCompile(`(?m)^(start|end): (-?\d+)d$`)

func (l *sampler) readCase(name string, raw []byte) (c sampleCase, err error) {
	end := -400 // a story from elsewhere: it was here before the portal's own
	text := offset.ReplaceAllStringFunc(string(raw), func(line string) string {
		m := offset.FindStringSubmatch(line)
		n, _ := strconv.Atoi(m[2])
		if m[1] == "end" {
			end = n
		}
		return m[1] + ": " + l.day(n).Format(time.DateOnly)
	})
	doc, err := content.ParseDocument(name, []byte(text))
	if err != nil {
		return c, err
	}
	c = sampleCase{ID: doc.Meta.Text("case"), Document: doc, Published: l.day(min(end+16, -2))}
	// Stories without days came one a week.
	if end == -400 {
		c.Published = l.day(-60 - 7*(len(l.cases)%40))
	}
	c.Raw = []byte(strings.Replace(text, "\ngroup:", "\npublished: "+c.Published.UTC().Format(time.RFC3339)+"\ngroup:", 1))
	return c, nil
}

// over is what an author would have typed to make the draft what the file says.
func (c sampleCase) over(draft cases.Case) cases.Text {
	return cases.Text{
		Revision: draft.Revision, Title: c.Document.Meta.Text("title"), Summary: c.Document.Meta.Text("summary"), Body: c.Document.Body,
		Sector: draft.Sector, Themes: draft.Themes, Outcome: draft.Outcome, Start: draft.Start, End: draft.End,
		CostCents: draft.CostCents, Currency: draft.Currency, Hours: draft.Hours, Licence: c.Document.Meta.Text("licence"),
		Visibility: draft.Visibility,
	}
}
