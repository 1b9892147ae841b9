package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// check looks at a tree and returns its complaints, each a sentence that says
// where and what to do.
type check struct {
	name string
	run  func(tree) []string
}

// checks lists every check.
func checks() []check {
	return []check{
		{"every package has a row", unlisted},
		{"arrows", crossings},
		{"libraries", strangers},
		{"clock, chance and environment", surroundings},
		{"floats", floats},
		{"one package comment", comments},
		{"names", names}, {"words of the glossary", words},
		{"SQL", queries},
		{"unscoped reads", reads},
		{"program acts", acts},
		{"commands prove who acts", unproved},
		{"writes say where", unplaced},
		{"requests are bound", unbound},
		written(docComments), written(lineWidth), written(fileLength),
	}
}

// unlisted complains of packages without a row in arrows.
func unlisted(t tree) []string {
	listed := map[string]bool{}
	for _, a := range arrows() {
		listed[a.from] = true
	}
	var out []string
	for pkg := range byFolder(t) {
		if !listed[pkg] {
			out = append(out, fmt.Sprintf("%s has no row: add one to arrows() in internal/archtest that says what it may "+
				"import, with a reason", pkg))
		}
	}
	return sorted(out)
}

// crossings complains of imports within the module that no arrow allows.
func crossings(t tree) []string {
	var out []string
	for _, a := range arrows() {
		for _, f := range byFolder(t)[a.from] {
			for _, spec := range f.Imports {
				to, ours := within(importPath(spec))
				if ours && !slices.Contains(a.may, to) && !slices.Contains(a.may, anything) {
					out = append(out, fmt.Sprintf("%s: %s may not import %s: %s", t.at(spec), a.from, to, a.why))
				}
			}
		}
	}
	return sorted(out)
}

// strangers complains of libraries that are imported where they should not be,
// or that nobody has given a row.
func strangers(t tree) []string {
	var out []string
	for file, f := range t.files {
		for _, spec := range f.Imports {
			p := importPath(spec)
			if _, ours := within(p); ours || isStandard(p) {
				continue
			}
			i := slices.IndexFunc(libraries(), func(l library) bool { return under(p, l.path) })
			if i < 0 {
				out = append(out, fmt.Sprintf("%s: %s has no row: do without it, or add one to libraries() in internal/archtest "+
					"with a reason", t.at(spec), p))
				continue
			}
			if l := libraries()[i]; !slices.Contains(l.only, folder(file)) {
				out = append(out, fmt.Sprintf("%s: %s is for %s alone: %s", t.at(spec), l.path, strings.Join(l.only, " and "),
					l.why))
			}
		}
	}
	return sorted(out)
}

// surroundings complains of code below cmd that reads clock, chance or
// environment. A dot import hides the reading, so it is refused as a whole.
func surroundings(t tree) []string {
	var out []string
	for file, f := range t.files {
		if under(file, "cmd") {
			continue
		}
		for _, a := range ambients() {
			for _, spec := range f.Imports {
				if importPath(spec) == a.path && (localName(spec) == "." || a.names == nil && excepted(file, a.path) == nil) {
					out = append(out, fmt.Sprintf("%s: only cmd may import %s like this: let cmd pass down what is needed",
						t.at(spec), a.path))
				}
			}
			for _, sel := range uses(f, a.path) {
				if forbidden(a, file, sel.Sel.Name) {
					out = append(out, fmt.Sprintf("%s: only cmd may use %s.%s: let cmd pass down what is needed", t.at(sel), a.path,
						sel.Sel.Name))
				}
			}
		}
	}
	return sorted(out)
}

// forbidden reports whether a file below cmd may not use a name of an ambient
// package. Where the import itself is forbidden, only an exception's names are
// left to judge.
func forbidden(a ambient, file, name string) bool {
	allowed := excepted(file, a.path)
	if a.names != nil {
		return slices.Contains(a.names, name) && !slices.Contains(allowed, name)
	}
	return allowed != nil && !slices.Contains(allowed, name)
}

// excepted returns the names that a file may use of an ambient package by way
// of an exception, nil without one.
func excepted(file, path string) []string {
	for _, e := range exceptions() {
		if e.from == folder(file) && e.path == path {
			return e.names
		}
	}
	return nil
}

// floats complains of floating-point types, literals and parsing in the
// packages that reckon points.
func floats(t tree) []string {
	var out []string
	complain := func(n ast.Node, what string) {
		out = append(out, fmt.Sprintf("%s: %s where points are reckoned: count hundredths in integers, or use math/big",
			t.at(n), what))
	}
	for file, f := range t.files {
		if !slices.Contains(exact(), folder(file)) {
			continue
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				if n.Name == "float32" || n.Name == "float64" {
					complain(n, n.Name)
				}
			case *ast.BasicLit:
				if n.Kind == token.FLOAT {
					complain(n, n.Value)
				}
			}
			return true
		})
		for _, sel := range uses(f, "strconv") {
			if sel.Sel.Name == "ParseFloat" {
				complain(sel, "strconv.ParseFloat")
			}
		}
	}
	return sorted(out)
}

// comments complains of packages without a package comment, and of those with
// several: a reader should not have to find out which one is true.
func comments(t tree) []string {
	written := map[string][]string{}
	for file, f := range t.files {
		if strings.TrimSpace(f.Doc.Text()) != "" {
			written[folder(file)] = append(written[folder(file)], t.at(f))
		}
	}
	var out []string
	for pkg := range byFolder(t) {
		switch places := written[pkg]; len(places) {
		case 0:
			out = append(out, fmt.Sprintf("%s has no package comment: say in one what it is for", pkg))
		case 1:
		default:
			out = append(out, fmt.Sprintf("%s has %d package comments (%s): keep one", pkg, len(places),
				strings.Join(sorted(places), ", ")))
		}
	}
	return sorted(out)
}

// names complains of packages and folders whose names say nothing.
func names(t tree) []string {
	var out []string
	for pkg, files := range byFolder(t) {
		parts := strings.Split(pkg, "/")
		for _, f := range files {
			parts = append(parts, f.Name.Name)
		}
		for _, name := range hollow() {
			if slices.Contains(parts, name) {
				out = append(out, fmt.Sprintf("%s: %q says nothing of what is inside: name it after what it does", pkg, name))
			}
		}
	}
	return sorted(out)
}

// queries complains of SQL outside the store, of what one database alone
// understands outside its engine, and of SQL that would rewrite a table that is
// history: the schema's triggers refuse it when it runs, this when it is written.
func queries(t tree) []string {
	var out []string
	for file, f := range t.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && folder(file) == "internal/store" && sel.Sel.Name == "LastInsertId" {
				out = append(out, fmt.Sprintf("%s: LastInsertId is one database's own: let RETURNING give the id", t.at(sel)))
			}
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || strings.HasPrefix(folder(file), belowStore) {
				return true
			}
			if folder(file) != "internal/store" {
				if anySQL.MatchString(lit.Value) {
					out = append(out, fmt.Sprintf("%s: SQL stands in internal/store: give it a method there", t.at(lit)))
				}
				return true
			}
			for _, word := range oneEngines.FindAllString(lit.Value, -1) {
				out = append(out, fmt.Sprintf("%s: %q is one database's own: write what all understand, or let the engine do it",
					t.at(lit), word))
			}
			for _, word := range nameless.FindAllString(lit.Value, -1) {
				out = append(out, fmt.Sprintf("%s: %q: name the columns, the next version may have more", t.at(lit), word))
			}
			for _, m := range rewriting.FindAllStringSubmatch(lit.Value, -1) {
				if !slices.Contains(rewritable(), m[1]+m[2]) {
					out = append(out, fmt.Sprintf("%s: %s is history: record a correction instead", t.at(lit), m[1]+m[2]))
				}
			}
			return true
		})
	}
	return sorted(out)
}

var (
	anySQL = regexp.MustCompile(`(?s)\b(SELECT\s.+\sFROM|INSERT\s.*INTO|UPDATE\s+\w+\s+SET|` +
		`DELETE\s+FROM|REPLACE\s+INTO|(?:CREATE|DROP|ALTER)\s+(?:TABLE|TRIGGER|INDEX)|PRAGMA)\b`)
	// What another database does not understand, or understands otherwise; and a
	// placeholder within a text, which a rewriting of placeholders would spoil.
	oneEngines = regexp.MustCompile(`\b(?:PRAGMA|VACUUM|ATTACH|GLOB|REGEXP|NOCASE|INSERT OR|_?rowid_?)\b|` +
		`\b(?:I?LIKE|COLLATE|DISTINCT ON|FOR UPDATE|FOR SHARE|NULLS (?:FIRST|LAST)|TRUE|FALSE|LIMIT -1|` +
		`pg_\w+|information_schema|CURRENT_\w+)\b|\bIS (?:NOT )?(?:\?|DISTINCT)|\w::\w|\$\d|` +
		`\b(?:substr|substring|total|hex|now|nextval|string_agg|array_agg|unnest|to_char|concat|format)\(|` +
		`\bsqlite_\w+|\? IS NULL OR|->>?|\b(?:strftime|julianday|datetime|unixepoch|typeof|instr|ifnull|iif|` +
		`group_concat|printf|last_insert_rowid|changes|json\w*)\(|'[^' ]*\?[^' ]*'`)
	// What takes the columns of a table as they are; u names a WITH.
	nameless = regexp.MustCompile(`(?i)\bSELECT\s+\*|\bINSERT\s+INTO\s+\w+\s+(?:VALUES|SELECT|DEFAULT)\b|` +
		`\b(?:\w\w+|[a-tv-z])\.\*`)
	rewriting = regexp.MustCompile(`(?i)\b(?:UPDATE\s+(?:OR\s+\w+\s+)?(\w+)\s+SET\b|` +
		`(?:DELETE\s+FROM|REPLACE\s+INTO|INSERT\s+OR\s+REPLACE\s+INTO|DROP\s+TABLE)\s+(\w+))`)
)

// belowStore begins the folders in which what one database alone understands may
// stand: its engine, and the steps from one shape to the next.
const belowStore = "internal/store/"

// byFolder groups a tree's files by package.
func byFolder(t tree) map[string][]*ast.File {
	out := map[string][]*ast.File{}
	for _, file := range slices.Sorted(maps.Keys(t.files)) {
		out[folder(file)] = append(out[folder(file)], t.files[file])
	}
	return out
}

// within returns the folder of a package of this module, and whether it is one.
func within(importPath string) (string, bool) {
	if importPath == module {
		return ".", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// isStandard reports whether an import path belongs to the standard library:
// its first element has no dot.
func isStandard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(first, ".")
}

// under reports whether path is root or stands below it.
func under(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

// reads complains of rows that are read without a scope for a reason that is not
// listed, or that is not written out.
func reads(t tree) []string {
	return reasons(t, "System", unscoped(), "say in words why no scope is needed",
		"reads without a scope because of %q: read with one, or add the reason to unscoped() in internal/archtest")
}

// acts complains of what the program does by itself for a reason that is not
// listed, or that is not written out.
func acts(t tree) []string {
	return reasons(t, "Program", alone(), "say in a word why the program acts by itself",
		"acts by itself because of %q: act for somebody, or add the reason to alone() in internal/archtest")
}

// reasons complains of calls of a function of access whose only argument, a text,
// is not written out or not listed for the package that calls.
func reasons(t tree, name string, listed map[string][]string, unwritten, unlisted string) []string {
	var out []string
	for file, f := range t.files {
		if folder(file) == "internal/testkit" {
			continue
		}
		ours := uses(f, "jifen/internal/access")
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != name || !slices.Contains(ours, sel) {
				return true
			}
			reason, written := "", false
			if len(call.Args) == 1 {
				if lit, ok := call.Args[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					reason, written = strings.Trim(lit.Value, `"`), true
				}
			}
			switch {
			case !written:
				out = append(out, fmt.Sprintf("%s: %s: access.%s takes a text", t.at(call), unwritten, name))
			case !slices.Contains(listed[folder(file)], reason):
				out = append(out, t.at(call)+": "+fmt.Sprintf(unlisted, reason))
			}
			return true
		})
	}
	return sorted(out)
}

// sorted puts complaints in order: trees are maps.
func sorted(s []string) []string {
	slices.Sort(s)
	return s
}
