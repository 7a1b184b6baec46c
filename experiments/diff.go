package experiments

import (
	"strings"
	"unicode"
)

// A Run is a piece of a text that two versions share, or that only one has.
type Run struct {
	Text string
	Mark Mark
}

// Mark says which of two versions has a piece of text.
type Mark string

// The marks.
const (
	Kept    Mark = ""
	Added   Mark = "added"
	Removed Mark = "removed"
)

// mostCompared bounds the work of comparing: two texts with more words than
// this are shown as one removed and one added.
const mostCompared = 600

// Diff compares two texts word by word. Put together, what is kept and removed
// is the old text, what is kept and added the new one.
func Diff(before, after string) []Run {
	a, b := wordsOf(before), wordsOf(after)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var d differ
	d.add(Kept, a[:head]...)
	d.compare(a[head:len(a)-tail], b[head:len(b)-tail])
	d.add(Kept, a[len(a)-tail:]...)
	return d.runs()
}

// differ collects the words of each run.
type differ struct {
	words [][]string
	marks []Mark
}

func (d *differ) add(m Mark, words ...string) {
	if len(words) == 0 {
		return
	}
	n := len(d.marks) - 1
	if n < 0 || d.marks[n] != m {
		d.words, d.marks, n = append(d.words, nil), append(d.marks, m), n+1
	}
	d.words[n] = append(d.words[n], words...)
}

// runs are the pieces: between two that are kept, first what was removed, then
// what was added. A mere space between two changes is part of the change, so
// that they read as one.
func (d *differ) runs() (list []Run) {
	var removed, added strings.Builder
	change := func() {
		for _, r := range []Run{{removed.String(), Removed}, {added.String(), Added}} {
			if r.Text != "" {
				list = append(list, r)
			}
		}
		removed.Reset()
		added.Reset()
	}
	for i, words := range d.words {
		text := strings.Join(words, "")
		inside := i > 0 && i+1 < len(d.words) && strings.TrimSpace(text) == ""
		switch {
		case d.marks[i] == Removed:
			removed.WriteString(text)
		case d.marks[i] == Added:
			added.WriteString(text)
		case inside:
			removed.WriteString(text)
			added.WriteString(text)
		default:
			change()
			list = append(list, Run{text, Kept})
		}
	}
	change()
	return list
}

// compare walks along a longest common run of words.
func (d *differ) compare(a, b []string) {
	if len(a) > mostCompared || len(b) > mostCompared {
		d.add(Removed, a...)
		d.add(Added, b...)
		return
	}
	common := commonLengths(a, b)
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(Kept, a[i])
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			d.add(Removed, a[i])
			i++
		default:
			d.add(Added, b[j])
			j++
		}
	}
	d.add(Removed, a[i:]...)
	d.add(Added, b[j:]...)
}

// commonLengths is, for each place in a and b, how many words in a row of
// their own order both still have in common.
func commonLengths(a, b []string) [][]int {
	list := make([][]int, len(a)+1)
	for i := range list {
		list[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				list[i][j] = list[i+1][j+1] + 1
			} else {
				list[i][j] = max(list[i+1][j], list[i][j+1])
			}
		}
	}
	return list
}

// wordsOf divides a text into words, spaces and marks; together they are the
// text.
func wordsOf(s string) []string {
	var list []string
	start, last := 0, 0
	for i, r := range s {
		kind := 3
		switch {
		case unicode.IsSpace(r):
			kind = 1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			kind = 2
		}
		if i > start && (kind != last || kind == 3) {
			list = append(list, s[start:i])
			start = i
		}
		last = kind
	}
	if start < len(s) {
		list = append(list, s[start:])
	}
	return list
}
