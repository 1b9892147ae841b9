package access_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// TestEveryPermissionHasATitleAndARole reads the constants from the source, so that
// one without a row is named.
func TestEveryPermissionHasATitleAndARole(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "permissions.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared, titles := map[access.Permission]bool{}, map[string]access.Permission{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); !ok || kind.Name != "Permission" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		declared[access.Permission(text)] = true
		return true
	})
	if len(declared) < 17 {
		t.Fatalf("the source declares %d permissions, want at least 17", len(declared))
	}
	for p := range declared {
		if p.Title() == "" {
			t.Errorf("%q has no row in permissions", p)
		}
	}
	for _, p := range access.Permissions() {
		if !declared[p] {
			t.Errorf("the row of %q is of no constant", p)
		}
		if other, twice := titles[p.Title()]; twice {
			t.Errorf("%q and %q have one title, %s", p, other, p.Title())
		}
		titles[p.Title()] = p
		if p != access.SignedIn && !given(p) {
			t.Errorf("no role has %q", p)
		}
	}
}

// given reports whether some role gives a permission.
func given(p access.Permission) bool {
	for _, r := range domain.Roles() {
		if actor(access.Grant{Role: r, Path: "1."}).May(p) {
			return true
		}
	}
	return false
}
