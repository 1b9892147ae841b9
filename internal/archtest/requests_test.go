package archtest

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// unboundReads lists, by file and function, what may read a request otherwise than
// through server/bind, with the reason.
func unboundReads() map[string]string {
	return map[string]string{
		"internal/server/server.go atMost": "bounds every body before anybody reads it",
		"internal/web/asking.go carried":   "links carry on what the address asks for, whatever it is",
	}
}

// readsRequest reports whether a selector of Gin's context or of a request gives
// what was sent: an input, a file, the body, the query.
func readsRequest(sel *ast.SelectorExpr) bool {
	name := sel.Sel.Name
	if name == "Body" || name == "Form" { // names of much else
		switch of := sel.X.(type) {
		case *ast.SelectorExpr:
			return of.Sel.Name == "Request"
		case *ast.Ident:
			return of.Name == "r" || of.Name == "req"
		}
		return false
	}
	for _, part := range []string{"PostForm", "ShouldBind", "MustBind", "FormValue", "FormFile", "MultipartForm"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return slices.Contains([]string{
		"ParseForm", "MultipartReader", "GetRawData", "RawQuery", "SaveUploadedFile",
		"Query", "DefaultQuery", "GetQuery", "QueryArray", "GetQueryArray", "QueryMap", "GetQueryMap",
		"Bind", "BindJSON", "BindXML", "BindYAML", "BindTOML", "BindQuery", "BindHeader", "BindUri", "BindWith",
	}, name)
}

// unbound complains of what reads a request, an input, a body or the query, past
// the tags that declare it: files that know Gin, but server/bind itself.
func unbound(t tree) (out []string) {
	needed := map[string]bool{}
	for file, f := range t.files {
		knows := slices.ContainsFunc(f.Imports, func(spec *ast.ImportSpec) bool {
			return slices.Contains([]string{"github.com/gin-gonic/gin", "net/http"}, importPath(spec))
		})
		if folder(file) == "internal/server/bind" || !knows {
			continue
		}
		binds := uses(f, module+"/internal/server/bind")
		for _, d := range f.Decls {
			name := "a variable"
			if fn, ok := d.(*ast.FuncDecl); ok {
				name = fn.Name.Name
			}
			ast.Inspect(d, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok || !readsRequest(sel) || slices.Contains(binds, sel) {
					return true
				}
				place := file + " " + name
				if needed[place] = unboundReads()[place] != ""; !needed[place] {
					out = append(out, fmt.Sprintf("%s: %s reads a request by %s: declare it and use server/bind",
						t.at(sel), name, sel.Sel.Name))
				}
				return true
			})
		}
	}
	for place := range unboundReads() {
		if t.whole && !needed[place] {
			out = append(out, place+" reads no request any more: strike it from unboundReads() in internal/archtest")
		}
	}
	return sorted(out)
}

// handlers returns a small source with a handler of a body.
func handlers(body string) string {
	return `package web; import ("github.com/gin-gonic/gin"; "jifen/internal/server/bind"); ` +
		`func Entry(c *gin.Context) {` + body + `}`
}
