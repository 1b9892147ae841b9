package ruleset

import (
	"strings"
	"testing"
)

// A reason in the file answers the reminders of its place and of what stands
// there, and no others; what it answers is told, and is not open.
func TestNotesAnswerReminders(t *testing.T) {
	t.Parallel()
	src := smallest + "  登录平台: {板块: 基础, 记录: {点赞数: 数 次}, 分值: 12, 限额: {年: 10分}}\n  学习打卡: {板块: 基础, 分值: 1}\n"
	const item, limit, other = "项目“登录平台”像是", "一笔可到 12 分", "项目“学习打卡”像是"
	for notes, want := range map[string]string{ // which of the three are open
		"": item + "|" + limit + "|" + other,
		"项目.登录平台: 县委文件规定":           other,
		"项目.登录平台.分值: 县委文件规定":        item + "|" + other,
		"项目.登录平台: 一, 项目.学习打卡: 二":    "",
		"项目.学习打卡: 县委文件规定":           item + "|" + limit,
		"项目.登录平台.分值.别的: 没有这一处":      item + "|" + limit + "|" + other + "|“项目.登录平台.分值.别的”这里没有提醒",
		"项目.登录: 名称没有写全":             item + "|" + limit + "|" + other + "|“项目.登录”这里没有提醒",
		"项目: 一句话答复所有的不算":            item + "|" + limit + "|" + other + "|“项目”这里没有提醒",
		"项目.登录平台: 一, 项目.好人好事: 没有提醒": other + "|“项目.好人好事”这里没有提醒",
	} {
		text := src
		if notes != "" {
			text += "说明: {" + notes + "}\n"
		}
		r := Load("x.yaml", []byte(text))
		if r.Book == nil {
			t.Fatal(r.Format())
		}
		var open []string
		for _, p := range r.Problems {
			if p.Reply == "" {
				open = append(open, p.Message)
			}
		}
		parts := strings.Split(want, "|")
		if want == "" {
			parts = nil
		}
		if len(open) != len(parts) || r.Open() != len(parts) {
			t.Errorf("%s: %d open, want %d:\n%s", notes, len(open), len(parts), r.Format())
			continue
		}
		for i := range parts {
			if !strings.Contains(open[i], parts[i]) {
				t.Errorf("%s: %q is open, want %q", notes, open[i], parts[i])
			}
		}
	}
	shown := Load("x.yaml", []byte(src+"说明: {项目.登录平台: 县委文件规定}\n")).Format()
	for _, part := range []string{"x.yaml:11:3: 提醒（已说明）：项目“登录平台”", "  已说明：县委文件规定\n", "  确需这样：说明: {项目.学习打卡: 理由}\n"} {
		if !strings.Contains(shown, part) {
			t.Errorf("does not say %q:\n%s", part, shown)
		}
	}
	if strings.Contains(shown, "确需这样：说明: {项目.登录平台") {
		t.Errorf("what is answered asks for a reason:\n%s", shown)
	}
}

// What the checker offers to write, answers.
func TestTheNoteOfferedAnswers(t *testing.T) {
	t.Parallel()
	for _, src := range []string{
		smallest + "  值守: {板块: 基础, 记录: {天数: 1至366}, 分值: {天数 >= 60: 3, 7 <= 天数 <= 31: 2, 其余: 1}}\n",
		smallest + "  酌情: {板块: 基础, 分值: 0至9}\n等次:\n  好: 总分 >= 90\n  中: 60 <= 总分 <= 89\n  差: 其余\n",
		smallest + "红线:\n  察看: {当: 处分 == \"留党察看\", 则: {总分: 0}, 直到: 期末}\n",
		strings.Replace(smallest, "{起点: 80}", "{起点: {自 2026-01-01: 80}, 上限: 70}", 1),
	} {
		r := Load("x.yaml", []byte(src))
		if r.Book == nil || len(r.Problems) == 0 {
			t.Fatal(r.Format())
		}
		notes := "说明:\n"
		for _, p := range r.Problems {
			if p.Place == "" {
				t.Fatal(r.Format())
			}
			notes += "  " + p.Place + ": 有意的\n"
		}
		if again := Load("x.yaml", []byte(src+notes)); again.Book == nil || again.Open() > 0 {
			t.Errorf("%s", again.Format())
		}
	}
}
