package main

import (
	"os"
	"testing"
	"time"
)

func TestProcessorTimeIsUserAndSystem(t *testing.T) {
	const rest = " S 1 1 1 0 -1 4194560 100 0 0 0 250 31 7 9 20 0 8 0 100 1000 200"
	for name, stat := range map[string]string{"a plain name": "42 (kokeilu)" + rest, "a name with brackets and blanks": "42 (a) S (b c)" + rest} {
		got, err := parseStat(stat)
		if want := 2810 * time.Millisecond; err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", name, got, err, want)
		}
	}
	for _, broken := range []string{"", "42 (kokeilu) S 1", "42 (kokeilu) S 1 1 1 0 -1 4194560 100 0 0 0 x 31 7"} {
		if _, err := parseStat(broken); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

func TestAnonymousMemoryIsInMegabytes(t *testing.T) {
	got, err := parseAnonymous("VmRSS:\t  900 kB\nRssAnon:\t  153600 kB\nRssFile:\t 4 kB\n")
	if err != nil || got != 150 {
		t.Errorf("got %v, %v; want 150", got, err)
	}
	if _, err := parseAnonymous("VmRSS:\t 900 kB\n"); err == nil {
		t.Error("memory was found where there is none")
	}
}

func TestThisProcessCanBeLookedAt(t *testing.T) {
	before, err := ownCPU()
	if err != nil {
		t.Fatal(err)
	}
	for sum, end := 0, before+30*time.Millisecond; ; sum++ {
		now, err := ownCPU()
		if err != nil {
			t.Fatal(err)
		}
		if now > end {
			break
		}
	}
	if got, err := cpuOf(os.Getpid()); err != nil || got < 20*time.Millisecond {
		t.Errorf("cpuOf = %v, %v", got, err)
	}
	if got, err := anonymous(os.Getpid()); err != nil || got <= 0 {
		t.Errorf("anonymous = %v, %v", got, err)
	}
}
