package ruletest_test

import (
	"os"
	"path/filepath"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
)

// TestDecidedReadings runs the cases on which the engine and an independent
// evaluator once disagreed, each with the value that was decided: records that
// still decide something are never out of sight, additions wait through gaps,
// parts and cycles, alerts of closed windows stay, quantities are exact.
func TestDecidedReadings(t *testing.T) {
	t.Parallel()
	passPairs(t, "testdata/decided", 15)
}

// TestSchemesFromElsewhere runs schemes that published texts have and no shipped
// file: each with what was worked out by hand.
func TestSchemesFromElsewhere(t *testing.T) {
	t.Parallel()
	passPairs(t, "testdata/schemes", 3)
}

// passPairs runs every x-case.yaml of a folder.
func passPairs(t *testing.T, folder string, least int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*-case.yaml"))
	if err != nil || len(files) < least {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(f) //nolint:gosec // a fixture
			if err != nil {
				t.Fatal(err)
			}
			cases := ruletest.Read(f, src)
			if cases.Book == nil {
				t.Fatal(cases.Format())
			}
			name := filepath.Join(folder, cases.Book.Rules[0])
			text, err := os.ReadFile(name) //nolint:gosec // a fixture
			if err != nil {
				t.Fatal(err)
			}
			rules := ruleset.Load(name, text)
			if rules.Book == nil {
				t.Fatal(rules.Format())
			}
			for _, o := range cases.Book.Run(rules.Book) {
				if !o.OK {
					t.Errorf("%s: %v", o.Name, o.Differences)
				}
			}
		})
	}
}
