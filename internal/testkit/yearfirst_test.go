package testkit_test

import (
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/vault"
)

// begins sets the street up four days before its rules begin: the register, the accounts and
// the branches are there then.
func (y *year) begins() {
	y.done("setting up", y.town.DB.Exclusive(store.InAllStreets(y.Context(), "there are none yet"),
		func(tx *store.Tx) (err error) {
			if y.street, err = tx.InsertOrg(domain.Org{Level: domain.Street, Name: "示例街道"}); err != nil {
				return err
			}
			return rules.Enact(tx, access.Program("设库"), y.street.ID, "year.yaml", y.text())
		}))
	y.clerk = y.account("clerk", "", domain.RoleStreet, y.street.ID)
	y.other = y.account("other", "", domain.RoleStreet, y.street.ID)
	y.security = y.account("security", "", domain.RoleSecurity, "")
	y.take(easternRegister, "东关社区", "2025-12-28", 12)
	y.take(westernRegister, "西园社区", "2025-12-28", 5)
	y.find()
	var err error
	y.office, err = y.town.Orgs.Create(y.Context(), y.clerk,
		orgs.Creation{Parent: y.west.ID, Name: "西园机关党支部", Kind: "机关"})
	y.done("another branch", err)
	y.eastern = y.account("eastern", "", domain.RoleCommunity, y.east.ID)
	y.western = y.account("western", "", domain.RoleCommunity, y.west.ID)
	y.byP1 = y.account("jiayi", "P0001", domain.RoleSecretary, y.first.ID)
	y.bySecond = y.account("yiyi", "P0008", domain.RoleSecretary, y.second.ID)
	y.byThird = y.account("third", "", domain.RoleSecretary, y.third.ID)
	y.on("2025-12-30")
	_, err = y.town.Entries.Post(y.Context(), y.byP1, entryOf(y.T, "P0002", "微心愿", "2025-12-29"), "")
	expect.Fault(y, err, fault.Invalid, "2026-01-01")
	y.has("P0009", "不计分")
	_, err = y.town.Members.Detail(y.Context(), y.bySecond, "P0009", standings.When{})
	expect.Fault(y, err, fault.Invalid, "办法自 2026-01-01 起施行")
	c, err := y.town.Members.Changes(y.Context(), y.bySecond, "P0009")
	y.done("what can be recorded of him before the first day", err)
	expect.Equal(y, "whether he has an exemption", c.Exempt, "")
}

// take takes a register in, of which so many members are new.
func (y *year) take(src, community, since string, fresh int) {
	y.Helper()
	terms, plan := y.plan(y.clerk, src, community, since)
	expect.Empty(y, "the problems of the register", plan.Problems)
	expect.Len(y, "the rows of the register", plan.Steps, fresh)
	y.done("taking in a register", y.town.Ledger.ApplyRoster(y.Context(), y.clerk, terms, plan))
}

// plan compares a register with who is there.
func (y *year) plan(by *access.Actor, src, community, since string) (*members.RosterTerms, *members.RosterPlan) {
	y.Helper()
	table, err := spreadsheet.ReadCSV("名册.csv", strings.NewReader(src))
	expect.NoError(y, "reading a register", err)
	key, err := vault.New(testkit.Zeros{}, testkit.Key())
	expect.NoError(y, "the key", err)
	today := calendar.FromTime(y.town.Clock())
	terms, _, plan, err := y.town.Ledger.PlanRoster(y.Context(), by,
		func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
			return importer.ReadRoster(table, nil, asked), nil
		}, func(*store.Snapshot) (*members.RosterTerms, error) {
			return &members.RosterTerms{Vault: key, Org: y.street, Community: community, Kind: "社区",
				Since: testkit.Day(y, since), Changes: testkit.Day(y, since), Today: today}, nil
		})
	expect.NoError(y, "comparing a register", err)
	return terms, plan
}

// find reads the organisations that the registers made.
func (y *year) find() {
	y.Helper()
	y.look(func(v *store.Snapshot) error {
		list, err := v.Orgs(access.System("the test looks at all"), "")
		for _, o := range list {
			switch o.Name {
			case "东关社区":
				y.east = o
			case "西园社区":
				y.west = o
			case "东关第一党支部":
				y.first = o
			case "东关第二党支部":
				y.second = o
			case "西园第一党支部":
				y.third = o
			}
		}
		return err
	})
}

// enact puts a text in force by two people.
func (y *year) enact(org domain.Org, text string, beside bool) {
	y.Helper()
	id, err := y.town.Enactment.Propose(y.Context(), y.clerk,
		rules.Proposal{Org: org.ID, Source: []byte(text), Beside: beside})
	y.done("a draft of "+org.Name, err)
	y.done("a text of "+org.Name, y.town.Enactment.Confirm(y.Context(), y.other, id, "", false))
}

// winter: dues of P0012 are missing, and the branches get items of their own.
func (y *year) winter() {
	y.pay("2026-01", "P0012")
	y.on("2026-01-26")
	y.has("P0012", "B 75 二星")
	y.pay("2026-02", "P0012")
	y.attend(y.byP1, y.first, "2026-02-10", listed("P0001", "P0003", "P0004", "P0005", "P0006", "P0007"),
		listed("P0002"))
	y.decide(y.eastern, true, "") // the secretary's own attendance
	y.on("2026-02-11")
	y.post(y.byThird, "P0016", "爱心捐赠", "2026-02-11", "金额", "350")
	y.on("2026-02-12")
	y.post(y.byP1, "P0001", "微心愿", "2026-02-12")
	y.has("P0001", "A 80 三星")
	y.decide(y.eastern, true, "")
	y.has("P0001", "A 81 三星")
	y.on("2026-02-14")
	y.post(y.byP1, "P0004", "志愿服务", "2026-02-14", "时长", "12")
	y.on("2026-02-20")
	y.post(y.eastern, "P0008", "投诉属实", "2026-02-20")
	y.enact(y.first, firstSupplement, false)
	y.enact(y.second, secondSupplement, false)
	y.on("2026-02-25")
	y.post(y.byThird, "P0017", "表彰", "2026-02-25", "级别", "街道")
	y.has("P0012", "B 70 二星")
}

// march: one joins, one is warned, one is exempted; the missing dues are found.
func (y *year) march() {
	y.on("2026-03-02")
	y.take(marchRegister, "西园社区", "2026-03-01", 1)
	y.byP18 = y.account("bingliu", "P0018", domain.RoleMember, "")
	y.pay("2026-03")
	y.alerts("2026-03-10", "P0012 久未交费 提醒 2026-03-07")
	y.on("2026-03-14")
	away := factOf(y.T, "P0012", "豁免", "暂离", "2026-03-15", "")
	away.Approved = []string{"支部委员会"}
	y.fact(y.bySecond, away)
	out := factOf(y.T, "P0015", "豁免", "不参加积分", "2026-03-15", "")
	out.Approved = []string{"本人申请", "支部委员会", "支部党员大会"}
	done := y.fact(y.byThird, out)
	expect.Equal(y, "who is asked", strings.Join(done.Asked, " "), "社区党委")
	y.on("2026-03-16")
	y.has("P0015", "B 80 三星")
	y.decide(y.western, true, "")
	y.has("P0015", "不计分")
	y.has("P0012", "B 70 二星")
	late := entryOf(y.T, "P0012", "交纳党费", "2026-01-20")
	_, err := y.town.Entries.Post(y.Context(), y.bySecond, late, "")
	expect.Fault(y, err, fault.Forbidden, "30天")
	y.post(y.eastern, "P0012", "交纳党费", "2026-01-20", "说明", "收据后来才找到")
	y.post(y.eastern, "P0012", "交纳党费", "2026-02-20", "说明", "收据后来才找到")
	y.has("P0012", "B 80 三星")
	y.on("2026-03-20")
	warning := factOf(y.T, "P0004", "处分", "警告", "2026-03-05", "")
	_, err = y.town.Ledger.ChangeFact(y.Context(), y.byP1, warning, "")
	expect.Fault(y, err, fault.Forbidden, "社区党委以上")
	y.has("P0004", "B 82 三星")
	y.fact(y.eastern, warning)
	y.want("2026-03-04", "P0004", "P0004 B 82 三星")
	y.has("P0004", "B 82 二星")
	y.on("2026-03-25")
	y.enact(y.east, besideText, true)
	y.on("2026-03-28")
	y.fact(y.bySecond, factOf(y.T, "P0009", "流动", "是", "2026-04-01", ""))
}

// spring: a commendation waits for the community, a complaint is taken back, one leaves.
func (y *year) spring() {
	y.on("2026-04-02")
	by := factOf(y.T, "P0014", "豁免", "暂离", "2026-04-02", "")
	by.Approved = []string{"支部委员会"}
	y.fact(y.byThird, by)
	_, err := y.undo(y.byThird, "P0014", "", ofFact("豁免")) // the same day, by himself
	y.done("an exemption undone", err)
	guest := members.SecondaryInput{Member: "P0016", Org: y.first.ID, From: testkit.Day(y, "2026-04-02")}
	y.guest(y.byThird, guest)
	guest.Org = y.second.ID
	y.guest(y.byThird, guest)
	_, err = y.undo(y.byThird, "P0016", "", func(i *domain.HistoryItem) bool { return i.Kind == domain.Host })
	y.done("a guest of the wrong branch taken back", err)
	y.on("2026-04-08")
	y.post(y.byP1, "P0003", "表彰", "2026-04-08", "级别", "市")
	y.pay("2026-04")
	complaint := y.entryOn("P0008", "投诉属实", "2026-02-20")
	y.reverse(y.eastern, complaint, "查实不属实")
	y.has("P0008", "A 80 三星")
	y.on("2026-04-15")
	y.has("P0003", "B 80 三星")
	y.on("2026-04-20")
	y.decide(y.eastern, true, "")
	y.has("P0003", "B 100 四星")
	y.on("2026-04-21")
	never := y.attend(y.byThird, y.third, "2026-04-21", listed("P0013"), listed("P0014"))
	y.has("P0014", "C 75 二星")
	y.on("2026-04-22")
	_, err = y.town.Activities.Reverse(y.Context(), y.byThird, never, "那天没有开", "")
	y.done("an activity taken back", err)
	y.has("P0014", "C 80 三星")
	y.leave()
}

// leave lets one go, and the others go on with May.
func (y *year) leave() {
	y.on("2026-05-01")
	y.move(y.eastern, "P0010", domain.Org{}, "2026-05-01")
	y.has("P0010", "不计分")
	y.want("2026-04-30", "P0010", "P0010 B 80 三星")
	y.on("2026-05-09")
	y.post(y.byThird, "P0017", "急难险重", "2026-05-09", "分值", "8", "媒体报道", "否")
	y.decide(y.western, true, "")
	y.pay("2026-05", "P0015")
	y.on("2026-05-12")
	y.attend(y.bySecond, y.second, "2026-05-12", listed("P0009", "P0011"), listed("P0012"))
	y.has("P0012", "B 80 三星")
	y.on("2026-05-16")
	y.post(y.byP1, "P0004", "志愿服务", "2026-05-16", "时长", "8")
	y.fact(y.bySecond, factOf(y.T, "P0012", "豁免", "无", "2026-05-16", ""))
	y.on("2026-05-20")
	y.post(y.byThird, "P0016", "爱心捐赠", "2026-05-20", "金额", "250")
}

// june: care from the first, an item of the branch's own, absences that cost and that do not.
func (y *year) june() {
	y.on("2026-06-05")
	y.fact(y.byThird, factOf(y.T, "P0013", "照顾", "是", "2026-06-01", ""))
	y.post(y.byP1, "P0007", "清理楼道", "2026-06-05")
	y.on("2026-06-09")
	y.attend(y.byP1, y.first, "2026-06-09", listed("P0002", "P0003", "P0004", "P0005", "P0007"), listed("P0006", "P0016"))
	y.decide(y.byThird, false, "那天请了假") // of the guest, who is the third branch's
	y.has("P0016", "B 86 三星")
	y.pay("2026-06", "P0015")
	y.on("2026-06-15")
	y.fact(y.byThird, factOf(y.T, "P0015", "豁免", "无", "2026-06-15", ""))
	y.has("P0015", "B 80 三星")
	wish := y.entryOn("P0001", "微心愿", "2026-02-12")
	y.reverse(y.eastern, wish, "心愿没有办成")
	y.has("P0001", "A 80 三星")
	y.on("2026-06-16")
	y.attend(y.bySecond, y.second, "2026-06-16", listed("P0011"), listed("P0009", "P0012"))
	y.on("2026-06-23")
	y.attend(y.byThird, y.third, "2026-06-23", listed("P0014", "P0016", "P0017", "P0018"), listed("P0013"))
	y.on("2026-06-30")
	_, err := y.town.Entries.Post(y.Context(), y.bySecond, entryOf(y.T, "P0009", "清理楼道", "2026-06-30"), "")
	expect.Fault(y, err, fault.Invalid, "没有“清理楼道”")
}

// guest records that a member attends elsewhere.
func (y *year) guest(by *access.Actor, in members.SecondaryInput) {
	y.Helper()
	_, err := y.town.Ledger.RecordSecondary(y.Context(), by, in, "")
	y.done("a guest", err)
}

// listed returns members.
func listed(list ...domain.MemberID) []domain.MemberID { return list }

// ofFact returns what tells the facts of an attribute from the rest.
func ofFact(attribute string) func(*domain.HistoryItem) bool {
	return func(i *domain.HistoryItem) bool { return i.Fact.Attribute == attribute }
}

// ofHome reports whether something recorded tells where somebody belongs.
func ofHome(i *domain.HistoryItem) bool { return i.Kind == domain.Home }

// entryOn returns the entry of a member of a day.
func (y *year) entryOn(m domain.MemberID, item, day string) (id domain.EntryID) {
	y.Helper()
	y.look(func(v *store.Snapshot) error {
		list, err := v.Entries(access.System("the test looks at all"), m, 100)
		for i := range list {
			if e := &list[i]; e.Entry.Item == item && e.Entry.On == testkit.Day(y, day) {
				id = e.ID
			}
		}
		return err
	})
	return id
}
