//go:build !linux

package sqlite

import "os"

// lockFile locks nothing: such a system has no lock that leaves SQLite's own alone. The
// lock file beside the database is all there is.
func lockFile(*os.File, bytes, bool) (taken bool) { return false }
