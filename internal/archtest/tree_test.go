package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// module is the module's path as go.mod gives it.
const module = "jifen"

// tree is the module's Go source: parsed without tests, as text with them.
type tree struct {
	fset  *token.FileSet
	files map[string]*ast.File // by slash path from the module's root
	texts map[string]string    // likewise, tests included
	whole bool                 // the whole module, not a source made for a test
}

// parse builds a tree from sources by path. The real module and the small
// sources of the bite test both come through here.
func parse(sources map[string]string) (tree, error) {
	t := tree{fset: token.NewFileSet(), files: map[string]*ast.File{}, texts: sources}
	for name, text := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return tree{}, err
		}
		t.files[name] = f
	}
	return t, nil
}

// at returns the place of a node: path:line.
func (t tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// folder returns a file's package as the tables write it: internal/domain.
func folder(file string) string { return path.Dir(file) }

// importPath returns the path an import names.
func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		panic(err) // the parser has read it as a string already
	}
	return p
}

// localName returns the name under which a file knows an import. For a path
// that ends in a major version it is the element before: rand for math/rand/v2.
func localName(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	dir, last := path.Split(importPath(spec))
	if _, err := strconv.Atoi(strings.TrimPrefix(last, "v")); err == nil && dir != "" {
		return path.Base(dir)
	}
	return last
}

// uses returns every selector in f that picks a name out of the package
// imported as p.
func uses(f *ast.File, p string) []*ast.SelectorExpr {
	local := map[string]bool{}
	for _, spec := range f.Imports {
		if importPath(spec) == p {
			local[localName(spec)] = true
		}
	}
	var found []*ast.SelectorExpr
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && local[id.Name] {
				found = append(found, sel)
			}
		}
		return true
	})
	return found
}

// readModule returns the text of every .go file of the module, by slash path from
// its root. Nested modules, fixtures and what npm brings
// along are not ours to judge.
func readModule(tb testing.TB) map[string]string {
	tb.Helper()
	root := moduleRoot(tb)
	sources := map[string]string{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if file != root && foreign(file) {
				return filepath.SkipDir
			}
			return nil
		case !strings.HasSuffix(file, ".go"):
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		sources[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return sources
}

// foreign reports whether a folder below the root is not part of the module.
func foreign(dir string) bool {
	name := filepath.Base(dir)
	if name == "testdata" || name == "node_modules" || name == "vendor" || name[0] == '.' || name[0] == '_' {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

// moduleRoot returns the nearest folder upwards that holds a go.mod.
func moduleRoot(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			tb.Fatal("no go.mod in any folder above the test")
		}
		dir = up
	}
}
