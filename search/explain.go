package search

import (
	"slices"
	"strings"
)

// Explanation says why a find stands where it does: what each word asked for
// adds, and what the sum is multiplied by. Its Score is that of the hit.
type Explanation struct {
	Words      []WordReason
	Neighbours float64 // points for words that follow each other in the title
	Share      float64 // of what was asked for that the text has, 0 to 1
	Factors    []Factor
	Score      float64
}

// WordReason says what one thing asked for adds. A thing that the text does not
// have adds no points and was not found anywhere.
type WordReason struct {
	Asked  string
	Said   string   // another name of the same thing that was found instead, "kotihoito"
	Found  []string // how the text writes it, as far as somebody looks
	Where  []string // fields: title, lead (summary or headings), names, text
	How    Form
	Points float64
}

// Form says in which form a word was found.
type Form string

// The forms, the closest first.
const (
	AsWritten Form = "written"  // as it was typed
	Inflected Form = "form"     // another form of the word
	Loose     Form = "loose"    // without diacritics, or in the other alphabet
	Joined    Form = "joined"   // as a part of a longer word
	Synonym   Form = "meant"    // another word for the same thing
	Misspelt  Form = "misspelt" // a word that is written nearly so
)

// Factor is something the points are multiplied by.
type Factor struct {
	Name  string // share, language, fresh, evidence
	Times float64
}

// What a factor may be called.
const (
	FactorShare    = "share"
	FactorLanguage = "language"
	FactorFresh    = "fresh"
	FactorEvidence = "evidence"
)

// explainer scores some documents once more, step by step.
type explainer struct {
	*run
	*eyes
	docs []scored
	list []Explanation
}

// explain says of each of the documents why it scores what it does.
func (r *run) explain(p planned, req Request, v *eyes, docs []scored) ([]Explanation, error) {
	x := &explainer{run: r, eyes: v, docs: docs, list: make([]Explanation, len(docs))}
	for i := range x.list {
		x.list[i].Words = make([]WordReason, len(p.groups))
	}
	r.inTurn(p, x.group)
	before := x.totals()
	r.neighbours(p)
	for i, d := range docs {
		about := &x.list[i]
		about.Words = slices.DeleteFunc(about.Words, func(w WordReason) bool { return w.Asked == "" }) // what was to be left out
		about.Neighbours = float64(r.total.of[d.doc].points) - before[i]
		x.finish(i, d, req)
	}
	return x.list, r.err
}

// totals are the points of the documents so far.
func (x *explainer) totals() []float64 {
	list := make([]float64, len(x.docs))
	for i, d := range x.docs {
		list[i] = float64(x.total.of[d.doc].points)
	}
	return list
}

// group notes what one group adds to each document.
func (x *explainer) group(g weighed) {
	before := x.totals()
	x.run.add(g)
	for i, d := range x.docs {
		w := WordReason{Asked: g.typed(), Points: float64(x.total.of[d.doc].points) - before[i]}
		if w.Points > 0 && x.run.err == nil {
			x.run.err = x.locate(&w, g.group, d.doc)
		}
		x.list[i].Words[g.place] = w
	}
}

// locate says in which fields and how a document has a group: by its own words
// or, where it has none of them, by another name.
func (x *explainer) locate(w *WordReason, g group, doc uint32) error {
	best := 0.0
	for _, u := range g.units {
		for _, t := range u.terms {
			where, err := x.where(t.text, doc, g.onlyName)
			if err != nil {
				return err
			}
			if len(where) == 0 {
				continue
			}
			w.add(where, "")
			if t.weight > best {
				best, w.How = t.weight, formOf(u.typed, t)
			}
		}
	}
	if best >= otherKeyWeight {
		return nil
	}
	for _, s := range g.sayings {
		where, share, err := x.said(s, doc)
		if err != nil {
			return err
		}
		if share >= 0.5 && s.weight*share > best {
			best, w.How = s.weight*share, Synonym
			if s.literal {
				w.How = Joined
			}
			w.add(where, s.label)
		}
	}
	return nil
}

// said says where a document has another name of a thing, and how many of its
// words.
func (x *explainer) said(s saying, doc uint32) (where []string, share float64, err error) {
	for _, list := range s.words {
		here := 0.0
		for _, t := range list {
			in, err := x.where(t.text, doc, false)
			if err != nil {
				return nil, 0, err
			}
			if len(in) > 0 {
				where, here = append(where, in...), 1
			}
		}
		share += here / float64(len(s.words))
	}
	return where, share, nil
}

// add notes fields in which a word is, and by which other name.
func (w *WordReason) add(where []string, said string) {
	if said != "" {
		w.Said = said
	}
	for i := range zones {
		name := zones[(i+1)%len(zones)].name // the text last
		if slices.Contains(where, name) && !slices.Contains(w.Where, name) {
			w.Where = append(w.Where, name)
		}
	}
}

// where are the zones in which a document has a form. The text is only named
// when it is nowhere else: it holds everything.
func (x *explainer) where(form string, doc uint32, onlyName bool) ([]string, error) {
	lists, err := x.postingsOf("text")
	if err != nil {
		return nil, err
	}
	words, err := x.words(form)
	if err != nil {
		return nil, err
	}
	var here zoneCounts
	for _, w := range words {
		if err != nil {
			break
		}
		err = lists.each(w, func(d uint32, freq uint64) bool {
			if d == doc {
				for z, n := range unpacked(uint32(freq)) {
					here[z] += n
				}
			}
			return d < doc
		})
	}
	var list []string
	for z, about := range slices.Backward(zones[:]) {
		if here[z] == 0 || onlyName && zone(z) != nameZone || zone(z) == textZone && len(list) > 0 {
			continue
		}
		list = append(list, about.name)
	}
	return list, err
}

// formOf says what a term is of a word that was typed.
func formOf(typed string, t term) Form {
	switch {
	case t.text == exactMark+typed:
		return AsWritten
	case strings.HasPrefix(t.text, skeletonMark):
		return Loose
	case strings.HasPrefix(t.text, exactMark):
		if strings.HasPrefix(t.text, exactMark+typed) {
			return Joined
		}
		if len(t.text) > len(exactMark) && cyrillic(t.text) != cyrillic(typed) {
			return Loose
		}
		return Misspelt
	case len(t.text) > 3 && t.text[2:3] == tailMark:
		return Joined
	}
	for _, lang := range stemLanguages(typed) {
		for _, key := range keysOf(typed, lang) {
			switch {
			case t.text == lang+keyMark+key:
				return Inflected
			case strings.HasPrefix(t.text, lang+keyMark+key):
				return Joined
			}
		}
	}
	if t.weight == typoWeight || t.weight == twoTyposWeight {
		return Misspelt
	}
	return Loose
}

// finish says what a document's points are multiplied by.
func (x *explainer) finish(i int, d scored, req Request) {
	at := 0
	for at+1 < len(x.eyes.segments) && d.doc >= x.eyes.segments[at+1].from {
		at++
	}
	part, local := x.eyes.segments[at].collecting(planned{}, req), d.doc-x.eyes.segments[at].from
	e := &x.list[i]
	e.Score, e.Share = d.score, 1
	if x.asked > 0 {
		e.Share = float64(x.total.of[d.doc].share) / x.asked
		e.Factors = append(e.Factors, Factor{FactorShare, wholeness(e.Share)})
	}
	language := 1.0
	if part.isOwn(local) {
		language = ownLang
	}
	e.Factors = append(e.Factors, Factor{FactorLanguage, language},
		Factor{FactorFresh, freshness(part.rows[local].date, float64(req.Now.Unix()))}, Factor{FactorEvidence, proof(part.rows[local].evidence)})
}

// maxQuoted is how many words of a text an explanation quotes for one asked for.
const maxQuoted = 4

// quote fills in how a document writes what was found in it.
func (p planned) quote(e *Explanation, v *seen) {
	n := 0
	for _, g := range p.groups {
		if g.not {
			continue
		}
		if n == len(e.Words) {
			return
		}
		w := &e.Words[n]
		n++
		if w.Points == 0 {
			continue
		}
		terms := g.terms()
		for _, part := range []struct {
			text string
			list []word
		}{{v.Title, v.title}, {v.Summary, v.summary}, {v.whole(), v.inBody()}} {
			for _, hit := range part.list {
				text := strings.ToLower(part.text[hit.start:hit.end])
				if len(w.Found) < maxQuoted && !slices.Contains(w.Found, text) && hasAny(terms, rememberedForms(hit.text, spoken(v.Lang))) {
					w.Found = append(w.Found, text)
				}
			}
		}
	}
}

// terms are all terms a group may be found by.
func (g group) terms() map[string]bool {
	all := map[string]bool{}
	for _, u := range g.units {
		for _, t := range u.terms {
			all[t.text] = true
		}
	}
	for _, s := range g.sayings {
		for _, w := range s.words {
			for _, t := range w {
				all[t.text] = true
			}
		}
	}
	return all
}

func hasAny(set map[string]bool, list []string) bool {
	return slices.ContainsFunc(list, func(t string) bool { return set[t] })
}

// where says in which parts of a document something was found.
func (v *seen) where() []string {
	var list []string
	if len(v.title) > 0 {
		list = append(list, "title")
	}
	if len(v.summary) > 0 {
		list = append(list, "lead")
	}
	if len(list) == 0 {
		list = append(list, "text")
	}
	return list
}
