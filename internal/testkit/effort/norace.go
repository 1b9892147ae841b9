//go:build !race

package effort

// raced reports that the race detector is on.
const raced = false
