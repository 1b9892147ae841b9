package metrics_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"jifen/internal/testkit/expect"
)

func document(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTheDocumentHasEveryNameAndNoOther compares the table of docs/operation.md with
// what Prometheus is given.
func TestTheDocumentHasEveryNameAndNoOther(t *testing.T) {
	t.Parallel()
	written := map[string]bool{}
	row := regexp.MustCompile("(?m)^\\| (`jifen_[^|]+)\\|")
	for _, names := range row.FindAllStringSubmatch(document(t, "operation.md"), -1) {
		for _, name := range regexp.MustCompile("`(jifen_[a-z_]+)`").FindAllStringSubmatch(names[1], -1) {
			written[name[1]] = true
		}
	}
	given := map[string]bool{}
	for name := range families(t, whole()) {
		if strings.HasPrefix(name, "jifen_") {
			given[name] = true
		}
	}
	expect.Equal(t, "the names in the document", slices.Sorted(maps.Keys(written)), slices.Sorted(maps.Keys(given)))
}

// TestEveryAlertAsksForWhatIsThere reads docs/alerts.yaml as Prometheus does: every
// rule is whole, every name in an expression is given, with every label it is asked by.
func TestEveryAlertAsksForWhatIsThere(t *testing.T) {
	t.Parallel()
	var file struct {
		Groups []struct {
			Name  string
			Rules []struct {
				Alert, Expr, For    string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.UnmarshalWithOptions([]byte(document(t, "alerts.yaml")), &file, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	given := families(t, whole())
	asked := regexp.MustCompile(`\b((?:jifen|go|process)_[a-z_]+)(?:\{([^}]*)\})?`)
	label := regexp.MustCompile(`(\w+)\s*[!=]~?`)
	seen := map[string]bool{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			if seen[r.Alert] || r.Alert == "" || r.Annotations["summary"] == "" ||
				!slices.Contains([]string{"warning", "critical"}, r.Labels["severity"]) {
				t.Errorf("%q is there twice, or lacks a severity or what it says", r.Alert)
			}
			seen[r.Alert] = true
			names := asked.FindAllStringSubmatch(r.Expr, -1)
			if len(names) == 0 && !strings.HasPrefix(r.Expr, "up{") {
				t.Errorf("%s asks for nothing of ours: %s", r.Alert, r.Expr)
			}
			for _, n := range names {
				family, ok := given[n[1]]
				if histogram, found := strings.CutSuffix(n[1], "_bucket"); found {
					family, ok = given[histogram]
				}
				if !ok {
					t.Errorf("%s asks for %s, which is not given", r.Alert, n[1])
					continue
				}
				for _, l := range label.FindAllStringSubmatch(n[2], -1) {
					if !slices.Contains(family, l[1]) {
						t.Errorf("%s asks %s by %s, which has %v", r.Alert, n[1], l[1], family)
					}
				}
			}
		}
	}
	if len(seen) == 0 {
		t.Error("there is no alert")
	}
}
