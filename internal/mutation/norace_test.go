//go:build !race

package mutation

// raced says that the race detector is on.
const raced = false
