package experiments

// Warning is the key of what the plan of money has to be warned of, or "":
// somebody wants the experiment, and nobody pays for it.
func (m Money) Warning() string {
	switch {
	case m.None || m.Total() == 0:
		return ""
	case m.Seed == 0 && m.Own == 0 && m.Other == 0:
		return "experiment.money_nobody"
	case m.Missing() > 0:
		return "experiment.money_gap"
	}
	return ""
}
