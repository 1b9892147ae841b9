package ruleset

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

const granting = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80}, 公益: {}}
项目: {好事: {板块: 公益, 分值: 2}}
授权: {支部: {板块: 公益, 加分: 2项, 扣分: 1项, 单笔: 2分, 审批: [社区党委]}}
`

func open(t *testing.T, supplement string) *Result {
	t.Helper()
	files := fstest.MapFS{"t.yaml": {Data: []byte(granting)}, "t-1.yaml": {Data: []byte(supplement)}}
	r, err := Open("t-1.yaml", func(name string) ([]byte, error) { return fs.ReadFile(files, name) })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestASupplementAddsWhatIsGranted(t *testing.T) {
	t.Parallel()
	r := open(t, "补充: t\n支部: 东支部\n施行: 2026-03-01\n项目:\n  清理楼道: {分值: 1, 限额: {月: 1次}, "+
		"依据: 支部大会决议}\n  楼道堆物: -2\n  互助: {记录: {事由: 文字}, 分值: 0至2}\n")
	if r.Book == nil {
		t.Fatal(r.Format())
	}
	i := r.Book.Item("清理楼道")
	if i < 0 || r.Book.Blocks[r.Book.Items[i].Block].Name != "公益" || len(r.Book.Items[i].Limits) != 1 {
		t.Fatalf("item %d", i)
	}
	if c := r.Book.Clauses[r.Book.Items[i].Clause]; c.File != "t-1.yaml" || c.Line != 5 || c.Basis != "支部大会决议" {
		t.Errorf("%+v", c)
	}
	if s := r.Book.Supplements; len(s) != 1 || s[0].Org != "东支部" || s[0].From.String() != "2026-03-01" {
		t.Errorf("%+v", s)
	}
	base := Load("t.yaml", []byte(granting)).Book
	if r.Book.Hash == base.Hash || base.Item("清理楼道") >= 0 || r.Book.Item("好事") != base.Item("好事") {
		t.Error("the scheme and its supplement are not told apart")
	}
}

func TestASupplementStaysWithinItsGrant(t *testing.T) {
	t.Parallel()
	head := "补充: t\n支部: 东支部\n施行: 2026-03-01\n"
	for src, want := range map[string]string{
		head + "项目: {甲: 1, 乙: 1, 丙: 1}":                      "4:18: 错误：加分的项目有 3 个，只授权 2 个",
		head + "项目: {甲: -1, 乙: -1}":                          "4:13: 错误：扣分的项目有 2 个，只授权 1 个",
		head + "项目: {甲: 2.5}":                                "4:6: 错误：项目“甲”一次可能超过 2 分",
		head + "项目: {甲: {分值: 1, 有效: 1年}}":                    "4:17: 错误：补充的项目里不能写“有效”",
		head + "项目: {好事: 1}":                                 "4:6: 错误：办法里已经有“好事”这个项目",
		head + "项目: {甲: {依据: 无}}":                            "4:6: 错误：补充的项目“甲”没有分值",
		"补充: t\n社区: 东社区\n施行: 2026-03-01\n项目: {甲: 1}":         "1:1: 错误：办法没有授权社区补充项目",
		"补充: t\n施行: 2026-03-01\n项目: {甲: 1}":                  "1:1: 错误：没有写是哪个组织补充的",
		"补充: t\n支部: 东支部\n项目: {甲: 1}":                         "1:1: 错误：缺少“施行”",
		"补充: t\n支部: 东支部\n施行: 2026-03-01":                     "1:1: 错误：没有写项目",
		"补充: t\n支部: 东支部\n施行: 2026-03-01\n类别: {}\n项目: {甲: 1}": "4:1: 错误：补充文件里没有“类别”这一项",
	} {
		r := open(t, src)
		if r.Book != nil || !strings.Contains(r.Format(), want) || r.Errors() != 1 {
			t.Errorf("%s\nwant %s, got\n%s", src, want, r.Format())
		}
	}
}

// TestASupplementOutlivesATextOfItsScheme: a later text keeps what a branch
// added under an earlier one; who wrote the wrong year is told.
func TestASupplementOutlivesATextOfItsScheme(t *testing.T) {
	t.Parallel()
	r := open(t, "补充: t\n支部: 东支部\n施行: 2025-03-01\n项目: {甲: 1}")
	if r.Book == nil || r.Book.Item("甲") < 0 ||
		!strings.Contains(r.Format(), "3:5: 提醒：补充自 2025-03-01 起，办法的这一版自 2026-01-01 起") {
		t.Error(r.Format())
	}
}

func TestASupplementNeedsItsScheme(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"a/t-1.yaml": {Data: []byte("补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {甲: 1}\n")}}
	if _, err := Open("a/t-1.yaml", func(name string) ([]byte, error) { return fs.ReadFile(files, name) }); err != nil {
		t.Errorf("told %v", err)
	}
	for src, want := range map[string]string{
		"补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {甲: 1}\n":    "a/t-1.yaml:1:5: 错误：没有编号为“t”的办法",
		"补充: 没有这个\n支部: 东支部\n施行: 2026-03-01\n项目： {甲: 1}\n": "a/t-1.yaml:1:5: 错误：“没有这个”不是办法的编号",
		"补充: 坏\n":  "a/t-1.yaml:1:5: 错误：“坏”不是办法的编号",
		"补充: {}\n": "a/t-1.yaml:1:5: 错误：这里写的一组“名称: 值”不是办法的编号",
		"补充: h\n":  "a/t-1.yaml:1:5: 错误：它补充的办法 h.yaml 有 7 处错误",
	} {
		files["a/t-1.yaml"], files["a/h.yaml"] = &fstest.MapFile{Data: []byte(src)}, &fstest.MapFile{Data: []byte("依据: 无\n")}
		r, err := Open("a/t-1.yaml", func(name string) ([]byte, error) { return fs.ReadFile(files, name) })
		if err != nil || r.Book != nil || !strings.Contains(r.Format(), want) || r.Errors() != 1+strings.Count(src, "：") {
			t.Errorf("%q: want %s, got %v\n%s", src, want, err, r.Format())
		}
	}
}

// What is reminded of in a scheme's items is reminded of in a supplement's.
func TestSupplementsAreReminded(t *testing.T) {
	t.Parallel()
	base := Load("base.yaml", []byte(smallest+"授权:\n  支部: {板块: 基础, 加分: 9项, 扣分: 9项, 单笔: 9分, 审批: [社区党委]}\n"))
	if base.Book == nil {
		t.Fatal(base.Format())
	}
	r := LoadSupplement(base.Book, "more.yaml", []byte(`补充: moumou
支部: 幸福街第一党支部
施行: 2026-03-01
项目:
  值守: {记录: {天数: 1至366}, 分值: {天数 >= 60: 3, 7 <= 天数 <= 31: 2, 其余: 1}}
  健走: {记录: {多少: 数 步}, 分值: 1}
  捐书: {分值: 3, 限额: {月: 2分}}
`))
	if r.Book == nil || len(r.Problems) != 3 {
		t.Fatal(r.Format())
	}
	for i, want := range []string{"中间有缺口：天数 31.01 至 59.99", "（单位“步”：", "一笔可到 3 分，自己的限额却是每月 2分"} {
		if !r.Problems[i].Warning || !strings.Contains(r.Problems[i].Message, want) {
			t.Errorf("%q does not say %q", r.Problems[i].Message, want)
		}
	}
}
