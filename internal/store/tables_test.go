package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen"
	"jifen/internal/store/engine/sqlite"
	"jifen/internal/testkit/expect"
)

// TestTablesAreThoseOfTheSchema holds what is copied to the tables, columns and keys
// that the schema makes, and their order to its references.
func TestTablesAreThoseOfTheSchema(t *testing.T) {
	t.Parallel()
	e := tablesOf(t, sqlite.Driver{}, t.TempDir()+"/t.db", jifen.Schema)
	var have, keys []string
	before := map[string]bool{}
	for _, table := range tables() {
		have = append(have, table.name+" "+strings.Join(table.columns, ","))
		keys = append(keys, fmt.Sprint(table.name, " ", strings.Join(table.key, ","), " ", table.numbered))
		for _, other := range table.refers {
			if !before[other] {
				t.Errorf("%s comes before %s, to which it refers", table.name, other)
			}
		}
		before[table.name] = true
	}
	slices.Sort(have)
	slices.Sort(keys)
	expect.Equal(t, "tables and columns", strings.Join(have, "\n"), strings.Join(ask(t, e,
		`SELECT m.name || ' ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(m.name)
			ORDER BY cid)) FROM sqlite_schema m WHERE m.type = 'table' ORDER BY 1`), "\n"))
	expect.Equal(t, "keys", strings.Join(keys, "\n"), strings.Join(ask(t, e,
		`SELECT m.name || ' ' || (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_table_info(m.name)
			WHERE pk > 0 ORDER BY pk)) || CASE WHEN EXISTS (SELECT 1 FROM pragma_table_info(m.name)
			WHERE name = 'id' AND type = 'INTEGER' AND pk = 1) THEN ' true' ELSE ' false' END
			FROM sqlite_schema m WHERE m.type = 'table' ORDER BY 1`), "\n"))
}
