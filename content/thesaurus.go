package content

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	yaml "go.yaml.in/yaml/v3"
)

//go:embed thesaurus/*.yaml
var thesaurusFiles embed.FS

// Thesaurus is what the same thing is called in each language: concepts as
// labels by language, the usual label first. It is read once; the caller must
// not change it.
func Thesaurus() []map[string][]string { return shippedThesaurus() }

var shippedThesaurus = sync.OnceValue(func() []map[string][]string {
	files, err := fs.Sub(thesaurusFiles, "thesaurus")
	if err != nil {
		panic(err)
	}
	concepts, err := ReadThesaurus(files)
	if err != nil {
		panic(err)
	}
	return concepts
})

// ReadThesaurus reads every *.yaml file of a folder. It fails on a concept
// with a language the portal does not have or with an empty label, and names
// the file.
func ReadThesaurus(folder fs.FS) ([]map[string][]string, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	var all []map[string][]string
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		var concepts []map[string][]string
		if err := yaml.Unmarshal(raw, &concepts); err != nil {
			return nil, fmt.Errorf("thesaurus %s: %w", name, err)
		}
		for _, c := range concepts {
			if err := checkConcept(c); err != nil {
				return nil, fmt.Errorf("thesaurus %s: %w", name, err)
			}
		}
		all = append(all, concepts...)
	}
	return all, nil
}

// maxLabelWords is how many words the search looks for together.
const maxLabelWords = 4

func checkConcept(c map[string][]string) error {
	for lang, labels := range c {
		if !strings.Contains(" fi sv en ru kk ", " "+lang+" ") {
			return fmt.Errorf("%q is no language of the portal", lang)
		}
		for _, label := range labels {
			n := len(strings.FieldsFunc(label, func(r rune) bool { return r == ' ' || r == '-' }))
			if n == 0 || n > maxLabelWords {
				return fmt.Errorf("label %q has %d words, 1 to %d are allowed", label, n, maxLabelWords)
			}
		}
	}
	return nil
}
