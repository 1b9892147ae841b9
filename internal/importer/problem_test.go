package importer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"jifen/internal/importer"
)

func TestProblemsRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		p    importer.Problem
		want string
	}{
		{importer.Problem{File: "members.csv", Row: 3, Column: "出生日期", Message: "“昨天”不是日期", Advice: "写成 2026-03-05 这样的年-月-日"},
			"members.csv 第 3 行“出生日期”列：“昨天”不是日期。改法：写成 2026-03-05 这样的年-月-日。"},
		{importer.Problem{File: "members.csv", Row: 3, Message: "多了一行"}, "members.csv 第 3 行：多了一行。"},
		{importer.Problem{File: "members.csv", Message: "太大", Advice: "是不是错了？"}, "members.csv：太大。改法：是不是错了？"},
		{importer.Problem{Message: "另有 3 处问题。"}, "另有 3 处问题。"},
	} {
		if got := c.p.String(); got != c.want {
			t.Errorf("got %s\nwant %s", got, c.want)
		}
	}
}

const (
	twoMembers     = "编号,姓名,支部\nP1,示例甲,一支部\nP2,示例乙,一支部\n"
	attendanceHead = "活动,种类,日期,党员,出勤\n"
	entryHead      = "编号,党员,项目,日期,分值,时长,得分,级别\n"
)

// TestBadTables: every mistake is found where it stands, and nothing else is.
func TestBadTables(t *testing.T) {
	t.Parallel()
	type table = [3]string // members, entries, attendance
	b := weizhou(t)
	for _, c := range []struct {
		name string
		src  table
		want []string // file row column: parts that the problem says, parted by |
	}{
		{"no ids", table{"姓名,支部\n示例甲,一支部\n"}, []string{"members.csv 1 编号: 缺少“编号”|编号、姓名、支部"}},
		{"no required heading at all", table{"\n甲,乙\n1,2\n"}, []string{
			"members.csv 2 甲: 不认得“甲”", "members.csv 2 乙: 不认得", "members.csv 2 编号: 缺少", "members.csv 2 姓名: 缺少",
			"members.csv 2 支部: 缺少",
		}},
		{"a heading misspelt", table{"编号,姓名,支部,出身日期\nP1,示例甲,一支部,乱写\n"},
			[]string{"members.csv 1 出身日期: 不认得“出身日期”|是不是“出生日期”？|整列删去"}},
		{"a derived heading", table{"编号,姓名,支部,年龄\nP1,示例甲,一支部,70\n"}, []string{"members.csv 1 年龄: 由日期推算|填“出生日期”"}},
		{"an empty id", table{"编号,姓名,支部\n,示例甲,一支部\n"}, []string{"members.csv 2 编号: 没有填"}},
		{"no name, no branch", table{"编号,姓名,支部\nP1,,\n"}, []string{"members.csv 2 姓名: 没有填", "members.csv 2 支部: 没有填"}},
		{"an id too long", table{"编号,姓名,支部\n" + strings.Repeat("长", 101) + ",示例甲,一支部\n"},
			[]string{"members.csv 2 编号: 太长|最多 100 字"}},
		{"a sign nobody sees", table{"编号,姓名,支部\nP\u200b1,示例甲,一支部\n"}, []string{"members.csv 2 编号: 看不见的符号|重新打"}},
		{"a name that is none", table{"编号,姓名,支部\nP1,123,一支部\n"}, []string{"members.csv 2 姓名: “123”不像姓名|照身份证填"}},
		{"a kind of branch", table{"编号,姓名,支部,支部类型\nP1,示例甲,一支部,小区\n"}, []string{"members.csv 2 支部类型: 没有“小区”|可写：社区、农村"}},
		{"days", table{"编号,姓名,支部,加入,离开,自,出生日期\nP1,示例甲,一支部,昨天,2026-2-30,1899-1-1,46027\n"}, []string{
			"members.csv 2 加入: “昨天”不是日期|2026-03-05", "members.csv 2 离开: 日历上没有", "members.csv 2 自: 年份不对|1900 至 2200",
			"members.csv 2 出生日期: 不是日期|格式设成日期",
		}},
		{"left before joining", table{"编号,姓名,支部,加入,离开\nP1,示例甲,一支部,2026-3-2,2026-3-1\n"},
			[]string{"members.csv 2 离开: 2026-03-01|2026-03-02|还早"}},
		{"values", table{"编号,姓名,支部,照顾,职务,豁免\nP1,示例甲,一支部,也许,支部書記,病假\n"}, []string{
			"members.csv 2 照顾: 写了“也许”|只写 是 或 否", "members.csv 2 职务: 没有“支部書記”|可写：无、支部委员", "members.csv 2 豁免: 没有“病假”|不参加积分、暂离",
		}},
		{"an id twice", table{"编号,姓名,支部,自\nP1,示例甲,一支部,\n\nP1,示例乙,一支部,\n"},
			[]string{"members.csv 4 编号: “P1”在第 2 行已经有了|从哪天起|换一个编号"}},
		{"an id twice, no column for days", table{"编号,姓名,支部\nP1,示例甲,一支部\nP1,示例甲,一支部\n"},
			[]string{"members.csv 3 编号: 在第 2 行已经有了"}},
		{"a change that says another thing", table{"编号,姓名,支部,支部类型,社区,街道,加入,离开,自,照顾\nP1,示例甲,一支部,社区,甲社区,甲街道,2026-1-5,,,\n" +
			"P1,示例乙,二支部,农村,乙社区,乙街道,2026-1-6,2026-2-1,2026-3-1,是\n"}, []string{
			"members.csv 3 姓名: 与第 2 行不同|这里留空", "members.csv 3 加入: 与第 2 行不同|先在前面的行写“离开”的日子",
		}},
		{"a change of the same day", table{"编号,姓名,支部,加入,自,照顾\nP1,示例甲,一支部,2026-1-5,2026-1-5,是\nP1,,,,2026-1-5,否\n" +
			"P1,,,,2026-2-5,否\nP1,,,,2026/2/5,是\n"}, []string{
			"members.csv 3 自: 自 2026-01-05 起的情况，第 2 行已经写了", "members.csv 5 自: 第 4 行已经写了|并成一行",
		}},
		{"a change on no day", table{"编号,姓名,支部,自,照顾\nP1,示例甲,一支部,,是\nP1,,,不详,否\n"}, []string{"members.csv 3 自: 不是日期"}},
		{"two branches of one name", table{"编号,姓名,支部,支部类型,社区,街道\nP1,示例甲,一支部,社区,甲社区,甲街道\nP2,示例乙,一支部,两新,乙社区,\n" +
			"P3,示例丙,二支部,,甲社区,乙街道\n"}, []string{
			"members.csv 3 支部类型: “一支部”的支部类型|“两新”|第 2 行写“社区”", "members.csv 3 社区: “乙社区”|第 2 行写“甲社区”|同名的支部",
			"members.csv 4 街道: “甲社区”的街道|同名的社区",
		}},

		{"entries lack headings", table{twoMembers, "党员,项目\nP1,交纳党费\n"}, []string{"entries.csv 1 日期: 缺少“日期”|党员、项目、日期"}},
		{"a field of no item", table{twoMembers, "党员,项目,日期,时常\nP1,交纳党费,2026-1-5,3\n"},
			[]string{"entries.csv 1 时常: 不认得“时常”|是不是“时长”？"}},
		{"nobody", table{twoMembers, "党员,项目,日期\nP3,交纳党费,2026-1-5\n,交纳党费,2026-1-5\n"}, []string{
			"entries.csv 2 党员: members.csv 里没有|“P3”|新党员先加进去", "entries.csv 3 党员: 没有填",
		}},
		{"a name that several have", table{"编号,姓名,支部\nP1,示例甲,一支部\nP2,示例甲,一支部\n", "党员,项目,日期\n示例甲,交纳党费,2026-1-5\n"},
			[]string{"entries.csv 2 党员: 有 2 名党员叫“示例甲”|写编号：P1、P2"}},
		{"no item, no day", table{twoMembers, "党员,项目,日期\nP1,,\n"},
			[]string{"entries.csv 2 日期: 没有填|2026-03-05", "entries.csv 2 项目: 没有填"}},
		{"an item misspelt", table{twoMembers, "党员,项目,日期\nP1,志愿服物,2026-1-5\nP2,志愿服物,2026-1-5\n"}, []string{
			"entries.csv 2 项目: 没有“志愿服物”|是不是“志愿服务”？", "entries.csv 3 项目: 没有“志愿服物”|是不是“志愿服务”？",
		}},
		{"items that nobody logs", table{twoMembers, "党员,项目,日期\nP1,逾期交纳党费,2026-1-5\nP1,缺席组织生活,2026-1-5\n"}, []string{
			"entries.csv 2 项目: 由程序自动记", "entries.csv 3 项目: 随活动的出勤产生|出勤表",
		}},
		{"fields", table{twoMembers, entryHead + "J1,P1,志愿服务,2026-1-5,,,,\nJ2,P1,志愿服务,2026-1-5,2,三,,街道\n" +
			"J3,P1,民主评议,2026-1-5,,,100.5,\nJ4,P1,表彰,2026-1-5,,,,乡\n"}, []string{
			"entries.csv 2 时长: 要填“时长”",
			"entries.csv 3 分值: 由办法定，不用填|留空", "entries.csv 3 时长: “三”，不是数|最多两位小数", "entries.csv 3 级别: 不记“级别”|留空",
			"entries.csv 4 得分: 超出范围|0 至 100", "entries.csv 5 级别: 没有“乡”|国家、省",
		}},
		{"a field without its column", table{twoMembers, "党员,项目,日期\nP1,志愿服务,2026-1-5\n"},
			[]string{"entries.csv 2 时长: 要填“时长”"}},
		{"points", table{twoMembers, "党员,项目,日期,分值\nP1,急难险重,2026-1-5,\nP1,急难险重,2026-1-5,20.01\nP1,急难险重,2026-1-5,五\n"},
			[]string{
				"entries.csv 2 分值: 要填分值|1 至 20", "entries.csv 3 分值: 20.01 分，超出范围|1 至 20", "entries.csv 4 分值: 不是数|1 至 20",
			}},
		{"an entry twice", table{twoMembers, entryHead +
			"J1,P1,交纳党费,2026-1-5,,,,\nJ1,P2,交纳党费,2026-1-5,,,,\n第5行,P1,交纳党费,2026-2-5,,,,\n,P1,交纳党费,2026-3-5,,,,\n"}, []string{
			"entries.csv 3 编号: “J1”在第 2 行已经用过|删去一行", "entries.csv 5 编号: “第5行”在第 4 行已经用过",
		}},
		{"no complaint of members who could not be read", table{"编号,姓名\nP1,示例甲\n", "党员,项目,日期\nP1,交纳党费,昨天\n"},
			[]string{"members.csv 1 支部: 缺少", "entries.csv 2 日期: 不是日期"}},
		{"nor of one whose row has a mistake", table{"编号,姓名,支部,照顾\nP1,示例甲,一支部,也许\n", "党员,项目,日期\nP1,交纳党费,2026-1-5\n"},
			[]string{"members.csv 2 照顾: 只写 是 或 否"}},

		{"attendance lacks headings", table{twoMembers, "", "活动,种类,日期,党员,血型\nH1,党课,2026-3-5,P1,无\n"},
			[]string{"attendance.csv 1 血型: 不认得", "attendance.csv 1 出勤: 缺少“出勤”"}},
		{"attendance, empty", table{twoMembers, "", attendanceHead + ",,,,\nH1,,,,\n"}, []string{
			"attendance.csv 3 种类: 没有填|可写：支部党员大会", "attendance.csv 3 日期: 没有填", "attendance.csv 3 党员: 没有填",
			"attendance.csv 3 出勤: 没有填|到会、迟到",
		}},
		{"attendance without an activity", table{twoMembers, "", attendanceHead + ",党课,2026-3-5,P1,到会\n"},
			[]string{"attendance.csv 2 活动: 没有填"}},
		{"attendance, wrong words", table{twoMembers, "", attendanceHead + "H1,党棵,2026-3-5,P9,迟倒\n"}, []string{
			"attendance.csv 2 种类: 没有“党棵”|是不是“党课”？", "attendance.csv 2 党员: 没有|“P9”", "attendance.csv 2 出勤: 没有“迟倒”|写 到会、迟到",
		}},
		{"twice in one activity", table{twoMembers, "",
			attendanceHead + "H1,党课,2026-3-5,P1,到会\nH2,党课,2026-3-5,P1,到会\nH1,党课,2026-3-5,示例甲,请假\n"},
			[]string{"attendance.csv 4 党员: 活动“H1”里，“P1”在第 2 行已经记过|一人只记一行"}},
		{"one activity, two days and kinds", table{twoMembers, "",
			attendanceHead + "H1,党课,2026-3-5,P1,到会\nH1,主题党日,2026-3-6,P2,到会\n"}, []string{
			"attendance.csv 3 种类: 活动“H1”在第 2 行是“党课”|改成一致", "attendance.csv 3 日期: 活动“H1”在第 2 行是 2026-03-05",
		}},
		{"all three tables at once", table{"编号,姓名,支部,照顾\nP1,示例甲,一支部,也许\n", "党员,项目,日期\nP1,交纳党费,昨天\n",
			attendanceHead + "H1,党课,2026-3-5,P1,来了\n"}, []string{
			"members.csv 2 照顾:", "entries.csv 2 日期:", "attendance.csv 2 出勤: 没有“来了”",
		}},
	} {
		roll, problems := read(t, b, c.src[0], c.src[1], c.src[2])
		if roll != nil {
			t.Errorf("%s: there is a roll", c.name)
		}
		if len(problems) != len(c.want) {
			t.Errorf("%s: %d problems, want %d: %v", c.name, len(problems), len(c.want), problems)
			continue
		}
		for i, w := range c.want {
			place, parts, _ := strings.Cut(w, ":")
			p := problems[i]
			if got := fmt.Sprintf("%s %d %s", p.File, p.Row, p.Column); got != place {
				t.Errorf("%s: problem at %s, want %s (%s)", c.name, got, place, p)
			}
			for _, part := range strings.Split(strings.TrimSpace(parts), "|") {
				if !strings.Contains(p.Message+"\n"+p.Advice, part) {
					t.Errorf("%s: “%s” does not say “%s”", c.name, p, part)
				}
			}
		}
	}
}

// A range by option, category or day is held to where the table comes in, with
// whatever rows stand before it.
func TestChosenPointsAreHeldToTheRangeOfTheirCase(t *testing.T) {
	t.Parallel()
	b := book(t, strings.Replace(small, "项目:", `项目:
  处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}
  带头: {板块: 基础, 分值: {预备党员: 1至2, 其余: 3至5}}
  帮助: {板块: 基础, 分值: {自 2026-01-01: 1至2, 自 2026-07-01: 3至5}}`, 1))
	members := "编号,姓名,支部,人员类别,自\nP1,甲某,一支部,正式党员,\nP1,,,预备党员,2026-06-01\n"
	entries := "编号,党员,项目,日期,程度,分值\n" +
		"1,P1,处理,2026-02-01,重,-9\n2,P1,处理,2026-02-01,重,-3\n3,P1,带头,2026-05-31,,5\n4,P1,带头,2026-06-01,,5\n" +
		"5,P1,带头,2026-06-01,,多\n6,P1,帮助,2026-06-30,,2\n7,P1,帮助,2026-07-01,,2\n"
	roll, problems := read(t, b, members, entries, "")
	want := []string{
		"entries.csv 第 3 行“分值”列：“处理”填了 -3 分，超出范围。改法：“重”在 -12 至 -9 之间填一个数。",
		"entries.csv 第 5 行“分值”列：“带头”填了 5 分，超出范围。改法：“预备党员”在 1 至 2 之间填一个数。",
		"entries.csv 第 6 行“分值”列：“带头”的分值写了“多”，不是数。改法：在 1 至 5 之间填一个数。",
		"entries.csv 第 8 行“分值”列：“帮助”填了 2 分，超出范围。改法：在 3 至 5 之间填一个数。",
	}
	got := make([]string, len(problems))
	for i, p := range problems {
		got[i] = p.String()
	}
	if roll != nil || !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestAttendanceUnderABookWithoutActivities(t *testing.T) {
	t.Parallel()
	roll, problems := read(t, book(t, small), twoMembers, "", attendanceHead+"H1,党课,2026-3-5,P1,到会\n")
	if roll != nil || len(problems) != 1 || problems[0].File != "attendance.csv" ||
		!strings.Contains(problems[0].Message, "没有列出“活动”") {
		t.Errorf("got %v", problems)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	t.Parallel()
	for mistakes, want := range map[int]string{200: "", 201: "另有 1 处问题没有列出", 1000: "另有 800 处问题没有列出"} {
		_, problems := read(t, weizhou(t), twoMembers, "党员,项目,日期\n"+strings.Repeat("P1,志愿服物,2026-1-5\n", mistakes), "")
		last := problems[len(problems)-1]
		if want == "" && len(problems) != 200 || want != "" &&
			(len(problems) != 201 || last.Message != want || last.File != "") {
			t.Errorf("%d mistakes: %d problems, the last: %s", mistakes, len(problems), last)
		}
	}
}
