package store

import (
	"maps"
	"regexp"
	"slices"
	"testing"

	"jifen"
	"jifen/internal/domain"
)

// dossierElsewhere are the tables of members and accounts that a part of a dossier reads by
// another method, or that stand on no dossier, with the reason.
func dossierElsewhere() map[string]string {
	return map[string]string{
		"affiliations":     "the history, in 组织关系",
		"change_reversals": "the history, beside what was taken back",
		"facts":            "the history, in 登记的情况",
		"entries":          "Entries, in 记录",
		"requests":         "RequestsOf, in 申报和申请",
		"trail":            "谁看过我, which names no person",
		"replies":          "answers that a browser was given already, of what stands in the other parts; gone after days",
		"sessions":         "on 我的帐号, shown to their holder alone; gone within a day",
		"token_uses":       "a day beside the token, on 我的帐号",
		"request_steps":    "with their requests",
		"corrections":      "CorrectionOf, in 申报和申请",
	}
}

// TestEveryTableOfAMemberIsOnHisDossier: each that has a member's number or an account's,
// in both schemas, is read by a part or has a reason above; and no reason is left over.
func TestEveryTableOfAMemberIsOnHisDossier(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, part := range domain.DossierParts() {
		_, tables := dossierQuery(part)
		for _, table := range tables {
			read[table] = true
		}
	}
	left := dossierElsewhere()
	column := regexp.MustCompile(`(?m)^  (member_id|account_id) `)
	reasons := maps.Clone(left)
	reasons["request_steps"], reasons["token_uses"] = "", ""
	seen := 0
	for name, schema := range map[string]string{"schema.sql": jifen.Schema, "schema.postgres.sql": jifen.SchemaPostgres} {
		tables := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\)`).FindAllStringSubmatch(schema, -1)
		for _, table := range tables {
			if !column.MatchString(table[2]) {
				continue
			}
			seen++
			delete(reasons, table[1])
			if !read[table[1]] && left[table[1]] == "" {
				t.Errorf("%s: %s has a member's number or an account's, and no part of 我的资料 reads it", name, table[1])
			}
		}
	}
	for _, table := range slices.Sorted(maps.Keys(reasons)) {
		if reasons[table] != "" {
			t.Errorf("%s has a reason, and no member's number", table)
		}
	}
	if seen < 30 {
		t.Errorf("%d tables found", seen)
	}
}
