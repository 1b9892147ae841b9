package web_test

import (
	"net/http"
	"net/url"
	"testing"
)

// outsideRules ask an organ outside the program.
const outsideRules = `办法: 有外部机构的办法
编号: t
施行: 2026-01-01
机构: {县委组织部: 外部}
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80, 下限: 0}}
项目:
  表彰: {板块: 基础, 分值: 5, 审批: [支部委员会, 社区党委, 县委组织部]}
`

// TestADocumentFromOutsideIsWrittenOnThePageOfClaims: the community agrees, then
// writes the number and day of what the county issued; the record tells them.
func TestADocumentFromOutsideIsWrittenOnThePageOfClaims(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Follow(t, outsideRules)
	secretary, community := w.visit(t, "secretary"), w.visit(t, "community")
	form := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"表彰"}, "day": {"2026-05-20"},
		"do": {"save"}, "key": {"1"}}
	secretary.sends("/entries", form).Status(http.StatusSeeOther).Must()
	community.opens("/claims").OK().Shows("等社区党委同意，然后还有 1 步").Lacks("文号")
	community.sends("/claims", url.Values{"decision": {"accept"}, "claim": {"1.1"}}).LeadsTo("/claims").Must()
	community.opens("/claims").OK().Shows("等县委组织部的文件，由社区记下文号和日期").Has(`[name="document"]`).
		Has(`[name="document_on"]`)
	answer := url.Values{"decision": {"accept"}, "claim": {"1.2"}, "document": {"奎组发〔2026〕3号"}}
	community.sends("/claims", answer).Refused().Shows("要写它的文号和日期").Has(`[value="奎组发〔2026〕3号"]`)
	answer.Set("document_on", "2026-05-25")
	community.sends("/claims", answer).LeadsTo("/claims").Must()
	secretary.opens("/members/E2/records/entry.1").OK().
		Shows("要社区党委、县委组织部同意才计分", "县委组织部同意", "文件：奎组发〔2026〕3号，2026-05-25；都同意了，从这时起算数")
}
