package corpus

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// Name is the name of the text as a file.
func (t Text) Name() string { return t.ID + ".md" }

// File is the text as a file that the portal can import.
func (t Text) File() []byte {
	var b bytes.Buffer
	line := func(key, value string) { fmt.Fprintf(&b, "%s: %s\n", key, value) }
	b.WriteString("---\n")
	line("case", strconv.Quote(t.ID))
	line("title", quoted(t.Title))
	line("lang", t.Lang)
	line("summary", quoted(t.Summary))
	line("organisation", list(append([]string{t.Organisation}, t.Organisations...)))
	line("sector", strconv.Quote(t.Sector))
	line("themes", list(t.Themes))
	if t.Outcome != "" {
		line("outcome", t.Outcome)
	}
	line("start", t.Start.Format(time.DateOnly))
	line("end", t.End.Format(time.DateOnly))
	if t.Currency != "" {
		line("cost", strconv.Itoa(t.Cost))
		line("currency", t.Currency)
	}
	line("hours", strconv.Itoa(t.Hours))
	line("licence", "CC0 1.0")
	line("source", "made up for measuring")
	line("published", quoted(t.Published.Format(time.RFC3339)))
	b.WriteString("---\n\n" + t.Body + "\n")
	return b.Bytes()
}

// quoted is a text between single quotes, as YAML has it.
func quoted(s string) string {
	return "'" + string(bytes.ReplaceAll([]byte(s), []byte("'"), []byte("''"))) + "'"
}

func list(values []string) string {
	s := "["
	for i, v := range values {
		if i > 0 {
			s += ", "
		}
		s += quoted(v)
	}
	return s + "]"
}
