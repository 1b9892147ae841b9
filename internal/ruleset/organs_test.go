package ruleset

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/domain"
)

func TestOrgansAreResolvedWhereTheyAreNamed(t *testing.T) {
	t.Parallel()
	src := strings.Replace(smallest, "类别:\n", `机构: {镇党委: 街道, 机关党委: 社区, 领导小组: 支部, 群众会议: 外部}
默认: {录入: [领导小组], 审批: [支部委员会, 镇党委]}
豁免: {暂离: {效果: 不计分, 审批: [本人申请, 机关党委]}}
授权: {支部: {板块: 基础, 加分: 1项, 扣分: 1项, 单笔: 2分, 审批: [群众会议, 机关党委]}}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 机关党委, 限期: 7天}}
类别:
`, 1)
	r := Load("x.yaml", []byte(src))
	if r.Book == nil || len(r.Problems) != 0 {
		t.Fatal(r.Format())
	}
	b := r.Book
	approve, _, _ := b.Items[0].Workflow.Approve.At(b.From, nil)
	for name, c := range map[string]struct{ got, want []domain.Organ }{
		"录入": {b.Items[0].Workflow.Enter, []domain.Organ{"领导小组@支部"}},
		"审批": {approve, []domain.Organ{"支部委员会", "镇党委@街道"}},
		"豁免": {b.Exemptions[0].Approve, []domain.Organ{"本人申请", "机关党委@社区"}},
		"授权": {b.Grants[0].Approve, []domain.Organ{"群众会议@外部", "机关党委@社区"}},
		"负责": {[]domain.Organ{domain.Organ(b.Alerts[0].Owner)}, []domain.Organ{"机关党委"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
	if len(b.Bodies) != 4 || b.Bodies[0].Organ.Level() != domain.Street || !b.Bodies[3].Organ.Outside() ||
		b.Clauses[b.Bodies[1].Clause].Path != "机构.机关党委" {
		t.Errorf("%+v", b.Bodies)
	}
}

// The advice for an organ that no table names is a line that makes the file load.
func TestUnknownOrganIsOfferedTheTable(t *testing.T) {
	t.Parallel()
	for organ, line := range map[string]string{
		"镇党委": "机构: {镇党委: 街道}", "县委组织部": "机构: {县委组织部: 外部}", "机关党委": "机构: {机关党委: 社区}", "领导小组": "机构: {领导小组: 社区}",
		"群众会议": "机构: {群众会议: 外部}", "支部扩大会": "机构: {支部扩大会: 支部}", "村民代表会议": "机构: {村民代表会议: 外部}",
	} {
		src := strings.Replace(smallest, "分值: 2", "分值: 2, 审批: ["+organ+"]", 1)
		r := Load("x.yaml", []byte(src))
		if r.Book != nil || len(r.Problems) != 1 || !strings.Contains(r.Problems[0].Advice, "加一行 "+line) {
			t.Errorf("%s: %s", organ, r.Format())
		}
		if again := Load("x.yaml", []byte(strings.Replace(src, "类别:\n", line+"\n类别:\n", 1))); again.Book == nil ||
			len(again.Problems) != 0 {
			t.Errorf("%s: %s", line, again.Format())
		}
	}
	slip := Load("x.yaml", []byte(strings.Replace(smallest, "分值: 2", "分值: 2, 审批: [街道党公委]", 1)))
	if len(slip.Problems) != 1 || !strings.Contains(slip.Problems[0].Advice, "是不是“街道党工委”") {
		t.Error(slip.Format())
	}
}

// A mistake in the table is told once, not again where the organ is asked.
func TestAMistakeInTheTableOfOrgansIsToldOnce(t *testing.T) {
	t.Parallel()
	src := strings.Replace(smallest, "类别:\n", "机构: {镇党委: 县}\n默认: {审批: [镇党委]}\n类别:\n", 1)
	if r := Load("x.yaml", []byte(src)); r.Errors() != 1 || len(r.Problems) != 1 {
		t.Error(r.Format())
	}
}
