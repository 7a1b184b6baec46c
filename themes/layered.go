package themes

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// layered reads a file from over, or from base where over has none.
type layered struct{ over, base fs.FS }

func (l layered) read(name string) ([]byte, error) {
	if l.over != nil {
		b, err := fs.ReadFile(l.over, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return b, err
		}
	}
	return fs.ReadFile(l.base, name)
}

// list returns the files below dir in both layers, in order, each once.
func (l layered) list(dir string) ([]string, error) {
	var names []string
	for _, layer := range []fs.FS{l.base, l.over} {
		if layer == nil {
			continue
		}
		err := fs.WalkDir(layer, dir, func(name string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == dir {
				return nil // an overlay need not have every folder
			}
			if err == nil && !entry.IsDir() {
				names = append(names, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// blocked is markup that the content security policy of every page forbids: a
// browser would drop it without a word.
var blocked = regexp.MustCompile(`(?i)\sstyle\s*=|<style[\s>]|\son[a-z]+\s*=|<script(?:\s+(?:type|defer|async)(?:="[^"]*")?)*\s*>|javascript:`)

func checkMarkup(file, text string) error {
	at := blocked.FindStringIndex(text)
	if at == nil {
		return nil
	}
	line := 1 + strings.Count(text[:at[0]], "\n")
	return fmt.Errorf("%s:%d: %q is forbidden by the content security policy; use a class or a file", file, line, strings.TrimSpace(text[at[0]:at[1]]))
}
