package members_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"jifen/internal/testkit/pgtest"
)

// TestMain takes fewer random cases on a server, where each makes a database.
func TestMain(m *testing.M) {
	if pgtest.OnServer() {
		if err := flag.Set("rapid.checks", "8"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}
