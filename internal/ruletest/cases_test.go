package ruletest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
)

const scheme = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
活动: {会: [党课]}
属性: {流动: 是否, 职务: [无, 书记], 年龄: {推算: 周岁}}
豁免: {停: {效果: 不计分}}
类别: {D: {名称: 流动, 当: 流动}, A: {名称: 书记, 当: 职务 == "书记"}, B: {名称: 其余, 当: 其余}}
板块: {基础: {起点: 80}, 贡献: {上限: 5}}
项目: {好事: {板块: 贡献, 分值: 1至3}, 服务: {板块: 贡献, 记录: {时长: 0至100}, 分值: 时长 * 0.1}, 缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -2.5}}
红线: {多次缺席: {当: 本年次数("缺席") >= 2, 则: {最高等次: 中}, 直到: 期末}}
等次: {好: 总分 >= 80, 中: 其余}
排名: {范围: [支部]}
标杆: {先锋: {范围: 支部, 前: 10%, 当: 总分 >= 80}}
预警: {久: {每: 月, 当: 本月次数("好事") == 0, 连续: {11: 提醒, 12: 红}, 建议: 谈, 负责: 支部书记, 限期: 7天}}
`

// life is the history in every case of these tests; 80 − 5 + 2 + 0.5.
const life = `    考核期: 2026
    党员: {职务: 无, 支部类型: 社区, 加入: 2020-01-01}
    变动: [{自: 2026-02-01, 流动: 是}]
    记录: [{项目: 好事, 日期: 2026-01-05, 分值: 2}, {项目: 服务, 日期: 2026-03-01, 时长: 5}]
    出勤: [{种类: 党课, 日期: 2026-01-06, 出勤: 缺席}, {种类: 党课, 日期: 2026-02-06, 出勤: 缺席}]
`

func book(t *testing.T) *ruleset.RuleSet {
	t.Helper()
	r := ruleset.Load("t.yaml", []byte(scheme))
	if r.Book == nil {
		t.Fatal(r.Format())
	}
	return r.Book
}

// try runs one case and returns its differences.
func try(t *testing.T, given, expect string) (ruletest.Outcome, string) {
	t.Helper()
	l := ruletest.Read("c.yaml", []byte("办法: t.yaml\n用例:\n  - 名称: 试一试\n"+given+"    应得: {"+expect+"}\n"))
	if l.Book == nil {
		t.Fatal(l.Format())
	}
	out := l.Book.Run(book(t))
	return out[0], strings.Join(out[0].Differences, " | ")
}

func TestRightExpectationsPass(t *testing.T) {
	t.Parallel()
	o, says := try(t, life, "类别: D, 总分: 77.5, 基础: 75, 贡献: 2.5, 等次: 中, 不计分: 否, 不排名: 否, 红线: [多次缺席], 标杆: [], 缺资料: [], "+
		"预警: [{名称: 久, 级别: 提醒, 于: 2026-12-31}], 加分次数: 2, 扣分次数: 2, 项目得分: {好事: 2, 缺席: -5, 服务: 0.5}")
	if !o.OK || says != "" || o.Statements != nil {
		t.Errorf("%s", says)
	}
	if o, says := try(t, "    考核期: 2026\n    党员: {豁免: 停}\n", "不计分: 是, 不排名: 是"); !o.OK {
		t.Error(says)
	}
}

func TestWrongExpectationsFailAndSayBothValues(t *testing.T) {
	t.Parallel()
	for expect, want := range map[string]string{
		"类别: B":                "类别：应为 B，算出 D",
		"总分: 77.4":             "总分：应为 77.4，算出 77.5",
		"基础: 80":               "基础：应为 80，算出 75",
		"等次: 好":                "等次：应为 好，算出 中",
		"不计分: 是":               "不计分：应为 是，算出 否",
		"不排名: 是":               "不排名：应为 是，算出 否",
		"红线: []":               "红线：应为 （没有），算出 多次缺席",
		"标杆: [先锋]":             "标杆：应为 先锋，算出 （没有）",
		"缺资料: [职务]":            "缺资料：应为 职务，算出 （没有）",
		"预警: []":               "预警：多出 久（提醒，2026-12-31）",
		"预警: [久, 别的]":          "预警：应有 别的，没有算出",
		"预警: [{名称: 久, 级别: 红}]": "预警：应有 久 红，没有算出 | 第 9 行：预警：多出 久（提醒，2026-12-31）",
		"加分次数: 1":              "加分次数：应为 1，算出 2",
		"扣分次数: 1":              "扣分次数：应为 1，算出 2",
		"项目得分: {缺席: -10}":      "缺席：应为 -10，算出 -5",
		"项目得分: {没有: 1}":        "办法里没有“没有”这个项目",
		"总分: 多":                "“多”不是分数",
		"公益: 1":                "应得里没有“公益”这一项",
	} {
		o, says := try(t, life, expect)
		if o.OK || !strings.Contains(says, want) || len(o.Statements) != 1 {
			t.Errorf("%s: %s", expect, says)
		}
	}
	if _, says := try(t, "    考核期: 2026\n    党员: {豁免: 停}\n", "总分: 80"); !strings.Contains(says, "应为 80，没有总分（豁免：停）") {
		t.Error(says)
	}
}

func TestInputIsCheckedAsStrictlyAsAPersons(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"    考核期: 2026Q1\n":                                                  "第 4 行：本办法按年考核",
		"    考核期: 2026\n    党员: {支部类型: 天上}\n":                                "没有“天上”这种支部",
		"    考核期: 2026\n    党员: {加入: 昨天}\n":                                  "“昨天”不是日期",
		"    考核期: 2026\n    党员: {职务: 部长}\n":                                  "“职务”没有“部长”这个选项",
		"    考核期: 2026\n    党员: {性别: 男}\n":                                   "办法里没有“性别”这个属性",
		"    考核期: 2026\n    变动: [{自: 2026-01-01, 年龄: 5}]\n":                  "“年龄”由日期推算",
		"    考核期: 2026\n    记录: [{项目: 坏事, 日期: 2026-01-01}]\n":                "没有“坏事”这个项目",
		"    考核期: 2026\n    记录: [{项目: 好事, 日期: 2026-01-01, 分值: 4}]\n":         "第 5 行：“好事”填了 4 分，超出范围。改法：在 1 至 3 之间填一个数",
		"    考核期: 2026\n    记录: [{项目: 服务, 日期: 2026-01-01}]\n":                "“服务”要填“时长”",
		"    考核期: 2026\n    出勤: [{种类: 庙会, 日期: 2026-01-01, 出勤: 到会}]\n":        "没有“庙会”这种活动",
		"    考核期: 2026\n    出勤: [{种类: 党课, 日期: 2026-01-01, 出勤: 睡觉}]\n":        "没有“睡觉”这种出勤",
		"    考核期: 2026\n    出勤: [{种类: 党课, 日期: 2026-01-01, 出勤: 到会, 时长: 1}]\n": "出勤里没有“时长”这一项",
	} {
		if o, says := try(t, given, "总分: 80"); o.OK || !strings.Contains(says, want) {
			t.Errorf("%s: %s", given, says)
		}
	}
}

// TestBadFiles reads one file per mistake; its first line says what must be
// reported: line:col and a part of the message.
func TestBadFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		head, _, _ := strings.Cut(string(src), "\n")
		place, message, _ := strings.Cut(strings.TrimPrefix(head, "# 应报: "), " ")
		l := ruletest.Read(name, src)
		if l.Book != nil || l.Errors() != 1 || !strings.Contains(l.Format(), name+":"+place+": 错误：") ||
			!strings.Contains(l.Format(), message) {
			t.Errorf("%s: want %s %s, got\n%s", name, place, message, l.Format())
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"b.yaml": {Data: []byte(scheme)}, "a.yml": {Data: []byte("{")}, "readme.md": {Data: []byte("用例:")},
		"cases/z.yaml": {Data: []byte("办法: ../b.yaml\n用例: []\n")},
	}
	r, c, err := ruletest.Files(fsys, ".")
	if err != nil || strings.Join(r, " ") != "a.yml b.yaml" || strings.Join(c, " ") != "cases/z.yaml" {
		t.Error(r, c, err)
	}
	if r, c, err := ruletest.Files(fsys, "cases/z.yaml"); err != nil || len(r) != 0 || len(c) != 1 {
		t.Error(r, c, err)
	}
	if _, _, err := ruletest.Files(fsys, "none"); err == nil {
		t.Error("no such file, and no error")
	}
}

func FuzzRead(f *testing.F) {
	f.Add("办法: t.yaml\n用例:\n  - 名称: 试一试\n" + life + "    应得: {总分: 77.5}\n")
	f.Add("办法: t.yaml\n用例:\n  - 名称: 甲\n    考核期: 2026\n    出勤: [{}]\n    应得: {预警: [{名称: 久}]}\n")
	loaded := ruleset.Load("t.yaml", []byte(scheme))
	f.Fuzz(func(t *testing.T, src string) {
		l := ruletest.Read("c.yaml", []byte(src))
		if (l.Book == nil) != (l.Errors() > 0) {
			t.Fatalf("book %v with %d errors", l.Book, l.Errors())
		}
		if l.Book != nil {
			for _, o := range l.Book.Run(loaded.Book) {
				if o.OK != (len(o.Differences) == 0) {
					t.Fatalf("%+v", o)
				}
			}
		}
	})
}

// A case is refused what an entry is refused: points outside the range of its
// own option, category or day.
func TestCasesHoldChosenPointsToTheirRange(t *testing.T) {
	t.Parallel()
	r := ruleset.Load("b.yaml", []byte(strings.Replace(scheme, "项目: {",
		"项目: {处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}, 带头: {板块: 基础, 分值: {预备党员: 1至2, 其余: 3至5}}, ", 1)))
	if r.Book == nil {
		t.Fatal(r.Format())
	}
	l := ruletest.Read("c.yaml", []byte(`办法: b.yaml
用例:
  - {名称: 甲, 考核期: 2026, 记录: [{项目: 处理, 日期: 2026-03-01, 程度: 重, 分值: -3}], 应得: {总分: 1}}
  - {名称: 乙, 考核期: 2026, 党员: {人员类别: 预备党员}, 记录: [{项目: 带头, 日期: 2026-03-01, 分值: 3}], 应得: {总分: 1}}
`))
	if l.Book == nil {
		t.Fatal(l.Format())
	}
	var got []string
	for _, o := range l.Book.Run(r.Book) {
		got = append(got, strings.Join(o.Differences, "|"))
	}
	want := []string{"第 3 行：“处理”填了 -3 分，超出范围。改法：“重”在 -12 至 -9 之间填一个数",
		"第 4 行：“带头”填了 3 分，超出范围。改法：“预备党员”在 1 至 2 之间填一个数"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A case may show what the rules do not take: the entry counts for nothing, and
// an entry that is taken, or refused without being expected to, fails the case.
func TestCasesShowWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	const given = "    考核期: 2026\n    记录: [{项目: 好事, 日期: 2026-01-05, 分值: 0.5}, {项目: 好事, 日期: 2026-01-05, 分值: 3}, " +
		"{项目: 好事, 日期: 2026-01-06, 分值: 4}, {项目: 服务, 日期: 2026-01-06, 时长: 10}]\n"
	if o, says := try(t, given, "总分: 84, 不收: [好事, 好事], 加分次数: 2"); !o.OK {
		t.Error(says)
	}
	for expect, want := range map[string]string{
		"总分: 84, 不收: [好事]":         "不收：应为 好事，算出 好事、好事",
		"总分: 84, 不收: [好事, 好事, 服务]": "不收：应为 好事、好事、服务，算出 好事、好事",
		"总分: 84, 不收: [服务]":         "“好事”填了 0.5 分，超出范围",
		"总分: 84, 不收: []":           "“好事”填了 0.5 分，超出范围",
		"总分: 84":                   "“好事”填了 0.5 分，超出范围",
	} {
		if o, says := try(t, given, expect); o.OK || !strings.Contains(says, want) {
			t.Errorf("%s: %s", expect, says)
		}
	}
}
