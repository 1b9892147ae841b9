package ruleset

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// Form is a form of writing that a place allows.
type Form uint8

// The forms. What a text says (a condition, a number of points) is a matter of
// the loader; the grammar says which shape it has.
const (
	FormText      Form = iota + 1
	FormDay            // 2026-01-01
	FormWord           // one of Words
	FormWords          // a list, of Words where there are any
	FormNumber         // a number of points
	FormAmount         // a number, a range, a formula; or the section 分值
	FormCondition      // a condition, or 其余
	FormFormula        // a number or a formula
	FormSection        // a map with known keys
	FormTable          // a map whose keys are names (or Words), each with a Row
	FormList           // a list of Rows
	FormEither         // a text, a list of texts, or the Section if there is one
	FormAny            // one of several shapes that only the loader tells apart
)

// Shape describes what may be written at a place.
type Shape struct {
	Form    Form
	Words   []string
	Section string   // of FormSection
	Row     *Shape   // of FormTable and FormList
	Short   *Shape   // what may stand in short instead of a section …
	For     string   // … and for which of its keys
	Cases   bool     // a value (值): may also be written by case or by date
	Ordered bool     // the order of the rows is meaning
	Must    []string // of FormTable: keys that have to be there
}

// Key is one key of a section.
type Key struct {
	Name  string
	Help  string // Chinese, for whoever writes the file
	Must  bool
	Usual string // what holds where it is not written; "" for nothing
	Shape
}

// Section is one map with known keys.
type Section struct {
	Name string
	Keys []Key
}

// Grammar returns every section of the language, the whole file first. It is
// what the loader refuses by, what the JSON Schema is written from, and what
// the typeset regulation and the comparison of two texts walk along.
func Grammar() []Section {
	return []Section{whole(), supplementFile(), cycleSection(), decimalsSection(), noticeSection(), usualSection(),
		derivedSection(),
		exemptionSection(), categorySection(), blockSection(), totalSection(), itemSection(), autoSection(), repeatSection(),
		stepsSection(), bandSection(), redLineSection(), effectSection(), gradeSection(), rankingSection(), alertSection(),
		benchmarkSection(), grantSection(), basedSection()}
}

// sections is the grammar, built once.
var sections = sync.OnceValue(Grammar) //nolint:gochecknoglobals // it never changes

// SectionOf returns a section by name; one without keys for none. Nobody
// changes what it returns.
func SectionOf(name string) Section {
	if i := slices.IndexFunc(sections(), func(s Section) bool { return s.Name == name }); i >= 0 {
		return sections()[i]
	}
	return Section{Name: name}
}

// Key returns a key of the section, nil for none.
func (s Section) Key(name string) *Key {
	if i := slices.IndexFunc(s.Keys, func(k Key) bool { return k.Name == name }); i >= 0 {
		return &s.Keys[i]
	}
	return nil
}

func (s Section) names() []string {
	out := make([]string, len(s.Keys))
	for i := range s.Keys {
		out[i] = s.Keys[i].Name
	}
	return out
}

// Keys returns every distinct key of the language, in the order of their
// first appearance in Grammar.
func Keys() []string {
	var out []string
	seen := map[string]bool{}
	add := func(names []string) {
		for _, n := range names {
			if !seen[n] {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	for _, s := range Grammar() {
		add(s.names())
		for i := range s.Keys {
			if k := &s.Keys[i]; k.Form == FormTable {
				add(k.Words)
			}
		}
	}
	return out
}

// allowedKeys returns the keys that a section of the loader has. what may go on with
// the name of what the section describes: 项目“志愿服务”.
func allowedKeys(all map[string][]string, what string) []string {
	name, _, _ := strings.Cut(what, "“")
	return all[name]
}

func keyNames() map[string][]string {
	out := map[string][]string{}
	for _, s := range Grammar() {
		out[s.Name] = s.names()
	}
	return maps.Clone(out)
}

// Small shapes.
