package main

// tampering is one thing that somebody does who has the database and not the key: what was
// done to a program of earlier is in it as it was done then, column for column as far as there
// still is one.
type tampering struct {
	name string
	sql  []string // run one by one; a trigger that is dropped comes back afterwards
	act  string   // what is done to files beside or instead; see tamperer
	want string   // that verify says; what is named is the row

	// roots says that it is found only with roots that lie elsewhere.
	roots bool
	// named holds the words by which docs/adr/0017 names it, where it is not found at all.
	named string
}

// Whom and what the table speaks of.
const (
	oneMember  = "(SELECT max(id) FROM members)"
	oneBranch  = "(SELECT max(id) FROM orgs WHERE level = '支部')"
	oneAccount = "(SELECT min(id) FROM accounts)"
	changed    = "这一行被改过"
	unchained  = "这一行不在链上"
	lost       = "这一行不见了"
	cached     = "存着的得分"
)

// tamperings lists whatever decides a right, or what a list says, and how each of it may be
// changed by hand.
func tamperings() []tampering {
	var out []tampering
	for _, list := range [][]tampering{ofInputs(), ofChains(), ofTheTrail(), ofStandings(), ofMembers(), ofOrgs(),
		ofAccounts(), ofTheRest()} {
		out = append(out, list...)
	}
	return out
}

// setting changes columns of a table that has a trigger, in the last of its rows.
func setting(table, change string) []string {
	return []string{"DROP TRIGGER " + table + "_stay",
		"UPDATE " + table + " SET " + change + " WHERE id = (SELECT max(id) FROM " +
			table + ")"}
}

func ofInputs() []tampering {
	return []tampering{
		{name: "the day of an entry", sql: setting("entries", "occurred_on = '2026-01-01'"), want: changed},
		{name: "the points of an entry", sql: setting("entries", "points = 10000"), want: changed},
		{name: "who recorded an entry", sql: setting("entries", "recorded_by = (SELECT max(id) FROM accounts)"),
			want: changed},
		{name: "when an entry was recorded", sql: setting("entries", "recorded_at = '2026-01-01T00:00:00.000Z'"),
			want: changed},
		{name: "the note of an entry", sql: setting("entries", "note = (SELECT max(id) FROM texts)"), want: changed},
		{name: "the kind of an attendance", sql: setting("attendance", "status = '撤销'"), want: changed},
		{name: "a decision", sql: setting("request_steps", "kind = CASE kind WHEN 'accept' THEN 'return' ELSE 'accept' END"),
			want: changed},
		{name: "the route of a request", sql: setting("requests", "route = '[]'"), want: changed},
		{name: "a rule file", sql: setting("enactments", "source = source || ' '"), want: changed},
		{name: "a rule file with its sum", sql: setting("enactments", "source = source || ' ', hash = 'x'"), want: changed},
		{name: "a fact", sql: setting("facts", "text = '预备党员'"), want: changed},
		{name: "a period that was locked", sql: setting("periods", "state = 'open'"), want: changed},
		{name: "a row taken away", sql: []string{"DROP TRIGGER entries_kept",
			"DELETE FROM entries WHERE id = (SELECT max(id) FROM entries)"}, want: lost},
		{name: "a row and its link taken away", sql: []string{"DROP TRIGGER entries_kept", "DROP TRIGGER chain_entries_kept",
			"DELETE FROM chain_entries WHERE kind = 'entry' AND row_id = (SELECT max(id) FROM entries)",
			"DELETE FROM entries WHERE id = (SELECT max(id) FROM entries)"}, want: "缺了第"},
		{name: "a row more", sql: []string{"INSERT INTO entries (street_id, member_id, item, occurred_on, fields, " +
			"recorded_at, " +
			"recorded_by) SELECT street_id, member_id, item, occurred_on, fields, recorded_at, recorded_by FROM entries " +
			"WHERE id = 7"}, want: unchained},
		{name: "a period more", sql: []string{"INSERT INTO periods (street_id, org_id, period, state, recorded_at) " +
			"SELECT street_id, org_id, '2025', state, recorded_at FROM periods"}, want: unchained},
		{name: "an affiliation more", sql: []string{"INSERT INTO affiliations (street_id, member_id, kind, org_id, " +
			"from_on, " +
			"recorded_at) VALUES (1, " + oneMember + ", 'host', 2, '2026-01-01', '')"}, want: unchained},
		{name: "in which street a row was recorded", sql: []string{"DROP TRIGGER affiliations_stay",
			"UPDATE affiliations SET street_id = 2 WHERE id = 1"}, want: "记的街道和它所在的链的不一样"},
		{name: "a text", sql: []string{"DROP TRIGGER texts_stay",
			"UPDATE texts SET body = body || '改' WHERE id = (SELECT max(id) FROM texts)"}, want: "这段文字被改过"},
		{name: "a text and what was committed to", sql: []string{"DROP TRIGGER texts_stay",
			"UPDATE texts SET body = '改', commitment = x'00' WHERE id = (SELECT max(note) FROM entries)"}, want: changed},
		{name: "a text taken away", sql: []string{"DROP TRIGGER texts_kept", "PRAGMA foreign_keys = OFF",
			"DELETE FROM texts WHERE id = (SELECT max(note) FROM entries)"}, want: changed},
		{name: "a text erased", sql: []string{"DROP TRIGGER texts_stay",
			"UPDATE texts SET body = '', salt = x'' WHERE id = (SELECT max(id) FROM texts)"}, want: "没有删除的记录"},
		{name: "every text erased", sql: []string{"DROP TRIGGER texts_stay", "UPDATE texts SET body = '', salt = x''"},
			want: "没有删除的记录"},
		{name: "in which street a text was written", sql: []string{"DROP TRIGGER texts_stay",
			"UPDATE texts SET street_id = 2 WHERE id = 1"}, want: "这段文字记的街道"},
	}
}

func ofChains() []tampering {
	const last = " WHERE chain_id = " + oneBranch + " AND seq = (SELECT max(seq) FROM chain_entries WHERE chain_id = " +
		oneBranch + ")"
	return []tampering{
		{name: "two links in each other's place", sql: []string{"DROP TRIGGER chain_entries_stay",
			"UPDATE chain_entries SET seq = -seq WHERE chain_id = " + oneBranch + " AND seq IN (3, 4)",
			"UPDATE chain_entries SET seq = 7 + seq WHERE chain_id = " + oneBranch + " AND seq < 0"}, want: "不相连"},
		{name: "a link of no kind", sql: []string{"INSERT INTO chain_entries SELECT chain_id, max(seq) + 1, 1, 'foo', 1, " +
			"x'00', " +
			"x'00', x'00', 1 FROM chain_entries WHERE chain_id = " + oneBranch}, want: "不认得“foo”这种环"},
		{name: "a link without the key", sql: []string{"DROP TRIGGER chain_entries_stay",
			"UPDATE chain_entries SET mac = x'00' WHERE chain_id = " + oneBranch + " AND seq = 1"}, want: "不是用这个库的密钥写的"},
		{name: "of which street a link is", sql: []string{"DROP TRIGGER chain_entries_stay",
			"UPDATE chain_entries SET street_id = 2 WHERE chain_id = " + oneBranch}, want: "这一环记的街道"},
		{name: "of which street a head is", sql: []string{"UPDATE chain_heads SET street_id = 2 WHERE org_id = " + oneBranch},
			want: "链头记的街道"},
		{name: "a tail cut off", sql: []string{"DROP TRIGGER chain_entries_kept", "DELETE FROM chain_entries" + last},
			want: "链尾少了"},
		{name: "a tail cut off and the head set back", sql: []string{"DROP TRIGGER chain_entries_kept",
			"DELETE FROM chain_entries" + last, "UPDATE chain_heads SET (seq, hash) = (SELECT seq, hash FROM chain_entries" +
				last + ") WHERE month = '' AND org_id = " + oneBranch}, want: "链头的封存码不对"},
		{name: "the chain computed anew", act: "relinked", want: "这一环的封存码不对"},
		{name: "an entry appended in another's name and backdated", act: "appended", want: "这一环的封存码不对"},
		{name: "the whole file of earlier put back", act: "put back", want: "不见了", roots: true},
		{name: "one chain of earlier put back with its head", act: "chain put back", want: "不见了", roots: true},
		{name: "every trigger gone for good", act: "triggers", want: "结构"},
	}
}

func ofTheTrail() []tampering {
	const tail = "DELETE FROM trail WHERE id = (SELECT max(id) FROM trail)"
	out := []tampering{
		{name: "a line of the trail taken out", sql: []string{"DROP TRIGGER trail_kept", "DELETE FROM trail WHERE id = 3"},
			want: "这一行被改过，或者它前面少了一行"},
		{name: "the last line of the trail", sql: []string{"DROP TRIGGER trail_kept", tail}, want: "审计：链尾少了"},
		{name: "the trail's tail and head", sql: []string{"DROP TRIGGER trail_kept", tail,
			"UPDATE chain_heads SET (seq, hash) = " +
				"(SELECT seq, hash FROM trail ORDER BY id DESC LIMIT 1) WHERE month <> ''"}, want: "审计：链头"},
		{name: "a month of the trail said to be dropped", sql: []string{"DROP TRIGGER trail_kept",
			"INSERT INTO trail_drops (street_id, trail_street, month, seq, hash, note, asked_by, recorded_at, recorded_by) " +
				"SELECT 1, org_id, month, seq, hash, '', 1, '2026-01-01', 1 FROM chain_heads WHERE month <> ''",
			"DELETE FROM trail"}, want: "清理审计第"},
		{name: "the whole trail", sql: []string{"DROP TRIGGER trail_kept", "DELETE FROM trail"}, want: "审计：链尾少了"},
		{name: "the whole trail with its heads", sql: []string{"DROP TRIGGER trail_kept", "DELETE FROM trail",
			"DELETE FROM chain_heads WHERE month <> ''"}, want: "审计里没有这一行是谁记的"},
		{name: "the trail numbered anew", sql: []string{"DROP TRIGGER trail_kept", "DROP TRIGGER trail_stay",
			"DELETE FROM trail WHERE id = 3", "UPDATE trail SET seq = -seq WHERE id > 3",
			"UPDATE trail SET seq = -seq - 1 WHERE id > 3"}, want: "这一行被改过"},
		{name: "a line's code", sql: setting("trail", "mac = x'00'"), want: "这一行的封存码不对"},
	}
	for column, value := range map[string]string{"at": "'2026-01-01T00:00:00.000Z'", "account_id": "account_id + 1",
		"action": "'登录'",
		"org_id": "coalesce(org_id, 0) + 1", "member_id": oneMember, "detail": "'x'", "role": "coalesce(role, '') || 'x'",
		"address": "'10.0.0.9'",
		"route":   "'GET /'",
		"result":  "'forbidden'", "subject": "'00'", "subjects": "99", "street_id": "2", "month": "'2025-01'"} {
		want := changed
		if column == "street_id" || column == "month" {
			want = "审计"
		}
		out = append(out, tampering{name: "of a line of the trail: " + column, sql: setting("trail", column+" = "+value),
			want: want})
	}
	return out
}

func ofStandings() []tampering {
	of := func(name, change string) tampering {
		return tampering{name: name, sql: []string{"UPDATE standings SET " + change}, want: cached}
	}
	return []tampering{
		of("a cached standing", "body = (SELECT s.body FROM standings s WHERE s.body <> standings.body LIMIT 1)"),
		of("one bit of a cached standing", "body = unhex(hex(substr(body, 1, 30)) || '7f' || hex(substr(body, 32)))"),
		of("how long a standing is good", "stable_until = '9999-12-31'"),
		of("of which day a standing is", "as_of = '2026-01-02'"),
		of("of which version a standing is", "version = version + 1"),
		of("by which rules a standing is", "rules = 'x'"),
		of("of which street a standing is", "street_id = 2"),
		{name: "a standing put back as a program of earlier wrote it", sql: []string{
			"UPDATE standings SET body = substr(body, 18)"}, named: "`standings` of a program from before"},
		{name: "the cached standings taken away", sql: []string{"DELETE FROM standings"}, named: "`standings` taken away"},
	}
}
