package search

import (
	"strings"
	"unicode/utf8"
)

// kazakhSuffixes are the endings of Kazakh nouns and verbs from the outermost
// in: person, case, possession, number, what makes adjectives and verbal nouns.
var kazakhSuffixes = [][]string{
	words2("мын мін пын пін бын бін сың сің сыз сіз мыз міз пыз піз быз біз ды ді ты ті дық дік тық тік"),
	words2("ның нің дың дің тың тің ына іне ында інде ынан інен ымен імен ын ін нда нде нан нен дан ден тан тен ға ге қа ке на не ны ні ды ді ты ті да де та те мен бен пен дағы дегі тағы тегі ндағы ндегі сына сіне сында сінде н а е"),
	words2("ымыз іміз мыз міз ыңыз іңіз ңыз ңіз ым ім ың ің сы сі ы і м ң"),
	words2("лар лер дар дер тар тер"),
	words2("ған ген қан кен атын етін йтын йтін ды ді ып іп уы уі у ар ер са се май мей бай бей пай пей ма ме ба бе па пе"),
}

func words2(s string) []string { return strings.Fields(s) }

// stemKazakh takes the endings off a Kazakh word, at most one of each layer,
// and leaves at least three letters. A last consonant that softened before an
// ending is hardened again: кітабы, кітап.
func stemKazakh(w string) string {
	for _, layer := range kazakhSuffixes {
		w = trimLongest(w, layer)
	}
	return hardened(trimLongest(w, []string{"ы", "і"}))
}

var hard = map[rune]string{'б': "п", 'ғ': "қ", 'г': "к"}

func hardened(w string) string {
	r, size := utf8.DecodeLastRuneInString(w)
	if h, ok := hard[r]; ok {
		return w[:len(w)-size] + h
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
