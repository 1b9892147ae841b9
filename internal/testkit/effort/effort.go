// Package effort decides how much of a long loop a test runs: all of it, or a
// part that ends within seconds.
package effort

import "testing"

// Small reports whether tests take the small size: with -short, which is what
// one runs while working, and under the race detector, which finds nothing in
// a loop over texts and makes it ten times slower.
func Small() bool { return testing.Short() || raced }

// Raced reports whether the race detector is on.
func Raced() bool { return raced }

// Every returns the step of a loop over every single mistake: 1, or the step
// given where tests take the small size. The log of the test says so.
func Every(tb testing.TB, step int) int {
	tb.Helper()
	if !Small() {
		return 1
	}
	tb.Logf("one of %d is tried; all of them: go test without -short and -race", step)
	return step
}

// Sample is Every that the race detector does not make smaller: for what is tried
// once in a whole run, with it or without.
func Sample(tb testing.TB, step int) int {
	tb.Helper()
	if !testing.Short() {
		return 1
	}
	tb.Logf("one of %d is tried; all of them: go test without -short", step)
	return step
}

// Size returns whole, or small with -short.
func Size(tb testing.TB, whole, small int) int {
	tb.Helper()
	if !testing.Short() {
		return whole
	}
	tb.Logf("%d instead of %d; as many: go test without -short", small, whole)
	return small
}

// Whole skips a test with -short and says what it does that takes long.
func Whole(tb testing.TB, takes string) {
	tb.Helper()
	if testing.Short() {
		tb.Skipf("%s; run it with: go test -run '^%s$' without -short", takes, tb.Name())
	}
}
