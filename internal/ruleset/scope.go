package ruleset

import (
	"errors"
	"slices"
	"strings"

	"jifen/internal/calendar"
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
	mayTally
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
	of       *Item         // of which the place speaks; nil for none
	exact    bool          // numbers are only those that this file can come to, not those that another text may leave behind
	at       *yamldoc.Node // what is being compiled
}

// in returns the scope one step deeper in the file.
func (s *scope) in(key string) *scope {
	c := *s
	c.path = s.path + "." + key
	return &c
}

// begins returns the scope for values that need not exist from the first day
// on: 适用 and 限额.
func (s *scope) begins() *scope {
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
	if s.l.notRange(n) {
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
		return sym, formula.ErrTold
	case known && allowed:
		if kind, _ := Slot(sym.Slot); kind == SlotDate {
			s.l.book.Monthly = true
		}
		return sym, nil
	case known && s.forTheRecord(name) != "":
		return sym, refuse("“"+name+"”是"+s.forTheRecord(name)+"，只备查，不能用来判断和算分", "要用它，另记一个 是否、数 或 [选项]；年纪、党龄用属性 {推算: 周岁}、{推算: 党龄}")
	case known:
		return sym, refuse("“"+name+"”不能用在这里", "这里可用："+strings.Join(s.names(), "、"))
	}
	if s.l.file.Lost(name) {
		return sym, formula.ErrTold
	}
	advice := "这里可用：" + strings.Join(s.names(), "、")
	if otherwise(name) {
		return sym, refuse("没有“"+name+"”这种写法", "写成：其余")
	}
	if apart := formula.Unglue(name, s.names()); apart != "" {
		advice = "写成：" + apart
	} else if near := formula.Nearest(name, s.names()); near != "" {
		advice = "是不是“" + near + "”？" + advice
	}
	return sym, refuse("没有“"+name+"”这个名称", advice)
}

// forTheRecord says what a name holds that no condition can look at: 日期 or
// 文字; "" for others.
func (s *scope) forTheRecord(name string) string {
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

// otherwise tells what people write for 其余.
func otherwise(word string) bool {
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
		return formula.Symbol{Type: formula.Choice, Slot: SlotCategory, Options: s.l.categoryCodes()}, true, s.may&mayCategory != 0
	case "等次":
		return formula.Symbol{Type: formula.Choice, Slot: SlotGrade, Options: b.GradeNames}, true, s.may&mayGrade != 0
	case "分值":
		return formula.Symbol{Type: formula.Numeric, Slot: SlotPoints, Max: 1_000_000}, true, s.may&mayPoints != 0
	case LateWord:
		return formula.Symbol{Type: formula.Numeric, Slot: SlotLate, Bounds: wholeNumber(0, MaxLate)}, true, s.may&mayLate != 0
	case "加分次数":
		return formula.Symbol{Type: formula.Numeric, Slot: SlotAdded, Bounds: wholeNumber(0, 1_000_000)}, true, s.may&mayTally != 0
	case "名次", "倒数名次", "人数":
		i := slices.Index(placeWords(), name)
		return formula.Symbol{Type: formula.Numeric, Slot: SlotPlace | i, Bounds: wholeNumber(1, 1_000_000)}, true, s.may&mayPlace != 0
	case "扣分次数":
		return formula.Symbol{Type: formula.Numeric, Slot: SlotDeducted, Bounds: wholeNumber(0, 1_000_000)}, true, s.may&mayTally != 0
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
		return formula.Symbol{Type: formula.Numeric, Slot: slot, Bounds: &formula.Bounds{Lo: formula.Hundredths(a.Lo), Hi: formula.Hundredths(a.Hi), Grain: formula.Hundredths(1)}}, true
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
		return formula.Symbol{}, formula.ErrTold
	}
	return formula.Symbol{}, refuse("上期没有“"+name+"”", "可写 上期.总分、上期.等次（项目和预警里）、上期.板块名")
}

// Call resolves counters and 有( ).
func (s *scope) Call(function, argument string) (formula.Symbol, error) {
	if function == "有" {
		if s.may&mayHas == 0 {
			return formula.Symbol{}, refuse("“有( )”不能用在这里", "有( ) 只用在 红线、等次、标杆 和 预警 里")
		}
		i, err := s.item(argument)
		if err == nil {
			s.l.book.Items[i].Counted = true
		}
		return formula.Symbol{Type: formula.Flag, Slot: SlotHas | max(i, 0)}, err
	}
	unit, sums, ok := counterName(function)
	if i := slices.Index(s.l.alertNames, argument); i >= 0 && (function == runsOf || ok && !slices.Contains(s.l.items, argument)) {
		return s.alertCounter(function, i, unit, sums)
	}
	if function == runsOf {
		return formula.Symbol{}, s.noSuchAlert(argument)
	}
	if !ok {
		return formula.Symbol{}, refuse("没有“"+function+"( )”这种写法", "可写 本周次数、本月次数、本季次数、本半年次数、本年次数、累计次数，以及把“次数”换成“合计”，还有预警的 连续次数")
	}
	if s.may&(mayCounters|mayAutomatic) == 0 {
		return formula.Symbol{}, refuse("计次不能用在这里", "计次只用在 项目的分值、倍数、适用，以及 自动、红线、等次、标杆 和 预警 里")
	}
	name, field, hasField := strings.Cut(argument, ".")
	i, err := s.item(name)
	if err != nil {
		return formula.Symbol{}, err
	}
	k := -1
	if sums {
		if k, err = s.summedField(i, field, hasField); err != nil {
			return formula.Symbol{}, err
		}
	} else if hasField {
		return formula.Symbol{}, refuse("次数只数项目，不写字段", "写 "+function+"(\""+name+"\")")
	}
	s.l.book.Items[i].Counted = true
	return s.l.counter(Counter{Unit: unit, Item: i, Field: k}), nil
}

func (s *scope) item(name string) (int, error) {
	i := slices.Index(s.l.items, name)
	if i < 0 && s.l.file.Lost(name) {
		return -1, formula.ErrTold
	}
	if i < 0 {
		advice := "引号里写项目的全名"
		if near := formula.Nearest(name, s.l.items); near != "" {
			advice = "是不是“" + near + "”？"
		}
		return -1, refuse("没有“"+name+"”这个项目", advice)
	}
	if s.may&mayAutomatic == 0 && s.may&mayCounters != 0 && s.l.book.Items[i].Auto != nil {
		return -1, refuse("这里不能数自动产生的项目", "只数人记的和随出勤产生的项目")
	}
	return i, nil
}

// summedField finds the number field that 合计 adds up.
func (s *scope) summedField(item int, field string, given bool) (int, error) {
	fields := s.l.book.Items[item].Fields
	found := -1
	for k := range fields {
		if fields[k].Type != Decimal || (given && fields[k].Name != field) {
			continue
		}
		if found >= 0 {
			return -1, refuse("“"+s.l.items[item]+"”记了几个数，不知道加哪一个", "写成 合计(\""+s.l.items[item]+"."+fields[k].Name+"\") 这样")
		}
		found = k
	}
	if found < 0 && s.l.hurt["项目."+s.l.items[item]+".记录"] {
		return -1, formula.ErrTold
	}
	if found < 0 {
		return -1, refuse("“"+s.l.items[item]+"”没有记这个数，不能合计", "合计只加 记录 里写成“数”的字段")
	}
	return found, nil
}

func counterName(function string) (unit calendar.Unit, sums, ok bool) {
	for _, u := range [...]struct {
		prefix string
		unit   calendar.Unit
	}{{"本周", calendar.Week}, {"本月", calendar.Month}, {"本季", calendar.Quarter}, {"本半年", calendar.Half}, {"本年", calendar.Year}, {"累计", calendar.Life}} {
		switch function {
		case u.prefix + "次数":
			return u.unit, false, true
		case u.prefix + "合计":
			return u.unit, true, true
		}
	}
	return 0, false, false
}

func (l *loader) counter(c Counter) formula.Symbol {
	i, ok := l.counters[c]
	if !ok {
		i = len(l.book.Counters)
		l.counters[c] = i
		l.book.Counters = append(l.book.Counters, c)
	}
	return formula.Symbol{Type: formula.Numeric, Slot: SlotCounter | i, Bounds: l.counted(&c)}
}

// choiceFor finds the one choice all of whose keys are options: the item's own
// fields first, then 类别, then attributes. A nil symbol means that the keys are
// conditions; ok is false after a problem.
func (s *scope) choiceFor(n *yamldoc.Node) (sym *formula.Symbol, ok bool) {
	if by := n.Get("按"); by != nil {
		sym, err := s.Name(by.Text)
		if errors.Is(err, formula.ErrTold) {
			s.l.hush(by)
			return nil, false
		}
		if err != nil || sym.Type != formula.Choice {
			s.l.fail(by, "“按”后面要写一个选项类的名称", "例如 按: 人员类别")
			return nil, false
		}
		return &sym, true
	}
	var keys []string
	for _, p := range n.Pairs {
		if p.Key.Text != "其余" {
			keys = append(keys, p.Key.Text)
		}
	}
	var nearly *formula.Symbol
	for _, tier := range s.choices() {
		var fits []string
		for _, name := range tier {
			sym, known, allowed := s.resolve(name)
			if !known || !allowed {
				continue
			}
			switch n := count(keys, sym.Options); {
			case n == len(keys) && n > 0:
				fits, nearly = append(fits, name), &sym
			case n > 0 && nearly == nil && len(fits) == 0:
				nearly = &sym // a misspelt option among right ones
			}
		}
		switch {
		case len(fits) == 1:
			return nearly, true
		case len(fits) > 1:
			s.l.fail(n, "这些选项在“"+strings.Join(fits, "”和“")+"”里都有，不知道按哪个分", "加一项 按: "+fits[0])
			return nil, false
		}
	}
	return nearly, true
}

func count(keys, options []string) int {
	n := 0
	for _, k := range keys {
		if slices.Contains(options, k) {
			n++
		}
	}
	return n
}

// choices lists the names of choices by precedence.
func (s *scope) choices() [3][]string {
	var out [3][]string
	for i := range s.fields {
		if s.fields[i].Type == Options {
			out[0] = append(out[0], s.fields[i].Name)
		}
	}
	out[1] = []string{"类别"}
	for i := range s.l.book.Attributes {
		if s.l.book.Attributes[i].Type == Options {
			out[2] = append(out[2], s.l.book.Attributes[i].Name)
		}
	}
	return out
}
