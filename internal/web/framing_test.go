package web_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Two servers that read the length of a message differently let one reader's
// message hide in another's. A message of which that could be true is refused
// and nothing after it is read.
func TestMessagesWithTwoReadingsEndTheConnection(t *testing.T) {
	address := listen(t)
	const hidden = "GET /fi/cases/hidden HTTP/1.1\r\nHost: kokeilu.test\r\n\r\n"
	form := "POST /fi/form HTTP/1.1\r\nHost: kokeilu.test\r\n"
	tests := map[string]string{
		"a length and chunks":             form + "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"chunks and a length":             form + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
		"a length and an unused encoding": form + "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n",
		"an encoding on a folded line":    form + "Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		"two lengths":                     form + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
		"two hosts":                       form + "Host: other.test\r\nContent-Length: 0\r\n\r\n",
		"a name with a space":             form + "Content-Length : 5\r\n\r\n",
	}
	for name, message := range tests {
		t.Run(name, func(t *testing.T) {
			answer := talk(t, address, message+hidden)
			if n := strings.Count(answer, "HTTP/1.1 "); n != 1 || !strings.HasPrefix(answer, "HTTP/1.1 400") || strings.Contains(answer, "fi hidden") {
				t.Errorf("%d answers, want one refusal:\n%s", n, answer)
			}
		})
	}
}

func TestMessagesInARowAreAnsweredInOrder(t *testing.T) {
	answer := talk(t, listen(t), "GET /fi/cases/one HTTP/1.1\r\nHost: a\r\n\r\nGET /fi/cases/two HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
	one, two := strings.Index(answer, "fi one"), strings.Index(answer, "fi two")
	if one < 0 || two < one {
		t.Errorf("answers out of order:\n%s", answer)
	}
}

// listen serves the test's pages on a real connection and returns its address.
func listen(t *testing.T) string {
	t.Helper()
	return serve(t, server(t))
}

func serve(t *testing.T, app *fiber.App) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(l) }()
	t.Cleanup(func() { _ = app.ShutdownWithTimeout(time.Second) })
	return l.Addr().String()
}

// talk sends a message and returns all that comes back until the other side
// closes, or nothing comes for a moment.
func talk(t *testing.T, address, message string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, message); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn) // what came before the silence
	return string(answer)
}
