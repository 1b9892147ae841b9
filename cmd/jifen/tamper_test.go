package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/backup"
	"jifen/internal/testkit/effort"
)

// tampering is one change that somebody makes who has the file and not the key.
type tampering struct {
	name string
	sql  []string // run one by one; a trigger that is dropped comes back afterwards
	want string   // that verify says; what is named is the row
}

// tamperings lists whatever decides a right, or what a list says, and how each of it may be
// changed by hand. What verify does not find stands in docs/adr/0017 with its reason.
func tamperings() []tampering {
	const member, branch, account = "(SELECT max(id) FROM members)", "(SELECT max(id) FROM orgs WHERE level = '支部')",
		"(SELECT min(id) FROM accounts)"
	return []tampering{
		{"a cached standing", []string{"UPDATE standings SET body = (SELECT s.body FROM standings s WHERE s.body <> " +
			"standings.body LIMIT 1)"}, "存着的得分"},
		{"how long a standing is good", []string{"UPDATE standings SET stable_until = '9999-12-31'"}, "存着的得分"},
		{"a member's home", []string{"UPDATE members SET home_id = 1 WHERE id = " + member}, "所在支部存的是"},
		{"a member's leaving", []string{"UPDATE members SET left_on = '2020-01-01' WHERE id = " + member}, "离开的日子存的是"},
		{"a member's name", []string{"UPDATE members SET name = '示例假' WHERE id = " + member}, "姓名存的是“示例假”"},
		{"a member's first day", []string{"UPDATE members SET joined_on = '2020-01-01' WHERE id = " + member}, "来的日子存的是"},
		{"a member more", []string{"INSERT INTO members (id, name) VALUES ('P9999', '示例假')"}, "没有登记过姓名"},
		{"an affiliation more", []string{"INSERT INTO affiliations (street_id, member_id, kind, org_id, from_on, " +
			"recorded_at) VALUES (1, " + member +
			", 'host', 2, '2026-01-01', '')"}, "这一行不在链上"},
		{"where an organisation stands", []string{"DROP TRIGGER orgs_stay",
			"UPDATE orgs SET path = '1.999.' WHERE id = " + branch}, "这一行被改过"},
		{"under what an organisation stands", []string{"DROP TRIGGER orgs_stay",
			"UPDATE orgs SET parent_id = 1 WHERE id = " + branch}, "这一行被改过"},
		{"the level of an organisation", []string{"DROP TRIGGER orgs_stay",
			"UPDATE orgs SET level = '社区' WHERE id = " + branch}, "这一行被改过"},
		{"the kind of a branch", []string{"DROP TRIGGER orgs_stay", "UPDATE orgs SET kind = '农村' WHERE id = " + branch},
			"这一行被改过"},
		{"of which street a branch is", []string{
			"DROP TRIGGER orgs_stay", "UPDATE orgs SET street_id = 2 WHERE id = " + branch,
		}, "这一行被改过"},
		{"in which street a row was recorded", []string{"DROP TRIGGER affiliations_stay",
			"UPDATE affiliations SET street_id = 2 WHERE id = 1"}, "记的街道和它所在的链的不一样"},
		{"in which street a text was written", []string{"DROP TRIGGER texts_stay",
			"UPDATE texts SET street_id = 2 WHERE id = 1"}, "这段文字记的街道"},
		{"of which street an entry of a chain is", []string{"DROP TRIGGER chain_entries_stay",
			"UPDATE chain_entries SET street_id = 2 WHERE chain_id = " + branch}, "这一环记的街道"},
		{"of which street a chain's head is", []string{"UPDATE chain_heads SET street_id = 2 WHERE org_id = " + branch},
			"链头记的街道"},
		{"of which street a member is", []string{"UPDATE members SET street_id = 2 WHERE id = " + member},
			"所在街道存的是"},
		{"of which street a cached standing is", []string{"UPDATE standings SET street_id = 2"}, "存着的得分所在街道"},
		{"the name of an organisation", []string{"UPDATE orgs SET name = '假支部' WHERE id = " + branch}, "名称存的是“假支部”"},
		{"the day of closing", []string{"UPDATE orgs SET closed_on = '2020-01-01' WHERE id = " + branch}, "撤销的日子存的是"},
		{"what became of an organisation", []string{"DROP TRIGGER org_changes_stay",
			"UPDATE org_changes SET from_on = '2020-01-01' WHERE org_id = " +
				branch}, "组织变动第"},
		{"a role more", []string{"INSERT INTO assignments (street_id, account_id, role, org_id, recorded_at) VALUES (1, " +
			account +
			", 'street', 1, '')"}, "角色第"},
		{"a role less", []string{"DROP TRIGGER assignments_kept", "DELETE FROM assignments WHERE account_id = " + account},
			"这一行不见了"},
		{"another role", []string{"DROP TRIGGER assignments_stay",
			"UPDATE assignments SET role = 'auditor' WHERE account_id = " + account}, "这一行被改过"},
		{"whose an account is", []string{"UPDATE accounts SET member_id = " + member + " WHERE id = " + account}, "党员编号存的是"},
		{"who holds an account", []string{"UPDATE accounts SET person = " + member + " WHERE id = " + account}, "持有人存的是"},
		{"the name of an account", []string{"UPDATE accounts SET name = '示例假' WHERE id = " + account}, "姓名存的是“示例假”"},
		{"the login of an account", []string{"UPDATE accounts SET login = 'jia' WHERE id = " + account}, "登录名按登记的应当是"},
		{"an account closed", []string{"UPDATE accounts SET closed = 1 WHERE id = " + account}, "存的是停用"},
		{"an account more", []string{"INSERT INTO accounts (login, name, password) VALUES ('jia', '示例假', '')"}, "不是这个程序开的"},
		{"a token more", []string{"INSERT INTO tokens (street_id, hash, account_id, name, tail, session, expires_at, " +
			"made_at) VALUES (1, x'00', 1, '', '', 0, '9999', '')"},
			"凭证第"},
		{"a text taken away", []string{"DROP TRIGGER texts_stay",
			"UPDATE texts SET body = '', salt = x'' WHERE id = (SELECT max(id) FROM texts)"},
			"没有删除的记录"},
		{"the last line of the trail", []string{"DROP TRIGGER trail_kept",
			"DELETE FROM trail WHERE id = (SELECT max(id) FROM trail)"}, "审计"},
		{"the whole trail", []string{"DROP TRIGGER trail_kept", "DELETE FROM trail"}, "审计"},
		{"an entry of no kind", []string{"INSERT INTO chain_entries SELECT chain_id, max(seq) + 1, 1, 'foo', 1, x'00', " +
			"x'00', x'00', 1 FROM chain_entries" +
			" WHERE chain_id = " + branch}, "不认得“foo”这种环"},
		{"an entry without the key", []string{"DROP TRIGGER chain_entries_stay",
			"UPDATE chain_entries SET mac = x'00' WHERE chain_id = " + branch +
				" AND seq = 1"}, "不是用这个库的密钥写的"},
	}
}

// TestVerifyNamesWhateverWasChangedByHand changes each of it in a copy of one database and
// reads what verify says; a trigger that is gone for good stops every command.
func TestVerifyNamesWhateverWasChangedByHand(t *testing.T) {
	t.Parallel()
	made := filepath.Join(t.TempDir(), "t.db")
	jifen(t, exitDone, "demo", "--db", made, "--members", "50", "--seed", "2")
	lookAround(t, made)
	copied := func(t *testing.T) string {
		t.Helper()
		path := filepath.Join(t.TempDir(), "t.db")
		for from, to := range map[string]string{made: path, backup.KeyPath(made): backup.KeyPath(path)} {
			content, err := os.ReadFile(from)
			if err == nil {
				err = os.WriteFile(to, content, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	step := effort.Sample(t, 4)
	for i, c := range tamperings() {
		if i%step != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := copied(t)
			t.Run("by hand", func(t *testing.T) { sqlite(t, path, c.sql...) }) // its end closes the connection
			out, errs := jifen(t, exitNo, "verify", "--db", path)
			if !strings.Contains(out, c.want) || errs != "" {
				t.Errorf("%q is not told in: %.300s%s", c.want, out, errs)
			}
		})
	}
	t.Run("a trigger gone for good", func(t *testing.T) {
		t.Parallel()
		path := copied(t)
		t.Run("by hand", func(t *testing.T) {
			if _, err := raw(t, path).ExecContext(t.Context(), "DROP TRIGGER entries_stay"); err != nil {
				t.Fatal(err)
			}
		})
		if _, errs := jifen(t, exitNo, "verify", "--db", path); !strings.Contains(errs, "结构") {
			t.Errorf("told %q", errs)
		}
	})
}
