package web

import (
	"cmp"
	"slices"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/kokeilu/kokeilu/internal/tally"
)

// Traffic counts the requests of each route, by its pattern and never by what
// somebody asked for. The zero Traffic is ready; what it counts before Know is
// counted as of no route.
type Traffic struct {
	running atomic.Int64
	routes  atomic.Pointer[map[*fiber.Route]*routeTraffic]
	none    routeTraffic
}

// routeTraffic is what is counted of one route.
type routeTraffic struct {
	route, method string
	classes       [6]atomic.Uint64 // by the first digit of the status
	took          atomic.Pointer[tally.Histogram]
}

// Know prepares a place to count for every route of app, so that a request
// needs no lock. Call it once all routes are registered.
func (t *Traffic) Know(app *fiber.App) {
	handlers := map[*fiber.Handler]bool{} // of routes that answer; what only passes on is none
	for _, r := range app.GetRoutes(true) {
		handlers[&r.Handlers[0]] = true
	}
	routes := map[*fiber.Route]*routeTraffic{}
	for _, stack := range app.Stack() {
		for _, r := range stack {
			if handlers[&r.Handlers[0]] {
				routes[r] = &routeTraffic{route: r.Path, method: r.Method}
			}
		}
	}
	t.routes.Store(&routes)
}

// begin and end enclose a request.
func (t *Traffic) begin() { t.running.Add(1) }

func (t *Traffic) end(c *fiber.Ctx, took time.Duration) {
	t.running.Add(-1)
	counted := &t.none
	if routes := t.routes.Load(); routes != nil {
		if r, ok := (*routes)[routeOf(c)]; ok {
			counted = r
		}
	}
	if class := c.Response().StatusCode() / 100; class < len(counted.classes) {
		counted.classes[class].Add(1)
	}
	counted.histogram().Add(took.Seconds())
}

// routeOf is the route that answers a request, or that once made the kept page
// with which it is answered.
func routeOf(c *fiber.Ctx) *fiber.Route {
	if kept, ok := c.Locals(routeOfKept).(*fiber.Route); ok {
		return kept
	}
	return c.Route()
}

// histogram is made with the first request: most routes of most portals are
// rarely asked for.
func (r *routeTraffic) histogram() *tally.Histogram {
	if h := r.took.Load(); h != nil {
		return h
	}
	r.took.CompareAndSwap(nil, tally.NewHistogram(tally.Seconds...))
	return r.took.Load()
}

// TrafficStats is what was counted so far.
type TrafficStats struct {
	Running int64
	Routes  []RouteStats // those that were asked for, sorted
}

// RouteStats is what was counted of one route and method. Requests that no
// route answers have neither.
type RouteStats struct {
	Route, Method string
	Classes       [6]uint64 // requests by the first digit of their status
	Took          tally.Spread
}

// Stats returns what was counted so far.
func (t *Traffic) Stats() TrafficStats {
	s := TrafficStats{Running: t.running.Load()}
	s.add(&t.none)
	if routes := t.routes.Load(); routes != nil {
		for _, r := range *routes {
			s.add(r)
		}
	}
	slices.SortFunc(s.Routes, func(a, b RouteStats) int {
		return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Method, b.Method))
	})
	return s
}

// add adds a route that was asked for. Two routes may have one pattern; they
// are counted together.
func (s *TrafficStats) add(r *routeTraffic) {
	took := r.took.Load()
	if took == nil {
		return
	}
	one := RouteStats{Route: r.route, Method: r.method, Took: took.Read()}
	for i := range r.classes {
		one.Classes[i] = r.classes[i].Load()
	}
	for i := range s.Routes {
		if same := &s.Routes[i]; same.Route == one.Route && same.Method == one.Method {
			same.join(one)
			return
		}
	}
	s.Routes = append(s.Routes, one)
}

func (r *RouteStats) join(other RouteStats) {
	for i, n := range other.Classes {
		r.Classes[i] += n
	}
	for i, n := range other.Took.Counts {
		r.Took.Counts[i] += n
	}
	r.Took.Sum += other.Took.Sum
}
