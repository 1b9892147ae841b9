package yamldoc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestScalarsKeepTheirText(t *testing.T) {
	t.Parallel()
	f, problems := Parse("x.yaml", []byte("\ufeff甲: 010\r\n乙: [1.50, no, ~ , 'a: b', \"c # d\", "+
		"1至20]\r\n# 注\r\n丙: {丁: -5, 10: 2}   # 注\r\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var got []string
	for _, p := range f.Root.Pairs {
		got = append(got, p.Key.Text+"="+p.Value.Text)
		for _, i := range p.Value.Items {
			got = append(got, i.Text)
		}
		for _, q := range p.Value.Pairs {
			got = append(got, q.Key.Text+":"+q.Value.Text)
		}
	}
	want := "甲=010|乙=|1.50|no|~|a: b|c # d|1至20|丙=|丁:-5|10:2"
	if s := strings.Join(got, "|"); s != want {
		t.Fatalf("got  %s\nwant %s", s, want)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src       string
		line, col int
		message   string
	}{
		{"甲: 1\n甲: 2\n", 2, 1, "写了两次"},
		{"甲: [1,2\n乙: 3", 1, 4, "方括号"},
		{"甲: &x 1", 1, 4, "不用 & 和 *"},
		{"甲: *x", 1, 4, "不用 & 和 *"},
		{"甲: !流动", 1, 4, "not"},
		{"甲: 1\n---\n乙: 2", 2, 1, "一份内容"},
		{"甲:\n\t乙: 1", 2, 1, "Tab"},
		{"甲: {乙:1}", 1, 6, "空一格"},
		{"甲: {乙: 1, 丙}", 1, 11, "缺一个值"},
		{"甲:\n乙: 1", 1, 3, "缺一个值"},
		{"甲: |\n  乙\n", 1, 4, "写在一行"},
		{"甲: 一\n  二\n", 1, 4, "几行"},
		{"甲: '未完\n乙: 2", 1, 4, "引号"},
		{"? 甲\n: 乙", 1, 1, "不用 ?"},
		{"甲: {<<: 1}", 1, 5, "<<"},
		{"", 1, 1, "空的"},
		{"# 只有注\n", 1, 1, "空的"},
		{strings.Repeat("[", 3000), 1, 21, "太深"},
		{"甲: \"\x01\"", 1, 5, "控制字符"},
		{"甲\u200b: 1", 1, 2, "看不见的字符"},
		{"甲: 一\u202e二", 1, 5, "次序倒过来"},
		{"甲: 1 # 一\u202e二", 1, 9, "次序倒过来"},
		{"甲: 一\u00a0二", 1, 5, "不是普通的空格"},
		{"甲:\n" + strings.Repeat("  乙: 1\n", 3001), 3002, 1, "三千行"},
		{"甲: " + strings.Repeat("长", 2001), 1, 1, "太长"},
		{"甲: - 乙", 1, 4, "另起一行"},
	} {
		f, problems := Parse("x.yaml", []byte(c.src))
		if len(problems) == 0 {
			t.Errorf("%q was accepted", c.src)
			continue
		}
		p := problems[0]
		if p.Line != c.line || p.Col != c.col || !strings.Contains(p.Message+p.Advice, c.message) {
			t.Errorf("%q: %s, want %d:%d %s", c.src, f.Format(p), c.line, c.col, c.message)
		}
	}
	for _, src := range []string{ // what is not seen in a remark hurts nobody; many short blocks and long lists are read
		"甲: 1 # 一\u200b二\u00a0三", "甲: 一\u3000二", "甲:\n" + strings.Repeat("  - 乙: 1\n    丙: 2\n", 4000),
	} {
		if _, problems := Parse("x", []byte(src)); len(problems) != 0 {
			t.Errorf("%.40q: %v", src, problems[0])
		}
	}
	if _, problems := Parse("x", []byte{0xff, 0xfe}); len(problems) != 1 {
		t.Error("not UTF-8, accepted")
	}
	if _, problems := Parse("x", make([]byte, MaxBytes+1)); len(problems) != 1 {
		t.Error("over 1 MB, accepted")
	}
}

// The caret is worth nothing if the parser's columns are wrong, so every place
// in the shipped files is held against their text.
func TestPlacesAreWhereTheTextIs(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../rules/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, problems := Parse(name, src)
		if len(problems) > 0 {
			t.Fatal(f.Format(problems[0]))
		}
		var walk func(n *Node)
		walk = func(n *Node) {
			line := []rune(f.Line(n.Line))
			rest := string(line[min(n.Col-1, len(line)):])
			want := n.Text
			switch {
			case n.Kind == List:
				want = "["
				if strings.HasPrefix(rest, "-") {
					want = "-"
				}
			case n.Kind == Map && strings.HasPrefix(rest, "{"):
				want = "{"
			case n.Kind == Map:
				want = n.Pairs[0].Key.Text
			case n.Quoted:
				want = rest[:1] + want[:min(1, len(want))]
				if rest[0] != '"' && rest[0] != '\'' {
					want = "a quote"
				}
			}
			if !strings.HasPrefix(rest, want) {
				t.Errorf("%s:%d:%d: %q does not start with %q", name, n.Line, n.Col, rest, want)
			}
			for _, p := range n.Pairs {
				walk(p.Key)
				walk(p.Value)
			}
			for _, i := range n.Items {
				walk(i)
			}
		}
		walk(f.Root)
	}
}

func TestCaretStandsUnderTheCharacter(t *testing.T) {
	t.Parallel()
	f, problems := Parse("甲.yaml", []byte("等次:\n  五星: 总份 >= 105\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := f.Format(Problem{Line: 2, Col: 7, Message: "没有“总份”", Advice: "写“总分”"})
	want := "甲.yaml:2:7: 错误：没有“总份”\n    五星: 总份 >= 105\n          ^\n  改法：写“总分”\n"
	if got != want {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	// Two cells a Chinese character: the caret's own column equals the text's.
	lines := strings.Split(got, "\n")
	if before, _, _ := strings.Cut(lines[1], "总份"); Width(before) != strings.Index(lines[2], "^") {
		t.Fatalf("the caret stands at %d, the text at %d", strings.Index(lines[2], "^"), Width(before))
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"甲: 1", "甲: {乙: [1, 2]}", "- 甲\n- 乙", "甲: 'x", "{{{{", "a: &b c", "? x"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		file, problems := Parse("f", src)
		if file.Root == nil && len(problems) == 0 {
			t.Fatal("neither a root nor a problem")
		}
		for _, p := range problems {
			if p.Message == "" || file.Format(p) == "" {
				t.Fatalf("bad problem %+v", p)
			}
		}
	})
}
