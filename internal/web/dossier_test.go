package web_test

import (
	"net/url"
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

func (matrix) Dossier() string {
	return `GET /me/data: member
GET /me/data/export: member
POST /me/data/corrections: member`
}

// TestAMemberSeesAllThatIsHeldOfHim: with who recorded it, nothing of anybody else, and
// taking it away as a file is a line of the trail.
func TestAMemberSeesAllThatIsHeldOfHim(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.post(t, w.Secretary, entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-20")})
	member := w.visit(t, "member")
	member.opens("/me").OK().Has(`[href="/me/data"]`)
	page := member.opens("/me/data").OK()
	page.Has("th", "好事").Has("td", w.Secretary.Name).Has("h2", "组织关系").Has(`[href="/me/looks"]`).
		Has(`[href="/me/data/export"]`).Lacks("W1")
	if status, body, _ := member.get("/me/data/export"); status != 200 || !strings.HasPrefix(body, "PK") {
		t.Errorf("the export is %d, %.40q", status, body)
	}
	list, err := w.Trail(domain.AuditFilter{Action: "导出"}, 9)
	if err != nil || len(list) != 1 || list[0].Account != w.Member.Account {
		t.Errorf("the export leaves %+v, %v", list, err)
	}
}

// TestACorrectionGoesThroughThePages: asked for beside what is held, answered in the queue
// with a link to where it is mended, and the answer is shown to the member.
func TestACorrectionGoesThroughThePages(t *testing.T) {
	t.Parallel()
	w := open(t)
	member, secretary := w.visit(t, "member"), w.visit(t, "secretary")
	form := url.Values{"about": {"facts"}, "wrong": {"党龄写成 3 年"}, "wanted": {""}}
	status, body, _ := member.post("/me/data/corrections", form)
	if status != 422 || !strings.Contains(body, "党龄写成 3 年") || !strings.Contains(body, "要写应当是什么") {
		t.Errorf("half a correction: %d", status)
	}
	form.Set("wanted", "13 年")
	member.sends("/me/data/corrections", form).LeadsTo("/me/claims").Must()
	member.opens("/me/claims").OK().Shows("更正申请：登记的情况", "等支部书记", "13 年")
	page := secretary.opens("/claims").OK().Shows("党龄写成 3 年", "更正申请的答复")
	page.Has(`[href="/members/E2/changes"]`)
	secretary.sends("/claims", url.Values{"claim": {"1.1"}, "decision": {"accept"}, "reason": {"改成了 13 年"}}).
		LeadsTo("/claims").Must()
	member.opens("/me/claims").OK().Shows("已同意", "改成了 13 年").Has(`[href="/me/data"]`)
	member.opens("/me/data").OK().Shows("应当是：13 年")
}
