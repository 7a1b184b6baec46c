package content

import (
	"encoding/csv"
	"fmt"
	"io"

	yaml "go.yaml.in/yaml/v3"
)

// Labels are the names of one thing by language.
type Labels map[string]string

// In returns the name in lang, else in English, else any there is.
func (l Labels) In(lang string) string {
	for _, k := range []string{lang, "en", "fi", "sv", "ru", "kk"} {
		if l[k] != "" {
			return l[k]
		}
	}
	return ""
}

// A Term is an entry of a small list with names in all languages: a theme, a
// skill, a country.
type Term struct {
	Key    string
	Labels Labels
}

// In returns the term's name in lang.
func (t Term) In(lang string) string { return t.Labels.In(lang) }

// must turns a broken embedded file into a panic at the first use: it is a
// mistake in the program, and a test reads every file.
func must[T any](v T, err error) T {
	if err != nil {
		panic("content: " + err.Error())
	}
	return v
}

func loadTerms(name string) ([]Term, error) {
	raw, err := referenceFiles.ReadFile("reference/" + name)
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	if err := yaml.Unmarshal(raw, &rows); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	terms := make([]Term, 0, len(rows))
	for _, row := range rows {
		key := row["key"]
		delete(row, "key")
		terms = append(terms, Term{Key: key, Labels: row})
	}
	return terms, nil
}

// loadTable reads a reference file of comma-separated values; every row comes
// as column name to value.
func loadTable(name string) ([]map[string]string, error) {
	f, err := referenceFiles.Open("reference/" + name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var rows []map[string]string
	for {
		rec, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		row := make(map[string]string, len(head))
		for i, column := range head {
			row[column] = rec[i]
		}
		rows = append(rows, row)
	}
}
