package ruleset_test

import (
	"os"
	"strings"
	"testing"

	"jifen/internal/ruleset"
)

// TestTheGuideNamesEveryKey reads the guide for rule authors: a word of the language
// that it leaves out is named.
func TestTheGuideNamesEveryKey(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range ruleset.Keys() {
		if !strings.Contains(string(guide), key) {
			t.Errorf("rules/README.md does not name %q", key)
		}
	}
}
