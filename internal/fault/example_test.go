package fault_test

import (
	"errors"
	"fmt"

	"github.com/kokeilu/kokeilu/internal/fault"
)

// Rules keep their faults beside them.
var (
	ErrTitleMissing = fault.New(fault.Invalid, "experiment.title_missing").On("title")
	ErrTooLong      = fault.New(fault.Invalid, "experiment.too_long")
)

func check(title, aim string) error {
	var findings []*fault.Error
	if title == "" {
		findings = append(findings, ErrTitleMissing)
	}
	if len(aim) > 20 {
		findings = append(findings, ErrTooLong.On("aim").With(20))
	}
	return fault.Join(findings...)
}

func Example() {
	err := check("", "to find out whether it works at all")
	fmt.Println(errors.Is(err, ErrTitleMissing), errors.Is(err, ErrTooLong))
	for _, f := range fault.All(err) {
		fmt.Println(f.Field, f.Key, f.Args)
	}
	fmt.Println(check("A bus on demand", "fewer taxis"))
	// Output:
	// true true
	// title experiment.title_missing []
	// aim experiment.too_long [20]
	// <nil>
}

func ExampleWrap() {
	publish := func(id string) (err error) {
		defer fault.Wrap(&err, "publish experiment %q", id)
		return ErrTitleMissing
	}
	err := publish("k3f9")
	fmt.Println(err)
	fmt.Println(fault.KindOf(err) == fault.Invalid)
	// Output:
	// publish experiment "k3f9": title: experiment.title_missing
	// true
}
