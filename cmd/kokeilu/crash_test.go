package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	crashes      = 20
	crashWriters = 4
)

// written is a case whose arrival the portal has acknowledged.
type written struct{ word, id, url string }

// writer sends cases until the portal is gone.
type writer struct {
	base, token string
	client      *http.Client
}

var tokenShown = regexp.MustCompile(`<code>([^<]{20,})</code>`)

// token signs somebody in with an operator's link and makes a personal token.
func token(t *testing.T, dir, base, email string) string {
	t.Helper()
	v := visit(t, base)
	link := strings.TrimSpace(must(t, dir, "user", "login-link", email))
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	v.open(u.RequestURI()).send(u.Path, nil)
	p := v.open("/en/profile").send("/profile/tokens", fields{"token": "Story"})
	m := tokenShown.FindStringSubmatch(p.body)
	if m == nil {
		t.Fatalf("no token on the page:\n%s", p.text())
	}
	return m[1]
}

// send writes one case and returns it when the portal has acknowledged it.
func (w writer) send(word string) (written, error) {
	text := fmt.Sprintf("---\ntitle: %s survives\nlang: en\n---\n\n## What was done\n\nThe word is %s.\n", word, word)
	body, err := json.Marshal(map[string]string{"path": word + ".md", "text": text})
	if err != nil {
		return written{}, err
	}
	req, err := http.NewRequest(http.MethodPost, w.base+"/api/v1/cases/import", bytes.NewReader(body))
	if err != nil {
		return written{}, err
	}
	req.Header.Set("Authorization", "Bearer "+w.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", word)
	resp, err := w.client.Do(req)
	if err != nil {
		return written{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return written{}, err
	}
	var line struct{ Verdict, Case string }
	if err := json.Unmarshal(raw, &line); err != nil || resp.StatusCode != http.StatusOK || line.Verdict != "imported" {
		return written{}, fmt.Errorf("the portal answered %s: %s", resp.Status, raw)
	}
	return written{word: word, id: line.Case}, nil
}

// storm lets several writers write until stop is called, which returns what
// was acknowledged. Reached is closed when that were enough.
func storm(base, token string, round, enough int) (reached <-chan struct{}, stop func() []written) {
	var (
		mu   sync.Mutex
		list []written
		work sync.WaitGroup
		full = make(chan struct{})
	)
	gone := make(chan struct{})
	for n := range crashWriters {
		work.Go(func() {
			w := writer{base, token, &http.Client{Transport: &http.Transport{}, Timeout: 5 * time.Second}}
			for i := 0; ; i++ {
				select {
				case <-gone:
					return
				default:
				}
				one, err := w.send(fmt.Sprintf("zq%dx%dx%d", round, n, i))
				if err != nil {
					continue // it was killed, or is about to be: nothing was promised
				}
				mu.Lock()
				list = append(list, one)
				if len(list) == enough {
					close(full)
				}
				mu.Unlock()
			}
		})
	}
	return full, func() []written {
		close(gone)
		work.Wait()
		return list
	}
}

// A power cut must not lose what was acknowledged, whenever it comes.
func TestTwentyKillsUnderWritesLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program twenty times")
	}
	dir, addr := t.TempDir(), freeAddress(t)
	must(t, dir, "user", "add", "keeper@example.org", "--role", "admin", "--name", "Keeper")
	p := serve(t, dir, addr)
	key := token(t, dir, p.URL, "keeper@example.org")
	empty := p.ready(t).Documents

	var all []written
	for round := range crashes {
		reached, stop := storm(p.URL, key, round, 1+rand.IntN(20))
		select {
		case <-reached:
		case <-time.After(patience):
			t.Fatal("the portal takes no writes")
		}
		p.kill()
		fresh := stop()
		all = append(all, fresh...)
		p = serve(t, dir, addr)
		check := fresh
		if round == crashes-1 {
			check = all
		}
		p.keeps(t, check)
		p.agrees(t, empty)
		if round%5 == 4 {
			if out := must(t, dir, "audit", "verify"); !strings.Contains(out, "entries, head") {
				t.Fatalf("journal after kill %d: %s", round+1, out)
			}
		}
	}
	t.Logf("%d acknowledged writes survived %d kills", len(all), crashes)
	p.stop(syscall.SIGTERM)
}

// ready is what /readyz says.
func (p *process) ready(t *testing.T) (r readiness) {
	t.Helper()
	p.until("in step with its index", func() bool {
		_, body := p.get("/readyz")
		return json.Unmarshal([]byte(body), &r) == nil && r.IndexLag == 0 && r.Index == "ok"
	})
	return r
}

// keeps expects every acknowledged case on its page and, within three seconds,
// in the search.
func (p *process) keeps(t *testing.T, list []written) {
	t.Helper()
	for _, one := range list {
		if status, body := p.get("/en/cases/" + one.id); status != http.StatusOK || !strings.Contains(body, one.word) {
			t.Fatalf("case %s (%s) was acknowledged; now its page answers %d", one.id, one.word, status)
		}
	}
	limit := time.Now().Add(3 * time.Second)
	for _, one := range list {
		p.until("found by "+one.word, func() bool {
			_, body := p.get("/api/v1/search?q=" + one.word)
			if strings.Contains(body, one.id) {
				return true
			}
			if time.Now().After(limit) {
				t.Fatalf("%s is not found three seconds after the start: %s", one.word, body)
			}
			return false
		})
	}
}

// agrees expects as many documents in the index as things in the store.
func (p *process) agrees(t *testing.T, empty uint64) {
	t.Helper()
	stored := len(p.cases(t))
	if got, want := p.ready(t).Documents, empty+uint64(stored); got != want {
		t.Fatalf("the index has %d documents, the store %d", got, want)
	}
}

// cases are the ids of every public case, by the API.
func (p *process) cases(t *testing.T) (ids []string) {
	t.Helper()
	for cursor := ""; ; {
		status, body := p.get("/api/v1/cases?limit=100&cursor=" + url.QueryEscape(cursor))
		var list struct {
			Cases []struct{ ID string }
			Next  string `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(body), &list); err != nil || status != http.StatusOK {
			t.Fatalf("list of cases: %d %v %s", status, err, body)
		}
		for _, c := range list.Cases {
			ids = append(ids, c.ID)
		}
		if list.Next == "" {
			return ids
		}
		cursor = list.Next
	}
}

func TestASecondProcessIsRefusedAtOnce(t *testing.T) {
	dir := t.TempDir()
	p := serve(t, dir, freeAddress(t))
	quickest := time.Hour
	for range 3 { // other tests may have the machine busy
		start := time.Now()
		out, code := command(t, dir, "serve", "--addr", freeAddress(t))
		if quickest = min(quickest, time.Since(start)); code != 1 || !strings.Contains(out, "Another process uses this data folder") {
			t.Fatalf("exit code %d, said:\n%s", code, out)
		}
		if quickest <= 3*time.Second {
			break
		}
	}
	if quickest > 3*time.Second {
		t.Errorf("refused after %s", quickest)
	}
	if status, _ := p.get("/readyz"); status != http.StatusOK {
		t.Errorf("the first portal answers %d then", status)
	}
}

func TestStoppingLetsRunningRequestsFinish(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			dir := t.TempDir()
			must(t, dir, "user", "add", "keeper@example.org", "--role", "admin")
			p := serve(t, dir, freeAddress(t))
			key := token(t, dir, p.URL, "keeper@example.org")
			reached, stop := storm(p.URL, key, 0, 5)
			<-reached
			start := time.Now()
			p.stop(signal)
			if took := time.Since(start); took > stopLimit {
				t.Errorf("it took %s to stop", took)
			}
			kept := stop()
			p = serve(t, dir, freeAddress(t))
			p.keeps(t, kept)
			if ids := p.cases(t); len(ids) < len(kept) {
				t.Errorf("%d cases are there, %d were acknowledged", len(ids), len(kept))
			}
		})
	}
}

func TestASecondStartKeepsTheDataAndTheSample(t *testing.T) {
	dir, addr := t.TempDir(), freeAddress(t)
	p := serve(t, dir, addr, "--demo")
	first, people := p.cases(t), must(t, dir, "user", "list")
	p.until("done greeting", func() bool { return strings.Contains(p.out.String(), "Subscribe:") })
	if got := strings.Count(p.out.String(), "Sample data loaded"); got != 1 {
		t.Errorf("the sample was loaded %d times on the first start:\n%s", got, p.out)
	}
	documents := p.ready(t).Documents
	v := visit(t, p.URL).as("developer")
	id := strconv.Itoa(len(first))
	v.open("/en/experiments/new").send("/experiments/new", fields{"title": "Kept " + id, "summary": "It stays.", "problem": "Data may be lost.", "sector": "01", "later": "1"})
	p.stop(os.Interrupt)

	p = serve(t, dir, addr, "--demo")
	second := p.cases(t)
	slices.Sort(first)
	slices.Sort(second)
	if !slices.Equal(first, second) {
		t.Errorf("%d cases on the first start, %d on the second", len(first), len(second))
	}
	if got := must(t, dir, "user", "list"); got != people {
		t.Errorf("people changed:\n%s\n%s", people, got)
	}
	if strings.Contains(p.out.String(), "Sample data loaded") {
		t.Error("the sample was loaded again")
	}
	if got := p.ready(t).Documents; got != documents {
		t.Errorf("%d documents in the index, %d before", got, documents)
	}
	visit(t, p.URL).as("developer").open("/en/my-work").sees("Kept " + id)
}
