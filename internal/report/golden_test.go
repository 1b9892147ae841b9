package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/domain"
	"jifen/internal/report"
)

// same compares a text with what it should be, line by line.
func same(t *testing.T, got, want string) {
	t.Helper()
	want = strings.TrimPrefix(want, "\n")
	if got == want {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			t.Fatalf("line %d is missing: %q\nin\n%s", i+1, w[i], got)
		case i >= len(w) || g[i] != w[i]:
			t.Fatalf("line %d is\n%s\nin\n%s", i+1, g[i], got)
		}
	}
}

func table(t *testing.T, r *report.Ranking) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Table(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestBranchTable(t *testing.T) {
	t.Parallel()
	same(t, table(t, rank(t, load(t, rules), street(), "2026-12-31").Only(branch("第一支部"))), `
第一支部 2026年名次
参加排名：支部 5 人，街道 8 人

  名次  编号  姓名         类别  总分  基础  贡献  公益  等次  街道名次  标杆  红线
------  ----  -----------  ----  ----  ----  ----  ----  ----  --------  ----  ------
     1  P01   示例甲       B     88    80       8     0  优秀         1  先锋
     2  P07   示例庚       B     85    75      10     0  合格         2        受警告
并列 3  P02   示例乙       B     84    80       4     4  合格    并列 3
并列 3  P03   买买提·示例  B     84    80       4     4  合格    并列 3
     5  P04   示例丁       B     77.5  77.5     0     0  合格         7
  不排  P06   示例己       B     80    80       0     0  合格

不计分 1 人：
编号  姓名    类别  原因
----  ------  ----  ------------
P05   示例戊  B     豁免：不参加

考核期 2026年，截至 2026-12-31：共 7 人，参加排名 5 人，计分不排名 1 人，不计分 1 人。
类别：B 社区党员
名次：总分高的在前；总分相同的依次比贡献；还相同的并列，占同一个名次。
办法：示例街道积分办法，编号 shili，2026-01-01 起施行，规则指纹 5911a00373e6
`)
}

func TestStreetTable(t *testing.T) {
	t.Parallel()
	same(t, table(t, rank(t, load(t, rules), street(), "2026-12-31")), `
示例街道 2026年名次
参加排名：街道 8 人

  名次  编号  姓名         支部      类别  总分  基础  贡献  公益  等次    支部名次  标杆  红线
------  ----  -----------  --------  ----  ----  ----  ----  ----  ------  --------  ----  ------
     1  P01   示例甲       第一支部  B     88    80       8     0  优秀         1/5  先锋
     2  P07   示例庚       第一支部  B     85    75      10     0  合格         2/5        受警告
并列 3  P02   示例乙       第一支部  B     84    80       4     4  合格    并列 3/5
并列 3  P03   买买提·示例  第一支部  B     84    80       4     4  合格    并列 3/5
并列 5  P09   示例壬       第二支部  B     80    80       0     0  合格    并列 1/3
并列 5  P10   示例癸       第二支部  E     80    80       0     0  合格    并列 1/3
     7  P04   示例丁       第一支部  B     77.5  77.5     0     0  合格         5/5
     8  P08   示例辛       第二支部  B      0    80       0     0  不合格       3/3        留党
  不排  P06   示例己       第一支部  B     80    80       0     0  合格

不计分 1 人：
编号  姓名    支部      类别  原因
----  ------  --------  ----  ------------
P05   示例戊  第一支部  B     豁免：不参加

缺资料 1 人，按“不知道”算；补上以后结果可能改变：
编号  姓名    缺
----  ------  --------
P09   示例壬  出生日期

考核期 2026年，截至 2026-12-31：共 10 人，参加排名 8 人，计分不排名 1 人，不计分 1 人。
类别：E 年老党员，B 社区党员
名次：总分高的在前；总分相同的依次比贡献；还相同的并列，占同一个名次。
办法：示例街道积分办法，编号 shili，2026-01-01 起施行，规则指纹 5911a00373e6
`)
}

// Nobody has a place across streets, so each street is a list of its own, and
// so is whoever has no street written down.
func TestSeveralStreets(t *testing.T) {
	t.Parallel()
	people := street()[:4]
	people[1].Member.Home = [domain.Levels]domain.OrgID{"第三支部", "另一社区", "另一街道"}
	people[2].Member.Home = [domain.Levels]domain.OrgID{"第四支部"}
	text := table(t, rank(t, load(t, rules), people, "2026-12-31"))
	another, example, unknown := strings.Index(text, "另一街道 2026年名次\n"), strings.Index(text, "示例街道 2026年名次\n"),
		strings.Index(text, "没有写明街道的党员 2026年名次\n")
	if unknown < 0 || another <= unknown || example <= another {
		t.Fatalf("lists stand at %d, %d, %d in\n%s", unknown, another, example, text)
	}
	if !strings.Contains(text[unknown:another], "不排  P02") || !strings.Contains(text[another:example], "1  P01") {
		t.Error(text)
	}
}

// A committee whose sheet names branches only gets a list for each branch.
func TestBranchesAlone(t *testing.T) {
	t.Parallel()
	people := street()
	for i := range people {
		people[i].Member.Home[domain.Community], people[i].Member.Home[domain.Street] = "", ""
	}
	text := table(t, rank(t, load(t, rules), people, "2026-12-31"))
	if !strings.HasPrefix(text, "第一支部 2026年名次\n参加排名：支部 5 人\n") ||
		!strings.Contains(text, "\n第二支部 2026年名次\n参加排名：支部 3 人\n") {
		t.Error(text)
	}
}

func TestWithoutRanking(t *testing.T) {
	t.Parallel()
	var kept []string
	for line := range strings.Lines(rules) {
		if !strings.HasPrefix(line, "排名") && !strings.HasPrefix(line, "标杆") {
			kept = append(kept, line)
		}
	}
	text := table(t, rank(t, load(t, strings.Join(kept, "")), street(), "2026-12-31"))
	if !strings.HasPrefix(text, "全部党员 2026年积分\n\n编号") || strings.Contains(text, "不排") || strings.Contains(text, "名次") ||
		strings.Contains(text, "参加排名") {
		t.Error(text)
	}
	if first := strings.Split(text, "\n")[4]; !strings.HasPrefix(first, "P01") {
		t.Errorf("the highest total does not come first: %s", first)
	}
}

func TestRunningPeriod(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-06-30")
	if text := table(t, r); !strings.Contains(text, "截至 2026-06-30：共 10 人，参加排名 8 人，计分不排名 1 人，不计分 1 人。考核期未完，分数和等次都是暂评。\n") {
		t.Error(text)
	}
	if text := account(t, r, "P01"); !strings.Contains(text, "暂评等次 优秀") {
		t.Error(text)
	}
	// Nobody at all: still a sentence, no crash.
	if text := table(t, r.Only(branch("无"))); !strings.Contains(text, "共 0 人") {
		t.Error(text)
	}
}

func TestAlerts(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-12-31")
	var b bytes.Buffer
	if err := report.Alerts(&b, r); err != nil {
		t.Fatal(err)
	}
	same(t, b.String(), `
还要过问的预警：红 1 条，警示 1 条。程序只提建议，由负责人决定。

级别  编号  姓名    支部      预警  期间             连续      建议        负责        限期
----  ----  ------  --------  ----  ---------------  --------  ----------  ----------  ----------
红    P08   示例辛  第二支部  清零  截至 2026-12-31            请街道研究  街道党工委  2027-01-30
警示  P07   示例庚  第一支部  缺课  2026年第4季度    2 个季度  谈心谈话    支部书记    2027-01-15
`)
	b.Reset()
	if err := report.Alerts(&b, r.Only(func(m *domain.Membership) bool { return m.ID == "P01" })); err != nil {
		t.Fatal(err)
	}
	same(t, b.String(), "没有还要过问的预警。\n")
}

func TestSheet(t *testing.T) {
	t.Parallel()
	header, rows := report.RankingTable(rank(t, load(t, rules), street(), "2026-12-31"))
	want := [][]string{
		{"支部名次", "支部人数", "支部并列", "街道名次", "街道人数", "街道并列", "编号", "姓名", "支部", "社区", "街道", "类别", "总分", "基础", "贡献", "公益",
			"等次", "加分次数", "扣分次数", "标杆", "红线", "预警", "缺资料", "不计分原因", "考核期", "截至日", "办法", "规则指纹"},
		{"1", "5", "", "1", "8", "", "P01", "示例甲", "第一支部", "示例社区", "示例街道", "B", "88", "80", "8", "0",
			"优秀", "1", "0", "先锋", "", "", "", "", "2026", "2026-12-31", "shili", "5911a00373e6"},
		{"2", "5", "", "2", "8", "", "P07", "示例庚", "第一支部", "示例社区", "示例街道", "B", "85", "75", "10", "0",
			"合格", "2", "2", "", "受警告", "缺课（警示）", "", "", "2026", "2026-12-31", "shili", "5911a00373e6"},
		{"3", "5", "并列", "3", "8", "并列", "P02", "示例乙", "第一支部", "示例社区", "示例街道", "B", "84", "80", "4", "4",
			"合格", "2", "0", "", "", "", "", "", "2026", "2026-12-31", "shili", "5911a00373e6"},
	}
	for i, row := range append([][]string{header}, rows[:3]...) {
		if !slices.Equal(row, want[i]) {
			t.Errorf("row %d is %q", i, row)
		}
	}
	last := []string{"", "", "", "", "", "", "P05", "示例戊", "第一支部", "示例社区", "示例街道", "B", "", "", "", "",
		"", "", "", "", "", "", "", "豁免：不参加", "2026", "2026-12-31", "shili", "5911a00373e6"}
	if len(rows) != 10 || !slices.Equal(rows[9], last) {
		t.Errorf("the last of %d rows is %q", len(rows), rows[len(rows)-1])
	}
	for _, row := range rows {
		if len(row) != len(header) {
			t.Errorf("%d cells under %d headings: %q", len(row), len(header), row)
		}
	}
}

// The order in which members come must not matter to anything.
func TestOrderOfThePopulationDoesNotMatter(t *testing.T) {
	t.Parallel()
	book := load(t, rules)
	want := everything(t, rank(t, book, street(), "2026-12-31"))
	rapid.Check(t, func(rt *rapid.T) {
		if got := everything(t, rank(t, book, rapid.Permutation(street()).Draw(rt, "order"), "2026-12-31")); got != want {
			rt.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	})
}

func everything(t *testing.T, r *report.Ranking) string {
	t.Helper()
	var b bytes.Buffer
	header, rows := report.RankingTable(r)
	if err := errors.Join(report.Table(&b, r), report.Alerts(&b, r), report.JSON(&b, r, true),
		json.NewEncoder(&b).Encode(append(rows, header))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A name may hold what a terminal would obey.
func TestControlCharactersAreNotPassedOn(t *testing.T) {
	t.Parallel()
	people := street()[:1]
	people[0].Member.Name = "示例\x1b[2J甲\u202e"
	r := rank(t, load(t, rules), people, "2026-12-31")
	for _, text := range []string{table(t, r), account(t, r, "P04")} {
		if strings.ContainsAny(text, "\x1b\u202e") || !strings.Contains(text, "示例\ufffd[2J甲\ufffd") {
			t.Errorf("%q", text)
		}
	}
}

func TestWriteErrorsComeBack(t *testing.T) {
	t.Parallel()
	r := rank(t, load(t, rules), street(), "2026-12-31")
	a := r.Rows[0].Result.Statement()
	for name, err := range map[string]error{
		"Table":     report.Table(broken{}, r),
		"Alerts":    report.Alerts(broken{}, r),
		"no alerts": report.Alerts(broken{}, r.Only(branch("无"))),
		"JSON":      report.JSON(broken{}, r, false),
		"Account":   report.Statement(broken{}, r.Book, "示例甲", &a),
	} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var errBroken = errors.New("the pipe is broken")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
