package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
)

// post sends JSON to the interface as the visitor's browser session and reads
// the answer into out.
func (v *visitor) post(path, key string, body, out any) (status int) {
	v.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		v.t.Error(err)
		return 0
	}
	req, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.absolute(path), bytes.NewReader(raw))
	if err != nil {
		v.t.Error(err)
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	resp, err := v.client.Do(req)
	if err != nil {
		v.t.Error(err)
		return 0
	}
	defer func() { _ = resp.Body.Close() }()
	_ = json.NewDecoder(resp.Body).Decode(out) // a refusal has other fields
	return resp.StatusCode
}

// The money of a call is never promised twice, however many officers decide at
// the same moment.
func TestTwoHundredDecisionsAtOnceGrantWhatTheBudgetFits(t *testing.T) {
	const (
		requests = 200
		fit      = 37
		amount   = 100_000
	)
	_, base := portal(t, t.TempDir())
	officer, dev := visit(t, base).as("officer"), visit(t, base).as("developer")
	var made struct{ ID string }
	call := map[string]any{"title": "A small call", "budget_cents": fit*amount + amount/2, "currency": "EUR"}
	if status := officer.post("/api/v1/calls", "call", call, &made); status != http.StatusCreated {
		t.Fatalf("open a call: %d", status)
	}
	id := made.ID
	asked := make([]string, requests)
	for i := range asked {
		if status := dev.post("/api/v1/requests", fmt.Sprint("ask-", i), map[string]any{"call": id, "amount_cents": amount}, &made); status != http.StatusCreated {
			t.Fatalf("request %d: %d", i, status)
		}
		asked[i] = made.ID
		if status := dev.post("/api/v1/requests/"+made.ID+"/submit", fmt.Sprint("send-", i), map[string]any{}, &struct{}{}); status != http.StatusOK {
			t.Fatalf("send request %d: %d", i, status)
		}
	}

	answers := make([]int, requests)
	start := make(chan struct{})
	var work sync.WaitGroup
	for i, request := range asked {
		work.Go(func() {
			<-start
			answers[i] = officer.post("/api/v1/requests/"+request+"/decision", fmt.Sprint("decide-", i),
				map[string]any{"outcome": "granted", "amount_cents": amount, "reason": "As good as the others."}, &struct{}{})
		})
	}
	close(start)
	work.Wait()

	count := map[int]int{}
	for _, status := range answers {
		count[status]++
	}
	if count[http.StatusOK] != fit || count[http.StatusConflict] != requests-fit {
		t.Errorf("answers %v, want %d granted and %d refused", count, fit, requests-fit)
	}
	var budget struct {
		Total     int64 `json:"total_cents"`
		Committed int64 `json:"committed_cents"`
		Left      int64 `json:"left_cents"`
	}
	p := officer.open("/api/v1/calls/" + id + "/budget")
	if err := json.Unmarshal([]byte(p.body), &budget); err != nil {
		t.Fatal(err)
	}
	if budget.Committed != fit*amount || budget.Left != amount/2 {
		t.Errorf("budget %+v", budget)
	}
	officer.open("/en/calls/" + id).sees("A small call")
}
