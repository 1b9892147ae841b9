package main

func ofMembers() []tampering {
	of := func(name, change, want string) tampering {
		return tampering{name: name, sql: []string{"UPDATE members SET " + change + " WHERE id = " + oneMember}, want: want}
	}
	return []tampering{
		of("a member's home", "home_id = 1", "所在支部存的是"),
		of("a member's leaving", "left_on = '2020-01-01'", "离开的日子存的是"),
		of("a member's name", "name = '示例假'", "姓名存的是“示例假”"),
		of("a member's first day", "joined_on = '2020-01-01'", "来的日子存的是"),
		of("of which street a member is", "street_id = 2", "所在街道存的是"),
		{name: "a member more", sql: []string{"INSERT INTO members (id, name) VALUES ('P9999', '示例假')"}, want: "没有登记过姓名"},
		{name: "what a member is called", sql: setting("member_changes", "name = 1"), want: changed},
		{name: "by which letters a member is found", sql: []string{"UPDATE members SET initials = 'x'"},
			named: "`members.initials`, `version`"},
		{name: "a box put in", sql: []string{"INSERT INTO sealed (member_id, street_id, kind, box, seek) " +
			"SELECT max(id), max(street_id), '手机号', x'00', x'00' FROM members"}, named: "`sealed` taken away or put in"},
	}
}

func ofOrgs() []tampering {
	of := func(name, change, want string) tampering {
		return tampering{name: name, sql: []string{"DROP TRIGGER orgs_stay", "UPDATE orgs SET " + change + " WHERE id = " +
			oneBranch}, want: want}
	}
	out := []tampering{
		of("where an organisation stands", "path = '1.999.'", changed),
		of("under what an organisation stands", "parent_id = 1", changed),
		of("the level of an organisation", "level = '社区'", changed),
		of("the kind of a branch", "kind = '农村'", changed),
		of("of which street a branch is", "street_id = 2", changed),
		of("the name of an organisation", "name = '假支部'", "名称存的是“假支部”"),
		of("the day of closing", "closed_on = '2020-01-01'", "撤销的日子存的是"),
	}
	for column, value := range map[string]string{"from_on": "'2020-01-01'", "kind": "'撤销'", "name": "'假'", "was": "'假'",
		"org_id": "1", "recorded_by": "2"} {
		out = append(out, tampering{name: "what became of an organisation: " + column,
			sql: setting("org_changes", column+" = "+value), want: changed})
	}
	return out
}

func ofAccounts() []tampering {
	of := func(name, change, want string) tampering {
		return tampering{name: name, sql: []string{"UPDATE accounts SET " + change + " WHERE id = " + oneAccount}, want: want}
	}
	out := []tampering{
		of("whose an account is", "member_id = "+oneMember, "党员编号存的是"),
		of("who holds an account", "person = "+oneMember, "持有人存的是"),
		of("who the holder of an account is elsewhere", "issuer = 'https://login.example.cn', subject = 'x'",
			"统一认证的关联和登记的不一样"),
		of("the name of an account", "name = '示例假'", "姓名存的是“示例假”"),
		of("the login of an account", "login = 'jia'", "登录名按登记的应当是"),
		of("an account closed", "closed = 1", "存的是停用"),
		{name: "an account more", sql: []string{"INSERT INTO accounts (login, name, password) VALUES ('jia', '示例假', '')"},
			want: "不是这个程序开的"},
		{name: "what an account is", sql: setting("account_changes", "closed = 1"), want: changed},
		{name: "a role more", sql: []string{"INSERT INTO assignments (street_id, account_id, role, org_id, recorded_at) " +
			"VALUES (1, " + oneAccount + ", 'street', 1, '')"}, want: unchained},
		{name: "a role less", sql: []string{"DROP TRIGGER assignments_kept", "DELETE FROM assignments WHERE account_id = " +
			oneAccount}, want: lost},
		{name: "a role that waits for nobody", sql: setting("assignments", "confirms = 1"), want: changed},
		{name: "a token more", sql: []string{"INSERT INTO tokens (street_id, hash, account_id, name, tail, session, " +
			"expires_at, " +
			"made_at) VALUES (1, x'00', 1, '', '', 0, '9999', '')"}, want: unchained},
		{name: "a slip more", sql: []string{"INSERT INTO slips (street_id, account_id, hash, expires_at, recorded_at) " +
			"VALUES (1, 1, x'00', '9999', '')"}, want: unchained},
		{name: "a slip that is used again", sql: []string{"DROP TRIGGER slip_ends_kept",
			"DELETE FROM slip_ends"}, want: lost},
		{name: "a token that lives again", sql: []string{"DROP TRIGGER revocations_kept",
			"DELETE FROM revocations"}, want: lost},
		{name: "a password", sql: []string{"UPDATE accounts SET password = 'x'"}, named: "`accounts.password`"},
		{name: "who must wait to sign in", sql: []string{"INSERT INTO sign_in_brakes (login, address, failures, at, " +
			"signed_in_at) " +
			"VALUES ('x', '', 99, '2026-01-01T00:00:00.000Z', '')"}, named: "`sign_in_brakes`"},
		{name: "a session more", sql: []string{"INSERT INTO sessions (token, data, expires_at) VALUES (x'00', x'00', " +
			"'9999')"},
			named: "`sessions`"},
	}
	for _, c := range [...][3]string{
		{"assignments", "role", "role || 'x'"}, {"assignments", "from_on", "'2020-01-01'"},
		{"assignments", "until_on", "'9999-12-31'"},
		{"assignments", "waits", "1"}, {"assignments", "org_id", "coalesce(org_id, 0) + 1"}, {"assignments", "ended", "1"},
		{"tokens", "scope", "coalesce(scope, '') || 'x'"}, {"tokens", "expires_at", "'9999'"},
		{"tokens", "account_id", "account_id + 1"},
		{"tokens", "hash", "x'00'"},
		{"slips", "hash", "x'00'"}, {"slips", "expires_at", "'9999'"}, {"slips", "account_id", "account_id + 1"},
	} {
		out = append(out, tampering{name: "of " + c[0] + ": " + c[1], sql: setting(c[0], c[1]+" = "+c[2]), want: changed})
	}
	return out
}

// ofTheRest lists what the threat model names, and what stops the program itself.
func ofTheRest() []tampering {
	return []tampering{
		{name: "a receipt", sql: []string{"INSERT INTO replies (account_id, street_id, key, request, answer) " +
			"VALUES (1, 1, 'k', x'00', '{}')"}, named: "`replies`, `request_drafts`"},
		{name: "the mark of the key", sql: []string{"UPDATE settings SET value = 'x'"}, want: "密钥"},
		{name: "a setting more", sql: []string{"INSERT INTO settings (name, value) VALUES ('x', 'y')"},
			named: "`settings`"},
		{name: "how signing in is set", sql: []string{"INSERT INTO setting_changes (street_id, name, value, recorded_at) " +
			"VALUES (1, 'x', 1, '')"}, want: unchained},
		{name: "what tells a running program", sql: []string{"UPDATE versions SET number = 9"}, named: "`versions`"},
		{name: "who did the work of the day", sql: []string{"INSERT INTO daily_jobs (name, day, holder, held_until, " +
			"ended_at, " +
			"done, words, hint) VALUES ('根', '2026-01-01', 'x', '', '', 1, '', '')"}, named: "`daily_jobs`, `token_uses`"},
		{name: "when a token was last used", sql: []string{"INSERT OR REPLACE INTO token_uses (token_id, " +
			"used_at) VALUES (1, '2020-01-01T00:00:00.000Z')"}, named: "`daily_jobs`, `token_uses`"},
	}
}
