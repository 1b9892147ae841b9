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

// TestEveryKindRaisesAVersion: what is held in memory is told stale by the version of
// its member or the common one, so that a row of any kind raises one of them, or has
// its reason why nothing that is held depends on it.
func TestEveryKindRaisesAVersion(t *testing.T) {
	t.Parallel()
	ofMembers := []kind{kindAffiliation, kindFact, kindAttendance, kindEntry, kindReversal, kindRequestStep}
	nothing := map[kind]string{
		kindDraft:      "holds once it is enacted",
		kindWithdrawal: "of a draft",
		kindActivity:   "counts by its attendance",
		kindRequest:    "comes with the row that waits",
		kindToken:      "of a token that nobody has used yet",
	}
	for _, k := range chainedKinds() {
		n := 0
		for _, is := range []bool{slices.Contains(ofMembers, k.kind), nothing[k.kind] != "", k.kind.common()} {
			if is {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: raises the member's version, the common one, or none for a reason; %d of these hold", k.kind, n)
		}
	}
}

// TestRowsOfACommonKindRaiseTheCommonVersion, and others do not.
func TestRowsOfACommonKindRaiseTheCommonVersion(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	common := func() (n int64) {
		t.Helper()
		n, err := db.Common()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := common()
	record(t, db, s)
	if now := common(); now != before {
		t.Errorf("entries and attendance raise it from %d to %d", before, now)
	}
	write(t, db, func(tx *Tx) error { return tx.InsertPeriodStep(s.east.ID, "2026", true, s.clerk) })
	if now := common(); now != before+1 {
		t.Errorf("a lock raises it from %d to %d", before, now)
	}
}
