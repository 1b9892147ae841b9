package demo_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/demo"
	"jifen/internal/domain"
)

// The words of rules/weizhou.yaml, written out: a street that uses another one
// could not be loaded under those rules.
func kinds() []string {
	return strings.Split("支部党员大会 支委会 党小组会 党课 主题党日 组织生活会", " ")
}

func options() map[string][]string {
	return map[string][]string{
		"支部类型": {"社区", "市场", "两新"},
		"人员类别": {"正式党员", "预备党员"},
		"处分":   {"无", "警告", "留党察看"},
		"豁免":   {"无", "不参加积分", "暂离"},
		"照顾":   {"是", "否"},
		"流动":   {"是", "否"},
		"职务":   {"无", "支部委员", "支部书记", "社区委员", "社区书记"},
		"就业":   {"在职", "两新", "离退休", "灵活就业", "无业"},
		"级别":   {"省", "市", "县", "街道"},
		"媒体报道": {"是", "否"},
	}
}

// items lists the columns that each item fills; 分值 only where the rule leaves a range.
func items() map[string]string {
	return map[string]string{
		"交纳党费": "", "承担工作": "", "民主评议": "得分", "志愿服务": "时长", "爱心捐赠": "金额", "表彰": "级别",
		"急难险重": "分值 媒体报道", "投诉属实": "", "其他事项": "分值 事由",
	}
}

func TestEveryWordIsInTheRulesAndOccurs(t *testing.T) {
	t.Parallel()
	m, e, a := demoTables(t)
	for column, words := range options() {
		table := m
		if !slices.Contains(m.head, column) {
			table = e
		}
		seen := map[string]bool{}
		for _, row := range table.rows {
			if word := table.cell(row, column); word != "" {
				seen[word] = true
				if !slices.Contains(words, word) {
					t.Errorf("%s: %q", column, word)
				}
			}
		}
		if len(seen) != len(words) {
			t.Errorf("%s: only %v occur", column, seen)
		}
	}
	for column, words := range map[string][]string{"种类": kinds(), "出勤": statuses()} {
		seen := map[string]bool{}
		for _, row := range a.rows {
			seen[a.cell(row, column)] = true
		}
		for _, word := range words {
			if !seen[word] {
				t.Errorf("%s: no %s", column, word)
			}
			delete(seen, word)
		}
		if len(seen) > 0 {
			t.Errorf("%s: unknown %v", column, seen)
		}
	}
}

func TestEntriesFillTheFieldsOfTheirItems(t *testing.T) {
	t.Parallel()
	_, e, _ := demoTables(t)
	seen := map[string]bool{}
	bounds := map[string][2]domain.Points{
		"急难险重分值": {domain.Whole(1), domain.Whole(20)}, "其他事项分值": {domain.Whole(-5), domain.Whole(5)},
		"民主评议得分": {domain.Whole(60), domain.Whole(98)}, "志愿服务时长": {domain.Whole(1), domain.Whole(8)},
		"爱心捐赠金额": {domain.Whole(50), domain.Whole(6000)},
	}
	for _, row := range e.rows {
		item := e.cell(row, "项目")
		seen[item] = true
		want, known := items()[item]
		if !known {
			t.Fatalf("unknown item %s", item)
		}
		for _, column := range e.head[4:] {
			word := e.cell(row, column)
			if filled := word != ""; filled != slices.Contains(strings.Fields(want), column) {
				t.Errorf("%v: %s", row, column)
			}
			if b, bounded := bounds[item+column]; bounded {
				if n, ok := domain.ParseHundredths(word); !ok || domain.Points(n) < b[0] || domain.Points(n) > b[1] {
					t.Errorf("%v: %s", row, column)
				}
			}
		}
	}
	if len(seen) != len(items()) {
		t.Errorf("only %v occur", seen)
	}
}

func TestActivitiesAreHeldByBranches(t *testing.T) {
	t.Parallel()
	s := street(t, demo.FullSize, 1)
	branches := map[domain.OrgID]int{}
	for _, o := range s.Orgs {
		if o.Kind == demo.KindBranch {
			branches[o.ID] = 0
		}
	}
	for _, a := range s.Activities {
		if _, known := branches[a.Org]; !known || len(a.Attendance) == 0 {
			t.Errorf("%s by %s, %d there", a.ID, a.Org, len(a.Attendance))
		}
		if a.Kind == "主题党日" {
			branches[a.Org]++
		}
	}
	for id, n := range branches {
		if n != 12 {
			t.Errorf("%s held %d 主题党日", id, n)
		}
	}
}

func demoTables(t *testing.T) (members, entries, attendance table) {
	t.Helper()
	m, e, a := street(t, demo.FullSize, 1).Tables()
	return newTable(t, m), newTable(t, e), newTable(t, a)
}

func statuses() []string {
	var words []string
	for _, s := range domain.AttendanceStatuses() {
		words = append(words, string(s))
	}
	return words
}
