package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"math"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/content"
	"github.com/kokeilu/kokeilu/internal/i18n"
)

// importTo sends every Markdown file of a folder to a portal elsewhere, one
// request each. After a broken connection a second run finishes the work: what
// has arrived is unchanged then.
func importTo(ctx context.Context, base, token, dir string, out io.Writer) error {
	words, err := i18n.Load(content.Locales(), time.UTC)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	client := &http.Client{Timeout: time.Minute}
	var total cases.Total
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !strings.EqualFold(path.Ext(name), ".md") || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		raw, err := fs.ReadFile(root.FS(), name)
		if err != nil {
			return err
		}
		line, err := sendFile(ctx, client, strings.TrimRight(base, "/"), token, name, raw)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		total.Count(line.Verdict)
		_, err = fmt.Fprintln(out, line.Text(words.For("en")))
		return err
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(out, total); err != nil {
		return err
	}
	if total.Rejected > 0 {
		return errRejected
	}
	return nil
}

func sendFile(ctx context.Context, client *http.Client, base, token, name string, raw []byte) (answer cases.Line, err error) {
	body, err := json.Marshal(map[string]string{"path": name, "text": string(raw)})
	if err != nil {
		return answer, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/api/v1/cases/import", bytes.NewReader(body))
	if err != nil {
		return answer, err
	}
	sum := sha256.Sum256(append([]byte(time.Now().Format(time.RFC3339Nano)), body...))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", hex.EncodeToString(sum[:16]))
	resp, err := client.Do(req)
	if err != nil {
		return answer, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return answer, err
	}
	if resp.StatusCode >= 300 {
		return answer, fmt.Errorf("the portal answered %s: %s", resp.Status, bytes.TrimSpace(text))
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return answer, fmt.Errorf("the portal's answer: %w", err)
	}
	for _, found := range answer.Wrong {
		for i, arg := range found.Args {
			if n, ok := arg.(float64); ok && n == math.Trunc(n) {
				found.Args[i] = int(n) // JSON knows one kind of number, the texts know whole ones
			}
		}
	}
	return answer, nil
}
