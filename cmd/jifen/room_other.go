//go:build !unix

package main

import "math"

// freeRoom is not asked of a system that has no Statfs: it takes the disk for empty.
func freeRoom(string) (uint64, error) { return math.MaxUint64, nil }
