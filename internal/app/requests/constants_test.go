package requests_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

// TestEveryKindOfTheDomainHasItsRow reads the kinds from the source, so that one without
// a row in the table is named.
func TestEveryKindOfTheDomainHasItsRow(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../../domain/request.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	kinds, declared := testkit.New(t).Ledger.Requests.Kinds(), 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "RequestKind" {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		declared++
		if !slices.ContainsFunc(kinds, func(k requests.Kind) bool { return k.Code == domain.RequestKind(code) }) {
			t.Errorf("%s has no row in the table of kinds", spec.Names[0].Name)
		}
		return true
	})
	if declared < 3 || declared != len(kinds) {
		t.Errorf("%d kinds are declared, %d have a row", declared, len(kinds))
	}
}
