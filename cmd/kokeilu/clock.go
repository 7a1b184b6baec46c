package main

import (
	"sync"
	"time"

	"github.com/kokeilu/kokeilu/internal/id"
)

// moment is the portal's clock and its source of ids. While sample data is
// loaded it stands where the sample says, so that the data is made through the
// services as it would have been made then.
type moment struct {
	mu   sync.Mutex
	at   time.Time
	next []string
}

// Now is the time: the sample's while it is loaded, else the clock's.
func (m *moment) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at.IsZero() {
		return time.Now()
	}
	m.at = m.at.Add(time.Millisecond) // nothing happens at the same moment
	return m.at
}

// NewID is a new id: the sample's while one is named, else a random one.
func (m *moment) NewID() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.next) > 0 {
		next := m.next[0]
		m.next = m.next[1:]
		return next
	}
	return id.New()
}

// goTo sets the clock; the zero time lets it run again.
func (m *moment) goTo(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.next = at, nil
}

// name sets the next new ids.
func (m *moment) name(ids ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next = ids
}
