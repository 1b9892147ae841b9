package ruledoc

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jifen/internal/ruleset"
	"jifen/internal/yamldoc"
)

// written writes a node as YAML on one line.
func written(n *yamldoc.Node) string {
	switch n.Kind {
	case yamldoc.Map:
		var parts []string
		for _, p := range n.Pairs {
			parts = append(parts, quoted(p.Key)+": "+written(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yamldoc.List:
		var parts []string
		for _, i := range n.Items {
			parts = append(parts, written(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	default:
		return quoted(n)
	}
}

func quoted(n *yamldoc.Node) string {
	if n.Quoted || strings.ContainsAny(n.Text, `"{}[],:#`) {
		return "'" + n.Text + "'"
	}
	return n.Text
}

func loads(root *yamldoc.Node) bool {
	var b strings.Builder
	for _, p := range root.Pairs {
		b.WriteString(p.Key.Text + ": " + written(p.Value) + "\n")
	}
	return ruleset.Load("t.yaml", []byte(b.String())).Book != nil
}

// values collects the value of every key of the grammar, by section and key.
func values(name string, n *yamldoc.Node, put func(key string, value *yamldoc.Node)) {
	s := ruleset.SectionOf(name)
	for _, p := range n.Pairs {
		k := s.Key(p.Key.Text)
		if k == nil {
			continue
		}
		put(name+"."+k.Name, p.Value)
		inside(k.Shape, p.Value, put, name+"."+k.Name)
	}
}

func inside(s ruleset.Shape, n *yamldoc.Node, put func(string, *yamldoc.Node), key string) {
	switch {
	case n.Kind == yamldoc.List && s.Row != nil:
		for _, i := range n.Items {
			inside(*s.Row, i, put, key)
		}
	case n.Kind == yamldoc.Map && s.Form == ruleset.FormTable && n.Get("按") != nil:
		for _, p := range n.Pairs {
			inside(s, p.Value, put, key)
		}
	case n.Kind != yamldoc.Map || s.Cases && !isPlain(s, n) && s.Form != ruleset.FormSection:
	case s.Form == ruleset.FormAmount:
		values("分值", n, put)
	case s.Section != "" && isSection(s.Section, n):
		values(s.Section, n, put)
	case s.Row != nil:
		for _, p := range n.Pairs {
			if s.Row.Form == ruleset.FormCondition || len(s.Words) > 0 && s.Row.Section == "" {
				put(key+"."+p.Key.Text, p.Value)
			}
			inside(*s.Row, p.Value, put, key)
		}
	}
}

// TestWhereTheFacesOfAValueStand writes every value of every file in turn by
// date and by condition. The places where that loads are those that the guide
// lists, and those of which the grammar says so.
func TestWhereTheFacesOfAValueStand(t *testing.T) {
	t.Parallel()
	src, err := os.ReadFile("testdata/full.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, root := loadText(t, "full.yaml", string(src))
	if !loads(root) {
		t.Fatal("what is written again does not load")
	}
	dated, cased := map[string]bool{}, map[string]bool{}
	values("规则文件", root, func(key string, n *yamldoc.Node) {
		was := *n
		if was.Kind == yamldoc.Map && len(was.Pairs) > 0 && strings.HasPrefix(was.Pairs[0].Key.Text, "自 ") {
			dated[key] = true
		} else {
			inner := was
			*n = yamldoc.Node{Kind: yamldoc.Map, Pairs: []yamldoc.Pair{{Key: &yamldoc.Node{Kind: yamldoc.Scalar,
				Text: "自 2024-01-01"}, Value: &inner}}}
			dated[key] = dated[key] || loads(root)
		}
		inner := was
		*n = yamldoc.Node{Kind: yamldoc.Map, Pairs: []yamldoc.Pair{
			{Key: &yamldoc.Node{Kind: yamldoc.Scalar, Text: "流动"}, Value: &inner},
			{Key: &yamldoc.Node{Kind: yamldoc.Scalar, Text: "其余"}, Value: &inner},
		}}
		cased[key] = cased[key] || loads(root)
		*n = was
	})
	got := map[string][]string{}
	for key := range dated {
		parts := strings.Split(key, ".")
		if dated[key] != cased[key] {
			t.Errorf("%s: by date %v, by case %v", key, dated[key], cased[key])
		}
		if dated[key] && !slices.Contains(got[parts[0]], parts[1]) {
			got[parts[0]] = append(got[parts[0]], parts[1])
		}
	}
	want := map[string][]string{}
	for _, row := range guideTable(t, "| 写在哪里 | 这几样能写成三种样子 |") {
		for _, section := range strings.Split(row[0], "、") {
			want[section] = strings.Split(strings.TrimSuffix(row[1], "（限额是里面的每一格）"), "、")
		}
	}
	for section := range want {
		slices.Sort(want[section])
		slices.Sort(got[section])
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the guide says\n%v\nthe loader takes\n%v", want, got)
	}
}

// guideTable returns the rows of a table of rules/README.md, by its first line.
func guideTable(t *testing.T, head string) (rows [][]string) {
	t.Helper()
	src, err := os.ReadFile("../../rules/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(src), head+"\n")
	if !found {
		t.Fatalf("the guide has no table %s", head)
	}
	for i, line := range strings.Split(rest, "\n") {
		if i == 0 {
			continue
		}
		if !strings.HasPrefix(line, "|") {
			return rows
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for k := range cells {
			cells[k] = strings.TrimSpace(cells[k])
		}
		rows = append(rows, cells)
	}
	return rows
}

func loadText(t *testing.T, name, src string) (*ruleset.RuleSet, *yamldoc.Node) {
	t.Helper()
	r := ruleset.Load(name, []byte(src))
	if r.Book == nil {
		t.Fatal(r.Format())
	}
	return r.Book, r.File.Root
}
