package store

import (
	"context"
	"jifen/internal/domain"
	"strings"
	"testing"
)

// recounted returns the findings of Recount, in lines.
func recounted(t *testing.T, db *DB) string {
	t.Helper()
	var lines []string
	read(t, db, func(v *Snapshot) error {
		found, err := v.Recount()
		for _, m := range found {
			lines = append(lines, string(m.Member)+string(m.Org)+m.Login+" "+m.Why)
		}
		return err
	})
	return strings.Join(lines, "\n")
}

// TestRecountFindsWhatIsKeptBesideTheRows: honest steps come to what is kept, and
// each column that was changed by hand is told, whatever was written into it.
func TestRecountFindsWhatIsKeptBesideTheRows(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	write(t, db, func(tx *Tx) error {
		if err := tx.InsertMember("P3", "示例未到", "sl"); err != nil { // belongs nowhere yet
			return err
		}
		for _, a := range []domain.Affiliation{
			{Member: "P1", Kind: "home", Org: s.west.ID, From: on("2026-02-01")},
			{Member: "P1", Kind: "home", Org: s.east.ID, From: on("2025-02-01")}, // recorded later, held earlier
			{Member: "P2", Kind: "home", From: on("2026-01-01")},
			{Member: "P2", Kind: "host", Org: s.east.ID, From: on("2026-01-01")},
		} {
			if err := tx.InsertAffiliation(a, s.clerk); err != nil {
				return err
			}
		}
		east := s.east
		for _, c := range []domain.OrgChange{
			{Kind: domain.OrgRenamed, Name: "东一支部"}, {Kind: domain.OrgClosed}, {Kind: domain.OrgRenamed, Name: "东二支部"},
			{Kind: domain.OrgReopened}, {Kind: domain.OrgClosed},
		} {
			c.Org, c.From = s.east.ID, on("2026-03-01")
			var err error
			if east, err = tx.ChangeOrg(east, c, s.clerk); err != nil {
				return err
			}
		}
		return nil
	})
	if got := recounted(t, db); got != "" {
		t.Fatalf("honest steps: %s", got)
	}
	for _, c := range []struct{ change, undo, want string }{
		{"UPDATE members SET home_id = 3 WHERE id = 'P1'", "UPDATE members SET home_id = 5 WHERE id = 'P1'",
			"P1 所在支部存的是“东二支部”，按组织关系的记录应当是“西支部”"},
		{"UPDATE members SET home_id = NULL WHERE id = 'P1'", "UPDATE members SET home_id = 5 WHERE id = 'P1'",
			"P1 所在支部存的是空的，按组织关系的记录应当是“西支部”\nP1 所在街道存的是第 1 号组织，按所在支部应当是第 0 号"},
		{"UPDATE members SET street_id = 9 WHERE id = 'P1'", "UPDATE members SET street_id = 1 WHERE id = 'P1'",
			"P1 所在街道存的是第 9 号组织，按所在支部应当是第 1 号"},
		{"INSERT INTO sealed VALUES ('P1', 9, '手机号', x'00', x'00')", "DELETE FROM sealed",
			"P1 证号和手机号所在街道存的是第 9 号组织，按所在支部应当是第 1 号"},
		{"INSERT INTO standings VALUES ('P1', 9, 't', '2026', 1, '', '', '', x'00')", "DELETE FROM standings",
			"P1 存着的得分所在街道存的是第 9 号组织，按所在支部应当是第 1 号"},
		{"UPDATE members SET joined_on = '2021-01-01' WHERE id = 'P1'", "UPDATE members SET joined_on = '2020-01-01' " +
			"WHERE id = 'P1'",
			"P1 来的日子存的是“2021-01-01”，按组织关系的记录应当是“2020-01-01”"},
		{"UPDATE members SET left_on = 'x' WHERE id = 'P1'", "UPDATE members SET left_on = NULL WHERE id = 'P1'",
			"P1 离开的日子存的是“x”，按组织关系的记录应当是空的"},
		{"UPDATE members SET left_on = NULL WHERE id = 'P2'", "UPDATE members SET left_on = '2026-01-01' WHERE id = 'P2'",
			"P2 离开的日子存的是空的，按组织关系的记录应当是“2026-01-01”"},
		{"UPDATE members SET home_id = 3 WHERE id = 'P3'", "UPDATE members SET home_id = NULL WHERE id = 'P3'",
			"P3 所在支部存的是“东二支部”，按组织关系的记录应当是空的\nP3 所在街道存的是第 0 号组织，按所在支部应当是第 1 号"},
		{"UPDATE orgs SET name = '假支部' WHERE id = 3", "UPDATE orgs SET name = '东二支部' WHERE id = 3",
			"3 名称存的是“假支部”，按变动的记录应当是“东二支部”"},
		{"UPDATE orgs SET closed_on = NULL WHERE id = 3", "UPDATE orgs SET closed_on = '2026-03-01' WHERE id = 3",
			"3 撤销的日子存的是空的，按变动的记录应当是“2026-03-01”"},
		{"UPDATE orgs SET closed_on = '2020-01-01' WHERE id = 5", "UPDATE orgs SET closed_on = NULL WHERE id = 5",
			"5 撤销的日子存的是“2020-01-01”，按变动的记录应当是空的"},
		{"DROP TRIGGER org_changes_stay; UPDATE org_changes SET was = '别的' WHERE id = 8",
			"UPDATE org_changes SET was = '东一支部' WHERE id = 8",
			"3 变动的记录第 8 行从“别的”改起，前一行改成的却是“东一支部”"},
		{"UPDATE members SET name = '别人' WHERE id = 'P1'", "UPDATE members SET name = '示例东' WHERE id = 'P1'",
			"P1 姓名存的是“别人”，按登记的应当是“示例东”"},
		{"INSERT INTO members (id, name) VALUES ('P9', '示例假')", "DELETE FROM members WHERE id = 'P9'",
			"P9 没有登记过姓名，不是这个程序加进来的"},
		{"INSERT INTO orgs (parent_id, path, level, name, recorded_at) VALUES (1, '1.9.', '社区', '假社区', '')",
			"DROP TRIGGER orgs_kept; DELETE FROM orgs WHERE path = '1.9.'", "6 没有设立的记录，不是这个程序加进来的"},
		{"UPDATE accounts SET closed = 1", "UPDATE accounts SET closed = 0", "clerk 存的是停用，按登记的没有停用"},
		{"UPDATE accounts SET name = '别人'", "UPDATE accounts SET name = '示例干事'", "clerk 姓名存的是“别人”，按登记的应当是“示例干事”"},
		{"UPDATE accounts SET member_id = 'P1'", "UPDATE accounts SET member_id = NULL", "clerk 党员编号存的是“P1”，按登记的应当是空的"},
		{"UPDATE accounts SET person = 'P1'", "UPDATE accounts SET person = NULL", "clerk 持有人存的是“P1”，按登记的应当是空的"},
		{"UPDATE accounts SET login = 'boss'", "UPDATE accounts SET login = 'clerk'", "boss 登录名按登记的应当是“clerk”"},
		{"INSERT INTO accounts (login, name, password) VALUES ('x', 'x', '')", "DELETE FROM accounts WHERE login = 'x'",
			"x 没有登记过，不是这个程序开的"},
	} {
		tamper(t, db, c.change)
		if got := recounted(t, db); got != c.want {
			t.Errorf("%s: %s, want %s", c.change, got, c.want)
		}
		tamper(t, db, c.undo)
		if got := recounted(t, db); got != "" {
			t.Fatalf("%s: %s", c.undo, got)
		}
	}
}

// tamper runs statements past all that the store checks.
func tamper(t *testing.T, db *DB, statements string) {
	t.Helper()
	if err := db.Exclusive(context.Background(), func(tx *Tx) error {
		for s := range strings.SplitSeq(statements, ";") {
			if _, err := tx.exec(s); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(statements, err)
	}
}
