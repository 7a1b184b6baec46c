package concepts

import "github.com/kokeilu/kokeilu/internal/store"

// table holds the concepts.
var table = &store.Table[Concept]{
	Bucket: "concept",
	Key:    func(c Concept) string { return c.ID },
}
