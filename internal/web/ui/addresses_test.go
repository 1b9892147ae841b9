package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestEveryAddressHasARoute follows what the templates link to and post to: some route
// of the site answers it, by the method that is asked.
func TestEveryAddressHasARoute(t *testing.T) {
	t.Parallel()
	routes, p, n := siteRoutes(t), pages(t), 0
	for _, v := range samples() {
		root, err := html.Parse(strings.NewReader(rendered(t, p, v)))
		if err != nil {
			t.Fatal(err)
		}
		for node := range root.Descendants() {
			for key, method := range map[string]string{"href": "get", "src": "get", "hx-get": "get", "hx-post": "post",
				"formaction": "post", "action": attr(node, "method")} {
				address, _, _ := strings.Cut(attr(node, key), "?")
				if !strings.HasPrefix(address, "/") {
					continue
				}
				if n++; !answered(routes[method], address) {
					t.Errorf("%s.html leads to %s %s, which no route answers", v.Template(), method, address)
				}
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d addresses were looked at", n)
	}
}

// answered reports whether an address fits one of the patterns.
func answered(patterns []string, address string) bool {
	for _, pattern := range patterns {
		if ok, err := path.Match(pattern, address); ok && err == nil {
			return true
		}
	}
	return false
}

// siteRoutes reads the rows of routes from the handlers' files, by method, with * for
// what is variable.
func siteRoutes(t *testing.T) map[string][]string {
	t.Helper()
	out, constants := map[string][]string{}, pathConstants(t)
	variable := regexp.MustCompile(`:\w+|\*\w+`)
	for _, file := range parsed(t, "../*.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			row, ok := n.(*ast.CompositeLit)
			if !ok || len(row.Elts) != 4 {
				return true
			}
			if method, ok := row.Elts[0].(*ast.Ident); ok && (method.Name == "get" || method.Name == "post") {
				address := valueOf(t, constants, row.Elts[1])
				out[method.Name] = append(out[method.Name], variable.ReplaceAllString(address, "*"))
			}
			return true
		})
	}
	if len(out["get"]) < 30 || len(out["post"]) < 30 {
		t.Fatalf("only %d and %d routes were read", len(out["get"]), len(out["post"]))
	}
	return out
}

// valueOf works a row's address out: a text, a constant of this package, both in a sum.
func valueOf(t *testing.T, constants map[string]string, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		return text
	case *ast.SelectorExpr:
		if constants[e.Sel.Name] == "" {
			t.Fatalf("a route has the address %s, which is no constant with a text", e.Sel.Name)
		}
		return constants[e.Sel.Name]
	case *ast.BinaryExpr:
		return valueOf(t, constants, e.X) + valueOf(t, constants, e.Y)
	}
	t.Fatalf("a route's address is neither a text nor a constant: %T", e)
	return ""
}

// pathConstants reads the addresses of this package by their names.
func pathConstants(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, file := range parsed(t, "*.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasSuffix(spec.Names[0].Name, "Path") {
				return true
			}
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
				out[spec.Names[0].Name] = valueOf(t, nil, literal)
			}
			return true
		})
	}
	return out
}

// parsed reads the files that fit a pattern, without tests.
func parsed(t *testing.T, pattern string) (out []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file)
	}
	return out
}
