package pgstore

import (
	"iter"

	"github.com/jackc/pgx/v5"

	"github.com/kokeilu/kokeilu/internal/store"
)

const (
	upsert = `insert into record (bucket, key, value)
		select * from unnest($1::text[], $2::bytea[], $3::bytea[])
		on conflict (bucket, key) do update set value = excluded.value`

	remove = `delete from record where (bucket, key) in (select * from unnest($1::text[], $2::bytea[]))`

	notify = `select pg_notify($1, $2)`
)

// A statement carries so many records, and so many bytes, at most.
const (
	chunkRows  = 1000
	chunkBytes = 4 << 20
	sendBytes  = 32 << 20
)

// group is the write transaction. It holds the lock.
type group struct {
	snapshot
	driver *driver
}

// Commit sends the writes and the commit in one message, and in several when
// they are many. When no answer came it fails with ErrUnsure.
func (g *group) Commit(writes iter.Seq[store.Write]) error {
	b := &batch{group: g}
	for w := range writes {
		if err := b.add(w); err != nil {
			return err
		}
	}
	b.flush()
	if b.journal {
		b.queue.Queue(notify, g.driver.channel, g.driver.node)
	}
	b.queue.Queue("commit")
	return explainCommit(b.send())
}

// batch gathers writes to statements.
type batch struct {
	group   *group
	queue   pgx.Batch
	waiting int // bytes in queue
	journal bool

	buckets      []string
	keys, values [][]byte
	bytes        int
	deletes      bool // what the rows above are
}

func (b *batch) add(w store.Write) error {
	if w.Delete != b.deletes || len(b.keys) == chunkRows || b.bytes >= chunkBytes {
		b.flush()
	}
	b.deletes = w.Delete
	b.buckets, b.keys = append(b.buckets, columnOf(w.Bucket)), append(b.keys, []byte(w.Key))
	if !w.Delete {
		b.values = append(b.values, append([]byte{}, w.Value...)) // never nil, which would be null
	}
	b.bytes += len(w.Bucket) + len(w.Key) + len(w.Value)
	b.journal = b.journal || w.Bucket == lockBucket && w.Key == lockKey
	if b.waiting >= sendBytes {
		return explain(b.send())
	}
	return nil
}

// flush makes a statement of the gathered rows.
func (b *batch) flush() {
	if len(b.keys) == 0 {
		return
	}
	if b.deletes {
		b.queue.Queue(remove, b.buckets, b.keys)
	} else {
		b.queue.Queue(upsert, b.buckets, b.keys, b.values)
	}
	b.waiting += b.bytes
	b.buckets, b.keys, b.values, b.bytes = nil, nil, nil, 0
}

// send sends the statements and waits for their answers.
func (b *batch) send() error {
	ctx, cancel := b.group.limit()
	defer cancel()
	err := b.group.conn.SendBatch(ctx, &b.queue).Close()
	b.queue, b.waiting = pgx.Batch{}, 0
	return err
}
