package main

import (
	"context"
	"fmt"
	"runtime"
	"strconv"

	"github.com/kokeilu/kokeilu/internal/disk"
	"github.com/kokeilu/kokeilu/internal/metrics"
	"github.com/kokeilu/kokeilu/internal/notify"
	"github.com/kokeilu/kokeilu/internal/store"
	"github.com/kokeilu/kokeilu/search"
)

// measured is everything the portal shows to Prometheus. A package that has
// something to show counts it itself, offers a small struct of numbers, and gets
// a line here.
func (a *App) measured() []metrics.Source {
	return []metrics.Source{
		showBuild,
		a.showTraffic,
		a.showPages,
		a.showStore,
		a.showJournal,
		a.showIndex,
		a.showMail,
		a.showBackup,
	}
}

// showMetrics begins to answer at the address of the settings, if there is one.
func (a *App) showMetrics(ctx context.Context) error {
	if a.Config.MetricsAddr == "" {
		return nil
	}
	addr, err := metrics.Listen(ctx, a.Config.MetricsAddr, a.Log, a.measured()...)
	if err != nil {
		return fmt.Errorf("metrics_addr: %w", err)
	}
	a.Log.Info("metrics are shown", "addr", addr.String())
	return nil
}

func showBuild(_ context.Context, s metrics.Sink) {
	s.Gauge("build_info", "Version of the program; always 1.", 1, "version", buildVersion(), "go", runtime.Version())
}

func (a *App) showTraffic(_ context.Context, s metrics.Sink) {
	stats := a.Web.Traffic.Stats()
	s.Gauge("http_requests_running", "Requests being answered.", float64(stats.Running))
	for _, r := range stats.Routes {
		labels := []string{"route", r.Route, "method", r.Method}
		for class, n := range r.Classes {
			if n > 0 {
				s.Count("http_requests_total", "Requests answered, by route, method and first digit of the status. Without a route: what no page answers.",
					n, append(labels, "status", strconv.Itoa(class)+"xx")...)
			}
		}
		s.Spread("http_request_seconds", "How long requests took.", r.Took, labels...)
	}
}

func (a *App) showStore(ctx context.Context, s metrics.Sink) {
	stats := a.Store.Stats()
	s.Count("store_views_total", "Snapshots read.", stats.Views)
	s.Count("store_updates_total", "Changes that got their turn.", stats.Updates)
	s.Spread("store_group_changes", "Changes that were committed together.", stats.Members)
	s.Spread("store_commit_seconds", "How long commits took, the disk's part included.", stats.Commits)
	for reason, n := range map[string]uint64{"busy": stats.Busy, "full": stats.Full, "closed": stats.Closed, "failed": stats.Failed} {
		s.Count("store_refused_total", "Reads and changes that did not come about, by reason.", n, "reason", reason)
	}
	if usage, err := a.Store.Usage(ctx); err == nil {
		s.Gauge("store_size_bytes", "Size of the database.", float64(usage.Size))
		s.Gauge("disk_reserve_bytes", "Room that is kept free: below it changes are refused. 0 where the database is on a server.", float64(usage.Reserve))
	}
	if free, ok := disk.Free(a.Config.Data); ok {
		s.Gauge("disk_free_bytes", "Room that is free where the data folder is.", float64(free))
	}
	if total, ok := disk.Size(a.Config.Data); ok {
		s.Gauge("disk_size_bytes", "Size of the file system where the data folder is.", float64(total))
	}
	if pool, ok := a.Store.(interface {
		Connections() (open, used, most int32)
	}); ok {
		open, used, most := pool.Connections()
		s.Gauge("store_connections_open", "Connections to the database.", float64(open))
		s.Gauge("store_connections_used", "Connections that are in use.", float64(used))
		s.Gauge("store_connections_limit", "Connections this node may have.", float64(most))
	}
}

func (a *App) showJournal(ctx context.Context, s metrics.Sink) {
	head, err := store.Get(ctx, a.Store, a.Journal.Head)
	if err != nil {
		return
	}
	s.Gauge("journal_entries", "Entries of the journal.", float64(head.Seq))
	for name, passed := range a.Journal.Followers() {
		s.Gauge("journal_lag_entries", "Entries that a follower has yet to handle.", float64(head.Seq-min(passed, head.Seq)), "follower", name)
	}
}

func (a *App) showIndex(ctx context.Context, s metrics.Sink) {
	h := a.Index.Health(ctx)
	for _, state := range []search.State{search.OK, search.Behind, search.Rebuilding, search.Broken} {
		s.Flag("index_state", "How the search index is: 1 for the state it is in.", h.State == state, "state", string(state))
	}
	s.Flag("index_answers", "Searches are answered.", h.Answers)
	s.Gauge("index_documents", "Documents in the search index.", float64(h.Documents))
	s.Gauge("index_lag_entries", "Entries of the journal that the search index has yet to follow.", float64(h.Lag))
	s.Gauge("index_rebuild_documents", "Documents that the running rebuild has brought in; 0 when none runs.", float64(h.Rebuilt))
	s.Gauge("index_rebuild_expected_documents", "Documents that the running rebuild will have brought in; 0 when none runs.", float64(h.Rebuild))
	s.Gauge("index_size_bytes", "Room that the search index takes on disk.", float64(h.Bytes))
	s.Count("index_heals_total", "How often the search index was mended.", uint64(max(0, h.Heals)))
}

// showPages shows what the memory for finished pages does, where there is one.
func (a *App) showPages(_ context.Context, s metrics.Sink) {
	if a.Web.Pages == nil {
		return
	}
	stats := a.Web.Pages.Stats()
	s.Count("pages_hits_total", "Pages that were answered from memory.", stats.Hits)
	s.Count("pages_misses_total", "Pages that had to be made.", stats.Misses)
	s.Count("pages_evicted_total", "Pages that were dropped for want of room.", stats.Evicted)
	s.Gauge("pages_kept", "Pages in memory.", float64(stats.Pages))
	s.Gauge("pages_kept_bytes", "Memory that they take.", float64(stats.Bytes))
}

func (a *App) showMail(ctx context.Context, s metrics.Sink) {
	status, err := store.Get(ctx, a.Store, notify.StatusTx)
	if err != nil {
		return
	}
	s.Gauge("mail_waiting", "Letters to be sent.", float64(status.Waiting))
	s.Gauge("mail_dead", "Letters that were given up.", float64(status.Dead))
}

func (a *App) showBackup(_ context.Context, s metrics.Sink) {
	if last, err := readLastBackup(a.Config.Data); err == nil {
		s.Gauge("backup_made_seconds", "When `kokeilu backup` last made one, as a Unix time.", float64(last.Made.Unix()))
	}
}
