package cases

import (
	"time"

	"github.com/kokeilu/kokeilu/internal/accounts"
	"github.com/kokeilu/kokeilu/internal/store"
)

// Origins tells the experiment behind a case that another municipality has
// adopted it. The experiments slice implements it; cmd wires it.
type Origins interface {
	SpreadTx(tx store.Tx, a accounts.Actor, experimentID, note string) error
}

// Service is the use cases of the bank. Its fields are set once, before the
// first call.
type Service struct {
	Store store.Store
	Now   func() time.Time
	NewID func() string
	// Origins may be nil: then no experiment hears of adoptions.
	Origins Origins
}
