package search

import "strings"

// irregular are English forms whose dictionary form no rule finds.
var irregular = irregularForms(`
be is are was were been being am|have has had|do does did done|go goes went gone|make made|take took taken|give gave given|get got gotten
find found|think thought|tell told|become became|leave left|feel felt|bring brought|begin began begun|keep kept|hold held|write wrote written
stand stood|hear heard|mean meant|meet met|run ran|pay paid|sit sat|speak spoke spoken|lie lay lain|lead led|grow grew grown|lose lost|fall fell fallen
send sent|build built|understand understood|draw drew drawn|break broke broken|spend spent|rise rose risen|drive drove driven|buy bought|wear wore worn
choose chose chosen|teach taught|catch caught|fly flew flown|sell sold|throw threw thrown|show showed shown|know knew known|see saw seen|say said
come came|win won|fight fought|seek sought|steal stole stolen|sing sang sung|swim swam swum|ride rode ridden|hide hid hidden|eat ate eaten|drink drank drunk
forget forgot forgotten|shake shook shaken|sleep slept|sweep swept|deal dealt|dream dreamt|learn learnt|burn burnt|bind bound|hang hung|strike struck|stick stuck
shoot shot|slide slid|feed fed|breed bred|wake woke woken|freeze froze frozen|tear tore torn|swear swore sworn|blow blew blown|bite bit bitten|arise arose arisen
forbid forbade forbidden|overcome overcame|undertake undertook undertaken|withdraw withdrew withdrawn
man men|woman women|child children|person people|foot feet|tooth teeth|mouse mice|goose geese|life lives|wife wives|leaf leaves|half halves|shelf shelves|knife knives
datum data|criterion criteria|phenomenon phenomena|medium media|analysis analyses|basis bases|crisis crises|index indices|bus buses
good better best|bad worse worst|far further furthest|little less least|many more most|old elder eldest`)

// irregularForms reads lines of words, parted by bars: a dictionary form and
// the forms that belong to it.
func irregularForms(list string) map[string]string {
	forms := map[string]string{}
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == '|' || r == '\n' }) {
		all := strings.Fields(word)
		for i := 1; i < len(all); i++ {
			forms[all[i]] = all[0]
		}
	}
	return forms
}

// regularised is an English word ready for the rules: its dictionary form when
// it is irregular, a comparison without its ending.
func regularised(w string) string {
	if base, ok := irregular[w]; ok {
		return base
	}
	for _, end := range []string{"iest", "ier"} {
		if head, ok := cutEnd(w, end, 3); ok {
			return head + "y"
		}
	}
	if head, ok := cutEnd(w, "est", 4); ok {
		return head
	}
	switch {
	case strings.HasSuffix(w, "dding"), strings.HasSuffix(w, "dded"): // adding, added
		if head, _, _ := strings.Cut(w, "dd"); len(head) < 2 {
			return head + "dd"
		}
	}
	return w
}
