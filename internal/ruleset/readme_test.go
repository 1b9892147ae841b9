package ruleset_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"jifen/internal/ruleset"
)

// TestTheGuideNamesEveryKey reads the guide for rule authors: a word of the language
// that it nowhere writes as one, with a colon behind it or in backquotes, is named.
func TestTheGuideNamesEveryKey(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range ruleset.Grammar() {
		for _, k := range s.Keys {
			as := regexp.MustCompile("(^|[^\\p{Han}])" + regexp.QuoteMeta(k.Name) + "[ \t]*[:`]")
			if !as.Match(guide) {
				t.Errorf("rules/README.md does not write %q of %s as a key", k.Name, s.Name)
			}
		}
	}
	for _, key := range ruleset.Keys() {
		if !strings.Contains(string(guide), key) {
			t.Errorf("rules/README.md does not name %q", key)
		}
	}
}
