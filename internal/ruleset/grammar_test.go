package ruleset

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"jifen/internal/calendar"
	"jifen/internal/yamldoc"
)

// texts returns every rule file that ships and every bad one, by name.
func texts(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out[name] = string(src)
		}
	}
	return out
}

// TestGrammarIsWhatTheLoaderReads proves that the loader has a reader for each
// key of the grammar and no other, in every section.
func TestGrammarIsWhatTheLoaderReads(t *testing.T) {
	t.Parallel()
	met := map[string]bool{"补充文件": true, "则": true} // read by LoadSupplement (below), and by effects
	seen := func(what string, readers []keyed) {
		name, _, _ := strings.Cut(what, "“")
		met[name] = true
		var have []string
		for _, r := range readers {
			have = append(have, r.key)
		}
		want := SectionOf(name).names()
		slices.Sort(have)
		slices.Sort(want)
		if !slices.Equal(have, want) {
			t.Errorf("%s: the loader reads %q, the grammar has %q", name, have, want)
		}
	}
	for name, src := range texts(t, "../../rules/*.yaml", "testdata/bad/*.yaml") {
		file, problems := yamldoc.Parse(name, []byte(src))
		if file.Root == nil || file.Partial {
			continue
		}
		l := &loader{file: file, problems: problems, book: &RuleSet{Attributes: builtIn(), Decimals: 2}, seen: seen}
		l.dates = map[calendar.Day]bool{}
		l.document(file.Root)
	}
	for _, s := range Grammar() {
		if !met[s.Name] {
			t.Errorf("no file has the section %s", s.Name)
		}
	}
}

func TestNumberOfKeysStaysSmall(t *testing.T) {
	t.Parallel()
	// A new key needs a decision in docs/adr why no combination does it.
	if n := len(Keys()); n > 109 {
		t.Errorf("%d keys", n)
	}
}

// asEdited is a node as an editor's YAML reads it.
func asEdited(n *yamldoc.Node) any {
	switch n.Kind {
	case yamldoc.Map:
		out := map[string]any{}
		for _, p := range n.Pairs {
			out[p.Key.Text] = asEdited(p.Value)
		}
		return out
	case yamldoc.List:
		out := []any{}
		for _, i := range n.Items {
			out = append(out, asEdited(i))
		}
		return out
	default:
		if !n.Quoted && regexp.MustCompile(`^-?(0|[1-9]\d*)(\.\d+)?$`).MatchString(n.Text) {
			return json.Number(n.Text)
		}
		return n.Text
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	raw, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("rules.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("rules.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSchemaTakesWhatShips(t *testing.T) {
	t.Parallel()
	s := schema(t)
	for name, src := range texts(t, "../../rules/*.yaml") {
		file, _ := yamldoc.Parse(name, []byte(src))
		if err := s.Validate(asEdited(file.Root)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	supplement, _ := yamldoc.Parse("s.yaml", []byte("补充: weizhou\n支部: 幸福街第一支部\n施行: 2026-01-01\n项目: {清理楼道: {分值: 1, "+
		"限额: {月: 1次}}, 值班: 2}\n"))
	if err := s.Validate(asEdited(supplement.Root)); err != nil {
		t.Error(err)
	}
}

// TestSchemaRefusesWrongShapes: of the bad files, those whose mistake is one of
// shape (an unknown key, a missing one, a list for a map) fail the schema too.
func TestSchemaRefusesWrongShapes(t *testing.T) {
	t.Parallel()
	s := schema(t)
	shape := regexp.MustCompile(`^(.*里没有“.*”这一项|缺少“.*”|(活动|豁免|类别|板块|项目|红线|预警|标杆|公示|周期|小数|默认|授权|重复|自动)要写成.*|.*要写成方括号里的一列)$`)
	refused := 0
	for name, src := range texts(t, "testdata/bad/*.yaml") {
		e := expected(t, src)
		file, _ := yamldoc.Parse(name, []byte(src))
		if e.warning || file.Root == nil || file.Partial || !shape.MatchString(e.message) {
			continue
		}
		refused++
		if err := s.Validate(asEdited(file.Root)); err == nil {
			t.Errorf("%s is taken: %s", name, e.message)
		}
	}
	if refused < 20 {
		t.Errorf("only %d bad files are of this kind", refused)
	}
}
