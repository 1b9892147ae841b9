package ruleset

import "testing"

const gradesByKind = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
类别: {甲: {名称: 全体, 当: 其余}}
板块: {基础: {起点: 80}}
项目:
  好事: {板块: 基础, 分值: 2}
等次:
  按: 人员类别
  预备党员: {达标: 总分 >= 85, 不达标: 其余}
`

// TestADamagedTableOfGradesIsToldOnce: the grades of one kind of member stand in
// one line; when it cannot be read, an alert that names one of them is right as
// far as anybody can tell.
func TestADamagedTableOfGradesIsToldOnce(t *testing.T) {
	t.Parallel()
	const row = `  其余: {优秀: 总分 >= 105, 合格: 总分 >= 60, 不合格: 其余}`
	const alert = `
预警:
  偏低: {每: 年, 当: '等次 == "不合格"', 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 30天}
`
	if r := Load("t.yaml", []byte(gradesByKind+row+alert)); r.Book == nil {
		t.Fatal(r.Format())
	}
	for what, spoilt := range damages(row) {
		if spoilt == "" {
			continue
		}
		r := Load("t.yaml", []byte(gradesByKind+spoilt+alert))
		if r.Book != nil {
			continue // a full-width sign in a name may be a name
		}
		for _, p := range r.Problems {
			if p.Line != 12 {
				t.Errorf("%s: told of another line\n%s\n%s", what, spoilt, r.File.Format(p))
			}
		}
	}
}
