// Command jifen keeps the points (积分) of Party members by a rule file: it
// checks rule files, runs their worked cases, scores and ranks the members in a
// few CSV files, writes an invented street to try it with, and keeps a real one
// in a database: it makes it, takes members in, opens the web site on it, and
// proves that nobody has changed what was recorded.
//
// Everything a person reads is Chinese. Results go to the standard output,
// complaints to the standard error; whatever cannot be a result is never on the
// standard output of jifen score. The exit code is
//
//	0  done
//	1  the answer is no: bad rules, bad data, failed cases, nobody of that name
//	2  wrong usage
//	3  cannot: a file that cannot be read or written
//
// Of jifen doctor 1 is a warning and 2 something that does not work.
package main

import (
	"os"
	"os/signal"
	"syscall"
)

// version is set by the linker: -X main.version=….
var version = "dev"

func main() {
	// A closed pipe then comes back from Write as an error like any other.
	signal.Ignore(syscall.SIGPIPE)
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, askSecret))
}
