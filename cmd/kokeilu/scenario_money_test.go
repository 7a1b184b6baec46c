package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// call finds the open call of the sample that municipalities in Finland may
// ask, on the page of calls.
func (s *story) call(t *testing.T) string {
	t.Helper()
	for _, link := range visit(t, s.base).open("/en/calls").links() {
		if regexp.MustCompile(`^/en/calls/[a-z0-9]{12}$`).MatchString(link) && strings.Contains(visit(t, s.base).open(link).body, `lang="fi"`) {
			return strings.TrimPrefix(link, "/en/calls/")
		}
	}
	t.Fatal("no open call")
	return ""
}

// about is the address of the request.
func (s *story) about() string { return "/en/requests/" + s.request }

func (s *story) seedMoney(t *testing.T) {
	dev, officer := s.as(t, "developer"), s.as(t, "officer")
	call := s.call(t)
	form := dev.open("/en/requests/new?call=" + call + "&experiment=" + s.experiment)
	answers := fields{"amount_cents": "1800", "account": "FI2112345600000785", "company_benefit": "no"}
	form.trySend("/requests/new", answers).sees("The owner owes the lesson of an earlier experiment")
	s.writesTheLessonOwed(t, dev)
	asked := form.send("/requests/new", answers)
	s.request = asked.last()
	if p := visit(t, s.base).try(s.about()); p.status != http.StatusNotFound {
		t.Errorf("a request that was not sent is open to a stranger: %d", p.status)
	}
	asked.send("/submit", nil).sees("Decision clock")

	// The officer sees the request and its clock of working days.
	officer.open("/en/my-work").sees("Kirjastokuljetus")
	desk := officer.open(s.about()).sees("Decision clock", "Kirjastokuljetus")
	s.aTiedReviewerCannotOpen(t)
	desk = officer.open(s.about())
	desk.sees("Same municipality or a partner: may not judge.")
	desk.send("/assign", nil)

	s.scoredByTwo(t)
	officer.open(s.about()).trySend("/decide", fields{"outcome": "granted", "amount_cents": "1800", "reason": ""}).sees("to go on")
	officer.open(s.about()).send("/decide", fields{"outcome": "granted", "amount_cents": "1800", "reason": "Pieni, selkeä ja toistettava muuallakin."})

	// The register is open to everybody; who reviewed is not in it.
	anyone := visit(t, s.base)
	anyone.open("/en/calls/"+call).sees("Kirjastokuljetus koulukyydin paluumatkalla", "Granted")
	anyone.open(s.about()).sees("Pieni, selkeä ja toistettava muuallakin.").seesNot("FI2112345600000785", "Reviewer")

	dev.open(s.about()).send("/sign", fields{"account": "FI2112345600000785"})
	officer.open(s.about()).send("/advance", nil)
	p := officer.open(s.about()).sees("The rest is paid when its lesson is written.")
	if refused := p.postRaw(s.about()+"/rest", nil); refused.status < 400 {
		t.Errorf("the second payment was made before the lesson: %d", refused.status)
	}
}

// writesTheLessonOwed writes the three lines that an experiment of last year
// still waits for.
func (s *story) writesTheLessonOwed(t *testing.T, dev *visitor) {
	t.Helper()
	for _, link := range dev.open("/en/my-work").links() {
		if path, _, _ := strings.Cut(link, "#"); strings.HasSuffix(path, "/learning") {
			dev.open(path).send("/learning", fields{"outcome": "not_tested", "surprise": "Näyttö vietiin talveksi sisälle.", "learnt": "Sovi paikka koko vuodeksi."})
			return
		}
	}
	t.Fatal("my work does not lead to the lesson that is owed")
}

// aTiedReviewerCannotOpen gives a reviewer a role in the asking municipality:
// from then on the request is closed to them.
func (s *story) aTiedReviewerCannotOpen(t *testing.T) {
	admin := s.as(t, "admin")
	var person string
	for _, link := range admin.open("/en/admin/people?q=" + url.QueryEscape("reviewer3@example.org")).links() {
		if strings.HasPrefix(link, "/en/admin/people/") {
			person = link
		}
	}
	admin.open(person).send("/organisation", fields{"role": "member", "organisation": "FI:889"})
	tied, _ := s.byMail(t, "reviewer3@example.org")
	if p := tied.try(s.about()); p.status == http.StatusOK && strings.Contains(p.body, "Kuljetuslaatikot") {
		t.Error("a reviewer of the asking municipality reads the request")
	}
}

// scoredByTwo lets the two assigned reviewers score, neither seeing what the
// other wrote.
func (s *story) scoredByTwo(t *testing.T) {
	for i, role := range []string{"reviewer", "reviewer2"} {
		v := s.as(t, role)
		v.open("/en/my-work").sees("Kirjastokuljetus")
		form := v.open(s.about())
		form.seesNot("Arvio numero 1")
		form.trySend("/score", fields{"need": "4"}).sees("to go on")
		score := fields{"need": "4", "learning": "4", "feasibility": "3", "sharing": "4", "benefit": "4", "statement": "1", "comment": "Arvio numero " + string(rune('1'+i))}
		v.open(s.about()).send("/score", score)
	}
}

func (s *story) theRestIsPaid(t *testing.T) {
	officer := s.as(t, "officer")
	officer.open(s.about()).send("/rest", nil)
	visit(t, s.base).open(s.about()).sees("Closed")
}

func (s *story) findsAMentor(t *testing.T) {
	dev := s.as(t, "developer")
	form := dev.open(s.at("mentors"))
	wish := url.Values{"role": {"mentor"}, "skill1": {"service-design"}, "weight1": {"3"}, "lang1": {"fi"}, "hours": {"1"}}
	ranked := dev.open(form.url.Path + "?" + wish.Encode())
	ranked.sees("points")
	asked := ranked.send("/mentors", fields{"message": "Miten kuljettajat saadaan mukaan?", "ask": ""})
	s.mentorship = regexp.MustCompile(`/mentorships/([a-z0-9]{12})`).FindStringSubmatch(asked.body + asked.url.Path)[1]

	page := "/en/mentorships/" + s.mentorship
	for _, stranger := range []*visitor{visit(t, s.base), s.as(t, "developer2")} {
		if p := stranger.try(page); p.status == http.StatusOK && strings.Contains(p.body, "kuljettajat saadaan") {
			t.Error("a stranger reads the question")
		}
	}
	mentor := s.as(t, "mentor")
	mentor.open("/en/my-work").sees("Kirjastokuljetus")
	mentor.open(page).sees("Miten kuljettajat saadaan mukaan?").send("/accept", nil)
	dev.open(page).sees("Running")
	mentor.open(s.at("log")) // the mentor of a team reads its log
}
