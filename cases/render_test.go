package cases_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/kokeilu/kokeilu/cases"
	"github.com/kokeilu/kokeilu/internal/store"
)

func TestAPersonsTextsAreRenderedOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var desk cases.Desk
		leave, err := desk.Take(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		other, err := desk.Take(t.Context(), "b")
		if err != nil {
			t.Fatalf("somebody else has to wait: %v", err)
		}
		other()
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := desk.Take(short, "a"); !errors.Is(err, store.ErrBusy) {
			t.Fatalf("two at a time: %v", err)
		}

		var waiting sync.WaitGroup
		at, most := 0, 0
		for range 5 {
			waiting.Go(func() {
				leave, err := desk.Take(t.Context(), "a")
				if err != nil {
					t.Error(err)
					return
				}
				defer leave()
				at++ // unguarded: the race detector sees two at the desk
				most = max(most, at)
				time.Sleep(time.Millisecond) // of the bubble's clock
				at--
			})
		}
		synctest.Wait()
		leave()
		waiting.Wait()
		if most != 1 {
			t.Errorf("%d at a time", most)
		}
	})
}

// A text that takes long keeps only its own writer waiting.
func TestAWriterWaitsForTheirOwnTextOnly(t *testing.T) {
	onBank(t, func(t *testing.T, b *bank) {
		mine := b.draft(t, told("Mine"))
		leave, err := b.Desk().Take(t.Context(), author.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
		short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		if _, err := b.Preview(short, author, mine, cases.Text{Title: "Mine", Body: body("en")}); !errors.Is(err, store.ErrBusy) {
			t.Errorf("the next text of the same writer: %v", err)
		}
		if _, err := b.Add(t.Context(), member, cases.Draft{Title: "Another's", Summary: "It is quick.", Body: body("en"), Lang: "en", Organisation: oulu}); err != nil {
			t.Errorf("the text of another: %v", err)
		}
	})
}
