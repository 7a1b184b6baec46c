package search

// What is remembered of the whole index at most, in bytes, in each of two
// generations.
const (
	rememberedPostings = 20 << 20
	rememberedTerms    = 4 << 20
	rememberedLatest   = 4 << 20
)

// memory is what was read of a segment and may be asked for again: a few words
// are in most queries, and a segment never changes.
type memory struct {
	lists  *generations[listKey, []posting]
	begun  *generations[listKey, begun]
	latest *generations[string, []uint32] // documents that meet conditions, the newest first
}

// listKey names a term of a field, or what terms of it begin with.
type listKey struct{ field, text string }

// A begun is the terms of a field that begin with something, in their order, as
// far as they were read.
type begun struct {
	terms []listed
	whole bool // there are no more
}

// listed is a term and how many documents of a segment have it.
type listed struct {
	text  string
	count uint64
}

const perEntry = 96 // bytes that a key and its place take

func newMemory() *memory {
	return &memory{
		lists: newGenerations[listKey](0, func(list []posting) int64 { return perEntry + 8*int64(len(list)) }),
		begun: newGenerations[listKey](0, func(b begun) int64 {
			n := int64(perEntry)
			for _, t := range b.terms {
				n += 24 + int64(len(t.text))
			}
			return n
		}),
		latest: newGenerations[string](0, func(list []uint32) int64 { return perEntry + 4*int64(len(list)) }),
	}
}

// share gives the memory of a segment its share: of all documents, and of what is
// in all dictionaries.
func (m *memory) share(documents, all, terms, allTerms int64) {
	m.lists.room.Store(rememberedPostings * documents / max(all, 1))
	m.latest.room.Store(rememberedLatest * documents / max(all, 1))
	m.begun.room.Store(rememberedTerms * terms / max(allTerms, 1))
}
