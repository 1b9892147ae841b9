package ruletest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/ruletest"
	"jifen/internal/ruleversions"
)

// minimal is the rule file around a fragment of the guide; a section of the fragment
// replaces the one here.
func minimal() [][2]string {
	return [][2]string{
		{"办法", "办法: 例\n"}, {"编号", "编号: li\n"}, {"施行", "施行: 2026-01-01\n"}, {"周期", "周期: {考核: 年}\n"},
		{"类别", "类别: {甲: {名称: 甲, 当: 其余}}\n"}, {"板块", "板块: {基础: {起点: 80}, 评议: {}, 贡献: {}}\n"},
		{"项目", "项目: {好人好事: {板块: 基础, 分值: 2}}\n"},
	}
}

// fences returns the fenced examples of the guide: what stands after the
// backticks, and the text.
func fences(t *testing.T) (heads, texts []string) {
	t.Helper()
	src, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split("\n"+string(src), "\n```")
	for i := 1; i < len(parts); i += 2 {
		head, text, _ := strings.Cut(parts[i], "\n")
		heads, texts = append(heads, head), append(texts, text+"\n")
	}
	return heads, texts
}

// whole puts a fragment into the minimal file.
func whole(fragment string) string {
	var b strings.Builder
	for _, part := range minimal() {
		if !strings.Contains("\n"+fragment, "\n"+part[0]+":") {
			b.WriteString(part[1])
		}
	}
	return b.String() + fragment
}

func TestExamplesOfTheGuide(t *testing.T) {
	t.Parallel()
	heads, texts := fences(t)
	if len(heads) < 29 {
		t.Fatalf("only %d examples", len(heads))
	}
	var last *ruleset.RuleSet // the example before
	for i, head := range heads {
		switch head {
		case "yaml", "yaml 错误":
			r := ruleset.Load("README.md", []byte(whole(texts[i])))
			last = r.Book
			if (r.Book != nil) != (head == "yaml") {
				t.Errorf("%s\n%s\n%s", head, texts[i], r.Format())
			}
		case "yaml 用例":
			l := ruletest.Read("README.md", []byte(texts[i]))
			if l.Book == nil {
				t.Fatal(l.Format())
			}
			book := last
			if l.Book.Rules[0] != "上例" {
				src, err := os.ReadFile("../../rules/weizhou.yaml")
				if err != nil {
					t.Fatal(err)
				}
				book = ruleset.Load("weizhou.yaml", src).Book
			}
			files := ruleversions.Of(book)
			if l.Book.Added != nil {
				var names []string
				for _, at := range l.Files() {
					names = append(names, filepath.Join("../../rules/cases", at))
				}
				var broken []*ruleset.Result
				var err error
				if files, broken, err = ruleversions.Open(names, os.ReadFile); err != nil || files == nil {
					t.Fatal(err, broken)
				}
			}
			for _, o := range l.Book.RunUnder(files) {
				if !o.OK {
					t.Errorf("%s: %q", o.Name, o.Differences)
				}
			}
		case "yaml 补充":
			if r := ruleset.LoadSupplement(last, "README.md", []byte(texts[i])); r.Book == nil {
				t.Errorf("%s\n%s", texts[i], r.Format())
			}
		default:
			t.Errorf("an example that nobody checks: %s", head)
		}
	}
}

// TestTheGuideListsWhatARedLineMayDo: every key of 则, and blocks.
func TestTheGuideListsWhatARedLineMayDo(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(src), "| 则 里写 | 意思 |\n")
	list, _, _ := strings.Cut(rest, "\n\n")
	for _, k := range ruleset.SectionOf("则").Keys {
		if !strings.Contains(list, "`"+k.Name+": ") {
			t.Errorf("the guide does not say what 则: {%s: …} does", k.Name)
		}
		for _, w := range k.Words {
			if !strings.Contains(list, w) {
				t.Errorf("nor %s: %s", k.Name, w)
			}
		}
	}
}

// TestTheGuideNamesEveryFileThatShips: a clerk picks the file most like his own
// scheme from the guide's table.
func TestTheGuideNamesEveryFileThatShips(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) < 14 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if name := filepath.Base(file); !strings.Contains(string(src), "\n| ["+name+"]("+name+") | ") {
			t.Errorf("rules/README.md has no line of %s", name)
		}
	}
}
