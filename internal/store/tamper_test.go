package store

import (
	"strings"
	"testing"

	"jifen/internal/domain"
)

// TestVerifyFindsWhatSomebodyWithTheFileDid: each row is what somebody does who has
// the database file, the source and the sqlite3 shell, but not the key; want is what
// is told of it, "；" between what must all be told.
func TestVerifyFindsWhatSomebodyWithTheFileDid(t *testing.T) {
	t.Parallel()
	const east = "(SELECT id FROM orgs WHERE name = '东支部')"
	const last = "(SELECT max(seq) FROM chain_entries WHERE chain_id = " + east + ")"
	for name, c := range map[string]struct{ statement, want string }{
		"a tail dropped": {
			"DROP TRIGGER chain_entries_kept; DELETE FROM chain_entries WHERE chain_id = " + east + " AND seq = " + last,
			"head 3 链尾少了：链头记的是第",
		},
		"a tail dropped and the head set back": {
			"DROP TRIGGER chain_entries_kept; DELETE FROM chain_entries WHERE chain_id = " + east + " AND seq = " + last +
				"; UPDATE chain_heads SET (seq, hash) = (SELECT seq, hash FROM chain_entries WHERE chain_id = " + east +
				" AND seq = " + last + ") WHERE org_id = " + east,
			"head 3 链头的封存码不对",
		},
		"the code of an entry given to the head": {
			"DROP TRIGGER chain_entries_kept; DELETE FROM chain_entries WHERE chain_id = " + east + " AND seq = " + last +
				"; UPDATE chain_heads SET (seq, hash, mac) = (SELECT seq, hash, mac FROM chain_entries WHERE chain_id = " + east +
				" AND seq = " + last + ") WHERE org_id = " + east,
			"head 3 链头的封存码不对",
		},
		"a head taken away": {"DELETE FROM chain_heads WHERE org_id = " + east, "head 3 这条链的链头不见了"},
		"a whole chain dropped": {"DROP TRIGGER chain_entries_kept; DELETE FROM chain_entries WHERE chain_id = " + east,
			"head 3 链尾少了"},
		"the trail's tail": {"DROP TRIGGER trail_kept; DELETE FROM trail WHERE id = (SELECT max(id) FROM trail)",
			"head 0 链尾少了"},
		"the whole trail": {"DROP TRIGGER trail_kept; DELETE FROM trail", "head 0 链尾少了"},
		"the trail and its head": {"DROP TRIGGER trail_kept; DELETE FROM trail WHERE id > 1; UPDATE chain_heads " +
			"SET (seq, hash) = (SELECT id, hash FROM trail) WHERE org_id = 0", "head 0 链头的封存码不对"},
		"an entry's code": {"DROP TRIGGER chain_entries_stay; UPDATE chain_entries SET mac = x'00' WHERE chain_id = " +
			east + " AND seq = 2", "fact 1 这一环的封存码不对"},
		"a line's code": {"DROP TRIGGER trail_stay; UPDATE trail SET mac = x'00' WHERE id = 2", "trail 2 这一行的封存码不对"},
		"a right given": {"INSERT INTO assignments (street_id, account_id, role, recorded_at) VALUES (1, 1, 'street', '')",
			"assignment 1 这一行不在链上"},
		"a token made": {
			"INSERT INTO tokens (street_id, hash, account_id, name, tail, session, expires_at, made_at) " +
				"VALUES (1, x'00', 1, '', '', 0, '9999', '')",
			"token 1 这一行不在链上",
		},
		"a slip made": {"INSERT INTO slips (street_id, account_id, hash, expires_at, recorded_at) " +
			"VALUES (1, 1, x'00', '9999', '')", "slip 1 这一行不在链上"},
		"a setting": {"INSERT INTO setting_changes (street_id, name, value, recorded_at) VALUES (1, 'password_days', 0, '')",
			"setting 1 这一行不在链上"},
		"texts erased past the trigger": {
			"DROP TRIGGER texts_stay; UPDATE texts SET body = '', salt = x'' WHERE body = '示例备注'", "这段文字被删去了，没有删除的记录",
		},
		"a path":           {"DROP TRIGGER orgs_stay; UPDATE orgs SET path = '1.4.3.' WHERE id = 3", "org 3 这一行被改过"},
		"a kind of branch": {"DROP TRIGGER orgs_stay; UPDATE orgs SET kind = '两新' WHERE id = 3", "org 3 这一行被改过"},
		"a change of name": {"DROP TRIGGER org_changes_stay; UPDATE org_changes SET name = '假' WHERE org_id = 3",
			"org_change 3 这一行被改过"},
		"a name's text": {"DROP TRIGGER texts_stay; UPDATE texts SET body = '假' WHERE body = '示例东'", "text 1 这段文字被改过"},
		"an unknown kind": {"INSERT INTO chain_entries SELECT chain_id, max(seq) + 1, 1, 'foo', 1, x'00', x'00', x'00', 1 " +
			"FROM chain_entries WHERE chain_id = " + east, "foo 1 不认得“foo”这种环"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := temporary(t)
			s := settle(t, db)
			lived(t, db, s)
			write(t, db, func(tx *Tx) error {
				for range 3 {
					if err := tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: "登录"}); err != nil {
						return err
					}
				}
				return nil
			})
			if got := breaks(t, db); got != "" {
				t.Fatalf("untouched, and yet %s", got)
			}
			raw(t, db, c.statement)
			got := breaks(t, db) + "; " + recounted(t, db)
			for _, want := range strings.Split(c.want, "；") {
				if !strings.Contains(got, want) {
					t.Errorf("%q is not told of: %s", want, got)
				}
			}
		})
	}
}

// TestNobodyAddsToTheChainsWithoutTheKey: a row with a right digest and a right hash
// is told, for its code is not.
func TestNobodyAddsToTheChainsWithoutTheKey(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	lived(t, db, s)
	with := db.chains
	forged := *with
	forged.keys = []Generation{{Chain: []byte("not the key")}}
	write(t, db, func(tx *Tx) error {
		tx.chains = &forged
		return tx.InsertPeriodStep(s.east.ID, "2026", true, s.clerk)
	})
	got := breaks(t, db)
	if !strings.Contains(got, "period 1 这一环的封存码不对") || !strings.Contains(got, "head 3 链头的封存码不对") ||
		strings.Count(got, ";") != 1 {
		t.Errorf("a forged row: %s", got)
	}
	read(t, db, func(v *Snapshot) error {
		keyless := *v
		keyless.chains = newChains(nil)
		found, err := keyless.Verify()
		if len(found) != 0 || keyless.Authenticated() || !v.Authenticated() {
			t.Errorf("without the key the codes cannot be checked, and yet %+v", found)
		}
		return err
	})
}
