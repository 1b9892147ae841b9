package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/report"
)

// account prints the account of one member of a ranking.
func account(t *testing.T, r *report.Ranking, id domain.MemberID) string {
	t.Helper()
	i := slices.IndexFunc(r.Rows, func(row report.Row) bool { return row.Member.ID == id })
	a := r.Rows[i].Result.Statement()
	var b bytes.Buffer
	if err := report.Statement(&b, r.Book, r.Rows[i].Member.Name, &a, r.Rows[i].Places...); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAccounts(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-12-31")
	for id, want := range map[domain.MemberID]string{
		"P02": `
示例乙（P02）  2026年，截至 2026-12-31
类别 B 社区党员，等次 合格，支部并列第 3 名（2 人并列，共 5 人），街道并列第 3 名（2 人并列，共 8 人）

总分                   84  〔规则第 15 行 总分〕
  基础                 80  〔规则第 15 行 板块.基础〕
    起点               80  B类 社区党员 〔规则第 15 行 板块.基础.起点〕
  贡献                  4  〔规则第 16 行 板块.贡献〕
    公益                4  〔规则第 17 行 板块.公益〕
      2026-04-01 服务  +3  时长 6；编号 J2 〔第四条，规则第 20 行 项目.服务.分值〕
      2026-04-02 服务  +1  时长 6；限额每年 4分 只余 +1，原应 +3；编号 J3 〔规则第 17 行 板块.公益.限额.年〕

评优秀，要总分 ≥ 85（现在 84）

限额还剩：
  公益 今年加分已经到顶

合计：基础 80 + 贡献 4 = 总分 84
`,
		"P07": `
示例庚（P07）  2026年，截至 2026-12-31
类别 B 社区党员，等次 合格（没有红线时是 优秀），支部第 2 名（共 5 人），街道第 2 名（共 8 人）
红线 受警告

总分                 85    〔规则第 15 行 总分〕
  基础               75    〔规则第 15 行 板块.基础〕
    起点             80    B类 社区党员 〔规则第 15 行 板块.基础.起点〕
    2026-08-05 缺课  -2.5  党课缺席；编号 H2 〔第三条，规则第 19 行 项目.缺课.分值〕
    2026-11-05 缺课  -2.5  党课缺席；编号 H3 〔第三条，规则第 19 行 项目.缺课.分值〕
  贡献               10    〔规则第 16 行 板块.贡献〕
    2026-05-01 表扬  +8    有效到 2028-04-30；编号 J5 〔第五条，规则第 21 行 项目.表扬.分值〕
    2026-06-01 表扬  +8    有效到 2028-05-31；编号 J6 〔第五条，规则第 21 行 项目.表扬.分值〕
    公益              0    没有记分的事 〔规则第 17 行 板块.公益〕
    上限             -6    最高 10，多出的不计 〔规则第 16 行 板块.贡献.上限〕

还要过问的预警（程序只提建议，由负责人决定）：
  警示  缺课（2026年第4季度，连续 2 个季度）：建议谈心谈话，由支部书记在 2027-01-15 前办

评优秀，要等红线“受警告”解除

限额还剩：
  公益 今年加分已经到顶（贡献上限 10 分）

合计：基础 75 + 贡献 10 = 总分 85
`,
		"P08": `
示例辛（P08）  2026年，截至 2026-12-31
类别 B 社区党员，等次 不合格（没有红线时是 合格），支部第 3 名（共 3 人），街道第 8 名（共 8 人）
红线 留党

总分        0  〔规则第 15 行 总分〕
  基础     80  〔规则第 15 行 板块.基础〕
    起点   80  B类 社区党员 〔规则第 15 行 板块.基础.起点〕
  贡献      0  〔规则第 16 行 板块.贡献〕
    公益    0  没有记分的事 〔规则第 17 行 板块.公益〕
  留党    -80  红线，总分置为 0 〔第九条，规则第 24 行 红线.留党〕

还要过问的预警（程序只提建议，由负责人决定）：
  红  清零（截至 2026-12-31）：建议请街道研究，由街道党工委在 2027-01-30 前办

评合格，要等红线“留党”解除

限额还剩：
  公益 今年加分已经到顶（红线“留党”）

合计：基础 80 + 贡献 0 - 留党 80 = 总分 0
`,
		"P10": `
示例癸（P10）  2026年，截至 2026-12-31
类别 E 年老党员，等次 合格，支部并列第 1 名（2 人并列，共 3 人），街道并列第 5 名（2 人并列，共 8 人）

总分      80  〔规则第 15 行 总分〕
  基础    80  〔规则第 15 行 板块.基础〕
    起点  80  E类 年老党员 〔规则第 15 行 板块.基础.起点〕
  贡献     0  〔规则第 16 行 板块.贡献〕
    公益   0  没有记分的事 〔规则第 17 行 板块.公益〕

不计的记录 1 条：
  2026-03-05 缺课  0  不适用于E类；党课缺席；编号 H1 〔第三条，规则第 19 行 项目.缺课〕

评优秀，要总分 ≥ 85（现在 80）

限额还剩：
  公益 今年还可加 4 分

合计：基础 80 + 贡献 0 = 总分 80
`,
		"P09": `
示例壬（P09）  2026年，截至 2026-12-31
类别 B 社区党员，等次 合格，支部并列第 1 名（2 人并列，共 3 人），街道并列第 5 名（2 人并列，共 8 人）
缺资料 出生日期，按“不知道”算

总分      80  〔规则第 15 行 总分〕
  基础    80  〔规则第 15 行 板块.基础〕
    起点  80  B类 社区党员 〔规则第 15 行 板块.基础.起点〕
  贡献     0  〔规则第 16 行 板块.贡献〕
    公益   0  没有记分的事 〔规则第 17 行 板块.公益〕

评优秀，要总分 ≥ 85（现在 80）

限额还剩：
  公益 今年还可加 4 分

合计：基础 80 + 贡献 0 = 总分 80
`,
		"P05": `
示例戊（P05）  2026年，截至 2026-12-31
类别 B 社区党员
没有总分：豁免：不参加
`,
	} {
		same(t, account(t, r, id), want)
	}
}

// An account whose lines do not make its total must not be passed over.
func TestAccountThatDoesNotAddUp(t *testing.T) {
	t.Parallel()
	book := load(t, rules)
	for name, a := range map[string]domain.Statement{
		"total": {Standing: domain.Standing{Scored: true, Total: 300},
			Total: domain.Line{Kind: domain.LineTotal, Name: "总分", Value: 300, Clause: -1,
				Children: []domain.Line{{Kind: domain.LineBlock, Name: "基础", Value: 200, Clause: -1}}}},
		"block": {Standing: domain.Standing{Scored: true, Total: 200},
			Total: domain.Line{Kind: domain.LineTotal, Name: "总分", Value: 200, Clause: -1,
				Children: []domain.Line{{Kind: domain.LineBlock, Name: "基础", Value: 200, Clause: -1,
					Children: []domain.Line{{Kind: domain.LineStart, Name: "起点", Value: 100, Clause: -1}}}}}},
		"standing": {Standing: domain.Standing{Scored: true, Total: 300},
			Total: domain.Line{Kind: domain.LineTotal, Name: "总分", Value: 200, Clause: -1,
				Children: []domain.Line{{Kind: domain.LineBlock, Name: "基础", Value: 200, Clause: -1}}}},
	} {
		var b bytes.Buffer
		if err := report.Statement(&b, book, "示例甲", &a); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "和总分对不上：这是程序的差错") {
			t.Errorf("%s: %s", name, b.String())
		}
	}
}
