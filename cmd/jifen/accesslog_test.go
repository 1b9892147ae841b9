package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/server"
)

// TestTheAccessLogHasALineOfEveryRequest: added to what is there, for its owner alone.
func TestTheAccessLogHasALineOfEveryRequest(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "requests.log")
	for range 2 {
		l, err := openAccessLog(path)
		if err != nil {
			t.Fatal(err)
		}
		observe := observer(nil, l)
		observe(server.Observation{ID: "0a", Route: "GET /members/:id", Status: 200, Took: 1500 * time.Microsecond})
		observe(server.Observation{ID: "0b", Status: 404})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), `id=0a route="GET /members/:id" status=200 ms=1`+"\n"); n != 2 ||
		!strings.Contains(string(text), "id=0b route=none status=404 ms=0\n") {
		t.Errorf("the log says\n%s", text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the log is readable as %v, %v", info.Mode(), err)
	}
	if _, err := openAccessLog(filepath.Join(path, "x")); err == nil || !strings.Contains(err.Error(), "写不了") {
		t.Errorf("below a file: %v", err)
	}
	if observer(nil, nil) != nil {
		t.Error("requests are observed for nobody")
	}
}
