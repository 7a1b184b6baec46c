// Package content holds the words of the portal: the texts of its pages and
// buttons in five languages, the names of municipalities, sectors and themes,
// the sample data, and the way from Markdown to safe HTML.
package content

import (
	"embed"
	"io/fs"
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/i18n"
)

//go:embed locales/*.toml
var localeFiles embed.FS

//go:embed locales/content.*.toml
var ownLocaleFiles embed.FS

//go:embed pages
var pageFiles embed.FS

//go:embed reference
var referenceFiles embed.FS

//go:embed sample
var sampleFiles embed.FS

// Locales returns the texts of all slices, one file NAME.LANG.toml each.
// internal/i18n reads them.
func Locales() fs.FS { return sub(localeFiles, "locales") }

// Sample returns the sample data: made-up experiments and cases that a demo
// starts with.
func Sample() fs.FS { return sub(sampleFiles, "sample") }

// Reference returns the reference data as files, with their provenance.
func Reference() fs.FS { return sub(referenceFiles, "reference") }

func sub(files embed.FS, dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic("content: " + err.Error())
	}
	return f
}

// ownWords are the few texts that rendered Markdown needs: what a table, a
// footnote and a ticked box are called. They do not depend on other slices.
var ownWords = sync.OnceValue(func() *i18n.Bundle {
	b, err := i18n.Load(sub(ownLocaleFiles, "locales"), time.UTC)
	if err != nil {
		panic("content: " + err.Error())
	}
	return b
})
