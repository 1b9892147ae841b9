package ruleset

import (
	"strings"
	"testing"

	"jifen/internal/yamldoc"
)

// TestEveryKeyHasABadFile: each key of the grammar stands in a bad file whose
// mistake lies at the key, in what is written under it or names it, so that a word
// that nobody tried to write wrongly is named.
func TestEveryKeyHasABadFile(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for name, src := range texts(t, "testdata/bad/*.yaml") {
		e := expected(t, src)
		file, _ := yamldoc.Parse(name, []byte(src))
		if file.Root == nil {
			continue
		}
		var visit func(n *yamldoc.Node) bool
		visit = func(n *yamldoc.Node) (found bool) {
			found = n.Line == e.line && n.Col == e.col
			for _, i := range n.Items {
				found = visit(i) || found
			}
			for _, p := range n.Pairs {
				if in := visit(p.Key); visit(p.Value) || in {
					tried[p.Key.Text], found = true, true
				}
			}
			return found
		}
		visit(file.Root)
		for _, s := range Grammar() {
			for _, key := range s.names() {
				tried[key] = tried[key] || strings.Contains(e.message, key)
			}
		}
	}
	for _, s := range Grammar() {
		for _, key := range s.names() {
			if !tried[key] && key != "补充" { // a file that has it is read by LoadSupplement: see supplement_test.go
				t.Errorf("no file under testdata/bad writes %s of %s wrongly: add one", key, s.Name)
			}
		}
	}
}
