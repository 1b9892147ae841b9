package web_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

// act is something recorded of a person or an organisation, as people do it on its page.
type act struct {
	name string
	may  []string // the logins that do it so
	// seen are those to whom it is offered, nobody else; nil for those who may.
	seen []string
	// before prepares the member; at is the page, and form what is pressed there or filled in.
	before func(d *desk, id domain.MemberID)
	at     func(d *desk, id domain.MemberID) string
	form   string
	// fill is written into the inputs within the form; MEMBER is the member's number, OTHER
	// and CALLED the number and name of somebody in the west.
	fill   map[string]string
	reads  []string // what stands on the page in the end
	leaves string   // what was recorded of the member by it
}

// changesOf is the page of changes of a member.
func changesOf(_ *desk, id domain.MemberID) string { return "/members/" + string(id) + "/changes" }

// formOf selects the form of a page of changes that does something.
func formOf(do string) string { return `form:has([name=do][value=` + do + `])` }

// factForm selects the form of an attribute on a page of changes.
func factForm(attribute string) string { return `form:has([name=attribute][value=` + attribute + `])` }

// above returns who keeps the members of the east, and higher those of them who move members.
func above() []string { return []string{"secretary", "community", "clerk"} }

func higher() []string { return []string{"community", "clerk"} }

// factActs lists what is recorded of a member and moves him nowhere.
func factActs() []act {
	return []act{
		{name: "情况", may: above(), at: changesOf, form: factForm("特长"),
			fill:  map[string]string{"select[name=value]": "书法", "[name=from]": "2026-05-20"},
			reads: []string{"登记了，2026年总分由 80 变为 85"}, leaves: "特长 书法"},
		{name: "转正", may: above(), form: factForm("人员类别"),
			before: func(d *desk, id domain.MemberID) { d.records(id, "人员类别", "预备党员") }, at: changesOf,
			fill:  map[string]string{"select[name=value]": "正式党员", "[name=from]": "2026-05-20"},
			reads: []string{"登记了"}, leaves: "人员类别 正式党员"},
		{name: "撤销转正", may: above(), form: `a[href*="/changes/fact."]`,
			before: func(d *desk, id domain.MemberID) { d.records(id, "人员类别", "正式党员") }, at: changesOf,
			reads: []string{"撤销了"}, leaves: "人员类别 正式党员 撤销了"},
		{name: "改姓名", may: above(), at: changesOf, form: `form:has(#new-name)`,
			fill:  map[string]string{"#new-name": "示例改", "#name-reason": "名册写错了"},
			reads: []string{"示例改的登记变动", "名册写错了"}},
		{name: "处分", may: higher(), at: changesOf, form: factForm("处分"),
			fill:  map[string]string{"select[name=value]": "警告", "[name=from]": "2026-05-20"},
			reads: []string{"登记了"}, leaves: "处分 警告"},
		{name: "豁免", may: above(), at: changesOf, form: `form:has([name=value][value=不计])`,
			fill:  map[string]string{"[name=step]": "✓", "[name=from]": "2026-05-20"},
			reads: []string{"登记了", "现在：不计"}, leaves: "豁免 不计"},
		{name: "结束豁免", may: above(), form: `form:has([name=value][value=无])`,
			before: func(d *desk, id domain.MemberID) { d.records(id, domain.Exemption, "免会") }, at: changesOf,
			reads: []string{"登记了", "没有豁免"}, leaves: "豁免 无"},
		{name: "成批登记", may: above(), form: `form:has([name="cell.MEMBER"])`,
			at: func(d *desk, _ domain.MemberID) string {
				return "/branches/" + string(d.w.East.ID) + "/facts?attribute=特长"
			},
			fill:  map[string]string{`[name="cell.MEMBER"]`: "书法", "[name=day]": "2026-05-20"},
			reads: []string{"“特长”登记了 1 人，1 人的分、等次、类别或预警变了"}, leaves: "特长 书法"},
	}
}

// moveActs lists what is recorded of where a member belongs and attends.
func moveActs(w *town) []act {
	west := string(w.West.ID)
	gone := func(d *desk, id domain.MemberID) { d.moves(id, "") }
	attends := func(d *desk, id domain.MemberID) {
		if _, err := d.w.Ledger.RecordSecondary(d.t.Context(), d.w.Clerk, members.SecondaryInput{Member: id, Org: w.West.ID,
			From: testkit.Day(d.t, "2026-05-10")}, ""); err != nil {
			d.t.Fatal(err)
		}
	}
	ask := map[string]string{"[name=member]": "OTHER", "[name=name]": "CALLED", "[name=from]": "2026-05-20"}
	incoming := func(d *desk, _ domain.MemberID) string { return "/branches/" + string(d.w.East.ID) + "/incoming" }
	to := map[string]string{"[name=org]": west, "[name=from]": "2026-05-20"}
	back := map[string]string{"[name=org]": string(w.East.ID), "[name=from]": "2026-05-25"}
	return []act{
		{name: "提出转接", may: []string{"secretary", "community"}, seen: above(), at: changesOf, form: formOf("move"),
			fill: to, reads: []string{"提出了转接，等转入方社区党委同意", "撤回"}},
		{name: "转接", may: []string{"clerk"}, seen: above(), at: changesOf, form: formOf("move"), fill: to,
			reads: []string{"转接了组织关系", "转接单", "西支部"}, leaves: "组织关系 西支部"},
		{name: "请人转进", may: []string{"secretary", "community"}, seen: above(), at: incoming,
			form: `form[action$="/incoming"]`, fill: ask, reads: []string{"提出了", "转出方社区党委"}},
		{name: "转进", may: []string{"clerk"}, seen: above(), at: incoming, form: `form[action$="/incoming"]`, fill: ask,
			reads: []string{"转接单", "东支部"}},
		{name: "转出", may: higher(), at: changesOf, form: formOf("leave"),
			fill:  map[string]string{"[name=from]": "2026-05-20"},
			reads: []string{"登记了转出", "转接单"}, leaves: "组织关系 转出"},
		{name: "提出转回", may: []string{"secretary"}, seen: above(), before: gone, at: changesOf, form: formOf("move"),
			fill: back, reads: []string{"提出了转接，等社区党委同意"}},
		{name: "转回", may: higher(), seen: above(), before: gone, at: changesOf, form: formOf("move"), fill: back,
			reads: []string{"转接了组织关系", "东支部"}, leaves: "组织关系 东支部"},
		{name: "在别的支部参加活动", may: above(), at: changesOf, form: formOf("secondary"),
			fill:  map[string]string{"[name=branch]": west, "[name=from]": "2026-05-20"},
			reads: []string{"登记了", "西支部"}, leaves: "流入 西支部"},
		{name: "不再参加", may: above(), before: attends, at: changesOf, form: formOf("end-secondary"),
			fill:  map[string]string{"[name=from]": "2026-05-20"},
			reads: []string{"登记了"}, leaves: "流入 西支部（结束）"},
	}
}

// moves moves a member to another branch, or out of the street.
func (d *desk) moves(id domain.MemberID, to domain.OrgID) {
	d.t.Helper()
	mv := members.Move{Member: id, To: to, From: testkit.Day(d.t, "2026-05-20"), Seen: true}
	if _, err := d.w.Ledger.Move(d.t.Context(), d.w.Clerk, mv, ""); err != nil {
		d.t.Fatal(err)
	}
}

// records writes something of a member as who sits at the desk does, or the clerk.
func (d *desk) records(id domain.MemberID, attribute, value string) {
	d.t.Helper()
	by := map[string]*access.Actor{"secretary": d.w.Secretary, "community": d.w.Community}[d.login]
	if by == nil {
		by = d.w.Clerk
	}
	f := members.FactChange{Member: id, Attribute: attribute, Value: value, From: testkit.Day(d.t, "2026-05-10")}
	if attribute == domain.Exemption {
		f.Approved = []string{"支部委员会"}
	}
	if _, err := d.w.Ledger.ChangeFact(d.t.Context(), by, f, ""); err != nil {
		d.t.Fatal(err)
	}
}

// does opens the page of an act and does it, where it is offered, and checks that it is to
// those who may and to nobody else.
func (d *desk) does(a *act, login string, id domain.MemberID) {
	d.t.Helper()
	d.sits(login)
	if a.before != nil {
		a.before(d, id)
	}
	named := strings.NewReplacer("MEMBER", string(id), "OTHER", "W"+string(id[1:]), "CALLED", "示例西"+string(id[1:])).Replace
	was, form := d.recorded(id), named(a.form)
	d.opens(a.at(d, id))
	offered, may := d.has(form), slices.Contains(a.may, login)
	if want := may || slices.Contains(a.seen, login); offered != want {
		d.t.Errorf("%s is offered to %s: %v, want %v", a.name, login, offered, want)
	}
	if !offered || !may {
		return
	}
	for within, value := range a.fill {
		d.fills(form+" "+named(within), named(value))
	}
	if strings.HasPrefix(form, "form") {
		form += " button[type=submit]"
	}
	d.presses(form)
	for _, confirm := range []string{"form:has([name=seen]) button.btn-primary", "button[name=do][value=save]"} {
		if d.has(confirm) {
			if d.since(id, was) != "" {
				d.t.Errorf("%s is recorded before it was looked at", a.name)
			}
			d.presses(confirm)
		}
	}
	d.reads(a.reads...)
	if got := d.since(id, was); a.leaves != "" && got != a.leaves {
		d.t.Errorf("%s by %s leaves %q, want %q", a.name, login, got, a.leaves)
	}
}

// TestEveryActIsDoneByWhoMayAndOfferedToNobodyElse does each thing that is recorded of a
// person on its page, as everybody.
func TestEveryActIsDoneByWhoMayAndOfferedToNobodyElse(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewSized(t, 220))
	w.Follow(t, strings.NewReplacer("类别:", "属性: {特长: [书法, 无]}\n类别:",
		"基础: {起点: 80", "基础: {起点: {特长 == \"书法\": 85, 其余: 80}").Replace(testkit.Rules))
	w.OfficerOf(t, "west", domain.RoleCommunity, w.West.Parent)
	d, next := newDesk(t, w), 2
	member := func() domain.MemberID { next++; return domain.MemberID("E" + strconv.Itoa(next)) }
	d.mendsAClaim()
	d.keepsOrganisations()
	d.takesInARegister()
	for _, a := range agreements() {
		for _, login := range a.may {
			d.agrees(&a, login, member())
		}
	}
	acts := slices.Concat(factActs(), moveActs(w))
	for _, login := range everybody() { // one after the other, who sits down once
		if slices.Contains(above(), login) {
			for i := range acts {
				d.does(&acts[i], login, member())
			}
			continue
		}
		d.mayNone(acts, login, member())
	}
}

// mayNone opens each page of the acts once as somebody to whom none of them is offered.
func (d *desk) mayNone(acts []act, login string, id domain.MemberID) {
	d.t.Helper()
	d.sits(login)
	pages := map[string][]*act{}
	for i := range acts {
		page := acts[i].at(d, id)
		pages[page] = append(pages[page], &acts[i])
	}
	for page, offered := range pages {
		d.opens(page)
		for _, a := range offered {
			if d.has(strings.ReplaceAll(a.form, "MEMBER", string(id))) {
				d.t.Errorf("%s is offered to %s", a.name, login)
			}
		}
	}
}
