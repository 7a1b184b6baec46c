package search

import "strings"

// Plain returns the words of what was typed, in one spelling, or "" when it
// asks for more than words: a field, something left out, a beginning, one of
// two. Two people who look for the same get the same.
func Plain(typed string) string {
	var list []string
	for _, p := range parse(typed) {
		if p.not || p.or || p.prefix || p.field != "" || len(p.words) == 0 {
			return ""
		}
		list = append(list, p.words...)
	}
	return strings.Join(list, " ")
}
