package ui

func orgs() []Option {
	return []Option{{Value: "3", Words: "示例街第一党支部"}, {Value: "4", Words: "示例街第二党支部"}}
}

func roles() []Option {
	return Options([]string{"街道党工委", "社区党委", "支部书记", "党员", "系统管理员", "审计员"}, "支部书记")
}

func give(form string) RoleInputs {
	return RoleInputs{Form: form, Roles: roles(), Role: "支部书记", Level: "支部", Orgs: orgs(), MayNumber: form == "/accounts"}
}

func sampleTokens(page string) TokenList {
	return TokenList{Path: page, Key: "key-tokens", Rows: []TokenRow{
		{ID: "7", Name: "考勤机", Tail: "x7q2", Made: "2026-03-01", Expires: "2026-12-31 18:00"},
		{ID: "3", Name: "登录接口", Tail: "abcd", Made: "2026-02-01", Expires: "2026-02-01 20:00",
			Over: "2026-02-01 12:00 作废（赵示例）"},
	}}
}

func sampleOwnAccount() OwnAccount {
	return OwnAccount{
		Frame: administrator("/account"), Row: sampleAccounts().Rows[1], Member: "P0001", Key: "key-own", Least: 10,
		Most: 200, Places: []PlaceRow{
			{"0a1b", "2026-09-28 08:00", "2026-09-28 09:30", "10.0.0.7", "Edge，Windows 电脑", true, false},
			{"2c3d", "2026-09-28 07:00", "2026-09-28 07:30", "10.0.0.8", "微信，安卓", false, true}},
		Tokens: sampleTokens("/account"),
		Token: TokenForm{Name: "大屏", Roles: Options([]string{"支部书记", "党员"}, "支部书记"), ReadOnly: true, Until: "2026-12-28",
			Earliest: "2026-09-28", Last: "2027-09-29"},
		Refusal: Refusal{Message: "有 2 处要改", Fields: map[string]string{"old": "现在的密码不对", "again": "两次写的新密码不一样"}},
	}
}

func sampleNewToken() NewToken {
	return NewToken{Frame: administrator("/account"), Name: "大屏", Scope: "支部书记，只看", Until: "2026-12-28",
		Secret: "jf_abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrst"}
}

func sampleAccounts() Accounts {
	v := Accounts{
		Frame: administrator("/accounts"), Find: "示例", Key: "key-account", Login: "zhang", Name: "张示例",
		Give: give("/accounts"), Older: "/accounts?after=9",
		Rows: []AccountRow{
			{ID: "1", Login: "admin", Name: "管示例", Roles: []RoleRow{{Role: "系统管理员"}}, Own: true},
			{ID: "2", Login: "zhao", Name: "赵示例",
				Roles: []RoleRow{{"支部书记", "示例街第一党支部", "3", "", "自 2026-07-01 起到 2026-12-31 为止"}, {Role: "党员"}}},
			{ID: "3", Login: "li", Name: "李例", Roles: []RoleRow{{"街道党工委", "潍州路街道党工委", "1", "", "自 2026-07-01 起到 2026-12-31 为止"}},
				Slowed: "19:30:05", Waiting: []RoleRow{{Role: "审计员"}, {Role: "支部书记", Org: "示例街第二党支部"}}},
			{ID: "4", Login: "old", Name: "示例别克·阿不都例江", Closed: true},
		},
		Refusal: Refusal{Message: "帐号“zhang”已经有了", Fields: map[string]string{"login": "换一个帐号名"}},
	}
	v.Alarm = Alarm{"数据库备份没有做成。", HealthPath}
	v.Waiting = sampleProposals().List
	return v
}

func sampleAccount() Account {
	return Account{Frame: administrator("/accounts/2"), Row: sampleAccounts().Rows[1], Member: "P0001",
		Key: "key-account", Give: give("/accounts/2"), Tokens: sampleTokens("/accounts/2"),
		Lately: []ProposalRow{sampleProposals().List.Rows[0], {ID: "8", Role: RoleRow{Role: "审计员"}, By: "安示例",
			At: "2026-08-01", State: "没有同意（街道干事，2026-08-02）：另有人选"}},
		Provider: "https://login.example.cn", Tied: "https://login.example.com", Subject: "3f0c2a"}
}

func sampleProposals() Proposals {
	return Proposals{Frame: administrator("/proposals"), Back: "/accounts", Refusal: Refusal{Message: "要写理由"},
		List: ProposalList{Key: "key-proposals", Rows: []ProposalRow{
			{ID: "7", Login: "zhao", Name: "赵示例", Role: RoleRow{"支部书记", "示例街第一党支部", "3", "", "自 2026-07-01 起"},
				By: "安示例", At: "2026-09-01", Until: "2026-10-01 09:00", Who: "街道干事（街道党工委）", MayEnd: true},
			{ID: "9", Login: "li", Name: "李例", Role: RoleRow{Role: "审计员"}, By: "另一位", At: "2026-09-02",
				Until: "2026-10-02 09:00", Who: "安示例（安全管理员）", MayAgree: true, Reason: "再问", Wrong: "要写理由"},
		}}}
}

func sampleSlip() Slips {
	return Slips{Frame: administrator("/accounts/2"), Rows: []SlipRow{{"zhao", "赵示例", "示例街第一党支部",
		"abcd-efgh-jkmn-pqrs", "2026-10-28"}}, Site: "https://jifen.example/activate", Back: "/accounts",
		Failed: "磁盘满了", Left: 35, Refused: []string{"P0009：名字写不出"}}
}

func sampleHealth() Health {
	v := Health{Frame: administrator("/health"), Version: "0.1.0", Since: "2026-09-01 08:00", Checks: []HealthCheck{
		{Name: "数据库", OK: true, Words: "可读可写，已落盘"},
		{Name: "备份", Words: "没有做成：磁盘满了；最近一份：3 天以前（2026-09-25）", Hint: "看看放备份的磁盘有没有满、能不能写；程序每过一小时再试一次"},
		{Name: "链校验", OK: true, Words: "163 条链相符"},
	}, Facts: []FieldText{{"数据库大小", "48 MB"}, {"党员", "1485 人"}}}
	v.Due, v.Dropped = "示例街道 2026-01 至 2026-02", "示例街道 2025-12"
	v.Alarm.Words = "数据库备份没有做成。"
	v.Posted = samplePosted()
	return v
}

func sampleOwnPassword() OwnPassword {
	return OwnPassword{Frame: administrator("/account/password"), Row: sampleAccounts().Rows[1], Key: "key-password",
		Least: 10, Most: 200, Aged: "密码用满 90 天了，要先换一个",
		Refusal: Refusal{Message: "有 1 处要改", Fields: map[string]string{"old": "现在的密码不对"}}}
}

func sampleQuestion() Question {
	return Question{Frame: administrator("/accounts/2"), Action: "/accounts/2/close", Kept: []Kept{{"do", "close"}},
		Again: true, Most: 200, Provider: true,
		Refusal: Refusal{Message: "现在的密码不对", Fields: map[string]string{"old": "现在的密码不对"}}}
}

func sampleSettings() Settings {
	return Settings{Frame: administrator("/accounts/settings"), Key: "key-settings", Rows: []SettingRow{
		{"password_days", "密码用多久要换", "天", "91", 30, 730, 90, true}},
		Changes: []SettingChangeRow{{"密码用多久要换（天）", "92", "2026-09-01 08:00", "管示例"}},
		Refusal: Refusal{Message: "“密码用多久要换”不能是 7 天", Fields: map[string]string{"password_days": "写 30 到 730"}}}
}
