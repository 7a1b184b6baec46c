package store

// Waiting returns how many Updates wait for the next group.
func (db *DB) Waiting() int {
	db.mu.Lock()
	defer db.mu.Unlock()
	return len(db.queue)
}
