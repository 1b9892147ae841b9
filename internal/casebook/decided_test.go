package casebook_test

import (
	"os"
	"path/filepath"
	"testing"

	"jifen/internal/casebook"
	"jifen/internal/rulebook"
)

// TestDecidedReadings runs the cases on which the engine and an independent
// evaluator once disagreed, each with the value that was decided: records that
// still decide something are never out of sight, additions wait through gaps,
// parts and cycles, alerts of closed windows stay, quantities are exact.
func TestDecidedReadings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/decided/*-case.yaml")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(f) //nolint:gosec // a fixture
			if err != nil {
				t.Fatal(err)
			}
			cases := casebook.Read(f, src)
			if cases.Book == nil {
				t.Fatal(cases.Format())
			}
			name := filepath.Join("testdata/decided", cases.Book.Rules)
			text, err := os.ReadFile(name) //nolint:gosec // a fixture
			if err != nil {
				t.Fatal(err)
			}
			rules := rulebook.Load(name, text)
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
