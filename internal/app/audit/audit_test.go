package audit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"jifen/internal/app/audit"
)

// TestEveryActionCanBeLookedFor reads the constants from the source, so that one
// that the filter of the page leaves out is named.
func TestEveryActionCanBeLookedFor(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "audit.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared, listed := 0, audit.Actions()
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Action" {
			return true
		}
		words, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		declared++
		if !slices.Contains(listed, words) {
			t.Errorf("Actions does not list %s (%s)", spec.Names[0].Name, words)
		}
		return true
	})
	if declared < 30 || declared != len(listed) {
		t.Errorf("%d actions are declared, %d listed", declared, len(listed))
	}
}
