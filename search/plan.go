package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// unit is one word asked for: the terms it stands for.
type unit struct {
	typed string
	terms []term // forms
	words []term // as written in the texts of the index, those that count most first
}

// group is one word, or several that belong together, with another way to say
// them.
type group struct {
	units    []unit
	sayings  []saying
	not      bool
	quoted   bool // a phrase, as it stands
	must     bool // a document without it is no find
	onlyName bool // in the names of places only
}

// isOneThing reports whether several words are the name of one thing.
func (g group) isOneThing() bool {
	return len(g.units) > 1 && slices.ContainsFunc(g.sayings, func(s saying) bool { return !s.literal })
}

// pairs are the words side by side, as terms of titles.
func (g group) pairs() []string {
	var list []string
	for i := 1; i < len(g.units); i++ {
		for _, l := range stemLanguages(g.units[i].typed) {
			list = append(list, pairOf(g.units[i-1].typed, g.units[i].typed, l))
		}
	}
	return list
}

// saying is the same thing said differently, perhaps in another language: each
// of its words has to be there.
type saying struct {
	lang, label string
	words       [][]term // the forms of each
	written     [][]term // as in unit
	weight      float64
	literal     bool // the words as typed, written together or apart
}

// planned is a query ready to run, with what its matches look like in a text.
type planned struct {
	groups  []group
	pairs   []string // neighbours, as terms of titles
	phrases [][]string
	finders []*phraseFinder // of phrases
	fields  []part
	marks   map[string]bool // forms whose words are shown as found
	found   [][]term        // and those words
	look    *looker         // finds them in texts
	meant   string          // what was probably meant, "" for what was typed
	least   float64         // share of it that a find must have
}

// asked is how many words a find should have.
func (p planned) asked() (n int) {
	for _, g := range p.groups {
		if !g.not {
			n += len(g.units)
		}
	}
	return n
}

// planner builds plans from what was typed.
type planner struct {
	vocabulary
	thesaurus *Thesaurus
	names     *Names
	lang      string
	quoted    bool // phrases are looked for as they stand
}

// plan says what to look for. ok is false when nothing was asked.
func (b planner) plan(typed string) (p planned, ok bool) {
	parts := selective(parse(typed))
	p.marks = map[string]bool{}
	for i := 0; i < len(parts); i++ {
		part := parts[i]
		if part.field != "" && b.takesField(&p, part) {
			continue
		}
		if onlyName := part.field == "place" || part.field == "org"; onlyName || part.field == "system" {
			p.groups = append(p.groups, group{units: b.units(part), must: !part.not, not: part.not, onlyName: onlyName})
			continue
		}
		g := group{not: part.not}
		if part.phrase && len(part.words) > 1 && !part.not {
			p.phrases = append(p.phrases, part.words)
			g.quoted = b.quoted && !part.or
		}
		if g.quoted || part.not {
			g.units = b.asTheyStand(part)
		} else {
			g.units = b.units(part)
		}
		if part.or && len(p.groups) > 0 && len(g.units) > 0 {
			last := &p.groups[len(p.groups)-1]
			last.units = []unit{merged(append(last.units, g.units...))}
			continue
		}
		if len(g.units) > 0 {
			p.groups = append(p.groups, g)
		}
	}
	p.groups = b.together(p.groups)
	b.read(p.groups)
	p.note()
	p.look = newLooker(p.marks, p.found)
	for _, phrase := range p.phrases {
		p.finders = append(p.finders, newPhraseFinder(phrase))
	}
	for _, g := range p.groups {
		ok = ok || !g.not
	}
	return p, ok || len(p.fields) > 0
}

// merged is one unit for several that are alternatives.
func merged(units []unit) unit {
	var s termSet
	for _, u := range units {
		s.addAll(u.terms)
	}
	return unit{typed: units[0].typed, terms: s.list}
}

// units are the words of a part; a part the index does not know at all may
// have been typed on another keyboard.
func (b planner) units(part part) []unit {
	list := make([]unit, 0, len(part.words))
	strange := true
	for i, w := range part.words {
		u := b.unit(w, part.prefix && i == len(part.words)-1)
		strange = strange && !b.known(u.terms)
		list = append(list, u)
	}
	if !strange || part.phrase {
		return list
	}
	for _, other := range otherLayouts(strings.TrimSpace(part.raw)) {
		var meant []unit
		ok := true
		for _, w := range words(other) {
			u := b.unit(w.text, false)
			ok = ok && b.known(u.terms)
			meant = append(meant, u)
		}
		if ok && len(meant) > 0 {
			return meant
		}
	}
	for i := range list {
		list[i].terms = append(list[i].terms, b.mistyped(list[i].typed)...)
	}
	if part.field != "" || len(list) > 0 && b.known(merged(list).terms) {
		return list
	}
	for _, other := range otherLayouts(strings.TrimSpace(part.raw)) {
		for _, w := range words(other) {
			if terms := b.mistyped(w.text); len(terms) > 0 {
				list = append(list, unit{typed: w.text, terms: terms})
			}
		}
	}
	return list
}

// asTheyStand are the units of a phrase, or of what is left out: words and their
// own forms, nothing that only contains or resembles them.
func (b planner) asTheyStand(part part) []unit {
	list := make([]unit, 0, len(part.words))
	for i, w := range part.words {
		var s termSet
		s.addAll(plainTerms(w))
		s.addAll(foreignTerms(w))
		if part.prefix && i == len(part.words)-1 {
			s.addAll(b.beginning(exactMark+w, func(string) float64 { return exactWeight }))
		}
		list = append(list, unit{typed: w, terms: s.list})
	}
	return list
}

// unit is a word with its own forms, those in the other alphabet, and compounds.
func (b planner) unit(w string, asked bool) unit {
	var s termSet
	s.addAll(plainTerms(w))
	s.addAll(foreignTerms(w))
	s.addAll(b.compoundTerms(w, asked))
	return unit{typed: w, terms: s.list}
}

// mistyped are the terms of what was perhaps meant by a word nobody wrote.
func (b planner) mistyped(w string) []term {
	var s termSet
	for i, c := range b.near(exactMark, w) {
		s.add(c.text, c.weight)
		if i == 0 { // the likeliest is looked for in compounds too
			for _, t := range b.compoundTerms(strings.TrimPrefix(c.text, exactMark), false) {
				s.add(t.text, t.weight*c.weight)
			}
		}
		for _, l := range stemLanguages(w) {
			for _, k := range keysOf(strings.TrimPrefix(c.text, exactMark), l) {
				s.add(l+keyMark+k, c.weight*keyWeight)
			}
		}
	}
	if len(s.list) == 0 {
		for _, l := range stemLanguages(w) {
			s.addAll(b.near(l+keyMark, keysOf(w, l)[0]))
		}
		s.addAll(b.near(skeletonMark, skeleton(w)))
		if cyrillic(w) { // a name as somebody heard it: Хямеэнлинна
			s.addAll(b.near("fi"+keyMark, finnishKeys(nordic(w))[0]))
			s.addAll(b.near(exactMark, skeleton(w)))
		}
	}
	return s.list
}

// together finds words that mean one thing, and words written apart that the
// index knows together or the other way about.
func (b planner) together(groups []group) []group {
	var list []group
	for i := 0; i < len(groups); {
		n := b.longest(groups[i:])
		g := groups[i]
		for _, next := range groups[i+1 : i+n] {
			g.units = append(append([]unit{}, g.units...), next.units...)
		}
		if !g.not && !g.onlyName && !g.quoted {
			g.sayings = b.sayings(g.units)
		}
		list = append(list, g)
		i += n
	}
	return list
}

// longest is how many groups at the beginning are one thing.
func (b planner) longest(groups []group) int {
	var typed []string
	longest := 1
	for i, g := range groups[:min(len(groups), maxLabel)] {
		if g.not || g.onlyName || g.quoted || len(g.units) == 0 {
			break
		}
		for _, u := range g.units {
			typed = append(typed, u.typed)
		}
		if len(b.thesaurus.find(typed)) > 0 || i == 1 && (b.oneWord(typed) || makeOne(groups[0], g)) {
			longest = i + 1
		}
	}
	return longest
}

// oneWord reports whether the index knows two words written together.
func (b planner) oneWord(typed []string) bool {
	return len(typed) == 2 && len(typed[0]) > 2 && len(typed[1]) > 2 && b.isWritten(typed[0]+typed[1])
}

func (b planner) sayings(units []unit) []saying {
	var typed []string
	for _, u := range units {
		typed = append(typed, u.typed)
	}
	list := b.thesaurus.sayings(typed, b.lang)
	for i := range list {
		b.joinedOn(&list[i])
	}
	if b.oneWord(typed) {
		list = append(list, saying{words: [][]term{plainTerms(typed[0] + typed[1])}, weight: 0.9, literal: true})
	}
	if len(units) == 2 {
		if terms := madeOf(units[0], units[1]); len(terms) > 0 {
			list = append(list, saying{words: [][]term{terms}, weight: 0.9, literal: true})
		}
	}
	if len(units) == 1 && b.count(exactMark+typed[0]) < enough {
		if s, ok := b.apart(units[0]); ok {
			list = append(list, s)
		}
	}
	return list
}

// joinedOn lets a label of one word be found at the beginning of compounds.
func (b planner) joinedOn(s *saying) {
	if len(s.words) != 1 || !compounds(s.lang) {
		return
	}
	var list termSet
	list.addAll(s.words[0])
	for _, prefix := range prefixesOf(words(s.label)[0].text, s.lang) {
		if utf8.RuneCountInString(prefix) >= 5 {
			list.addAll(b.beginning(s.lang+keyMark+prefix, func(string) float64 { return otherKeyWeight }))
		}
	}
	s.words[0] = list.list
}

// read finds the written words that the forms of a plan stand for.
func (b planner) read(groups []group) {
	for _, g := range groups {
		for i := range g.units {
			g.units[i].words = b.written(g.units[i].terms)
		}
		for i := range g.sayings {
			s := &g.sayings[i]
			for _, forms := range s.words {
				s.written = append(s.written, b.written(forms))
			}
		}
	}
}

// note writes down what counts as found in a text, and which words are
// neighbours.
func (p *planned) note() {
	var before *unit
	for i := range p.groups {
		g := &p.groups[i]
		if g.not {
			before = nil
			continue
		}
		for j := range g.units {
			u := &g.units[j]
			for _, t := range u.terms {
				p.marks[t.text] = true
			}
			p.found = append(p.found, u.words)
			if before != nil {
				for _, l := range stemLanguages(u.typed) {
					p.pairs = append(p.pairs, pairOf(before.typed, u.typed, l))
				}
			}
			before = u
		}
		for _, s := range g.sayings {
			for _, w := range s.words {
				for _, t := range w {
					p.marks[t.text] = true
				}
			}
			p.found = append(p.found, s.written...)
		}
	}
}
