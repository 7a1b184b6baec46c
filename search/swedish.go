package search

import "strings"

// contracted is the key of the other forms of a dictionary form whose last
// vowel falls away: regel, regler; öppen, öppna; säker, säkra.
func contracted(w string) string {
	for _, end := range []string{"el", "en", "er"} {
		if head, ok := cutEnd(w, end, 2); ok && strings.IndexByte("bdfgklmnpstvxr", head[len(head)-1]) >= 0 {
			if n := len(head); end != "er" && n > 2 && head[n-1] == head[n-2] && head[n-1] == 'm' {
				head = head[:n-1]
			}
			return head + end[1:]
		}
	}
	return ""
}

// verbOf is the verb of a Swedish noun of doing: kartläggning, kartlägga.
func verbOf(w string) string {
	for _, end := range []string{"ningarna", "ningar", "ningen", "ning", "andet", "ande"} {
		if head, ok := cutEnd(w, end, 4); ok {
			return head + "a"
		}
	}
	return ""
}
