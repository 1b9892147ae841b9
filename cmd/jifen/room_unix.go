//go:build unix

package main

import "syscall"

// freeRoom returns how much room a folder's disk has for who is not root, in bytes.
func freeRoom(folder string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return uint64(s.Bavail) * uint64(s.Bsize), nil //nolint:unconvert // other types on other systems
}
