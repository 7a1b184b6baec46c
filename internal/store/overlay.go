package store

import (
	"iter"
	"math/rand/v2"
)

const maxLevel = 12

// overlay holds writes that are not in the database yet, in order of bucket
// and key: a skip list, because a function may write five keys or a hundred
// thousand and scans in between.
type overlay struct {
	head node
	len  int
	size int // bytes held
}

type node struct {
	Write
	next []*node
	prev *node
}

func newOverlay() *overlay {
	return &overlay{head: node{next: make([]*node, maxLevel)}}
}

func (n *node) less(bucket, key string) bool {
	if n.Bucket != bucket {
		return n.Bucket < bucket
	}
	return n.Key < key
}

// before returns the last node in front of bucket and key, which may be the
// head, and fills path with the same for each level.
func (o *overlay) before(bucket, key string, path *[maxLevel]*node) *node {
	n := &o.head
	for level := maxLevel - 1; level >= 0; level-- {
		for n.next[level] != nil && n.next[level].less(bucket, key) {
			n = n.next[level]
		}
		if path != nil {
			path[level] = n
		}
	}
	return n
}

// get returns the write for a key, if there is one.
func (o *overlay) get(bucket, key string) (Write, bool) {
	if o == nil || o.len == 0 {
		return Write{}, false
	}
	n := o.before(bucket, key, nil).next[0]
	if n == nil || n.Bucket != bucket || n.Key != key {
		return Write{}, false
	}
	return n.Write, true
}

// set adds w, replacing an earlier write of the same key.
func (o *overlay) set(w Write) {
	var path [maxLevel]*node
	at := o.before(w.Bucket, w.Key, &path)
	if n := at.next[0]; n != nil && n.Bucket == w.Bucket && n.Key == w.Key {
		o.size += len(w.Value) - len(n.Value)
		n.Write = w
		return
	}
	n := &node{Write: w, next: make([]*node, randomLevel()), prev: at}
	for level := range n.next {
		n.next[level], path[level].next[level] = path[level].next[level], n
	}
	if after := n.next[0]; after != nil {
		after.prev = n
	}
	o.len++
	o.size += len(w.Bucket) + len(w.Key) + len(w.Value)
}

func randomLevel() int {
	level := 1
	for r := rand.Uint32(); r&3 == 0 && level < maxLevel; r >>= 2 {
		level++
	}
	return level
}

// all yields every write in order.
func (o *overlay) all() iter.Seq[Write] {
	return func(yield func(Write) bool) {
		for n := o.head.next[0]; n != nil; n = n.next[0] {
			if !yield(n.Write) {
				return
			}
		}
	}
}

// cursor returns one write after the other, and false behind the last.
type cursor func() (Write, bool)

// source makes a cursor at the beginning.
type source func() cursor

// all yields what a new cursor returns.
func (s source) all() iter.Seq[Write] {
	return func(yield func(Write) bool) {
		next := s()
		for w, more := next(); more && yield(w); w, more = next() {
		}
	}
}

// slice is a cursor over writes.
func slice(writes []Write) cursor {
	return func() (w Write, more bool) {
		if len(writes) == 0 {
			return w, false
		}
		w, writes = writes[0], writes[1:]
		return w, true
	}
}

// scan walks the writes of bucket in r, removals included, in r's order. The
// overlay must not change meanwhile.
func (o *overlay) scan(bucket string, r Range) source {
	from, to := r.Bounds()
	return func() cursor {
		n := o.first(bucket, from, to, r.Reverse)
		return func() (w Write, more bool) {
			if n == nil || n.Bucket != bucket || n.Key < from || to != "" && n.Key >= to {
				return w, false
			}
			w = n.Write
			if r.Reverse {
				n = n.prev
			} else {
				n = n.next[0]
			}
			return w, true
		}
	}
}

// touches reports whether there is a write of bucket in r.
func (o *overlay) touches(bucket string, r Range) bool {
	if o == nil || o.len == 0 {
		return false
	}
	_, more := o.scan(bucket, r)()()
	return more
}

// first is where a scan between from and to begins.
func (o *overlay) first(bucket, from, to string, reverse bool) *node {
	switch {
	case !reverse:
		return o.before(bucket, from, nil).next[0]
	case to == "":
		return o.before(bucket+"\x00", "", nil)
	default:
		return o.before(bucket, to, nil)
	}
}
