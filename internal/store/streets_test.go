package store

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"jifen"
)

// ofNoStreet are the tables that do not carry the street, with the reason.
func ofNoStreet() map[string]string {
	return map[string]string{
		"settings":       "of the database as a whole",
		"versions":       "a few numbers for each street, whose name says of which",
		"accounts":       "one signs in before it is known in which street; there are a few for every branch",
		"token_uses":     "one row a token, of which the street is the token's",
		"sign_in_brakes": "of logins and addresses; rows are forgotten after a while",
		"sessions":       "found by their token; rows are forgotten when they end",
		"daily_jobs":     "of the database as a whole; a row for every kind of job",
		"request_drafts": "of their authors, who throw them away",
	}
}

// TestEveryTableThatGrowsCarriesTheStreet: each that has no reason above, in both schemas,
// and never NULL but for an organisation above streets.
func TestEveryTableThatGrowsCarriesTheStreet(t *testing.T) {
	t.Parallel()
	for name, schema := range map[string]string{"schema.sql": jifen.Schema, "schema.postgres.sql": jifen.SchemaPostgres} {
		tables := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)`).FindAllStringSubmatch(schema, -1)
		column := regexp.MustCompile(`(?m)^  street_id +(INTEGER|bigint) NOT NULL`)
		if len(tables) < 25 {
			t.Fatalf("%s: %d tables found", name, len(tables))
		}
		for _, table := range tables {
			carries := column.MatchString(table[2]) || table[1] == "orgs"
			if carries == (ofNoStreet()[table[1]] != "") {
				t.Errorf("%s: %s carries the street: %v, and has a reason not to: %q", name, table[1], carries,
					ofNoStreet()[table[1]])
			}
		}
	}
}

// TestEveryStreetIsThatOfTheOrganisation: whichever street somebody writes by hand into
// whatever row, Verify names the row, or Recount the member.
func TestEveryStreetIsThatOfTheOrganisation(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	everyKind(t, db)
	if got := breaks(t, db) + recounted(t, db); got != "" {
		t.Fatalf("honest steps: %s", got)
	}
	tried := 0
	for _, k := range chainedKinds() {
		if !k.carriesStreet() {
			continue
		}
		raw(t, db, "DROP TRIGGER "+k.table+"_stay")
		change := fmt.Sprintf("UPDATE %s SET street_id = 9 WHERE id = (SELECT max(id) FROM %[1]s)", k.table)
		found := after(t, db, change)
		told := false
		for _, b := range found {
			told = told || b.Kind == string(k.kind) && b.Why == "这一行记的街道和它所在的链的不一样"
			if b.Kind != string(k.kind) && b.Kind != textKind {
				t.Errorf("%s: %+v", change, b)
			}
		}
		if !told {
			t.Errorf("%s: %+v", change, found)
		}
		tried++
	}
	if tried != len(chainedKinds())-1 {
		t.Errorf("%d tables tried", tried)
	}
	raw(t, db, "DROP TRIGGER texts_stay; DROP TRIGGER chain_entries_stay")
	for change, want := range map[string]string{
		"UPDATE texts SET street_id = 9 WHERE id = (SELECT note FROM entries WHERE note IS NOT NULL)": "这段文字记的街道",
		"UPDATE chain_entries SET street_id = 9 WHERE kind = 'entry'":                                 "这一环记的街道",
		"UPDATE chain_heads SET street_id = 9 WHERE org_id = (SELECT min(org_id) FROM chain_heads)":   "链头记的街道",
	} {
		told := false
		for _, b := range after(t, db, change) {
			told = told || strings.HasPrefix(b.Why, want)
		}
		if !told {
			t.Errorf("%s is not told", change)
		}
	}
}
