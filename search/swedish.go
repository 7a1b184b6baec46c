package search

import (
	"strings"

	"github.com/blevesearch/snowballstem/swedish"
)

// stemSwedish is Snowball's stem, but of a word without the endings that it
// leaves on: the definite -et of biblioteket, the -um of gymnasium.
func stemSwedish(w string) string {
	for _, end := range []string{"iumet", "ium", "eum"} {
		if head, ok := cutEnd(w, end, 3); ok {
			return snowball(head+end[:1], swedish.Stem)
		}
	}
	for _, end := range []string{"ets", "et"} {
		if head, ok := cutEnd(w, end, 3); ok && hasVowel(head) && !endsAny(head, partOfWord) {
			return snowball(head, swedish.Stem)
		}
	}
	return snowball(w, swedish.Stem)
}

// partOfWord are the ends after which -et is no ending: möjlighet, universitet,
// paket.
var partOfWord = strings.Fields("h fab pak rak stak kom iet cit dit alit ilit mit nit pit rit sit tit uit ivit kvit xit")

func hasVowel(w string) bool { return strings.ContainsAny(w, "aeiouyåäö") }

func endsAny(w string, ends []string) bool {
	for _, end := range ends {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	return false
}

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
