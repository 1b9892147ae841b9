//go:build !unix

package sqlite

import "io/fs"

// hardLinks returns 1: such a system does not say how many names a file has.
func hardLinks(fs.FileInfo) uint64 { return 1 }
