package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// rebuild is S10: `kokeilu reindex` in the running portal, beside a bare Bleve
// index of the same texts made in this process. The processor time is that of
// rebuilds which nobody disturbs, as those of the bare index are; the memory, and
// whether searches are answered, is that of one more while a reader searches.
func (b *bench) rebuild(ctx context.Context) error {
	rounds := min(b.rounds, 3)
	if b.size > mainSize {
		rounds = 1
	}
	var cpu pairs
	var most, answered, missed float64
	for range rounds {
		theirs, err := b.buildBare(ctx)
		if err != nil {
			return err
		}
		ours, err := b.reindex(ctx, false)
		if err != nil {
			return err
		}
		cpu = append(cpu, pair{ours.micros, theirs})
		most = max(most, ours.megabytes)
	}
	read, err := b.reindex(ctx, true)
	if err != nil {
		return err
	}
	most, answered, missed = max(most, read.megabytes), float64(read.answered), float64(read.missed)
	n, err := b.documents(ctx)
	if err != nil {
		return err
	}
	b.table.ratio("S10", "full rebuild, CPU of a case, "+size(b.size), "µs", cpu, atMost, 1.3)
	b.table.add(line{bar: "S10", what: "anonymous memory above what it was, " + size(b.size), measured: number(most) + " MB", judged: most, bound: atMost, limit: 400, unit: "MB"})
	b.table.add(line{bar: "S10", what: "searches not answered meanwhile, " + size(b.size), measured: number(missed), reference: number(answered) + " answered", judged: missed, bound: atMost})
	text := float64(b.textBytes()) * float64(n) / float64(b.size) / (1 << 20) // the sample is of the same length, about
	index := float64(sizeOf(filepath.Join(b.data, "index"))) / (1 << 20)
	b.table.add(line{bar: "S10", what: "index on disk, " + size(b.size), measured: number(index) + " MB", reference: number(text) + " MB of text", judged: index / text, bound: atMost, limit: 1.6, unit: "x"})
	return nil
}

// rebuilt is what came of a rebuild.
type rebuilt struct {
	micros           float64 // processor time of a case
	megabytes        float64
	answered, missed int64
}

// reindex makes the portal's index anew; searched says that a reader searches five
// times a second meanwhile.
func (b *bench) reindex(ctx context.Context, searched bool) (r rebuilt, err error) {
	base, err := anonymous(b.pid())
	if err != nil {
		return r, err
	}
	before, err := cpuOf(b.pid())
	if err != nil {
		return r, err
	}
	watching, stop := context.WithCancel(ctx)
	reader, memory := make(chan rebuilt, 1), make(chan float64, 1)
	go func() {
		if !searched {
			reader <- rebuilt{}
			return
		}
		reader <- b.searching(watching)
	}()
	go func() { memory <- b.peak(watching) }()
	err = b.run(ctx, b.data, "reindex")
	stop()
	r, peak := <-reader, <-memory
	if err != nil {
		return r, err
	}
	after, err := cpuOf(b.pid())
	r.micros = float64(after-before) / float64(time.Microsecond) / float64(b.size)
	r.megabytes = max(peak-base, 0)
	return r, err
}

// searching asks the portal five times a second, each time something else.
func (b *bench) searching(ctx context.Context) (r rebuilt) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return r
		case <-tick.C:
		}
		status, _, err := b.read(ctx, b.questions.next().path())
		switch {
		case ctx.Err() != nil:
		case err == nil && status == 200:
			r.answered++
		default:
			r.missed++
		}
	}
}

// peak is the most anonymous memory that the portal takes.
func (b *bench) peak(ctx context.Context) (most float64) {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		if now, err := anonymous(b.pid()); err == nil {
			most = max(most, now)
		}
		<-tick.C
	}
	return most
}

// buildBare makes a bare index and says how much of this process's time a case
// took, without making up its text.
func (b *bench) buildBare(ctx context.Context) (micros float64, err error) {
	folder, err := os.MkdirTemp(b.folder, "run-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	idle, err := b.writing()
	if err != nil {
		return 0, err
	}
	runtime.GC()
	before, err := ownCPU()
	if err != nil {
		return 0, err
	}
	if err := b.fillBare(ctx, filepath.Join(folder, "bleve"), b.size); err != nil {
		return 0, err
	}
	after, err := ownCPU()
	return float64(after-before-idle) / float64(time.Microsecond) / float64(b.size), err
}

// writing is this process's time for making up the texts.
func (b *bench) writing() (time.Duration, error) {
	before, err := ownCPU()
	if err != nil {
		return 0, err
	}
	b.textBytes()
	after, err := ownCPU()
	return after - before, err
}

// textBytes is the length of all texts, as a bare index is given them.
func (b *bench) textBytes() (n int64) {
	texts := b.maker()
	for i := range b.size {
		t := texts.Text(i)
		d := bareDocument(t)
		for _, name := range textFields {
			if s, ok := d[name+"_"+t.Lang].(string); ok {
				n += int64(len(s))
			}
		}
	}
	return n
}

// sizeOf is the number of bytes in a folder and all below it.
func sizeOf(folder string) (n int64) {
	_ = filepath.WalkDir(folder, func(_ string, e os.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}
