// Package archtest holds the shape of the house as tests: which package may
// import which and why, who may read clock, chance and environment, where
// floats have no place, and how packages are named and documented.
//
// A new package or a new library fails here until somebody has written a row
// with a reason. The package has no code of its own: the rules stand in
// arrows_test.go, the checks in checks_test.go, and bites_test.go proves on
// small sources that every check finds what it looks for.
package archtest
