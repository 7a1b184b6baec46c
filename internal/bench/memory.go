package main

import (
	"context"
	"time"
)

// memory is S9: how soon the first page is there, and how much memory the
// portal takes then and after a minute of everything.
func (b *bench) memory(ctx context.Context) error {
	seconds := b.first.Seconds()
	b.table.add(line{bar: "S9", what: "first page after the start, " + size(b.size), measured: number(seconds) + " s", reference: number(b.used.Seconds()) + " s CPU", judged: seconds, bound: atMost, limit: 1, unit: "s"})
	b.table.add(line{bar: "S9", what: "anonymous memory then", measured: number(b.anon) + " MB", judged: b.anon, bound: atMost, limit: 150, unit: "MB"})
	ctx, cancel := context.WithTimeout(ctx, b.minute)
	defer cancel()
	if _, err := drive(ctx, b.addr, 4, b.minute, b.everything(), 200); err != nil {
		return err
	}
	after, err := anonymous(b.pid())
	if err != nil {
		return err
	}
	b.table.add(line{bar: "S9", what: "anonymous memory after " + b.minute.Round(time.Second).String() + " of everything", measured: number(after) + " MB", judged: after, bound: atMost, limit: 300, unit: "MB"})
	return nil
}

// everything is what readers do, mixed: half of it case pages, a fifth
// searches.
func (b *bench) everything() source {
	questions := b.asking(b.questions.some(min(int(b.minute.Seconds())*200, 6000)))
	cases := b.opening(min(b.size, 5000))
	lists := always(get(b.addr, "/en/cases"))
	feed := always(get(b.addr, feedPath))
	top := always(get(b.addr, "/en/top10"))
	var n counter
	return func(worker int) []byte {
		switch i := n.next() % 20; {
		case i < 4:
			if r := questions(worker); r != nil {
				return r
			}
			return cases(worker)
		case i < 6:
			return lists(worker)
		case i < 8:
			return feed(worker)
		case i < 10:
			return top(worker)
		default:
			return cases(worker)
		}
	}
}
