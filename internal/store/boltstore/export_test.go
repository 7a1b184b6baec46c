package boltstore

import "os"

// Opened is told the file of the database, so that a test can break it.
func Opened(f func(*os.File)) Option { return func(s *settings) { s.opened = f } }
