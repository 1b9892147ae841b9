package members_test

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// enact puts a text in force as two people do, also for days past.
func enact(t *testing.T, town *testkit.Town, p rules.Proposal) {
	t.Helper()
	p.Retroactive = true
	id, err := town.Enactment.Propose(ctx, town.Clerk, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := town.Enactment.Confirm(ctx, town.Second, id, "", true); err != nil {
		t.Fatal(err)
	}
}

// grants lets branches add items to the town's rules.
func grants(t *testing.T, town *testkit.Town) {
	t.Helper()
	source := strings.Replace(testkit.Rules, "预警:", "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}}\n预警:", 1)
	enact(t, town, rules.Proposal{Org: town.Street.ID, Source: []byte(source)})
	enact(t, town, rules.Proposal{Org: town.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: 2026-01-01\n项目: {清理楼道: 1}\n")})
	enact(t, town, rules.Proposal{Org: town.West.ID, Source: []byte("补充: t\n支部: 西支部\n施行: 2026-01-01\n项目: {护河: 2}\n")})
}

// standing returns a member's standing by his account; the list of everybody must say
// the same, computed and remembered.
func standing(t *testing.T, town *testkit.Town, id domain.MemberID, scheme, asOf string) (*standings.Explained,
	string) {
	t.Helper()
	all := access.System("the test looks at all")
	q := standings.Question{Scope: all, Scheme: scheme, AsOf: testkit.Day(t, asOf)}
	e, err := town.Standings.Explain(ctx, q, id)
	if err != nil {
		t.Fatalf("%s as of %s: %v", id, asOf, err)
	}
	st := &e.Account.Standing
	if !st.Scored {
		return e, "—"
	}
	if scheme != "" { // one community's, which the street's list does not have
		return e, st.Total.String()
	}
	for range 2 {
		p, err := town.Standings.Current(ctx, q)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			if r.Member.ID == id && e.Until == nil && r.Standing.Total != st.Total {
				t.Errorf("%s as of %s: the list says %s, the account %s", id, asOf, r.Standing.Total, st.Total)
			}
		}
	}
	return e, st.Total.String()
}

func move(t *testing.T, town *testkit.Town, m members.Move) error {
	t.Helper()
	_, err := town.Ledger.Move(ctx, town.Clerk, m, "")
	return err
}

// TestATransferTakesNothingAway: what a branch added counts for who was there then,
// also after he has gone; and what was done there can still be recorded, by the
// text of its day and by those who look after him now.
func TestATransferTakesNothingAway(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	grants(t, town)
	post := func(who *access.Actor, item, on string) error {
		_, err := town.Entries.Post(ctx, who, entries.EntryInput{Member: "E2", Item: item, On: testkit.Day(t, on)}, "")
		return err
	}
	if err := post(town.Community, "清理楼道", "2026-04-05"); err != nil {
		t.Fatal(err)
	}
	if err := move(t, town, members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}); err != nil {
		t.Fatalf("nothing is lost, and yet: %v", err)
	}
	for asOf, want := range map[string]string{"2026-04-30": "81", "2026-05-01": "81", "2026-06-01": "81",
		"2026-12-31": "81"} {
		if _, got := standing(t, town, "E2", "", asOf); got != want {
			t.Errorf("as of %s: %s, want %s", asOf, got, want)
		}
	}
	for _, c := range []struct{ item, on, want string }{
		{"清理楼道", "2026-04-20", ""}, // forgotten, and recorded afterwards
		{"护河", "2026-05-20", ""},
		{"护河", "2026-04-20", "护河"},     // the west's, when he was in the east
		{"清理楼道", "2026-05-20", "清理楼道"}, // the east's, when he was in the west
	} {
		err := post(town.Clerk, c.item, c.on)
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s on %s: %v", c.item, c.on, err)
		}
	}
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "84" {
		t.Errorf("80 + 1 + 1 + 2 is %s", got)
	}
	// Who recorded for him before records no more: he is another branch's.
	if err := post(town.Secretary, "好事", "2026-05-20"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the east's secretary: %v", err)
	}
	// What is taken back is taken back by the same text.
	var id domain.EntryID
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		entries, err := v.Entries(access.System("the test looks at all"), "E2", 10)
		for _, e := range entries {
			if e.Entry.Item == "清理楼道" && e.Entry.On == testkit.Day(t, "2026-04-05") {
				id = e.ID
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if e, err := town.Entries.Reversible(ctx, town.Clerk, id); err != nil || e.Before.String() != "84" ||
		e.After.String() != "83" || e.Counts.String() != "1" {
		t.Errorf("without it: %+v, %v", e, err)
	}
	if _, err := town.Entries.Reverse(ctx, town.Clerk, id, "记错了", ""); err != nil {
		t.Error(err)
	}
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "83" {
		t.Errorf("taken back: %s", got)
	}
}

// TestAParallelLedgerStaysToBeRead: who moves to where a ledger is not keeps what
// stands in it, to be read; that it ends is said before.
func TestAParallelLedgerStaysToBeRead(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	enact(t, town, rules.Proposal{Org: town.East.Parent, Beside: true, Source: []byte(`办法: 志愿账
编号: zhiyuan
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {信用: {起点: 70}}
项目: {好事: {板块: 信用, 分值: 1}}
`)})
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-05")}, ""); err != nil {
		t.Fatal(err)
	}
	m := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	if err := move(t, town, m); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "“志愿账”的 71 分停在 2026-04-30：“西支部”没有这份办法") {
		t.Fatalf("not said before: %v", err)
	}
	if _, got := standing(t, town, "E2", "zhiyuan", "2026-06-01"); got != "71" {
		t.Errorf("a refused move: %s", got)
	}
	m.Seen = true
	if err := move(t, town, m); err != nil {
		t.Fatal(err)
	}
	e, got := standing(t, town, "E2", "zhiyuan", "2026-06-01")
	if got != "71" || e.Until == nil || e.Until.Day != testkit.Day(t, "2026-04-30") ||
		e.Account.Standing.AsOf != testkit.Day(t, "2026-04-30") {
		t.Errorf("%s, %+v", got, e.Until)
	}
	if e, got := standing(t, town, "E2", "", "2026-06-01"); got != "82" || e.Until != nil {
		t.Errorf("the main ledger: %s, %+v", got, e.Until)
	}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		books, err := town.Standings.SchemesOf(v, &e.Member, testkit.Day(t, "2026-06-01"))
		if err != nil || len(books) != 2 || books[0].Code != "t" || books[1].Code != "zhiyuan" {
			t.Errorf("%d schemes, %v", len(books), err)
		}
		does, err := town.Standings.Moved(v, &e.Member, m.From)
		if err != nil || len(does.Losses) != 1 || !strings.Contains(does.Losses[0], "志愿账") {
			t.Errorf("on the slip: %+v, %v", does, err)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// TestAMoveToWhereNoSchemeIsWarns: the total ends there, which is said before, and
// what was earned stays to be read.
func TestAMoveToWhereNoSchemeIsWarns(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	enact(t, town, rules.Proposal{Org: town.Street.ID,
		Source: []byte(strings.Replace(testkit.Rules, "周期:", "适用: [社区]\n周期:", 1))})
	var office domain.Org
	if err := town.DB.Write(ctx, func(tx *store.Tx) (err error) {
		office, err = tx.InsertOrg(domain.Org{Parent: town.East.Parent, Level: domain.Branch, Kind: "机关", Name: "机关支部"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-05")}, ""); err != nil {
		t.Fatal(err)
	}
	m := members.Move{Member: "E2", To: office.ID, From: testkit.Day(t, "2026-05-01")}
	if err := move(t, town, m); fault.CodeOf(err) != fault.Invalid ||
		!strings.Contains(err.Error(), "“机关支部”（机关）没有适用的办法：从 2026-05-01 起没有总分；2026-04-30 的 82 分和明细还查得到") {
		t.Fatalf("%v", err)
	}
	m.Seen = true
	if err := move(t, town, m); err != nil {
		t.Fatal(err)
	}
	e, got := standing(t, town, "E2", "", "2026-06-01")
	if got != "82" || e.Until == nil || e.Until.Now.Name != "机关支部" {
		t.Errorf("%s, %+v", got, e.Until)
	}
	p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(t, "2026-06-01")})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Rows {
		if r.Member.ID == "E2" && (r.Standing.Scored || r.Standing.Why == "") {
			t.Errorf("in the list of the office: %+v", r.Standing)
		}
	}
	// Back again, and it goes on.
	if err := move(t, town, members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-20")}); err != nil {
		t.Fatal(err)
	}
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "82" {
		t.Errorf("back again: %s", got)
	}
}

// TestAMoveUnderAnotherScheme: what was earned lands in the block of the same name;
// what has none is told before, with its points.
func TestAMoveUnderAnotherScheme(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	enact(t, town, rules.Proposal{Org: town.West.Parent, Source: []byte(`办法: 西社区办法
编号: xi
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 60}, 实绩: {上限: 30}}
项目: {表彰: {板块: 实绩, 分值: 5}}
停用: [好事, 酌情, 服务, 凭证, 上级记, 缺席, 到会]
`)})
	for _, d := range []entries.EntryInput{{Item: "好事"}, {Item: "酌情", Points: "-3"}} {
		d.Member, d.On = "E2", testkit.Day(t, "2026-04-05")
		if _, err := town.Entries.Post(ctx, town.Secretary, d, ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "79" {
		t.Fatalf("80 + 2 - 3 is %s", got)
	}
	m := members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}
	err := move(t, town, m)
	for _, want := range []string{"2026-04-05 的“好事” +2 分不再计入：现行办法没有板块“贡献”", "总分由 79 变为 57（按“西社区办法”算）"} {
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not said: %v", want, err)
		}
	}
	m.Seen = true
	if err := move(t, town, m); err != nil {
		t.Fatal(err)
	}
	e, got := standing(t, town, "E2", "", "2026-06-01") // 60 - 3: the deduction keeps its worth in 基础
	if got != "57" || e.Account.Standing.Scheme != "xi" {
		t.Errorf("%s by %s", got, e.Account.Standing.Scheme)
	}
	if _, got := standing(t, town, "E2", "", "2026-04-30"); got != "79" {
		t.Errorf("before the move: %s", got)
	}
}

// TestWhatWasRememberedKnowsEveryText: a standing that is remembered is behind when
// a text of an earlier branch changes.
func TestWhatWasRememberedKnowsEveryText(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	grants(t, town)
	if _, err := town.Entries.Post(ctx, town.Community,
		entries.EntryInput{Member: "E2", Item: "清理楼道", On: testkit.Day(t, "2026-04-05")}, ""); err != nil {
		t.Fatal(err)
	}
	if err := move(t, town, members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}); err != nil {
		t.Fatal(err)
	}
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "81" {
		t.Fatalf("%s", got)
	}
	enact(t, town, rules.Proposal{Org: town.East.ID, Source: []byte("补充: t\n支部: 东支部\n施行: 2026-01-01\n项目: {清理楼道: 2}\n")})
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "82" {
		t.Errorf("after the east's text changed for days past: %s", got)
	}
	town.Reopen(t) // what is held in memory is gone, what is remembered is not
	if _, got := standing(t, town, "E2", "", "2026-06-01"); got != "82" {
		t.Errorf("by a program that starts anew: %s", got)
	}
}
