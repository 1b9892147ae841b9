package archtest

import (
	"fmt"
	"go/ast"
)

// unproved complains of code outside the use cases of accounts that acts for an account
// because somebody named it: tests may.
func unproved(t tree) (out []string) {
	for file, f := range t.files {
		if folder(file) == "internal/app/accounts" {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "ActorOf" {
				out = append(out, fmt.Sprintf("%s: an account is named without a proof: ask house.proved", t.at(call)))
			}
			return true
		})
	}
	return sorted(out)
}
