package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

// running is an experiment of the sample that is under way, the developer's.
const running = "qamem8detun2"

// writes is S6: log entries that are on disk when they are answered, beside
// how often the disk itself can sync.
func (b *bench) writes(ctx context.Context) error {
	var many, syncs pairs
	for range b.rounds {
		disk, err := syncsPerSecond(b.folder, b.round)
		if err != nil {
			return err
		}
		var n atomic.Int64
		entry := func(int) []byte {
			r, err := b.post("/api/v1/experiments/"+running+"/log", map[string]string{"text": fmt.Sprintf("Entry %d of the measurement.", n.Add(1))})
			if err != nil {
				return nil
			}
			return r
		}
		one, err := drive(ctx, b.addr, 1, b.round, entry, 201)
		if err != nil {
			return err
		}
		all, err := drive(ctx, b.addr, 64, b.round, entry, 201)
		if err != nil {
			return err
		}
		many = append(many, pair{all.perSecond(), disk})
		limit := 3*2*1000/disk + 0.1
		syncs = append(syncs, pair{milliseconds(percentile(one.latencies, 0.5)), limit})
	}
	b.table.ratio("S6", "64 clients writing a log, against fdatasync", "/s", many, atLeast, 1)
	b.table.ratio("S6", "one client, p50, against 6 fdatasyncs + 0.1 ms", "ms", syncs, atMost, 1)
	return nil
}

// syncsPerSecond is how often the disk writes four kilobytes and has them.
func syncsPerSecond(folder string, length time.Duration) (rate float64, err error) {
	const block, blocks = 4096, 1024
	f, err := os.Create(filepath.Join(folder, "sync"))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	data := make([]byte, block)
	if _, err := f.Write(make([]byte, block*blocks)); err != nil {
		return 0, err
	}
	if err := f.Sync(); err != nil {
		return 0, err
	}
	n, start := 0, time.Now()
	for ; time.Since(start) < length; n++ {
		if _, err := f.WriteAt(data, int64(n%blocks)*block); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
	}
	return float64(n) / time.Since(start).Seconds(), nil
}
