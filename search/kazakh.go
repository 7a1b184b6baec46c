package search

import (
	"strings"
	"unicode/utf8"
)

// kazakhSuffixes are the endings of Kazakh nouns and verbs from the outermost
// in: person, case, possession, number, what makes adjectives and verbal nouns.
var kazakhSuffixes = [][]string{
	strings.Fields("мын мін пын пін бын бін сың сің сыз сіз мыз міз пыз піз быз біз ды ді ты ті дық дік тық тік"),
	strings.Fields("ның нің дың дің тың тің ына іне ында інде ынан інен ымен імен ын ін нда нде нан нен дан ден тан тен ға ге қа ке на не ны ні ды ді ты ті да де та те мен бен пен дағы дегі тағы тегі ндағы ндегі сына сіне сында сінде н а е"),
	strings.Fields("ымыз іміз мыз міз ыңыз іңіз ңыз ңіз ым ім ың ің сы сі ы і м ң"),
	strings.Fields("лар лер дар дер тар тер"),
	strings.Fields("ған ген қан кен атын етін йтын йтін ды ді ып іп уы уі у ар ер са се май мей бай бей пай пей ма ме ба бе па пе"),
}

// stemKazakh takes the endings off a Kazakh word, at most one of each layer,
// and leaves at least three letters. A last consonant that softened before an
// ending is hardened again: кітабы, кітап.
func stemKazakh(w string) string {
	for _, layer := range kazakhSuffixes {
		w = trimLongest(w, layer)
	}
	return hardened(trimLongest(w, []string{"ы", "і"}))
}

var (
	hard = map[rune]string{'б': "п", 'ғ': "қ", 'г': "к"}
	soft = map[rune]string{'п': "б", 'қ': "ғ", 'к': "г"}
)

func hardened(w string) string { return withLast(w, hard) }

func withLast(w string, change map[rune]string) string {
	r, size := utf8.DecodeLastRuneInString(w)
	if other, ok := change[r]; ok {
		return w[:len(w)-size] + other
	}
	return w
}

func trimLongest(w string, suffixes []string) string {
	best := ""
	for _, s := range suffixes {
		if len(s) > len(best) && strings.HasSuffix(w, s) && utf8.RuneCountInString(w)-utf8.RuneCountInString(s) >= 3 {
			best = s
		}
	}
	return strings.TrimSuffix(w, best)
}

// kazakhEndings are single endings, as they follow one another after a root;
// those with back and those with front vowels. Consonants alone go with both.
var kazakhBack, kazakhFront = endingSet(`
лар дар тар ның дың тың ға қа на ны ды ты да та нан дан тан мен бен пен нда а ым ың ымыз ыңыз м ң мыз ңыз сы ы н
ған қан ғанда қанда атын йтын ып п й ар р с у уы ғы қы дық тық қ сын йық айық са сақ саң май бай пай ма ба па мас бас пас
мын бын пын сың сыз мыз быз пыз лық дық тық лы ды ты сыз шы дағы тағы лас дас тас дай тай рақ ырақ ыл л ын ылған ыс т дыр тыр ғыз қыз қыр ғыр
ла да та лан дан тан лат дат тат аты ушы ғыш қыш ынша нша ша іс в ғалы қалы ғанша қанша ғай қай дар жақ мақ бақ пақ`), endingSet(`
лер дер тер нің дің тің ге ке не ні ді ті де те нен ден тен мен бен пен нде е ім ің іміз іңіз м ң міз ңіз сі і н
ген кен генде кенде етін йтін іп п й ер р с у уі гі кі дік тік к сін йік ейік се сек сең мей бей пей ме бе пе мес бес пес
мін бін пін сің сіз міз біз піз лік дік тік лі ді ті сіз ші дегі тегі лес дес тес дей тей рек ірек іл л ін ілген іс т дір тір гіз кіз кір гір
ле де те лен ден тен лет дет тет еті уші гіш кіш інше нше ше гелі келі генше кенше гей кей мек бек пек`)

func endingSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, e := range strings.Fields(s) {
		set[e] = true
	}
	return set
}

const frontVowels, backVowels = "еэиіөүә", "аоұыя"

// kazakhHarmony says which endings a root takes.
func kazakhHarmony(root string) map[string]bool {
	if strings.LastIndexAny(root, frontVowels) > strings.LastIndexAny(root, backVowels) {
		return kazakhFront
	}
	return kazakhBack
}

// isKazakhForm reports whether rest is a row of endings that a root may take:
// ал, алынады.
func isKazakhForm(root, rest string) bool {
	return endsIn(kazakhHarmony(root), []rune(rest), 6)
}

func endsIn(endings map[string]bool, rest []rune, depth int) bool {
	if len(rest) == 0 {
		return true
	}
	if depth == 0 || len(rest) > 16 {
		return false
	}
	for n := min(len(rest), 6); n > 0; n-- {
		if endings[string(rest[:n])] && endsIn(endings, rest[n:], depth-1) {
			return true
		}
	}
	return false
}

// kazakhForms are words of the index that are w with Kazakh endings.
func (v vocabulary) kazakhForms(w string) []term {
	n := utf8.RuneCountInString(w)
	if n < 2 {
		return nil
	}
	var s termSet
	roots := []string{w}
	if softened := withLast(w, soft); softened != w {
		roots = append(roots, softened)
	}
	if n > 2 && strings.HasSuffix(w, "у") { // алу, алынды: the dictionary form of a verb
		roots = append(roots, strings.TrimSuffix(w, "у"))
	}
	for _, root := range roots {
		s.addAll(v.beginning(exactMark+root, func(rest string) float64 {
			if rest == "" || !isKazakhForm(root, rest) {
				return 0
			}
			return otherKeyWeight
		}))
	}
	return s.list
}
