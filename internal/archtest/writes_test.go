package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// places are the functions that say in which streets is written.
func places() []string {
	return []string{"store.InStreets", "store.InStreetsOf", "store.OfNoStreet", "store.InAllStreets",
		"kernel.InStreets", "InStreets"}
}

// unplaced complains of a write on the database that does not say in which streets it
// writes: on a server it would lock all of them. The context of DB.Write and DB.Exclusive
// comes from a function that says so, in the call or earlier in the same function.
func unplaced(t tree) (out []string) {
	for file, f := range t.files {
		if folder(file) == "internal/testkit" || under(file, "internal/store") {
			continue
		}
		for _, d := range f.Decls {
			said := false
			ast.Inspect(d, func(n ast.Node) bool {
				if a, ok := n.(*ast.AssignStmt); ok && len(a.Rhs) == 1 {
					said = said || saysWhere(a.Rhs[0])
				}
				call, ok := n.(*ast.CallExpr)
				if !ok || !writesIn(call) || said || saysWhere(call.Args[0]) {
					return true
				}
				out = append(out, fmt.Sprintf("%s: say in which streets is written: %s", t.at(call),
					"store.InStreets, kernel.InStreets, store.OfNoStreet, or store.InAllStreets with a reason"))
				return true
			})
		}
	}
	return sorted(out)
}

// writesIn reports whether a call is DB.Write or DB.Exclusive of the store.
func writesIn(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) != 2 || sel.Sel.Name != "Write" && sel.Sel.Name != "Exclusive" {
		return false
	}
	of := ""
	switch x := sel.X.(type) {
	case *ast.SelectorExpr:
		of = x.Sel.Name
	case *ast.Ident:
		of = x.Name
	}
	return strings.EqualFold(of, "db")
}

// saysWhere reports whether an expression is the context of one of places.
func saysWhere(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); ok {
			name = of.Name + "." + f.Sel.Name
		}
	}
	return slices.Contains(places(), name)
}
