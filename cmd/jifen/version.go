package main

import (
	"fmt"
	"runtime"
)

// versionCommand is jifen version.
type versionCommand struct{}

// Run writes which program this is.
func (versionCommand) Run(c *console) error {
	_, err := fmt.Fprintf(c.out, "jifen %s\n%s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
