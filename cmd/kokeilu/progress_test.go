package main

import (
	"testing"
	"time"
)

func TestHowFar(t *testing.T) {
	tests := map[string]struct {
		n, of int
		took  time.Duration
		want  string
	}{
		"nothing is counted yet":   {0, 0, time.Second, "counting what there is to index"},
		"nothing is written yet":   {0, 5000, time.Second, "0 of 5000"},
		"some of it":               {250, 1000, 5 * time.Second, "250 of 1000 (25 %), 50 a second, about 15s left"},
		"all but writing together": {1000, 1000, 20 * time.Second, "1000 of 1000, writing it together"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := howFar(tt.n, tt.of, tt.took); got != tt.want {
				t.Errorf("howFar = %q, want %q", got, tt.want)
			}
		})
	}
}
