// Package i18n gives every text, date, number and sum of money in the reader's
// language. Texts live in content/locales; this package only finds and fills
// them.
package i18n

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

// Languages are the languages of the portal, in the order of the switcher.
var Languages = []string{"fi", "sv", "en", "ru", "kk"}

var names = map[string]string{"fi": "Suomi", "sv": "Svenska", "en": "English", "ru": "Русский", "kk": "Қазақша"}

// Name returns a language's name in that language, or the code itself.
func Name(lang string) string {
	if n, ok := names[lang]; ok {
		return n
	}
	return lang
}

// Known reports whether the portal speaks lang.
func Known(lang string) bool { return slices.Contains(Languages, lang) }

var matcher = language.NewMatcher([]language.Tag{
	language.English, language.Finnish, language.Swedish, language.Russian, language.Kazakh,
})

// Match returns the portal's language that suits an Accept-Language header
// best; English when nothing does.
func Match(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return "en"
	}
	// The index, not the tag: the matcher returns odd tags for kk-KZ.
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return "en"
	}
	return []string{"en", "fi", "sv", "ru", "kk"}[i]
}

// Forms are the plural forms a language's texts must have, in CLDR's words.
func Forms(lang string) []string {
	if lang == "ru" {
		return []string{"one", "few", "many", "other"}
	}
	return []string{"one", "other"}
}

// Bundle holds the texts of all languages. It does not change after Load.
type Bundle struct {
	plain  map[string]map[string]string
	plural map[string]map[string]map[string]string
	zone   *time.Location
}

// Load reads every NAME.LANG.toml of fsys. It fails when a file does not
// parse, names an unknown language or repeats a key. Times are shown in zone.
func Load(fsys fs.FS, zone *time.Location) (*Bundle, error) {
	b := &Bundle{
		plain:  map[string]map[string]string{},
		plural: map[string]map[string]map[string]string{},
		zone:   zone,
	}
	for _, lang := range Languages {
		b.plain[lang] = map[string]string{}
		b.plural[lang] = map[string]map[string]string{}
	}
	files, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		if err := b.add(fsys, name); err != nil {
			return nil, fmt.Errorf("locale %s: %w", name, err)
		}
	}
	return b, nil
}

func (b *Bundle) add(fsys fs.FS, name string) error {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 || !Known(parts[1]) {
		return fmt.Errorf("want NAME.LANG.toml with LANG one of %v", Languages)
	}
	raw, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	// go-i18n reads the file format; quoted keys with dots stay whole in it.
	file, err := goi18n.ParseMessageFileBytes(raw, "active."+parts[1]+".toml", map[string]goi18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return err
	}
	for _, m := range file.Messages {
		if err := b.put(parts[1], m); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bundle) put(lang string, m *goi18n.Message) error {
	if _, dup := b.plain[lang][m.ID]; dup || b.plural[lang][m.ID] != nil {
		return fmt.Errorf("%q is there twice", m.ID)
	}
	forms := map[string]string{}
	for form, text := range map[string]string{"one": m.One, "few": m.Few, "many": m.Many, "other": m.Other} {
		if text != "" {
			forms[form] = text
		}
	}
	if len(forms) == 1 && m.Other != "" {
		b.plain[lang][m.ID] = m.Other
		return nil
	}
	b.plural[lang][m.ID] = forms
	return nil
}

// Keys returns every key of lang with its plural forms; a plain text has none.
func (b *Bundle) Keys(lang string) map[string]map[string]string {
	all := map[string]map[string]string{}
	for k := range b.plain[lang] {
		all[k] = nil
	}
	for k, forms := range b.plural[lang] {
		all[k] = forms
	}
	return all
}

// Has reports whether lang has a plain text for key.
func (b *Bundle) Has(lang, key string) bool {
	_, ok := b.plain[lang][key]
	return ok
}

// For returns the printer of a language; English for one that is not known.
func (b *Bundle) For(lang string) Printer {
	if !Known(lang) {
		lang = "en"
	}
	return Printer{Lang: lang, bundle: b}
}
