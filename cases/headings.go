package cases

import "strings"

// Headings are the words that divide a case in one language: the eight fixed
// headings in their order, and the three parts of what was learnt.
type Headings struct {
	Problem  string
	Tried    string
	Happened string
	Surprise string
	Learnt   string
	Needs    string // what it needs elsewhere
	Cost     string
	Next     string

	Works   string
	DoesNot string
	Unclear string
}

var headings = map[string]Headings{
	"fi": {
		"Ongelma", "Mitä kokeilimme", "Mitä tapahtui", "Mikä yllätti", "Mitä opimme",
		"Mitä tämä vaatii muualla", "Kustannukset ja aika", "Mitä seuraavaksi",
		"Toimii", "Ei toimi", "Epäselvää",
	},
	"sv": {
		"Problemet", "Vad vi prövade", "Vad som hände", "Vad som överraskade oss", "Vad vi lärde oss",
		"Vad som krävs på andra håll", "Kostnad och tid", "Vad som händer nu",
		"Fungerar", "Fungerar inte", "Oklart",
	},
	"en": {
		"Problem", "What we tried", "What happened", "What surprised us", "What we learnt",
		"What it needs elsewhere", "Cost and time", "What next",
		"Works", "Does not work", "Unclear",
	},
	"ru": {
		"Проблема", "Что мы попробовали", "Что произошло", "Что нас удивило", "Чему мы научились",
		"Что нужно, чтобы это сработало у других", "Затраты и время", "Что дальше",
		"Работает", "Не работает", "Неясно",
	},
	"kk": {
		"Мәселе", "Біз не байқап көрдік", "Не болды", "Бізді не таңғалдырды", "Біз не үйрендік",
		"Басқа жерде не қажет", "Шығын мен уақыт", "Әрі қарай не болады",
		"Жұмыс істейді", "Жұмыс істемейді", "Анық емес",
	},
}

// HeadingsIn returns the headings of a case written in lang; the English ones
// for a language the portal does not speak.
func HeadingsIn(lang string) Headings {
	if h, ok := headings[lang]; ok {
		return h
	}
	return headings["en"]
}

// Fixed are the eight headings in their order.
func (h Headings) Fixed() []string {
	return []string{h.Problem, h.Tried, h.Happened, h.Surprise, h.Learnt, h.Needs, h.Cost, h.Next}
}

// missingHeadings returns the fixed headings that body does not have.
func missingHeadings(lang, body string) []string {
	seen := map[string]bool{}
	for line := range strings.Lines(body) {
		if text, ok := strings.CutPrefix(line, "#"); ok {
			seen[strings.ToLower(strings.Trim(text, "# \t\r\n"))] = true
		}
	}
	var list []string
	for _, h := range HeadingsIn(lang).Fixed() {
		if !seen[strings.ToLower(h)] {
			list = append(list, h)
		}
	}
	return list
}
