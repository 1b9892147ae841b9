package store

import (
	"regexp"
	"slices"
	"strings"

	"jifen"
)

// table describes a table of the schema, as far as its rows are copied.
type table struct {
	name     string
	columns  []string
	key      []string // by which its rows are told apart
	numbered bool     // ids of new rows follow by themselves
	refers   []string // to which other tables
}

// tables returns the tables of schema.sql, every one after those that it refers to.
func tables() []table {
	var (
		block  = regexp.MustCompile(`(?ms)^CREATE TABLE (\w+) \(\n(.*?)^\)`)
		column = regexp.MustCompile(`(?m)^  (\w+) +(?:INTEGER|TEXT|BLOB)\b([^\n]*)`)
		keys   = regexp.MustCompile(`(?m)^  PRIMARY KEY \(([^)]*)\)`)
		refers = regexp.MustCompile(`REFERENCES (\w+)`)
	)
	var left []table
	for _, found := range block.FindAllStringSubmatch(jifen.Schema, -1) {
		t := table{name: found[1]}
		for _, c := range column.FindAllStringSubmatch(found[2], -1) {
			t.columns = append(t.columns, c[1])
			if strings.HasPrefix(strings.TrimSpace(c[2]), "PRIMARY KEY") {
				t.key, t.numbered = []string{c[1]}, c[1] == "id" && strings.Contains(c[0], "INTEGER")
			}
		}
		if k := keys.FindStringSubmatch(found[2]); k != nil {
			t.key = strings.Split(k[1], ", ")
		}
		for _, r := range refers.FindAllStringSubmatch(found[2], -1) {
			if r[1] != t.name {
				t.refers = append(t.refers, r[1])
			}
		}
		left = append(left, t)
	}
	return inOrder(left)
}

// inOrder sorts tables by their references; what refers in a circle comes last.
func inOrder(left []table) (out []table) {
	for len(left) > 0 {
		next := slices.IndexFunc(left, func(t table) bool {
			return !slices.ContainsFunc(left, func(other table) bool { return slices.Contains(t.refers, other.name) })
		})
		next = max(next, 0)
		out = append(out, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return out
}
