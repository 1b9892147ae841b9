package testkit_test

import (
	"slices"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// july: one moves with the points of his old branch, a lesson was made up for, and a fact
// that ended earlier.
func (y *year) july() {
	y.on("2026-07-01")
	out := y.move(y.eastern, "P0007", y.second, "2026-07-01")
	expect.Empty(y, "what does not go with him", out.Losses)
	y.has("P0007", "B 81 三星")
	y.on("2026-07-03")
	y.post(y.eastern, "P0008", "投诉属实", "2026-06-29")
	y.has("P0008", "A 78 二星")
	y.want("2026-06-30", "P0008", "P0008 A 78 二星")
	_, err := y.town.Activities.Correct(y.Context(), y.byP1, activities.Correction{Activity: y.lesson("2026-06-09"),
		Member: "P0006", Status: domain.MadeUp, MadeUpOn: testkit.Day(y, "2026-07-01"), Reason: "补了课"}, "")
	y.done("a lesson made up for", err)
	y.has("P0006", "C 80 三星")
	y.on("2026-07-05")
	_, err = y.town.Entries.Post(y.Context(), y.byP1, entryOf(y.T, "P0007", "清理楼道", "2026-06-25"), "")
	expect.True(y, err != nil || y.waits("P0007"), "the old branch alone gives him nothing any more", err)
	late := y.post(y.eastern, "P0007", "清理楼道", "2026-06-25")
	y.has("P0007", "B 82 三星")
	_, _, err = y.town.Entries.Undo(y.Context(), y.eastern, late.Entry, late.Entry)
	y.done("an entry undone", err)
	y.has("P0007", "B 81 三星")
	y.on("2026-07-08")
	done := y.fact(y.bySecond, factOf(y.T, "P0009", "流动", "否", "2026-06-10", ""))
	expect.Len(y, "what the fact changes", done.Effect, 1)
	expect.Equal(y, "his total after it", done.Effect[0].After.Total, domain.Points(75_00))
	y.want("2026-06-30", "P0009", "P0009 B 75 二星")
	y.pay("2026-07")
	y.on("2026-07-20")
	y.post(y.byThird, "P0014", "急难险重", "2026-07-20", "分值", "8", "媒体报道", "是")
	y.has("P0014", "C 80 三星")
	y.on("2026-07-25")
	y.decide(y.western, true, "")
	y.has("P0014", "C 96 四星")
}

// lesson returns the activity of a day.
func (y *year) lesson(day string) domain.ActivityID {
	y.Helper()
	list := y.town.ActivitiesBelow(y, &y.first)
	i := slices.IndexFunc(list, func(a domain.Activity) bool { return a.On == testkit.Day(y, day) })
	if i < 0 {
		y.Fatalf("no activity of %s", day)
	}
	return list[i].ID
}

// waits reports whether a request of a member waits.
func (y *year) waits(m domain.MemberID) bool {
	y.Helper()
	states := y.town.RequestStates(y, m)
	return len(states) > 0 && states[0] == domain.RequestWaits
}

// summer: a branch is renamed, a move is taken back, one comes back, one becomes full.
func (y *year) summer() {
	y.on("2026-08-03")
	_, err := y.town.Orgs.Change(y.Context(), y.clerk, domain.OrgChange{Org: y.second.ID, Kind: domain.OrgRenamed,
		Name: "东关前进党支部", From: testkit.Day(y, "2026-08-01")})
	y.done("another name", err)
	y.move(y.clerk, "P0016", y.first, "2026-08-03")
	y.on("2026-08-05")
	_, err = y.undo(y.clerk, "P0016", "", ofHome)
	expect.Fault(y, err, fault.Invalid, "理由")
	_, err = y.undo(y.clerk, "P0016", "转错了人", ofHome)
	y.done("a move taken back", err)
	y.has("P0016", "B 86 三星")
	y.on("2026-08-08")
	y.post(y.byThird, "P0017", "志愿服务", "2026-08-08", "时长", "20")
	y.pay("2026-08")
	y.on("2026-08-15")
	y.move(y.eastern, "P0010", y.first, "2026-08-14")
	_, err = y.undo(y.eastern, "P0010", "", ofHome) // the same day
	y.done("a return to the wrong branch undone", err)
	y.has("P0010", "不计分")
	y.move(y.eastern, "P0010", y.second, "2026-08-15")
	y.has("P0010", "B 80 三星")
	y.autumn()
}

// autumn: one becomes full, another was thought to have left.
func (y *year) autumn() {
	y.on("2026-08-28")
	y.fact(y.byThird, factOf(y.T, "P0018", "人员类别", "正式党员", "2026-08-28", ""))
	y.on("2026-09-01")
	_, err := y.undo(y.byThird, "P0018", "转正大会是 9 月 1 日", ofFact("人员类别"))
	y.done("becoming full taken back", err)
	y.fact(y.byThird, factOf(y.T, "P0018", "人员类别", "正式党员", "2026-09-01", ""))
	y.on("2026-09-02")
	river := y.post(y.bySecond, "P0007", "护河值守", "2026-09-02")
	y.has("P0007", "B 82 三星")
	y.pay("2026-09")
	y.reverse(y.bySecond, river.Entry, "那天没有去")
	y.on("2026-09-12")
	y.post(y.bySecond, "P0011", "社区值班", "2026-09-12", "时长", "12")
	y.guest(y.byThird, members.SecondaryInput{Member: "P0016", Org: y.first.ID, From: testkit.Day(y, "2026-09-12"),
		Ended: true})
	y.on("2026-09-15")
	y.move(y.western, "P0014", domain.Org{}, "2026-09-15")
	y.has("P0014", "不计分")
	y.on("2026-09-16")
	_, err = y.undo(y.western, "P0014", "没有转出，是同名的人", ofHome)
	y.done("a leaving taken back", err)
	y.has("P0014", "C 96 四星")
	y.on("2026-09-18")
	y.post(y.bySecond, "P0011", "表彰", "2026-09-18", "级别", "街道")
}

// october: discipline that is recorded late, a transfer between communities, one to a branch
// for which there are no rules, and a birthday.
func (y *year) october() {
	y.on("2026-10-01")
	y.fact(y.eastern, factOf(y.T, "P0005", "处分", "留党察看", "2026-09-10", ""))
	y.has("P0005", "B 0 一星")
	y.want("2026-09-30", "P0005", "P0005 B 0 一星")
	y.want("2026-09-09", "P0005", "P0005 B 80 三星")
	y.alerts("2026-10-01", "P0005 低于底线 红 2026-10-15")
	y.account("yisi", "P0011", domain.RoleRecorder, y.second.ID)
	asked := y.move(y.eastern, "P0011", y.third, "2026-10-01")
	expect.Equal(y, "who agrees to the transfer", strings.Join(asked.Asked, " "), "转入方社区党委")
	expect.Contains(y, strings.Join(asked.Losses, "；"), "东关社区志愿积分办法", "72 分停在 2026-09-30")
	expect.Equal(y, "the offices that he has in the old branch", strings.Join(asked.Offices, " "), "“东关前进党支部”的支部记录员")
	y.decide(y.western, true, "")
	y.has("P0011", "B 85 三星")
	y.noOffice("yisi", accounts.Role{Role: domain.RoleRecorder, Org: y.second.ID})
	y.beside("P0011", "72")
	mv := members.Move{Member: "P0012", To: y.office.ID, From: testkit.Day(y, "2026-10-01")}
	_, err := y.town.Ledger.Move(y.Context(), y.clerk, mv, "")
	expect.Fault(y, err, fault.Invalid, "没有适用的办法", "75 分")
	y.move(y.clerk, "P0012", y.office, "2026-10-01")
	y.has("P0012", "不计分")
	y.want("2026-09-30", "P0012", "P0012 B 75 二星")
	y.on("2026-10-05")
	y.want("2026-10-04", "P0015", "P0015 B 80 三星")
	y.has("P0015", "E 85 三星")
	y.pay("2026-10")
	y.on("2026-10-12")
	claim := y.post(y.byP18, "P0018", "急难险重", "2026-09-25", "分值", "8", "媒体报道", "否")
	expect.Equal(y, "who is asked", strings.Join(claim.Asked, " "), "支部委员会 社区党委")
}

// noOffice checks that an account has a role no more.
func (y *year) noOffice(login string, role accounts.Role) {
	y.Helper()
	a, err := y.town.Accounts.Find(y.Context(), y.security, login)
	y.done("finding an account", err)
	err = y.town.Accounts.Assign(y.Context(), y.security, a.ID, role, true)
	expect.Fault(y, err, fault.CodeOf(err), "不是“东关前进党支部”的支部记录员")
}

// beside checks a total of the ledger that 东关 has beside the street's.
func (y *year) beside(m domain.MemberID, want string) {
	y.Helper()
	q := standings.Question{Scope: access.System("the test looks at all"), Scheme: "zhiyuan",
		AsOf: testkit.Day(y, y.town.Clock().Format(time.DateOnly))}
	out, err := y.town.Standings.Explain(y.Context(), q, m)
	expect.NoError(y, "the ledger beside", err)
	expect.Equal(y, "the total beside of "+string(m), out.Account.Standing.Total.String(), want)
}

// wrongly tries what is not for everybody: a lower level changes no points of long ago, and
// what would come of it is told before.
func (y *year) wrongly() {
	y.on("2026-10-15")
	away := factOf(y.T, "P0002", "豁免", "暂离", "2026-02-01", "")
	away.Approved = []string{"支部委员会"}
	_, err := y.town.Ledger.ChangeFact(y.Context(), y.byP1, away, "")
	expect.Fault(y, err, fault.Forbidden, "30天")
	_, err = y.town.Ledger.ChangeFact(y.Context(), y.eastern, away, "")
	expect.Fault(y, err, fault.Invalid, "为什么晚了")
	seen, err := y.town.Ledger.Foresee(y.Context(), y.eastern, members.Change{Fact: &away})
	y.done("looking at an exemption", err)
	expect.True(y, seen.Lacks != nil, "a reason is asked for", seen.Lacks)
	away.Reason = "当时没有登记"
	seen, err = y.town.Ledger.Foresee(y.Context(), y.eastern, members.Change{Fact: &away})
	y.done("looking at an exemption with a reason", err)
	expect.Len(y, "what it would change", seen.Effect, 1)
	expect.Equal(y, "his total before", seen.Effect[0].Before.Total, domain.Points(75_00))
	expect.Equal(y, "his total after", seen.Effect[0].After.Total, domain.Points(80_00))
	y.has("P0002", "B 75 二星")
	gone := members.Move{Member: "P0016", From: testkit.Day(y, "2026-03-01"), Reason: "早就走了"}
	seen, err = y.town.Ledger.Foresee(y.Context(), y.western, members.Change{Move: &gone})
	y.done("looking at a leaving of long ago", err)
	expect.Len(y, "what the leaving would change", seen.Effect, 1)
	expect.Equal(y, "his total before the leaving", seen.Effect[0].Before.Total, domain.Points(86_00))
	_, err = y.town.Ledger.ChangeFact(y.Context(), y.byThird, factOf(y.T, "P0016", "豁免", "无", "2026-10-15", ""), "")
	expect.Fault(y, err, fault.Conflict, "没有豁免")
	y.has("P0016", "B 86 三星")
}

// november: a claim that was returned, discipline of the wrong person, the appraisal, a register
// with the old name of a branch.
func (y *year) november() {
	y.on("2026-11-01")
	y.decide(y.byThird, false, "请写明在哪里")
	y.on("2026-11-02")
	again := entryOf(y.T, "P0018", "急难险重", "2026-09-25", "分值", "8", "媒体报道", "否", "说明", "在河边")
	again.Follows = y.returned("P0018")
	_, err := y.town.Entries.Post(y.Context(), y.byP18, again, "")
	y.done("a claim handed in again, 38 days after it happened", err)
	y.on("2026-11-03")
	y.decide(y.byThird, true, "")
	y.fact(y.eastern, factOf(y.T, "P0006", "处分", "留党察看", "2026-11-01", ""))
	y.has("P0006", "C 0 一星")
	y.has("P0018", "B 80 三星")
	y.on("2026-11-04")
	y.decide(y.western, true, "")
	y.has("P0018", "B 88 三星")
	y.want("2026-09-30", "P0018", "P0018 B 88 三星")
	y.on("2026-11-05")
	_, err = y.undo(y.eastern, "P0006", "", ofFact("处分"))
	expect.Fault(y, err, fault.Invalid, "理由")
	_, err = y.undo(y.eastern, "P0006", "登记错了人", ofFact("处分"))
	y.done("discipline taken back", err)
	y.has("P0006", "C 80 三星")
	y.want("2026-11-03", "P0006", "P0006 C 80 三星")
	y.pay("2026-11")
	y.attend(y.byP1, y.first, "2026-11-10", listed("P0003", "P0004", "P0005", "P0006"), listed("P0002"))
	y.has("P0002", "B 65 二星")
	y.on("2026-11-12")
	y.want("2026-10-20", "P0015", "P0015 E 85 三星")
	y.post(y.byThird, "P0015", "表彰", "2026-10-20", "级别", "街道")
	y.want("2026-10-20", "P0015", "P0015 E 90 三星")
	y.appraise()
	y.register()
	y.on("2026-11-28")
	dear := strings.Replace(string(y.text()), "街道: 5}", "街道: 6}", 1)
	_, err = y.town.Enactment.Propose(y.Context(), y.clerk, rules.Proposal{Org: y.street.ID, Source: []byte(dear)})
	expect.Fault(y, err, fault.Invalid, "3 人")
	y.alerts("2026-11-28", "P0005 低于底线 红 2026-10-15")
	y.places(placesInNovember)
}

// places checks the order of the street's ranking, in which no two share a place.
func (y *year) places(want string) {
	y.Helper()
	p := y.asks(standings.Question{Scope: access.System("the test looks at all"),
		AsOf: testkit.Day(y, y.town.Clock().Format(time.DateOnly))})
	p.Place()
	rows := p.Rows
	ranked := strings.Fields(want)
	for i := range rows {
		r := &rows[i]
		if !r.Standing.Scored {
			continue
		}
		place, ok := r.At(domain.Street)
		expect.True(y, ok, "he has a place in the street", r.Member.ID)
		expect.Equal(y, "the place of "+string(r.Member.ID), place.Place, slices.Index(ranked, string(r.Member.ID))+1)
	}
}

// returned returns the latest request of a member.
func (y *year) returned(m domain.MemberID) (id domain.RequestID) {
	y.Helper()
	mine, err := y.town.Members.OwnClaims(y.Context(), y.byP18, 1)
	expect.NoError(y, "one's own claims", err)
	expect.Len(y, "the claims of "+string(m), mine.Claims, 1)
	return mine.Claims[0].ID
}

// appraise records the appraisal of the year, each branch its own.
func (y *year) appraise() {
	y.on("2026-11-20")
	for _, s := range []struct {
		by   *access.Actor
		rows map[domain.MemberID]string
	}{
		{y.eastern, map[domain.MemberID]string{"P0001": "90", "P0002": "62", "P0003": "100", "P0004": "90", "P0006": "65"}},
		{y.bySecond, map[domain.MemberID]string{"P0007": "90", "P0009": "90", "P0010": "80"}},
		{y.byThird, map[domain.MemberID]string{"P0011": "65", "P0013": "90", "P0017": "100", "P0018": "100"}},
	} {
		b := entries.BulkEntry{Item: "民主评议", On: testkit.Day(y, "2026-11-20")}
		for m, score := range s.rows {
			b.Rows = append(b.Rows, entries.BulkRow{Member: m, Fields: map[string]string{"得分": score}})
		}
		out, err := y.town.Entries.PostBulk(y.Context(), s.by, b, "")
		y.done("the appraisal", err)
		expect.Equal(y, "how many count at once", out.Posted, len(s.rows))
	}
}

// register compares the yearly register, which calls a branch by its old name.
func (y *year) register() {
	y.on("2026-11-25")
	src := "姓名,所在党支部,党员编号,人员类别,职务,就业\n" +
		"示例乙一,东关第二党支部,P0008,正式党员,支部书记,离退休\n示例乙二,东关第二党支部,P0009,正式党员,无,无业\n" +
		"示例甲七,东关第二党支部,P0007,正式党员,无,无业\n"
	_, plan := y.plan(y.clerk, src, "东关社区", "2026-11-25")
	expect.Empty(y, "branches that would be made", plan.Branches)
	expect.Len(y, "rows", plan.Steps, 3)
	for i := range plan.Steps {
		expect.True(y, plan.Steps[i].Idle(), "nothing changes", plan.Steps[i].Words)
	}
	expect.Len(y, "who is here and not in the register", plan.Absent, 1)
	expect.Equal(y, "who it is", plan.Absent[0].ID, "P0010")
	slip, err := y.town.Members.Handover(y.Context(), y.clerk, "P0007", testkit.Day(y, "2026-07-01"))
	expect.NoError(y, "the slip of July", err)
	expect.Equal(y, "the branch as it was called then", slip.To, "东关第二党支部")
	expect.Empty(y, "what did not go with him", slip.Does.Losses)
	expect.Equal(y, "his points after the move", slip.Does.After, domain.Points(81_00))
	y.called("2026-07-31", "东关第二党支部")
	y.called("2026-08-01", "东关前进党支部")
}

// called checks what the ranking of a day calls the second branch.
func (y *year) called(day, want string) {
	y.Helper()
	q := standings.Question{Scope: access.System("the test looks at all"), AsOf: testkit.Day(y, day)}
	for _, r := range y.asks(q).Rows {
		if r.Member.Home.ID == y.second.ID {
			expect.Equal(y, "the branch of "+string(r.Member.ID)+" as of "+day, r.Member.Home.Name, want)
		}
	}
}
