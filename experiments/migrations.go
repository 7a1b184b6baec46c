package experiments

import "github.com/kokeilu/kokeilu/internal/store"

// Steps are how the records of experiments came to be what they are.
var Steps = []store.Step{
	{Name: "find log entries by who may read them and by kind, count obstacles by type", Apply: indexLogs},
}

// indexLogs gives the entries of a log without indexes their places in them, and
// the cards the obstacles that were written before they were counted.
func indexLogs(tx store.Tx) error {
	found := map[string]*Experiment{}
	var order []string
	for n, err := range entries.All(tx, store.Range{}) {
		if err != nil {
			return err
		}
		e := found[n.Experiment]
		if e == nil {
			e = &Experiment{ID: n.Experiment}
			found[n.Experiment], order = e, append(order, n.Experiment)
		}
		e.count(n, +1)
		if err := entries.Reindex(tx, n); err != nil {
			return err
		}
	}
	for _, id := range order {
		if len(found[id].Obstacles) == 0 {
			continue
		}
		e, err := cards.Get(tx, id)
		if err != nil {
			return err
		}
		e.Obstacles = found[id].Obstacles
		if err := cards.Put(tx, e); err != nil {
			return err
		}
		if err := rows.Put(tx, rowOf(&e)); err != nil {
			return err
		}
	}
	return nil
}
