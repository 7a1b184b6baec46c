package experiments_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/kokeilu/kokeilu/experiments"
)

// send posts an entry of the log as a phone does, with files by field.
func (s *site) send(who, id string, fields map[string]string, pictures map[string][]byte) answer {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		s.must(form.WriteField(name, value))
	}
	for name, content := range pictures {
		part, err := form.CreateFormFile(name, "IMG_0001.HEIC")
		s.must(err)
		_, err = part.Write(content)
		s.must(err)
	}
	s.must(form.Close())
	return s.do(who, http.MethodPost, "/en/experiments/"+id+"/log", form.FormDataContentType(), &body)
}

func (s *site) png(width, height int) []byte {
	s.t.Helper()
	var b bytes.Buffer
	s.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))))
	return b.Bytes()
}

func and(fields map[string]string, pairs ...string) map[string]string {
	out := map[string]string{}
	for k, v := range fields {
		out[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = pairs[i+1]
	}
	return out
}

var note = map[string]string{"text": "Kaksi autoa kohtaa.", "kind": "observation", "reach": "public", "_key": "n1"}

var keptField = regexp.MustCompile(`name="(kept[_23]*)" value="([0-9a-f]{64})"`)

// A picture that arrived with a form that was refused need not be sent again.
func TestARefusedFormKeepsItsPictures(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	refused := s.want(s.send("developer", id, note, map[string][]byte{"picture": s.png(600, 40), "picture_2": s.png(30, 30)}), 422, "",
		"Kaksi autoa kohtaa.", `href="#alt"`, `href="#alt_2"`, `value="n1"`)
	kept := keptField.FindAllStringSubmatch(refused.body, -1)
	if len(kept) != 2 || kept[0][1] != "kept" || kept[1][1] != "kept_2" || !strings.Contains(refused.body, "/files/"+kept[0][2]+"/480") {
		t.Fatalf("kept %v", kept)
	}
	again := and(note, "kept", kept[0][2], "alt", "Kaksi autoa", "kept_2", kept[1][2], "drop_2", "1")
	s.want(s.send("developer", id, again, nil), 303, "/en/experiments/"+id+"?done=experiment_logged#log")
	one, err := s.Entry(t.Context(), s.actors["nobody"], id, 1)
	s.must(err)
	if len(one.Pictures) != 1 || one.Pictures[0] != (experiments.Picture{Hash: kept[0][2], Alt: "Kaksi autoa", Width: 600, Height: 40}) {
		t.Errorf("pictures %+v", one.Pictures)
	}
	page := s.want(s.get("nobody", "/en/experiments/"+id+"/log"), 200, "", `alt="Kaksi autoa"`, `width="600" height="40"`, `loading="lazy"`)
	if strings.Contains(page.body, "log-form") || strings.Contains(page.body, `name="text"`) {
		t.Error("a stranger is offered the form")
	}
}

func TestOneBrokenPictureLeavesTheOthers(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	refused := s.want(s.send("developer", id, and(note, "alt", "Kuva", "alt_2", "Toinen"), map[string][]byte{"picture": s.png(20, 20), "picture_2": []byte("<svg onload=alert(1)>")}), 422, "",
		`href="#picture_2"`, "JPEG", "Toinen")
	kept := keptField.FindAllStringSubmatch(refused.body, -1)
	if len(kept) != 1 || kept[0][1] != "kept" {
		t.Errorf("kept %v", kept)
	}
	unknown := s.want(s.send("developer", id, and(note, "kept", strings.Repeat("ab", 32), "alt", "Kuva"), nil), 422, "", `href="#picture"`)
	if keptField.MatchString(unknown.body) {
		t.Error("a picture that is not there is shown")
	}
	s.want(s.send("developer2", id, and(note, "alt", "Kuva"), map[string][]byte{"picture": s.png(20, 20)}), 403, "")
}

func TestAnEntryThatIsSentTwiceIsThereOnce(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	for range 3 {
		s.want(s.send("developer", id, and(note, "alt", "Kuva"), map[string][]byte{"picture": s.png(20, 20)}), 303, "/en/experiments/"+id+"?done=experiment_logged#log")
	}
	if n := s.card(id).LogCount; n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	s.want(s.send("developer", id, and(note, "_key", "n2"), nil), 303, "")
	if n := s.card(id).LogCount; n != 2 {
		t.Errorf("%d entries, want 2: another form is another entry", n)
	}
}

func TestLongAndCyrillicEntries(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	s.want(s.send("developer", id, and(note, "text", strings.Repeat("я", 1000)), nil), 303, "")
	s.want(s.send("developer", id, and(note, "_key", "n3", "text", strings.Repeat("я", 1001)), nil), 422, "", "at most 1000 characters, now there are 1001", `href="#text"`)
	big := s.want(s.send("developer", id, and(note, "_key", "n4", "text", strings.Repeat("Ә", 1<<19)), nil), 422, "", `href="#text"`)
	if !strings.Contains(big.body, strings.Repeat("Ә", 1<<19)) {
		t.Error("what was typed is lost")
	}
	s.want(s.send("developer", id, and(note, "_key", "n5", "text", "Құжат \"дайын\" <b>&amp;</b> 🙂", "kind", "quote"), nil), 303, "")
	s.want(s.get("nobody", "/kk/experiments/"+id+"/log"), 200, "", "Құжат &#34;дайын&#34; &lt;b&gt;&amp;amp;&lt;/b&gt; 🙂")
}

func TestVideosAreLinksElsewhere(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	for i, wrong := range []string{"javascript:alert(1)", "http://video.example/1", "//video.example/1", "https://", "ftp://video.example/1", "https://user:pw@video.example/", "https://video.example/" + strings.Repeat("x", 500)} {
		s.want(s.send("developer", id, and(note, "_key", "v"+string(rune('a'+i)), "video", wrong), nil), 422, "", `href="#video"`, "Kaksi autoa kohtaa.")
	}
	s.want(s.send("developer", id, and(note, "video", "https://tube.example/w/abc?start=1&x=2"), nil), 303, "")
	page := s.want(s.get("nobody", "/en/experiments/"+id+"/log"), 200, "", `href="https://tube.example/w/abc?start=1&amp;x=2"`, "Watch the video at tube.example")
	if strings.Contains(page.body, "<iframe") || strings.Contains(page.body, "<video") {
		t.Error("it is shown inside the page")
	}
}

func TestCorrectingAndFollowingUpOverHTTP(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/en/experiments/" + id
	s.want(s.send("developer", id, and(note, "kind", "obstacle", "barrier", "data_protection"), nil), 303, "")
	s.want(s.get("nobody", path), 200, "", "1 obstacle is still in the way", "Obstacle: Data protection")
	s.want(s.get("nobody", "/en/experiments"), 200, "", "What gets in the way", "Data protection", "1 still open")
	s.want(s.get("developer", path+"/log?follows=1"), 200, "", "What became of the obstacle?", `name="follows" value="1"`, "Kaksi autoa kohtaa.")
	follow := map[string]string{"text": "Virkailija keksi keinon.", "kind": "observation", "reach": "public", "follows": "1", "_key": "f1"}
	s.want(s.send("developer", id, follow, nil), 422, "", `href="#follow_up"`, `name="follows" value="1"`, "Virkailija keksi keinon.")
	s.want(s.send("developer", id, and(follow, "follow_up", "solved"), nil), 303, path+"?done=experiment_logged_follow#log")
	gone := s.want(s.get("nobody", path), 200, "", "Solved:", `href="#n1"`, `href="#n2"`)
	if strings.Contains(gone.body, "still in the way") {
		t.Error("it is still shown as open")
	}
	s.want(s.send("developer", id, and(follow, "follow_up", "accepted", "_key", "f2"), nil), 409, "", "somebody has followed it up already", "Virkailija keksi keinon.")
	s.want(s.get("developer", path+"/log?corrects=2"), 200, "", "Put an entry right", `name="corrects" value="2"`)
	s.want(s.send("developer", id, map[string]string{"text": "Oikea selitys.", "kind": "observation", "reach": "public", "corrects": "2", "_key": "c1"}, nil), 303, "")
	s.want(s.get("nobody", path+"/log"), 200, "", "Put right by:", "Puts right:", "Oikea selitys.", "Virkailija keksi keinon.")
	s.want(s.send("developer", id, map[string]string{"text": "Toinen.", "kind": "observation", "reach": "public", "corrects": "2", "_key": "c2"}, nil), 409, "", "Toinen.")
}

// Who puts an entry right finds everything that stood in it, pictures and day
// too, and changes what was wrong.
func TestACorrectionBeginsWithTheOldEntry(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/en/experiments/" + id + "/log"
	s.goTo(on(time.March, 12))
	s.want(s.send("developer", id, and(note, "kind", "picture", "at", "2026-03-10", "alt", "Kuva portista", "alt_2", "Kuva ovesta", "video", "https://tube.example/1"),
		map[string][]byte{"picture": s.png(20, 20), "picture_2": s.png(30, 30)}), 303, "")
	page := s.want(s.get("developer", path+"?corrects=1"), 200, "", "Kuva portista", "Kuva ovesta", `value="2026-03-10"`, `value="https://tube.example/1"`, "Kaksi autoa kohtaa.</textarea>")
	kept := keptField.FindAllStringSubmatch(page.body, -1)
	if len(kept) != 2 {
		t.Fatalf("kept %v", kept)
	}
	right := and(note, "_key", "c9", "corrects", "1", "kind", "picture", "text", "Kolme autoa kohtaa.", "at", "2026-03-10", "kept", kept[0][2], "alt", "Kuva portista", "kept_2", kept[1][2], "alt_2", "Kuva ovesta")
	s.want(s.send("developer", id, right, nil), 303, "")
	one, err := s.Entry(t.Context(), s.actors["nobody"], id, 2)
	s.must(err)
	if len(one.Pictures) != 2 || one.At.In(helsinki).Day() != 10 || one.Corrects != 1 {
		t.Errorf("entry %+v", one)
	}
	s.want(s.get("nobody", path), 200, "", "Noted on 12 Mar 2026")
}

func TestTheMethodologistWritesTheLogAndNothingElse(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/en/experiments/" + id
	page := s.want(s.get("methodologist", path+"/log"), 200, "", `name="text"`, "You write from outside the team")
	if strings.Contains(page.body, "/edit/") || strings.Contains(page.body, path+"/plan") {
		t.Error("the methodologist is led to the card")
	}
	s.want(s.send("methodologist", id, and(note, "reach", "team"), nil), 303, "")
	s.want(s.get("methodologist", path+"/plan"), 403, "")
	s.want(s.get("methodologist", path+"/edit/after"), 403, "")
	s.want(s.post("methodologist", path+"/edit/after", url.Values{"after": {"x"}, "version": {"1"}}), 403, "")
}

func TestTheLogAsksWhenItIsQuiet(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/en/experiments/" + id + "/log"
	s.goTo(on(time.March, 15))
	if page := s.get("developer", path); strings.Contains(page.body, "Nothing has been written") || !strings.Contains(page.body, `class="ask"`) {
		t.Error("after 13 days the question of the day is enough")
	}
	s.goTo(on(time.March, 16))
	clear(s.cookies) // their sessions are over
	s.cookies["nobody"] = ""
	s.want(s.get("developer", path), 200, "", "Nothing has been written for 14 days")
	s.want(s.get("methodologist", path), 200, "", "Nothing has been written for 14 days")
	if page := s.get("nobody", path); strings.Contains(page.body, "Nothing has been written") {
		t.Error("a stranger is asked")
	}
	s.want(s.send("developer", id, and(note, "kind", "small_win"), nil), 303, "/en/experiments/"+id+"?done=experiment_logged_glad#log")
	s.want(s.get("developer", "/en/experiments/"+id+"?done=experiment_logged_glad"), 200, "", "Small things carry far", `class="glad"`)
	if page := s.get("developer", path); strings.Contains(page.body, "Nothing has been written") || strings.Contains(page.body, `class="ask"`) {
		t.Error("it asks although something was written today")
	}
}

func TestTheFeedOfALogHoldsWhatEverybodyMayRead(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	s.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "Julkinen rivi", Reach: experiments.ForAll})
	s.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: "Tiimin rivi", Reach: experiments.ForTeam})
	for _, ending := range []string{"rss", "atom", "json"} {
		address := "/fi/feeds/experiments/" + id + "/log." + ending
		feed := s.want(s.get("developer", address), 200, "", "Julkinen rivi", "/fi/experiments/"+id+"/log/1", "https://kokeilu.example"+address)
		if strings.Contains(feed.body, "Tiimin rivi") || strings.Contains(feed.body, ":id") {
			t.Errorf("the %s feed tells too much:\n%s", ending, feed.body)
		}
	}
	s.want(s.get("nobody", "/fi/experiments/"+id+"/log"), 200, "", "/fi/feeds/experiments/"+id+"/log.atom")
	draft := s.registered()
	s.want(s.get("developer", "/fi/feeds/experiments/"+draft+"/log.json"), 404, "")
}

func TestTheLogOverTheAPI(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	path := "/api/v1/experiments/" + id
	post := func(who string, body map[string]any) answer {
		raw, err := json.Marshal(body)
		s.must(err)
		return s.do(who, http.MethodPost, path+"/log", "application/json", bytes.NewReader(raw))
	}
	s.want(post("developer", map[string]any{"kind": "obstacle", "barrier": "skills", "text": "Kukaan ei osaa."}), 201, "", `/log/1"`)
	s.want(post("developer", map[string]any{"kind": "number", "measure": 1, "value": -0.125, "source": "Keittiön lista"}), 201, "")
	s.want(post("developer", map[string]any{"kind": "number", "measure": 1, "value": 1e300}), 422, "")
	s.want(post("developer", map[string]any{"text": "Opeteltiin.", "follows": 1, "follow_up": "solved", "videos": []string{"https://tube.example/1"}}), 201, "")
	s.want(post("developer", map[string]any{"text": "x", "follows": 1, "follow_up": "solved"}), 409, "")
	s.want(post("developer", map[string]any{"text": "Tiimille", "visibility": "team"}), 201, "")
	s.want(post("nobody", map[string]any{"text": "x"}), 401, "")
	log := s.want(s.get("developer", path+"/log"), 200, "", `"barrier":"skills"`, `"settled":"solved"`, `"followed_by":3`, `"videos":["https://tube.example/1"]`, `"source":"Keittiön lista"`)
	if strings.Contains(log.body, "Tiimille") || strings.Contains(log.body, s.actors["developer"].ID) {
		t.Errorf("open data tells too much: %s", log.body)
	}
	s.want(s.get("nobody", path+"/log?limit=1"), 200, "", `"next_before":3`)
	s.want(s.get("nobody", path+"/log?open=true"), 200, "", `"entries":[]`)
	s.want(s.get("nobody", path+"/readings"), 200, "", `"value":-0.125`, `"verdict":"met"`, `"entry":2`)
	s.want(s.get("nobody", path+"/readings?measure=2"), 200, "", `"readings":[]`)
	s.want(s.get("nobody", "/api/v1/obstacles"), 200, "", `{"barrier":"skills","count":1,"open":0,"experiments":1}`, `{"barrier":"money","count":0,"open":0,"experiments":0}`)
	draft := s.registered()
	for _, part := range []string{"/log", "/readings"} {
		s.want(s.get("developer", "/api/v1/experiments/"+draft+part), 404, "")
	}
}

func TestTheLogOnPaper(t *testing.T) {
	s := newSite(t)
	id := s.world.at(experiments.Running)
	for _, text := range []string{"Ensimmäinen", "Toinen"} {
		s.noted("developer", id, experiments.Entry{Kind: experiments.Observation, Text: text, Reach: experiments.ForAll})
	}
	page := s.want(s.get("developer", "/fi/experiments/"+id+"/log/print"), 200, "", "Ensimmäinen", "Toinen")
	if strings.Index(page.body, "Ensimmäinen") > strings.Index(page.body, "Toinen") || strings.Contains(page.body, `name="text"`) || strings.Contains(page.body, "?corrects=") {
		t.Error("paper has the oldest entry first and no forms")
	}
}
