package themes

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/kokeilu/kokeilu/internal/web"
)

// The room of a map, in units of its drawing.
const (
	mapWidth  = 360.0
	mapHeight = 620.0
	mapMargin = 18.0
)

// chart turns degrees into places of the drawing: the land is as wide as it is
// in its middle.
type chart struct {
	south, west, north, east float64
	scale, narrow            float64
	width, height            float64
}

func newChart(points []web.MapPoint) chart {
	c := chart{south: 90, west: 180, north: -90, east: -180}
	for _, p := range points {
		c.south, c.north = min(c.south, p.Lat), max(c.north, p.Lat)
		c.west, c.east = min(c.west, p.Lon), max(c.east, p.Lon)
	}
	const least = 0.5 // degrees: one place alone still has something around it
	if grow := least - (c.north - c.south); grow > 0 {
		c.south, c.north = c.south-grow/2, c.north+grow/2
	}
	if grow := least - (c.east - c.west); grow > 0 {
		c.west, c.east = c.west-grow/2, c.east+grow/2
	}
	c.narrow = max(0.2, math.Cos((c.south+c.north)/2*math.Pi/180))
	wide, high := (c.east-c.west)*c.narrow, c.north-c.south
	c.scale = min((mapWidth-2*mapMargin)/wide, (mapHeight-2*mapMargin)/high)
	c.width, c.height = wide*c.scale+2*mapMargin, high*c.scale+2*mapMargin
	return c
}

func (c chart) at(p web.MapPoint) (x, y float64) {
	return mapMargin + (p.Lon-c.west)*c.narrow*c.scale, mapMargin + (c.north-p.Lat)*c.scale
}

// townmap draws places of a country and, on them, a mark for each that has
// something: a link with its number, the larger the more. Nothing is asked of
// anybody else. The list that says the same stands beside it.
func townmap(label string, around, marks []web.MapPoint) template.HTML {
	if len(marks) == 0 {
		return ""
	}
	c := newChart(append(slices.Clone(around), marks...))
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="townmap" viewBox="0 0 %.0f %.0f" role="group" aria-label="%s">`, c.width, c.height, escape(label))
	c.graticule(&b)
	if len(around) > 0 {
		b.WriteString(`<path class="towns" d="`)
		for _, p := range around {
			x, y := c.at(p)
			fmt.Fprintf(&b, "M%.1f %.1fh0", x, y)
		}
		b.WriteString(`"/>`)
	}
	large := slices.Clone(marks)
	slices.SortStableFunc(large, func(a, b web.MapPoint) int { return cmp.Compare(b.Count, a.Count) }) // small ones lie on top
	for _, m := range large {
		x, y := c.at(m)
		fmt.Fprintf(&b, `<a href="%[1]s" aria-label="%[2]s"><title>%[2]s</title><circle cx="%.1[3]f" cy="%.1[4]f" r="%.1[5]f"/><text x="%.1[3]f" y="%.1[4]f" dy=".35em">%[6]d</text></a>`,
			escape(m.URL), escape(m.Label), x, y, radius(m.Count), m.Count)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// radius grows so that the area of a mark says how much it stands for.
func radius(count int) float64 { return min(30, 9+3*math.Sqrt(float64(max(count, 1)-1))) }

// graticule draws parallels and meridians at round degrees.
func (c chart) graticule(b *strings.Builder) {
	step := roundStep(max(c.north-c.south, c.east-c.west) / 4)
	b.WriteString(`<path class="graticule" d="`)
	for lat := math.Ceil(c.south/step) * step; lat <= c.north; lat += step {
		_, y := c.at(web.MapPoint{Lat: lat})
		fmt.Fprintf(b, "M0 %.1fH%.0f", y, c.width)
	}
	for lon := math.Ceil(c.west/step) * step; lon <= c.east; lon += step {
		x, _ := c.at(web.MapPoint{Lon: lon})
		fmt.Fprintf(b, "M%.1f 0V%.0f", x, c.height)
	}
	b.WriteString(`"/>`)
}

// roundStep is a round number of degrees, about as many as asked for.
func roundStep(degrees float64) float64 {
	for _, step := range []float64{0.25, 0.5, 1, 2, 5, 10} {
		if degrees <= step {
			return step
		}
	}
	return 20
}
