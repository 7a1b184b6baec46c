package cases

import "context"

// Desk is where texts are rendered.
type Desk = desk

// Take is take.
func (d *desk) Take(ctx context.Context, person string) (func(), error) { return d.take(ctx, person) }

// Desk returns the desk of the bank.
func (s *Service) Desk() *Desk { return &s.memory().desk }
