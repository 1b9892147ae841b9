package store

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"jifen"
)

// unchained are the append-only tables that stand in no chain, with the reason.
func unchained() map[string]string {
	return map[string]string{
		"chain_entries": "it is the chains",
		"texts":         "a row that has a text holds the commitment to it",
		"trail":         "it has chains of its own",
	}
}

// TestEveryAppendOnlyTableStandsInTheChains: a table that may not be changed is in
// chainedKinds, or has its reason above; and the other way round.
func TestEveryAppendOnlyTableStandsInTheChains(t *testing.T) {
	t.Parallel()
	var want []string
	for _, m := range regexp.MustCompile(`BEFORE DELETE ON (\w+)`).FindAllStringSubmatch(jifen.Schema, -1) {
		if unchained()[m[1]] == "" {
			want = append(want, m[1])
		}
	}
	var got []string
	words := map[string]bool{}
	for _, k := range chainedKinds() {
		got = append(got, k.table)
		if k.word == "" || words[k.word] || EntryKindWord(string(k.kind)) != k.word {
			t.Errorf("%s is told as %q", k.kind, k.word)
		}
		words[k.word] = true
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("chainedKinds has the tables\n%v\nappend-only are\n%v", got, want)
	}
}

// TestChainedKindsDeclareTheColumnsOfTheirTables: each but the id, in the order of
// the schema, with its type and whether it may be NULL.
func TestChainedKindsDeclareTheColumnsOfTheirTables(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	for _, k := range chainedKinds() {
		var got, want []string
		for _, c := range k.columns {
			typ := map[columnType]string{integer: "INTEGER", words: "TEXT", blob: "BLOB", freeText: "INTEGER",
				derived: "TEXT"}[c.typ]
			if c.name == "street_id" {
				typ = "INTEGER"
			}
			got = append(got, fmt.Sprint(c.name, " ", typ, " ", c.null))
		}
		for _, c := range columns(t, db, k.table) {
			want = append(want, fmt.Sprint(c.Name, " ", c.Type, " ", !c.Notnull))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s declares\n%v\nthe schema has\n%v", k.kind, got, want)
		}
		for _, c := range k.columns {
			var texts int
			read(t, db, func(v *Snapshot) error {
				return v.get(&texts, `SELECT count(*) FROM pragma_foreign_key_list(?) WHERE "table" = 'texts' AND "from" = ?`,
					k.table, c.name)
			})
			if c.name != "text_id" && (texts > 0) != (c.typ == freeText) { // an erasure names its text
				t.Errorf("%s.%s: a text and declared %q, or none and declared as one", k.table, c.name, string(c.typ))
			}
		}
	}
}
