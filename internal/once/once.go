// Package once makes double submission harmless: a form's hidden key or an
// API request's Idempotency-Key is stored in the same transaction as what it
// did, and a second try with the key gets the first answer.
package once

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// ErrReused is returned when a key comes again with another content.
var ErrReused = fault.New(fault.Invalid, "error.key_reused")

// Keep is how long an answer is remembered.
const Keep = 7 * 24 * time.Hour

const bucket = "once"

type contextKey struct{}

type use struct{ key, content string }

type answer struct {
	At      time.Time       `json:"at"`
	Content string          `json:"content,omitempty"`
	Result  json.RawMessage `json:"result"`
}

// With returns a context in which Do works under key. scope is the person
// the key belongs to, so that nobody meets another's answer; content is a
// digest of the request, or empty when it need not be compared.
func With(ctx context.Context, scope, key, content string) context.Context {
	if key == "" {
		return ctx
	}
	return context.WithValue(ctx, contextKey{}, use{key: scope + "\x00" + key, content: content})
}

// Do runs fn and remembers its result under the key of tx's context. When the
// key was used before, fn does not run and the remembered result is returned.
// Without a key fn just runs. A failed fn is not remembered.
func Do[T any](tx store.Tx, now time.Time, fn func() (T, error)) (T, error) {
	var out T
	u, ok := tx.Context().Value(contextKey{}).(use)
	if !ok {
		return fn()
	}
	raw, err := tx.Get(bucket, u.key)
	switch {
	case err == nil:
		var a answer
		if err := json.Unmarshal(raw, &a); err != nil {
			return out, err
		}
		if a.Content != u.content {
			return out, ErrReused
		}
		return out, json.Unmarshal(a.Result, &out)
	case !errors.Is(err, store.ErrNotFound):
		return out, err
	}
	if out, err = fn(); err != nil {
		return out, err
	}
	result, err := json.Marshal(out)
	if err != nil {
		return out, err
	}
	raw, err = json.Marshal(answer{At: now.UTC(), Content: u.content, Result: result})
	if err != nil {
		return out, err
	}
	return out, tx.Put(bucket, u.key, raw)
}

// Sweep forgets answers older than Keep. It returns how many it dropped.
func Sweep(ctx context.Context, s store.Store, now time.Time) (n int, err error) {
	err = s.Update(ctx, func(tx store.Tx) error {
		n = 0
		for e, err := range tx.Scan(bucket, store.Range{}) {
			if err != nil {
				return err
			}
			var a answer
			if json.Unmarshal(e.Value, &a) == nil && now.Sub(a.At) < Keep {
				continue
			}
			if err := tx.Delete(bucket, e.Key); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
