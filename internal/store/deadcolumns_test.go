package store

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"jifen"
)

// TestEveryColumnIsReadOrChained: a column that no statement asks for, and no chain
// seals, is written for nobody. It stays or goes by the statements that name its table.
func TestEveryColumnIsReadOrChained(t *testing.T) {
	t.Parallel()
	var reads []string
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == gotoken.STRING && !strings.Contains(lit.Value, "INSERT INTO") {
				reads = append(reads, lit.Value)
			}
			return true
		})
	}
	chained := map[string]bool{}
	for _, k := range chainedKinds() {
		for _, c := range k.columns {
			chained[k.table+"."+c.name] = true
		}
	}
	tables := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)`).FindAllStringSubmatch(jifen.Schema, -1)
	columns := regexp.MustCompile(`(?m)^  ([a-z_]+) +(?:TEXT|INTEGER|BLOB)`)
	if len(tables) < 25 {
		t.Fatalf("%d tables found in schema.sql", len(tables))
	}
	for _, table := range tables {
		for _, column := range columns.FindAllStringSubmatch(table[2], -1) {
			if !chained[table[1]+"."+column[1]] && !asked(reads, table[1], column[1]) {
				t.Errorf("%s.%s is read by nobody", table[1], column[1])
			}
		}
	}
}

// asked reports whether a statement names a column together with its table.
func asked(reads []string, table, column string) bool {
	t, c := regexp.MustCompile(`\b`+table+`\b`), regexp.MustCompile(`\b`+column+`\b`)
	for _, text := range reads {
		if t.MatchString(text) && c.MatchString(text) {
			return true
		}
	}
	return false
}
