// Package fault is how the portal says that something cannot be done: one
// error type that carries what went wrong (its kind), what to tell the reader
// (a translation key, never a sentence) and where (the form field).
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal an error is. The zero Kind is Internal, so
// anything unclassified is treated as our own failure.
type Kind uint8

// The kinds. internal/web maps each to one HTTP status.
const (
	Internal        Kind = iota // our own failure
	Invalid                     // the input breaks a rule
	NotFound                    // not there, or not visible to this reader
	Conflict                    // the thing has moved on: wrong stage, already done, edited meanwhile
	Forbidden                   // known, visible, but not this person's to do
	Unauthenticated             // signing in is needed first
	TooMany                     // asked too often
	TooLarge                    // more bytes than are accepted
	Unsupported                 // a media type or encoding that is not accepted
	Unavailable                 // cannot be done now, try again
	Full                        // no room to store it
	Gone                        // was public once and was withdrawn
)

// Error is a classified failure. Key is a translation key whose text takes
// Args; Field names the form field it belongs to, if any; Err is the cause,
// which operators see in the log and visitors never do.
type Error struct {
	Kind  Kind
	Key   string
	Args  []any
	Field string
	Err   error

	origin *Error
}

// New returns a fault of the given kind. Keep it in a variable next to the
// rule and match it with errors.Is.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// On returns the same fault at a form field. errors.Is still matches.
func (e *Error) On(field string) *Error {
	c := e.clone()
	c.Field = field
	return c
}

// With returns the same fault with other arguments for its text. errors.Is
// still matches.
func (e *Error) With(args ...any) *Error {
	c := e.clone()
	c.Args = args
	return c
}

// Because returns the same fault with its cause. errors.Is still matches.
func (e *Error) Because(err error) *Error {
	c := e.clone()
	c.Err = err
	return c
}

func (e *Error) clone() *Error {
	c := *e
	c.origin = e.root()
	return &c
}

func (e *Error) root() *Error {
	if e.origin != nil {
		return e.origin
	}
	return e
}

// Error describes the fault for the log.
func (e *Error) Error() string {
	s := e.Key
	if e.Field != "" {
		s = e.Field + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the fault this one was made from.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.root() == e.root()
}

// KindOf returns the kind of the outermost fault in err's chain, or Internal
// if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// All returns every fault in err: one for a single fault, several for the
// findings of a form (see Join). It is empty for an unclassified error.
func All(err error) []*Error {
	var list []*Error
	collect(err, &list)
	return list
}

func collect(err error, list *[]*Error) {
	switch e := err.(type) {
	case nil:
	case *Error:
		*list = append(*list, e)
	case interface{ Unwrap() []error }:
		for _, sub := range e.Unwrap() {
			collect(sub, list)
		}
	case interface{ Unwrap() error }:
		collect(e.Unwrap(), list)
	}
}

// Join returns the faults as one error, or nil if there is none. The order is
// kept: an error summary shows them in it.
func Join(faults ...*Error) error {
	var list []error
	for _, f := range faults {
		if f != nil {
			list = append(list, f)
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return errors.Join(list...)
}

// Wrap adds context for the log to *err, once, in an exported method:
//
//	defer fault.Wrap(&err, "publish experiment %q", id)
//
// It does nothing when *err is nil.
func Wrap(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
