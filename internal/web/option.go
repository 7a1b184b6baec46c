package web

// Option is one choice of a select, a group of radios or of boxes, with its
// words in the reader's language. Help may be empty.
type Option struct{ Value, Label, Help string }

// MapPoint is a place on a map in degrees. A mark has words, an address and how
// many things it stands for; without them it only shows where places are.
type MapPoint struct {
	Lat, Lon   float64
	Label, URL string
	Count      int
}
