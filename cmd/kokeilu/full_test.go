package main

import (
	"log/slog"
	"net/http"
	"testing"

	"github.com/kokeilu/kokeilu/internal/config"
)

// A disk that filled up over night must not take the portal away from its
// readers: it starts, shows everything and refuses changes with 507. Reference
// data that has grown waits for room.
func TestAPortalStartsOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	c := config.Default()
	c.Data, c.Demo, c.Addr = dir, true, "127.0.0.1:0"
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	first, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := first.prepareData(t.Context(), t.Output()); err != nil {
		t.Fatal(err)
	}
	secret, err := first.Accounts.SignInDemo(t.Context(), "developer", "")
	if err != nil {
		t.Fatal(err)
	}
	older := organisations()[:1]
	older[0].Names = map[string]string{"en": "As it was called before"}
	if _, err := first.Accounts.SeedOrganisations(t.Context(), older); err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	c.Reserve = 1 << 60 // no disk has as much room
	full, err := OpenApp(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatalf("the portal does not start: %v", err)
	}
	base := listen(t, full)
	visit(t, base).open("/en/cases").sees("Utajärvi")
	dev := visit(t, base)
	resp := dev.ask(http.MethodPost, "/api/v1/cases", `{"title":"No room","body":"There is none.","lang":"en"}`, map[string]string{"Cookie": "session=" + secret})
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusInsufficientStorage {
		t.Errorf("a change is answered %s", resp.Status)
	}
	if p := visit(t, base).try("/readyz"); p.status != http.StatusOK {
		t.Errorf("it is not ready: %d", p.status)
	}
}
