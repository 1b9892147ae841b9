package web_test

import (
	"strings"
	"testing"

	"jifen/internal/app/entries"
	"jifen/internal/domain"
	"jifen/internal/testkit"
)

func (matrix) Dossier() string {
	return `GET /me/data: member
GET /me/data/export: member`
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
