package storetest_test

import (
	"testing"

	"github.com/kokeilu/kokeilu/internal/store/storetest"
)

func TestEveryDriverKeepsTheContract(t *testing.T) {
	for name, open := range storetest.Drivers {
		t.Run(name, func(t *testing.T) { storetest.Contract(t, open) })
	}
}
