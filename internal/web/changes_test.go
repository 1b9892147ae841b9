package web_test

import (
	"net/url"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestAChangeIsLookedAtAndTakenBack: what changes points is shown before it is recorded, asks
// for a reason where it reaches far back, and is taken back on a page that shows the same.
func TestAChangeIsLookedAtAndTakenBack(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {照顾: 是否, 特长: [书法, 无]}\n类别:",
		"基础: {起点: 80", "基础: {起点: {照顾: 85, 其余: 80}").Replace(testkit.Rules))
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	const at = "/members/E2/changes"
	care := url.Values{"do": {"fact"}, "attribute": {"照顾"}, "value": {"是"}, "from": {"2026-05-20"}, "key": {"a"}}
	secretary.sends(at, care).OK().Shows("核对 示例东2的变动", "照顾：是，从 2026-05-20 起", "总分", "80 → 85").
		Has(`[name="seen"][value="1"]`).Lacks("为什么现在才登记")
	clerk.opens(at).OK().Lacks("2026-05-20")
	secretary.sends(at, url.Values{"do": {"fact"}, "attribute": {"特长"}, "value": {"书法"}, "from": {"2026-05-20"}}).
		LeadsTo(at)
	secretary.opens(at).OK().Shows("登记了，总分不变")
	care.Set("from", "2026-01-01")
	secretary.sends(at, care).Refused().Shows("30天以内补录", "请社区党委或街道党工委补录").
		Has(`form:has([value="照顾"]) .beside`).HasNo(`form:has([value="特长"]) .beside`)
	clerk.sends(at, care).OK().Shows("80 → 85", "为什么现在才登记")
	care.Set("seen", "1")
	clerk.sends(at, care).Refused().Shows("80 → 85", "要在说明里写为什么晚了")
	care.Set("reason", "民政部门五月才通知")
	clerk.sends(at, care).LeadsTo(at)
	clerk.opens(at).OK().Shows("登记了，2026年总分由 80 变为 85", "民政部门五月才通知")
	var change domain.ChangeID
	if err := w.DB.Read(t.Context(), func(v *store.Snapshot) error {
		items, err := v.History(access.System("the test looks at all"), "E2")
		for _, item := range items {
			if item.Fact.Attribute == "照顾" {
				change = item.ID
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	back := at + "/" + change.String()
	clerk.opens(at).OK().Has(`[href="` + back + `"]`)
	secretary.opens(back).Status(403).Shows("30天以内补录")
	clerk.opens(back).OK().Shows("撤销 示例东2的一条登记", "照顾：是，2026-01-01 起", "85 → 80", "划掉留着")
	clerk.sends(back, url.Values{"seen": {"1"}}).LeadsTo(at) // on the same day, by himself
	clerk.opens(at).OK().Shows("撤销了，2026年总分由 85 变为 80").Has("s").Lacks(`href="` + back + `"`)
	clerk.sends(back, url.Values{"reason": {"再撤"}}).Status(409)
	// What moves no points but the grade or the category is told, too.
	exempt := url.Values{"do": {"exempt"}, "value": {"不计"}, "from": {"2026-05-25"}, "step": {"支部委员会"}, "seen": {"1"},
		"key": {"x"}}
	secretary.sends(at, exempt).LeadsTo(at)
	secretary.opens(at).OK().Shows("等次由 好 变为 没有")
	clerk.opens(at + "/fact.999").Status(404)
	clerk.opens(at + "/entry.1").Status(404)
}

// TestABranchAsksForAMemberOfAnother by number and name; who knows but one of them learns
// nothing, and who asked may take it back.
func TestABranchAsksForAMemberOfAnother(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Hire(t, "west", domain.RoleSecretary, w.West.ID)
	west := w.visit(t, "west")
	at := "/branches/" + string(w.West.ID) + "/incoming"
	west.opens("/branches/" + string(w.West.ID)).OK().Has(`a[href="` + at + `"]`)
	west.opens(at).OK().Shows("请人转进西支部", "两样都对才找得到人")
	west.opens("/branches/" + string(w.East.ID) + "/incoming").Status(404)
	ask := func(member, name string) url.Values {
		return url.Values{"member": {member}, "name": {name}, "from": {"2026-05-20"}, "key": {"k"}}
	}
	var said []string
	for _, form := range []url.Values{ask("E2", "示例东1"), ask("E9", "示例东1")} {
		west.sends(at, form).Refused().Shows("没有这名党员").Lacks("东支部")
		_, body, _ := west.post(at, form)
		said = append(said, strings.ReplaceAll(body, form.Get("member"), ""))
	}
	if said[0] != said[1] {
		t.Errorf("who is hidden and who is absent are told apart:\n%s\n%s", said[0], said[1])
	}
	west.sends(at, ask("E2", "示例东2")).LeadsTo("/claims")
	west.opens("/claims").OK().Shows("提出了转接，等转出方社区党委同意", "您报的", "转到“西支部”")
	w.visit(t, "community").opens("/claims").OK().Shows("示例东2", "转到“西支部”")
	west.sends(at, ask("E2", "示例东2")).Refused() // another key, and one waits
	clerk := w.visit(t, "clerk")                // who looks after both is shown what it does
	clerk.sends(at, ask("W1", "示例西1")).Refused().Shows("已经在")
}

// TestTheFirstStepsAreAPath: until something is recorded the committee sees what is done and
// what is next, and afterwards which branch nobody manages.
func TestTheFirstStepsAreAPath(t *testing.T) {
	t.Parallel()
	w := open(t)
	clerk := w.visit(t, "clerk")
	clerk.opens("/branches").OK().Shows("从头办起", "共 4 名党员，2 个支部", "还有 1 个支部没有", "记第一次活动", "没有书记")
	if _, err := w.Activities.Record(t.Context(), w.Secretary, w.ActivityInput(t), ""); err != nil {
		t.Fatal(err)
	}
	clerk.opens("/branches").OK().Lacks("从头办起").Shows("没有书记")
}
