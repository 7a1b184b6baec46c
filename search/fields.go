package search

import "strings"

// takesField notes a condition on a field; it declines values the field never
// has, which are then searched as words.
func (b planner) takesField(p *planned, part part) bool {
	if part.field == "place" || part.field == "system" {
		return false
	}
	part.raw = strings.Trim(part.raw, "*,;")
	switch {
	case part.field == "year", part.field == "cost":
		return b.takesNumber(p, part)
	case part.field == "size" && b.takesSpan(p, part):
		return true
	case part.isRange():
		return false
	}
	if value, ok := b.valueOf(part); ok {
		part.raw = value
		p.fields = append(p.fields, part)
		return true
	}
	return false
}

// valueOf is the value that a part asks a field for.
func (b planner) valueOf(part part) (value string, ok bool) {
	if part.field == "lang" {
		if code, ok := languageNames[part.words[0]]; ok {
			return code, true
		}
	}
	if value, ok := b.names.value(part.field, part.raw); ok {
		return value, true
	}
	return part.raw, b.hasValue(part.field, part.raw)
}

// hasValue reports whether any document that the reader may see has a value in
// a field.
func (b planner) hasValue(field, value string) (has bool) {
	_ = b.eyes.each(field, value, func(uint32) bool { // what cannot be read has none
		has = true
		return false
	})
	return has
}

// takesNumber notes "year:2024", "year:2020-2023" and "cost<5000".
func (b planner) takesNumber(p *planned, part part) bool {
	if from, to, ok := strings.Cut(part.raw, "-"); ok && !part.isRange() && !part.not {
		low, lowOK := amount(from)
		high, highOK := amount(strings.TrimLeft(to, "-"))
		if !lowOK || !highOK {
			return false
		}
		above, below := part, part
		above.op, above.equal, above.limit = '>', true, low
		below.op, below.equal, below.limit = '<', true, high
		p.fields = append(p.fields, above, below)
		return true
	}
	n, ok := amount(part.raw)
	if !ok || part.field == "year" && !part.isRange() && !b.hasValue("year", part.raw) {
		return false
	}
	part.limit = n
	p.fields = append(p.fields, part)
	return true
}

// noValue is a value that no document has.
const noValue = "\x00"

// takesSpan notes "size<5000": the values that stand for such numbers.
func (b planner) takesSpan(p *planned, part part) bool {
	limit, ok := amount(part.raw)
	if !ok {
		return false
	}
	values, ok := b.names.within(part.field, part.op, limit)
	if !ok {
		return false
	}
	part.op = ':'
	if len(values) == 0 {
		values = []string{noValue}
	}
	for _, v := range values {
		part.raw = v
		p.fields = append(p.fields, part)
	}
	return true
}
