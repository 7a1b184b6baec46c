package cases

import (
	"context"
	"iter"

	"github.com/kokeilu/kokeilu/internal/fault"
	"github.com/kokeilu/kokeilu/internal/store"
)

// exportPage is how many cases are read in one transaction.
const exportPage = 200

// Export writes every public case as a file and returns how many it wrote. It
// fails when a file cannot be written; those before it stay.
func (s *Service) Export(ctx context.Context, write func(name string, text []byte) error) (n int, err error) {
	defer fault.Wrap(&err, "export cases")
	for c, err := range s.all(ctx) {
		if err != nil {
			return n, err
		}
		if !c.IsPublic(s.Now()) {
			continue
		}
		if err := write(c.FileName(), c.Markdown()); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// all yields every case in the order of the ids, some in each transaction.
func (s *Service) all(ctx context.Context) iter.Seq2[Case, error] {
	return func(yield func(Case, error) bool) {
		for after, more := "", true; more; {
			var page []Case
			err := s.Store.View(ctx, func(tx store.Tx) error {
				page = page[:0]
				for c, err := range table.All(tx, store.Range{After: after}) {
					if err != nil || len(page) == exportPage {
						return err
					}
					page = append(page, c)
				}
				return nil
			})
			if err != nil {
				yield(Case{}, err)
				return
			}
			for _, c := range page {
				if !yield(c, nil) {
					return
				}
				after = c.ID
			}
			more = len(page) == exportPage
		}
	}
}
