package search

import (
	"strings"

	"github.com/blevesearch/snowballstem/swedish"
)

// stemSwedish is Snowball's stem, but of a word without the endings that it
// leaves on: the definite -et of biblioteket, the -um of gymnasium, the -t of
// digitalt and viktigt, the doubled m of gemensamma.
func stemSwedish(w string) string {
	if base, ok := strongForms[w]; ok {
		w = base
	}
	if head, ok := cutEnd(w, "samma", 2); ok {
		return snowball(head+"sam", swedish.Stem)
	}
	for _, end := range neuter {
		if head, ok := cutEnd(w, end, 3); ok {
			return snowball(head+strings.TrimSuffix(end, "t"), swedish.Stem)
		}
	}
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

// strongForms are Swedish forms whose dictionary form no rule finds.
var strongForms = func() map[string]string {
	forms := irregularForms(`
ta tar tog tagit tas tagen|ge ger gav gett givit ges|gå går gick gått|säga säger sa sade sagt sägs|få får fick fått|slå slår slog slagit|se ser såg sett ses
stå står stod stått|ligga ligger låg legat|sitta sitter satt suttit|skriva skrev skrivit skrevs|hålla höll hålls|komma kom kommit|låta lät|välja valde valt valts väljs
göra gör gjorde gjort görs gjorts|veta vet visste vetat|dra drar drog dragit|bjuda bjöd|bryta bröt brutit|sjunka sjönk|försvinna försvann försvunnit|binda band bundit
finna fann funnit|finnas fanns funnits|vinna vann vunnit|driva drev drivit|bära bar burit|stiga steg stigit|leda ledde lett leds|sälja sålde sålt|lägga lade lagt läggs
sätta satte satts sätts|bo bor bodde bott|tro tror trodde trott|nå når nådde nått|använda använt|bidra bidrar bidrog bidragit|delta deltar deltog deltagit
man män männen mäns männens|öga ögon ögonen|öra öron öronen|föreslå föreslår föreslog föreslagit|genomgå genomgår genomgick|förstå förstår förstod förstått|uppstå uppstår uppstod uppstått|innebära innebar inneburit
stor större störst|ung yngre yngst|lång längre längst|låg lägre lägst|god bättre bäst`)
	for _, pair := range strings.Fields(`land/länder stad/städer bok/böcker hand/händer natt/nätter fot/fötter tand/tänder strand/stränder rot/rötter son/söner bonde/bönder
		verkstad/verkstäder huvudstad/huvudstäder ledamot/ledamöter förälder/föräldrar dotter/döttrar bror/bröder mor/mödrar far/fäder`) {
		single, plural, _ := strings.Cut(pair, "/")
		for _, end := range []string{"", "na", "s", "nas"} {
			forms[plural+end] = single
		}
	}
	return forms
}()

// neuter are the ends of adjectives before a neuter noun.
var neuter = strings.Fields("igt iskt alt ellt ivt samt bart ernt ärt")

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
