package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// TestThePageOfARegulationShowsWhatTheBranchAdded: a branch with a supplement
// sees the scheme and behind it the items of its own, where links from its
// members' accounts go.
func TestThePageOfARegulationShowsWhatTheBranchAdded(t *testing.T) {
	t.Parallel()
	w := open(t)
	scheme := ruleset.Load("t.yaml", []byte(testkit.Rules+"授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}\n"))
	if scheme.Book == nil {
		t.Fatal(scheme.Format())
	}
	const own = "补充: t\n支部: 东支部\n施行: 2026-02-01\n项目: {清理楼道: {分值: 1, 限额: {月: 1次}}}\n"
	added := ruleset.LoadSupplement(scheme.Book, "s.yaml", []byte(own))
	if added.Book == nil {
		t.Fatal(added.Format())
	}
	err := w.DB.Write(context.Background(), func(tx *store.Tx) error {
		base := domain.RuleVersion{Org: w.Street.ID, Code: "t", From: calendar.Of(2026, 1, 1), Hash: scheme.Book.Hash,
			Source: testkit.Rules + "授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}\n"}
		if err := tx.InsertEnactment(base, 0); err != nil {
			return err
		}
		return tx.InsertEnactment(domain.RuleVersion{Org: w.East.ID, Supplement: true, Code: "t",
			From: calendar.Of(2026, 2, 1),
			Hash: added.Book.Supplements[0].Hash, Source: own}, 0)
	})
	if err != nil {
		t.Fatal(err)
	}
	status, body, _ := w.visit(t, "secretary").get("/rules?on=2026-06-01")
	if status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	for _, want := range []string{"自设项目（东支部补充）", `<tr id="项目.清理楼道">`, "月 1次", "补充《试验》（编号 t）。"} {
		if !strings.Contains(body, want) {
			t.Errorf("nothing says %q", want)
		}
	}
	w.visit(t, "secretary").opens("/rules?on=2026-01-15").OK().Lacks("清理楼道")
}

// Rules is the part of the matrix of rules.go.
func (matrix) Rules() string {
	return `
GET /rules: signed-in
GET /rules/drafts: clerk officer
POST /rules/drafts: clerk officer
GET /rules/drafts/:id: clerk officer
POST /rules/drafts/:id: clerk officer
`
}
