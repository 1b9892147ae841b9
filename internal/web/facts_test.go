package web_test

import (
	"net/url"
	"strings"
	"testing"

	"jifen/internal/testkit"
)

// TestFactsOfManyByPage: what is missing leads to a form of those of whom it is missing; its effect
// is shown before it is recorded, a wrong row keeps all out, and what reaches far back asks for a
// reason.
func TestFactsOfManyByPage(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewSized(t, 4))
	w.Follow(t, strings.NewReplacer("类别:", "默认: {补录: 30天}\n属性: {照顾: 是否, 特长: [书法, 无]}\n类别:",
		"基础: {起点: 80", "基础: {起点: {特长 == \"书法\": 85, 其余: 80}").Replace(testkit.Rules))
	clerk, secretary := w.visit(t, "clerk"), w.visit(t, "secretary")
	branch := "/branches/" + string(w.East.ID)
	at := branch + "/facts"
	query := "?" + url.Values{"attribute": {"特长"}, "lacking": {"1"}}.Encode()
	secretary.opens(branch).OK().Shows("缺资料", "特长：4 人").Has(`[href="` + at + query + `"]`).Has(`[href="` + at + `"]`)
	secretary.opens(at).OK().Has(`option[value="特长"]`).Lacks("处分：", "改为")
	secretary.opens(at+query).OK().Shows("4 人没有登记“特长”", "自己的由别人登记").Has(`[name="cell.E2"]`).
		Lacks(`name="cell.E1"`)

	form := url.Values{"attribute": {"特长"}, "lacking": {"1"}, "day": {"2026-05-20"}, "cell.E2": {"书法"},
		"cell.E3": {"唱歌"}, "key": {"k"}, "do": {"preview"}}
	secretary.sends(at, form).Refused().Shows("整张表没有登记", "没有“唱歌”这个选项", "可写：书法、无")
	form.Set("cell.E3", "无")
	secretary.sends(at, form).OK().Shows("登记 2 人，其中 1 人的分、等次、类别或预警会变", "80 → 85", "不变").
		Has(`[name="cell.E2"][value="书法"]`).Has(`[name="key"][value="k"]`).Has(`button[name="do"][value="save"]`)
	secretary.opens("/members/E2").OK().Has(".total-number", "80")
	form.Set("do", "edit")
	secretary.sends(at, form).OK().Has(`[name="cell.E3"] option[selected]`)
	form.Set("do", "save")
	secretary.sends(at, form).LeadsTo(at).Must()
	secretary.opens(at).OK().Shows("“特长”登记了 2 人，1 人的分、等次、类别或预警变了")
	secretary.opens("/members/E2").OK().Has(".total-number", "85")
	secretary.opens(at + query).OK().Shows("2 人没有登记“特长”").Lacks(`name="cell.E2"`)
	secretary.opens(branch).OK().Shows("特长：2 人")

	late := url.Values{"attribute": {"特长"}, "day": {"2026-01-01"}, "cell.E4": {"书法"}, "do": {"preview"}}
	secretary.sends(at, late).Refused().Shows("30天以内补录")
	clerk.sends(at, late).OK().Shows("为什么现在才登记").Has(`textarea[name="reason"]`)
	late.Set("do", "save")
	clerk.sends(at, late).Refused().Shows("要在说明里写为什么晚了").Has(`button[name="do"][value="save"]`)
	late.Set("reason", "原来漏报")
	clerk.sends(at, late).LeadsTo(at)
	secretary.sends("/branches/"+string(w.West.ID)+"/facts", form).Status(404)
}
