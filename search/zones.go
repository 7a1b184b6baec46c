package search

import (
	"encoding/hex"
	"math"
)

// A zone is a part of a document in which a word counts differently.
type zone int

// The zones. The text holds the title and the summary too.
const (
	textZone zone = iota
	titleZone
	leadZone // summary and headings
	nameZone // of the place, in every language
	zoneCount
)

// zones says of each how it is called, how much a find in it counts, and how
// much its length matters. A find in several zones counts as one that is heavier
// (BM25F), not as several.
var zones = [zoneCount]struct {
	name   string
	weight float64
	b      float64 // 0: length does not matter
	usual  float64 // usual length in words
}{{"text", 1, 0.5, 450}, {"title", 6, 0.3, 8}, {"lead", 1.2, 0.4, 35}, {"names", 2, 0, 1}}

// zoneCounts is how often each zone of a document has a term.
type zoneCounts [zoneCount]int

// The most that is counted in a zone, and how many bits that takes.
const (
	maxInText, textShift   = 1<<20 - 1, 10
	maxInTitle, titleShift = 15, 6
	maxInLead, leadShift   = 15, 2
	maxInNames             = 3
)

// packed writes the counts as the one frequency that the index keeps. Most
// terms are in the text only; theirs is odd and small, and 1 for those that are
// there once, which the index keeps in the least room.
func (c zoneCounts) packed() int {
	text := min(c[textZone], maxInText)
	if c[titleZone] == 0 && c[leadZone] == 0 && c[nameZone] == 0 {
		return max(2*text-1, 1)
	}
	return 2 * (text<<textShift | min(c[titleZone], maxInTitle)<<titleShift | min(c[leadZone], maxInLead)<<leadShift | min(c[nameZone], maxInNames))
}

// onlyText reads a frequency that is odd.
func onlyText(freq uint32) int { return int(freq+1) / 2 }

// unpacked reads a frequency of the index.
func unpacked(freq uint32) zoneCounts {
	if freq%2 == 1 {
		return zoneCounts{textZone: onlyText(freq)}
	}
	n := int(freq / 2)
	return zoneCounts{n >> textShift, n >> titleShift & maxInTitle, n >> leadShift & maxInLead, n & maxInNames}
}

// lengths are how long the text, the title and the lead of a document are, as
// steps of a logarithm: within three per cent.
type lengths [nameZone]uint8

// stepsOfLength is how many steps double a length.
const stepsOfLength = 12

func stepOf(length int) uint8 {
	return uint8(min(math.Round(stepsOfLength*math.Log2(float64(length+1))), math.MaxUint8))
}

// value writes lengths as the value of a field.
func (l lengths) value() string { return hex.EncodeToString(l[:]) }

// lengthsOf reads that of each document of a segment; what has none is short.
func lengthsOf(c *column, documents int) []lengths {
	list := make([]lengths, documents)
	if c == nil {
		return list
	}
	read := make([]lengths, len(c.values))
	for i, v := range c.values {
		if raw, err := hex.DecodeString(v); err == nil {
			copy(read[i][:], raw)
		}
	}
	for doc, v := range c.first {
		list[doc] = read[v]
	}
	return list
}

// counts is what one find in a zone counts at each step of its length.
var counts = func() (all [zoneCount][math.MaxUint8 + 1]float32) {
	for z, about := range zones {
		for step := range all[z] {
			length := math.Exp2(float64(step)/stepsOfLength) - 1
			all[z][step] = float32(about.weight / (1 - about.b + about.b*length/about.usual))
		}
	}
	return all
}()

// in is what a term counts in a zone where it is n times.
func (l *lengths) in(z zone, n int) float32 {
	step := uint8(0)
	if z < nameZone {
		step = l[z]
	}
	return float32(n) * counts[z][step]
}
