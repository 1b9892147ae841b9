package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// avoided returns the words of the private dialect that names had before, each with
// what to write instead: the last column of the glossary in ARCHITECTURE.md, as far
// as a machine can hold it.
func avoided() map[string]string {
	return map[string]string{
		"casebook": "ruletest",
		"deed":     "entry (EntryInput, Entry)",
		"deeds":    "entries",
		"intake":   "importer",
		"lack":     "requirements",
		"meeting":  "activity",
		"meetings": "activities",
		"moment":   "instant, view time",
		"retract":  "withdraw",
		"said":     "message, reported",
		"sheet":    "spreadsheet, bulk entry, attendance form, ranking table",
		"sheets":   "spreadsheets",
		"shelf":    "versions",
		"sketch":   "draft",
		"stay":     "residence",
		"stays":    "residences",
		"stories":  "histories",
		"story":    "history",
		"takeback": "reverse, withdraw, undo",
		"tally":    "count",
		"tie":      "secondary membership",
		"ties":     "secondary memberships",
		"told":     "reported",
	}
}

// allowance lets a package use an avoided word.
type allowance struct {
	pkg   string
	words []string
	why   string
}

// allowances lists where an avoided word is the right one, or is not put right yet.
func allowances() []allowance {
	const ranks = "equal places in a ranking are ties"
	return []allowance{
		{"cmd/jifen", []string{"tie"}, "the command is called tie by those who type it"},
		{"internal/api", []string{"ties"}, ranks},
		{"internal/app/standings", []string{"ties"}, ranks},
		{"internal/ranking", []string{"ties"}, ranks},
		{"internal/report", []string{"tie"}, ranks},
		{"internal/ruleset", []string{"tie", "stays"}, ranks + "; and a bonus that is not suspended stays"},
		{"internal/spreadsheet", []string{"sheet", "sheets"}, "the format calls a table of a workbook a sheet"},
		{"internal/web/ui", []string{"ties"}, ranks},
	}
}

// word matches one word of a name in mixed caps.
var word = regexp.MustCompile(`[A-Z]+[a-z0-9]*|[a-z0-9]+`)

// words complains of avoided words in the names of what is declared: packages, types,
// functions, methods, fields, constants and variables of a package, tests included.
// The name of a test is a sentence, and may say what it likes.
func words(t tree) (out []string) {
	fset := token.NewFileSet()
	used := map[string]bool{}
	for file, text := range t.texts {
		f, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
		if err != nil {
			out = append(out, fmt.Sprintf("%s: %v", file, err))
			continue
		}
		for _, id := range declared(f) {
			for _, w := range word.FindAllString(id.Name, -1) {
				w = strings.ToLower(w)
				instead, bad := avoided()[w]
				if !bad {
					continue
				}
				if allowed(folder(file), w) {
					used[folder(file)+" "+w] = true
					continue
				}
				out = append(out, fmt.Sprintf("%s:%d: %s: not %q but %s", file, fset.Position(id.Pos()).Line, id.Name, w, instead))
			}
		}
	}
	if t.whole {
		for _, a := range allowances() {
			for _, w := range a.words {
				if !used[a.pkg+" "+w] {
					out = append(out, fmt.Sprintf("%s needs %q no more: strike it from allowances() in internal/archtest", a.pkg, w))
				}
			}
		}
	}
	return sorted(out)
}

// allowed reports whether a package may use an avoided word.
func allowed(pkg, w string) bool {
	return slices.ContainsFunc(allowances(), func(a allowance) bool { return a.pkg == pkg && slices.Contains(a.words, w) })
}

// declared returns the names that a file declares at its top: its package, types with
// their fields and methods, functions that are no tests, constants and variables.
func declared(f *ast.File) []*ast.Ident {
	out := []*ast.Ident{f.Name}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if !sentence.MatchString(d.Name.Name) {
				out = append(out, d.Name)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					out = append(out, spec.Names...)
				case *ast.TypeSpec:
					out = append(out, spec.Name)
					out = append(out, members(spec.Type)...)
				}
			}
		}
	}
	return out
}

// sentence matches the name of a test, which is a sentence.
var sentence = regexp.MustCompile(`^([Tt]est|Benchmark|Fuzz|Example)`)

// members returns the names of the fields and methods that a type declares.
func members(typ ast.Expr) (out []*ast.Ident) {
	ast.Inspect(typ, func(n ast.Node) bool {
		if list, ok := n.(*ast.FieldList); ok {
			for _, field := range list.List {
				out = append(out, field.Names...)
			}
		}
		_, signature := n.(*ast.FuncType)
		return !signature
	})
	return out
}
