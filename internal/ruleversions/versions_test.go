package ruleversions_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleversions"
)

const text2026 = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80}}
项目: {好事: {分值: 2}}
授权: {支部: {板块: 基础, 加分: 2项, 单笔: 2分, 审批: [社区党委]}, 社区: {板块: 基础, 加分: 2项, 单笔: 2分, 审批: [社区党委]}}
`

func files() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"t.yaml":      file(text2026),
		"t-2027.yaml": file(strings.NewReplacer("2026-01-01", "2027-01-01", "起点: 80", "起点: 70").Replace(text2026)),
		"t-2028.yaml": file(strings.NewReplacer("2026-01-01", "2028-01-01", "授权: {支部", "# {支部").Replace(text2026)),
		"again.yaml":  file(strings.Replace(text2026, "起点: 80", "起点: 70", 1)),
		"other.yaml":  file(strings.NewReplacer("编号: t", "编号: u", "2026-01-01", "2027-01-01").Replace(text2026)),
		"补充/楼道.yaml":  file("补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {清理楼道: 1}\n"),
		"补充/护河.yaml":  file("补充: t\n社区: 西社区\n施行: 2026-03-01\n项目: {护河: 2}\n"),
		"补充/大.yaml":   file("补充: t\n支部: 东支部\n施行: 2026-03-01\n项目: {大事: 5}\n"),
	}
}

func open(names ...string) (*ruleversions.Versions, string) {
	s, broken, err := ruleversions.Open(names, func(name string) ([]byte, error) { return fs.ReadFile(files(), name) })
	var says []string
	if err != nil {
		says = append(says, err.Error())
	}
	for _, r := range broken {
		says = append(says, r.Format())
	}
	return s, strings.Join(says, "\n")
}

func day(text string) calendar.Day {
	d, err := calendar.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

func TestWhichTextHoldsForWhomAndWhen(t *testing.T) {
	t.Parallel()
	s, says := open("t-2027.yaml", "补充/护河.yaml", "t.yaml", "补充/楼道.yaml")
	if s == nil {
		t.Fatal(says)
	}
	east := ruleversions.Residence{From: 1, Home: [domain.Levels]domain.OrgID{"东支部", "东社区"}}
	west := ruleversions.Residence{From: day("2026-07-01"), Home: [domain.Levels]domain.OrgID{"西支部", "西社区"}}
	texts := s.Texts([]ruleversions.Residence{east, west})
	for _, c := range []struct {
		on                   string
		from                 string
		stairs, river, goods bool
	}{
		{"2026-06-30", "2026-01-01", true, false, true},
		{"2026-07-01", "2026-01-01", false, true, true},
		{"2027-01-01", "2027-01-01", false, true, true},
	} {
		b, ok := texts.On(day(c.on))
		if !ok || b.From.String() != c.from || (b.Item("清理楼道") >= 0) != c.stairs || (b.Item("护河") >= 0) != c.river ||
			(b.Item("好事") >= 0) != c.goods {
			t.Errorf("%s: %v from %s, 清理楼道 %d, 护河 %d", c.on, ok, b.From, b.Item("清理楼道"), b.Item("护河"))
		}
	}
	if s.Texts([]ruleversions.Residence{east, west}) != texts {
		t.Error("the same texts are put together twice")
	}
	if b, _ := s.Texts(nil).On(day("2026-05-01")); b.Item("清理楼道") >= 0 {
		t.Error("who is nowhere has a branch's items")
	}
	if s.Added("清理楼道") != "东支部" || s.Added("护河") != "西社区" || s.Added("好事") != "" || s.Added("没有") != "" ||
		s.Alone() != "" {
		t.Error("whose items they are")
	}
	if n := len(s.Books()); n != 6 { // two texts, each with either supplement
		t.Errorf("%d books", n)
	}
	for on, from := range map[string]string{"2025-05-01": "2026-01-01", "2026-12-31": "2026-01-01",
		"2027-01-01": "2027-01-01"} {
		if got := s.Book(day(on)).From.String(); got != from {
			t.Errorf("%s: the text of %s", on, got)
		}
	}
	if p, b, err := s.Period("2027", 0); err != nil || b.From.String() != "2027-01-01" || p.String() != "2027" {
		t.Error(p, err)
	}
}

// TestALoneSupplementBringsItsScheme, which stands in the folder above.
func TestALoneSupplementBringsItsScheme(t *testing.T) {
	t.Parallel()
	s, says := open("补充/楼道.yaml")
	if s == nil {
		t.Fatal(says)
	}
	if s.Alone() != "东支部" || s.Book(0).Code != "t" || s.Book(0).Item("清理楼道") >= 0 {
		t.Error(s.Alone(), s.Book(0).Code)
	}
}

// TestALaterTextMayGrantLess: what it grants no more holds no more.
func TestALaterTextMayGrantLess(t *testing.T) {
	t.Parallel()
	s, says := open("t.yaml", "t-2028.yaml", "补充/楼道.yaml")
	if s == nil {
		t.Fatal(says)
	}
	texts := s.Texts([]ruleversions.Residence{{From: 1, Home: [domain.Levels]domain.OrgID{"东支部"}}})
	before, _ := texts.On(day("2027-12-31"))
	after, _ := texts.On(day("2028-01-01"))
	if before.Item("清理楼道") < 0 || after.Item("清理楼道") >= 0 {
		t.Error(before.Item("清理楼道"), after.Item("清理楼道"))
	}
}

func TestFilesThatDoNotGoTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"t.yaml", "other.yaml"}, "不是同一份办法"},
		{[]string{"t.yaml", "again.yaml"}, "都从 2026-01-01 起施行"},
		{[]string{"t.yaml", "补充/大.yaml"}, "授权的是每笔最多 2 分"},
		{[]string{"other.yaml", "补充/楼道.yaml"}, "这里加载的办法编号是“u”"},
		{[]string{"t.yaml", "none.yaml"}, "none.yaml"},
		{[]string{"t-2028.yaml", "补充/楼道.yaml"}, "没有授权支部"},
	} {
		if s, says := open(c.names...); s != nil || !strings.Contains(says, c.want) {
			t.Errorf("%q: %s", c.names, says)
		}
	}
}
