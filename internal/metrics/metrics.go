// Package metrics shows what a portal counts to Prometheus, on an address of
// its own. It knows no other package: whoever has numbers gives a Source, which
// is asked at each scrape.
package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/kokeilu/kokeilu/internal/tally"
)

// Prefix begins the name of every measure of the portal's own.
const Prefix = "kokeilu_"

// A Source shows what it has counted so far. What it cannot find out before ctx
// is done it leaves out.
type Source func(ctx context.Context, s Sink)

// Sink takes numbers. Names get the prefix; labels are pairs of a name and a
// value, in the same order each time.
type Sink struct{ out chan<- prometheus.Metric }

// Count shows something that only grows; name ends in _total.
func (s Sink) Count(name, help string, n uint64, labels ...string) {
	desc, values := describe(name, help, labels)
	s.out <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(n), values...)
}

// Gauge shows something as it is now.
func (s Sink) Gauge(name, help string, v float64, labels ...string) {
	desc, values := describe(name, help, labels)
	s.out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, values...)
}

// Flag shows a yes as 1 and a no as 0.
func (s Sink) Flag(name, help string, yes bool, labels ...string) {
	v := 0.0
	if yes {
		v = 1
	}
	s.Gauge(name, help, v, labels...)
}

// Spread shows a histogram.
func (s Sink) Spread(name, help string, spread tally.Spread, labels ...string) {
	desc, values := describe(name, help, labels)
	buckets, below := make(map[float64]uint64, len(spread.Bounds)), uint64(0)
	for i, bound := range spread.Bounds {
		below += spread.Counts[i]
		buckets[bound] = below
	}
	s.out <- prometheus.MustNewConstHistogram(desc, spread.Total(), spread.Sum, buckets, values...)
}

func describe(name, help string, labels []string) (*prometheus.Desc, []string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	return prometheus.NewDesc(Prefix+name, help, names, nil), values
}

// scrapeLimit bounds how long all sources together may take.
const scrapeLimit = 3 * time.Second

// collector asks every source at each scrape.
type collector []Source

// Describe names nothing: what there is is known at the scrape only.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect asks the sources, one after the other.
func (c collector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeLimit)
	defer cancel()
	for _, source := range c {
		source(ctx, Sink{out})
	}
}
