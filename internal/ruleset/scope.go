package ruleset

import (
	"errors"
	"slices"
	"strings"

	"jifen/internal/formula"
	"jifen/internal/yamldoc"
)

// What may stand in an expression depends on where it stands; this is what
// keeps evaluation free of circles.
const (
	mayAttributes = 1 << iota
	mayCategory
	mayFields
	mayCounters // counters over recorded entries
	mayAutomatic
	mayHas
	mayBlocks
	mayChildren // only the blocks under scope.parent
	mayTotal
	mayRedLines
	mayEntryCounts
	mayGrade
	mayPrevious
	mayPoints // the entry's own points, in 有效 and 审批
	mayPlace
	mayLate // how late an entry was recorded, in what is worked out for it
)

// scope gives names their meaning at one place of the file. It implements
// formula.Scope.
type scope struct {
	l        *loader
	may      int
	path     string
	fields   []Attribute
	parent   int // block whose children may be named, under mayChildren
	mayBegin bool
	of       *Item // of which the place speaks; nil for none
	// numbers are only those that this file can come to, not those that another text may leave behind
	exact bool
	at    *yamldoc.Node // what is being compiled
}

// in returns the scope one step deeper in the file.
func (s *scope) in(key string) *scope {
	c := *s
	c.path = s.path + "." + key
	return &c
}

// fromFirstDay returns the scope for values that need not exist from the first day
// on: 适用 and 限额.
func (s *scope) fromFirstDay() *scope {
	c := *s
	c.mayBegin = true
	return &c
}

// condition compiles the text of a node as a condition, nil after problems.
func (s *scope) condition(n *yamldoc.Node) *formula.Condition {
	if n.Kind != yamldoc.Scalar {
		s.l.fail(n, "这里要写一个条件", "例如 总分 >= 60")
		return nil
	}
	s.at = n
	c, problems := formula.ParseCondition(n.Text, s)
	s.report(n, problems)
	return c
}

// formula compiles the text of a node as a number, nil after problems.
func (s *scope) formula(n *yamldoc.Node) *formula.Formula {
	if n.Kind != yamldoc.Scalar {
		s.l.fail(n, "这里要写一个算式", "例如 得分 * 0.2")
		return nil
	}
	if s.l.refuseRange(n) {
		return nil
	}
	s.at = n
	f, problems := formula.ParseFormula(n.Text, s)
	s.report(n, problems)
	return f
}

func (s *scope) report(n *yamldoc.Node, problems []formula.Problem) {
	for _, p := range problems {
		found := n.At(p.At, p.Message, p.Advice)
		found.Follows = found.Follows || p.Follows
		s.l.problems = append(s.l.problems, found)
	}
}

// refuse makes the error that formula shows: the message, then the advice.
func refuse(message, advice string) error { return errors.New(message + "\n" + advice) }

// Name resolves an identifier.
func (s *scope) Name(name string) (formula.Symbol, error) {
	sym, known, allowed := s.resolve(name)
	switch {
	case known && s.l.incomplete(name):
		return sym, formula.ErrReported
	case known && allowed:
		if kind, _ := Slot(sym.Slot); kind == SlotDate {
			s.l.book.Monthly = true
		}
		return sym, nil
	case known && s.recordOnlyType(name) != "":
		return sym, refuse("“"+name+"”是"+s.recordOnlyType(name)+"，只备查，不能用来判断和算分",
			"要用它，另记一个 是否、数 或 [选项]；年纪、党龄用属性 {推算: 周岁}、{推算: 党龄}")
	case known:
		return sym, refuse("“"+name+"”不能用在这里", "这里可用："+strings.Join(s.names(), "、"))
	}
	if s.l.file.Lost(name) {
		return sym, formula.ErrReported
	}
	advice := "这里可用：" + strings.Join(s.names(), "、")
	if meansElse(name) {
		return sym, refuse("没有“"+name+"”这种写法", "写成：其余")
	}
	if apart := formula.Unglue(name, s.names()); apart != "" {
		advice = "写成：" + apart
	} else if near := formula.Nearest(name, s.names()); near != "" {
		advice = "是不是“" + near + "”？" + advice
	}
	return sym, refuse("没有“"+name+"”这个名称", advice)
}

// recordOnlyType returns the type of a name that no condition can read: 日期 or
// 文字; "" for others.
func (s *scope) recordOnlyType(name string) string {
	i := slices.IndexFunc(s.fields, func(a Attribute) bool { return a.Name == name })
	list := s.fields
	if i < 0 {
		i, list = s.l.book.Attribute(name), s.l.book.Attributes
	}
	switch {
	case i < 0:
		return ""
	case list[i].Type == DayFact:
		return "日期"
	case list[i].Type == Text:
		return "文字"
	}
	return ""
}

// meansElse reports whether people write a word for 其余.
func meansElse(word string) bool {
	return slices.Contains([]string{"其他", "其它", "剩余", "否则", "其他情况", "其余情况", "其他人员", "默认"}, word)
}

func (s *scope) resolve(name string) (sym formula.Symbol, known, allowed bool) {
	b := s.l.book
	for i := range s.fields {
		if s.fields[i].Name == name {
			sym, ok := symbolOf(&s.fields[i], SlotField|i)
			return sym, true, ok
		}
	}
	if i := b.Attribute(name); i >= 0 {
		sym, ok := symbolOf(&b.Attributes[i], SlotAttribute|i)
		return sym, true, ok && s.may&mayAttributes != 0
	}
	switch name {
	case "类别":
		return formula.Symbol{Type: formula.Choice, Slot: SlotCategory, Options: s.l.categoryCodes()}, true,
			s.may&mayCategory != 0
	case "等次":
		return formula.Symbol{Type: formula.Choice, Slot: SlotGrade, Options: b.GradeNames}, true, s.may&mayGrade != 0
	case "分值":
		return formula.Symbol{Type: formula.Numeric, Slot: SlotPoints, Max: 1_000_000}, true, s.may&mayPoints != 0
	case LateWord:
		return formula.Symbol{Type: formula.Numeric, Slot: SlotLate, Bounds: wholeNumber(0, MaxLate)}, true,
			s.may&mayLate != 0
	case "加分次数":
		return formula.Symbol{Type: formula.Numeric, Slot: SlotAdded, Bounds: wholeNumber(0, 1_000_000)}, true,
			s.may&mayEntryCounts != 0
	case "名次", "倒数名次", "人数":
		i := slices.Index(placeWords(), name)
		return formula.Symbol{Type: formula.Numeric, Slot: SlotPlace | i, Bounds: wholeNumber(1, 1_000_000)}, true,
			s.may&mayPlace != 0
	case "扣分次数":
		return formula.Symbol{Type: formula.Numeric, Slot: SlotDeducted, Bounds: wholeNumber(0, 1_000_000)}, true,
			s.may&mayEntryCounts != 0
	}
	if i, ok := s.l.blocks[name]; ok {
		allowed := s.may&mayBlocks != 0 || (s.may&mayChildren != 0 && b.Blocks[i].Parent == s.parent)
		if name == "总分" {
			allowed = s.may&mayTotal != 0
		}
		return formula.Symbol{Type: formula.Numeric, Slot: SlotBlock | i, Max: 10_000_000}, true, allowed
	}
	if i := slices.Index(s.l.reds, name); i >= 0 {
		return formula.Symbol{Type: formula.Flag, Slot: SlotRedLine | i}, true, s.may&mayRedLines != 0
	}
	return s.dateWord(name)
}

// placeWords lists what SlotPlace holds: the place at the first level of 范围,
// counted from the best and from the last, and among how many.
func placeWords() []string { return []string{"名次", "倒数名次", "人数"} }

// symbolOf returns an attribute's symbol; ok is false for what is kept for the
// record only.
func symbolOf(a *Attribute, slot int) (sym formula.Symbol, ok bool) {
	switch a.Type {
	case YesNo:
		return formula.Symbol{Type: formula.Flag, Slot: slot}, true
	case Options:
		return formula.Symbol{Type: formula.Choice, Slot: slot, Options: a.Options}, true
	case Decimal:
		return formula.Symbol{Type: formula.Numeric, Slot: slot,
				Bounds: &formula.Bounds{Lo: formula.Hundredths(a.Lo), Hi: formula.Hundredths(a.Hi), Grain: formula.Hundredths(1)}},
			true
	case Age, Service:
		return formula.Symbol{Type: formula.Numeric, Slot: slot, Bounds: wholeNumber(0, 200)}, true
	case Text, DayFact:
	}
	return formula.Symbol{}, false
}

// names lists what may stand here, for advice.
func (s *scope) names() []string {
	b := s.l.book
	var out []string
	add := func(name string) {
		if _, known, allowed := s.resolve(name); known && allowed && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for i := range s.fields {
		add(s.fields[i].Name)
	}
	for i := range b.Attributes {
		add(b.Attributes[i].Name)
	}
	for _, n := range []string{"类别", "总分"} {
		add(n)
	}
	for i := range b.Blocks {
		add(b.Blocks[i].Name)
	}
	for _, n := range append([]string{"分值", LateWord, "等次", "加分次数", "扣分次数"}, placeWords()...) {
		add(n)
	}
	for _, n := range slices.Concat(s.l.reds, dateWords()) {
		add(n)
	}
	return out
}

// Member resolves 上期.总分 and the like.
func (s *scope) Member(object, name string) (formula.Symbol, error) {
	if object != "上期" {
		return formula.Symbol{}, refuse("“"+object+"”后面不能跟点号", "只有 上期.总分、上期.等次、上期.板块名 这样写")
	}
	if s.may&mayPrevious == 0 {
		return formula.Symbol{}, refuse("“上期”不能用在这里", "上期的结果用在 项目、等次、标杆 和 预警 里")
	}
	s.l.book.Previous = true
	if i, ok := s.l.blocks[name]; ok {
		return formula.Symbol{Type: formula.Numeric, Slot: SlotPrevBlock | i, Max: 1_000_000}, nil
	}
	if name == "等次" && s.l.book.Quotas {
		return formula.Symbol{}, refuse("等次按比例定的，上期.等次 不能用", "写 上期.总分 的条件")
	}
	if name == "等次" && (s.may&mayGrade != 0 || s.may&mayTotal == 0) {
		return formula.Symbol{Type: formula.Choice, Slot: SlotPrevGrade, Options: s.l.book.GradeNames}, nil
	}
	if s.l.file.Lost(name) {
		return formula.Symbol{}, formula.ErrReported
	}
	return formula.Symbol{}, refuse("上期没有“"+name+"”", "可写 上期.总分、上期.等次（项目和预警里）、上期.板块名")
}
