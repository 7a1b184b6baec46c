package accounts_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/web"
)

// A large body is taken from those who are known only: a cookie or a token of
// one's own making opens nothing.
func TestOnlyThoseWhoAreKnownSendLargeBodies(t *testing.T) {
	s := newSite(t)
	p := s.person("aino@x.example", "member/FI:020")
	_, token, err := s.AddToken(t.Context(), accounts.Actor{ID: p.ID}, "For a test")
	if err != nil {
		t.Fatal(err)
	}
	gone := s.begin(p, "")
	if err := s.End(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	bearer := func(token string) header { return header{"Authorization", "Bearer " + token} }
	tests := map[string]struct {
		head    header
		refused bool
	}{
		"a session":               {s.in(p), false},
		"a token":                 {bearer(token), false},
		"nothing":                 {header{"X-Nothing", "1"}, true},
		"an invented session":     {as(strings.Repeat("x", 43)), true},
		"a session that is over":  {as(gone), true},
		"an invented token":       {bearer(strings.Repeat("x", 43)), true},
		"a token for a session":   {as(token), true},
		"a word like a session's": {header{"Cookie", "no-session=1"}, true},
	}
	large := "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\r\n" + strings.Repeat("a", web.MaxBody) + "\r\n--x--\r\n"
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, "/en/nothing", strings.NewReader(large))
			r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
			r.Header.Set(tt.head.name, tt.head.value)
			res, err := s.app.Test(r, -1)
			if err == nil {
				_ = res.Body.Close()
			}
			if refused := errors.Is(err, fasthttp.ErrBodyTooLarge); refused != tt.refused {
				t.Errorf("refused: %v (%v)", refused, err)
			}
		})
	}
}
