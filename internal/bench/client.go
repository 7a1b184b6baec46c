package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// patience is how long one answer may take.
const patience = 30 * time.Second

// A conn is one kept-alive connection that sends ready-made requests and looks
// at answers as little as possible, so that the server is measured and not the
// client.
type conn struct {
	c net.Conn
	r *bufio.Reader
}

func dial(addr string) (*conn, error) {
	c, err := net.DialTimeout("tcp", addr, patience)
	if err != nil {
		return nil, err
	}
	return &conn{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

func (c *conn) close() { _ = c.c.Close() }

// send sends a request and returns the status; body gets the body unless nil.
func (c *conn) send(request []byte, body *bytes.Buffer) (status int, err error) {
	if err := c.c.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	if _, err := c.c.Write(request); err != nil {
		return 0, err
	}
	status, length, err := c.head()
	if err != nil || length == 0 {
		return status, err
	}
	if body == nil {
		_, err = c.r.Discard(length)
		return status, err
	}
	_, err = io.CopyN(body, c.r, int64(length))
	return status, err
}

// head reads the status line and the headers.
func (c *conn) head() (status, length int, err error) {
	first, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, 0, err
	}
	if len(first) < 12 {
		return 0, 0, fmt.Errorf("no status line: %q", first)
	}
	if status, err = strconv.Atoi(string(first[9:12])); err != nil {
		return 0, 0, err
	}
	for {
		l, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, 0, err
		}
		if len(l) <= 2 {
			if status == 304 {
				length = 0
			}
			return status, length, nil
		}
		const name = "content-length:"
		if len(l) > len(name) && bytes.EqualFold(l[:len(name)], []byte(name)) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(l[len(name):]))); err != nil {
				return 0, 0, err
			}
		}
	}
}

// get is a GET request, ready to be sent; headers are whole lines.
func get(addr, path string, headers ...string) []byte {
	return request("GET", addr, path, nil, headers...)
}

func request(method, addr, path string, body []byte, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: kokeilu-bench\r\n", method, path, addr)
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	if body != nil {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}
