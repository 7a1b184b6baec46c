package web

// Option is one choice of a select, a group of radios or of boxes, with its
// words in the reader's language. Help may be empty.
type Option struct{ Value, Label, Help string }
