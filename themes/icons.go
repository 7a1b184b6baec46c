package themes

import (
	"fmt"
	"html/template"
	"regexp"
	"unicode"
	"unicode/utf8"
)

// meanings are the values of the domain that have an icon of their own.
var meanings = map[string]string{
	// outcomes
	"confirmed": "o-yes", "partly": "o-part", "not_confirmed": "o-no", "not_tested": "o-none",
	// stages
	"draft": "s-draft", "idea": "s-idea", "planned": "s-plan", "running": "s-run", "paused": "s-pause", "ended": "s-end",
	"learned": "s-learn", "spread": "s-spread", "stopped": "s-stop", "archived": "archive",
	// kinds of log entries
	"observation": "eye", "decision": "signpost", "obstacle": "barrier", "number": "bars", "quote": "quote",
	"small_win": "win", "thanks": "heart", "picture": "camera",
	// other words for the same picture
	"money": "coin", "feed": "rss", "language": "globe", "user": "person", "users": "people", "add": "plus", "close": "cross",
	"warning": "warn", "place": "pin", "question": "chat",
}

var symbolID = regexp.MustCompile(`<symbol id="i-([a-z0-9-]+)"`)

func symbolsOf(sprite []byte) map[string]bool {
	ids := map[string]bool{}
	for _, m := range symbolID.FindAllSubmatch(sprite, -1) {
		ids[string(m[1])] = true
	}
	return ids
}

// icon draws a symbol of icons.svg by its name or by a value of the domain.
// It is decoration: the word stands beside it. A name that is not in the
// sprite draws a dot.
func (t *Theme) icon(name any) template.HTML {
	id := fmt.Sprint(name)
	if as, ok := meanings[id]; ok {
		id = as
	}
	if !t.symbols[id] {
		id = "dot"
	}
	return template.HTML(`<svg class="i" aria-hidden="true"><use href="` + t.names["icons.svg"] + "#i-" + id + `"/></svg>`)
}

// Icon is an icon for code that writes HTML itself.
func (t *Theme) Icon(name string) template.HTML { return t.icon(name) }

// State is the tag of an outcome or, without one, of a stage.
func (t *Theme) State(w words, outcome, stage string) template.HTML {
	if outcome != "" {
		return t.outcome(w, outcome)
	}
	return t.stage(w, stage)
}

// namedIcon is an icon without a word beside it; its name is read aloud.
func (t *Theme) namedIcon(id, name string) template.HTML {
	return template.HTML(`<svg class="i" role="img" aria-label="` + template.HTMLEscapeString(name) + `"><use href="` + t.names["icons.svg"] + "#i-" + id + `"/></svg>`)
}

// tag is a state: an icon and a word on a tint. color is one of accent,
// brand1, brand2, success, info, neutral, danger.
func (t *Theme) tag(color, icon, word string) template.HTML {
	return template.HTML(`<span class="ds-tag" data-color="`+template.HTMLEscapeString(color)+`">`) + t.icon(icon) + escape(word) + "</span>"
}

// bare is a property without a state: a word on a tint.
func bare(word string) template.HTML {
	return `<span class="ds-tag bare" data-color="neutral">` + escape(word) + "</span>"
}

var outcomeColors = map[string]string{"confirmed": "success", "partly": "info", "not_confirmed": "brand2", "not_tested": "neutral"}

// outcome is the tag of an outcome, or nothing where there is none yet.
func (t *Theme) outcome(w words, value any) template.HTML {
	name := text(value)
	if name == "" {
		return ""
	}
	color, ok := outcomeColors[name]
	if !ok {
		color = "neutral"
	}
	return t.tag(color, name, w.T("outcome."+name))
}

// letters are the stages as single letters, as cases keep them.
var letters = map[string]string{
	"D": "draft", "I": "idea", "P": "planned", "R": "running", "H": "paused", "E": "ended", "L": "learned", "S": "spread", "X": "stopped", "A": "archived",
}

func stageName(value any) string {
	name := text(value)
	if word, ok := letters[name]; ok {
		return word
	}
	return name
}

// stage is the tag of a stage; more is said after it, "week 5 of 12".
func (t *Theme) stage(w words, value any, more ...string) template.HTML {
	name := stageName(value)
	if name == "" {
		return ""
	}
	color := "neutral"
	switch name {
	case "running", "ended", "learned", "spread":
		color = "accent"
	}
	word := w.T("stage." + name)
	for _, m := range more {
		if m != "" {
			word += ", " + lowered(m)
		}
	}
	return t.tag(color, name, word)
}

// lowered is s as it stands inside a sentence.
func lowered(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}
