package mutation

import (
	"flag"
)

// filtered reports whether only some of the files are looked at, by -run.
func filtered() bool {
	run := flag.Lookup("test.run")
	return run != nil && run.Value.String() != ""
}
