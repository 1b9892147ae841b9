//go:build race

package mutation

// raced says that the race detector is on: it finds nothing in a loop over texts
// and makes it ten times slower, so a sample is enough.
const raced = true
