package web_test

import (
	"net/http"
	"net/url"
	"strings"
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
	deed := url.Values{"branch": {string(w.East.ID)}, "member": {"E2"}, "item": {"表彰"}, "day": {"2026-05-20"}, "do": {"save"}, "key": {"1"}}
	if status, body, _ := secretary.post("/entries", deed); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, body)
	}
	if body := community.shows("/claims", "等社区党委同意，然后还有 1 步"); strings.Contains(body, "文号") {
		t.Error("a document is asked for where the community decides itself")
	}
	community.sends("/claims", url.Values{"decision": {"accept"}, "claim": {"entry.1.1"}}, "/claims")
	community.shows("/claims", "等县委组织部的文件，由社区记下文号和日期", `name="document"`, `name="document_on"`)
	answer := url.Values{"decision": {"accept"}, "claim": {"entry.1.2"}, "document": {"奎组发〔2026〕3号"}}
	if status, body, _ := community.post("/claims", answer); status != http.StatusUnprocessableEntity || !strings.Contains(body, "要写它的文号和日期") || !strings.Contains(body, `value="奎组发〔2026〕3号"`) {
		t.Errorf("without a day: %d %s", status, body)
	}
	answer.Set("document_on", "2026-05-25")
	community.sends("/claims", answer, "/claims")
	secretary.shows("/members/E2/records/entry.1", "要社区党委、县委组织部同意才计分", "县委组织部同意", "文件：奎组发〔2026〕3号，2026-05-25；都同意了，从这时起算数")
}
