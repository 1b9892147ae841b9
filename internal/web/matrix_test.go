package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// matrix holds, written by hand, who is answered by a route at all. The tests of a
// page add a method for its routes, one a line: a method, the pattern, and the accounts
// of the town that are answered; signed-in stands for all of them, everybody for whoever
// is not signed in as well.
type matrix struct{}

// answered returns the accounts that each route answers, by method and pattern.
func (m matrix) answered(t *testing.T) map[string][]string {
	t.Helper()
	out, parts := map[string][]string{}, reflect.ValueOf(m)
	for i := range parts.NumMethod() {
		part, ok := parts.Method(i).Interface().(func() string)
		if !ok {
			t.Fatalf("%s of the matrix gives no text", parts.Type().Method(i).Name)
		}
		for _, line := range strings.Split(strings.TrimSpace(part()), "\n") {
			route, names, ok := strings.Cut(line, ": ")
			if !ok || out[route] != nil {
				t.Errorf("the matrix has %q twice, or without accounts", line)
			}
			out[route] = strings.Fields(names)
		}
	}
	return out
}

// TestMatrix walks every route as every role against the matrix. Refused is 403 (or 303
// to the sign-in for nobody); anything else is an answer.
func TestMatrix(t *testing.T) {
	t.Parallel()
	w := open(t)
	want := matrix{}.answered(t)
	logins := []string{"", "member", "secretary", "recorder", "leader", "community", "clerk", "officer", "auditor",
		"admin", "security"}
	for route, names := range want {
		for _, name := range names {
			if !slices.Contains(logins, name) && name != "signed-in" && name != "everybody" {
				t.Errorf("%s in the matrix names %q, which is no account", route, name)
			}
		}
	}
	routes := map[string]bool{}
	for _, r := range w.rows {
		route := r.Method + " " + r.Path
		if routes[route] = true; want[route] == nil {
			t.Errorf("no test says who is answered by %s: a method of matrix does", route)
		}
	}
	for _, login := range logins { // the security administrator last, who gives new passwords
		for _, r := range w.rows {
			route := r.Method + " " + r.Path
			names, v := want[route], w.visit(t, login) // anew, because one of the routes signs out
			path := strings.NewReplacer(":id", "1", ":token", "1", ":session", "1", ":kind", "entry",
				"*file", "none.css").Replace(r.Path)
			var status int
			var to string
			if r.Method == http.MethodGet {
				status, _, to = v.get(path)
			} else {
				status, _, to = v.post(path, url.Values{})
			}
			// Whoever signs out is led to the sign-in, as is whoever was not in.
			sentAway := status == http.StatusSeeOther && strings.HasPrefix(to, "/login") && r.Path != "/logout"
			may := slices.Contains(names, "everybody") || login != "" && slices.Contains(names, "signed-in") ||
				slices.Contains(names, login)
			if answered := status != http.StatusForbidden && !sentAway; answered != may {
				t.Errorf("%s as %q: %d %s, the matrix says %q", route, login, status, to, names)
			}
		}
	}
	for route := range want {
		if routes[route] {
			continue
		}
		t.Errorf("%s is in the matrix, and no route", route)
	}
}

// TestEveryListOfRoutesIsMounted looks for lists of routes that Routes does not join,
// and for handlers that no route names.
func TestEveryListOfRoutesIsMounted(t *testing.T) {
	t.Parallel()
	lists, handlers, used := map[string]bool{}, map[string]bool{}, map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && (f.Name.Name == "Routes" || strings.HasSuffix(f.Name.Name, "Routes")) {
					used[s.Sel.Name] = true
				}
				return true
			})
			switch {
			case f.Recv == nil || f.Type.Results.NumFields() != 1:
			case strings.HasSuffix(f.Name.Name, "Routes") && f.Name.Name != "Routes":
				lists[f.Name.Name] = true
			case f.Name.IsExported() && takesRequest(f):
				handlers[f.Name.Name] = true
			}
		}
	}
	if len(lists) < 10 || len(handlers) < 50 {
		t.Fatalf("only %d lists and %d handlers were found", len(lists), len(handlers))
	}
	for name := range lists {
		if !used[name] {
			t.Errorf("Routes does not join %s", name)
		}
	}
	for name := range handlers {
		if !used[name] {
			t.Errorf("no route leads to %s", name)
		}
	}
}

// takesRequest reports whether a function takes a request and may fail.
func takesRequest(f *ast.FuncDecl) bool {
	if f.Type.Params.NumFields() != 1 {
		return false
	}
	pointer, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := pointer.X.(*ast.SelectorExpr)
	result, fails := f.Type.Results.List[0].Type.(*ast.Ident)
	return ok && of.Sel.Name == "Context" && fails && result.Name == "error"
}
