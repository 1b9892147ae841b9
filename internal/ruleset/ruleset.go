// Package ruleset is the language of rule files: it loads a 办法 (the
// regulation of a points scheme, written in YAML in Chinese), checks it,
// reports every mistake with its place and advice, and holds what remains as
// data for the engine. It computes no score.
//
// A value is one thing (plain, by case or dated, see Value), an amount is one
// thing (Amount), a limit on entries is one thing (Limit), a condition is one
// thing (Cond). Names are resolved at load: conditions and formulas read
// numbered slots (see Slot), never names.
package ruleset

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// RuleSet is one loaded and checked rule file. It is never changed after
// Load and may be used from many goroutines.
type RuleSet struct {
	File  string              // name it was loaded from
	Hash  string              // SHA-256 of the file's bytes, hex; with supplements, of all their hashes
	Own   string              // SHA-256 of the scheme's file alone, hex
	Title string              // 办法
	Code  string              // 编号: identity of the scheme across versions
	Basis string              // 依据
	From  calendar.Day        // 施行: the first day on which this text holds
	Since calendar.Day        // 首次施行: the first day on which any text of the scheme held; From unless the file says
	Kinds []domain.BranchKind // 适用; empty = every kind

	Cycle    Cycle
	Decimals int // 小数: how many places a number keeps when it arises; 2 unless said
	Rounding formula.Rounding
	Notices  []Notice // 公示
	Workflow Workflow // 默认
	Bodies   []Body   // 机构: the file's own organs, in its order

	Groups      []Group
	Attributes  []Attribute
	Exemptions  []Exemption
	Categories  []Category
	Blocks      []Block // in the file's order; the last is 总分
	Settle      []int   // block indexes, children before parents
	Items       []Item
	RedLines    []RedLine
	GradeNames  []string // best to worst
	Grades      Value[[]GradeRow]
	Ranking     Ranking
	Alerts      []Alert
	Benchmarks  []Benchmark
	Grants      []Grant
	Supplements []Supplement
	Retired     []string // 停用: items of earlier texts that this one drops
	Notes       []Note   // 说明: reasons for what the checker reminds of

	Counters      []Counter      // what counter slots stand for
	AlertCounters []AlertCounter // what SlotAlert stands for
	Limits        int            // how many limits there are; Limit.ID is below it
	Clauses       []Clause       // what accounts and alerts point at
	Dates         []calendar.Day // every day on which a dated value changes, ascending
	Seasons       bool           // an item belongs to the period before (归期)
	Monthly       bool           // something reads 季度 or 月份
	Previous      bool           // something reads 上期
	Forfeits      bool           // a red line makes additions void (加分: 作废)
	Waits         bool           // a red line suspends additions (加分: 暂停)
	Quotas        bool           // a grade has a share (占), so grades are given among a population

	itemByName map[string]int
	byKind     map[string][]int // items that follow from an activity kind
}

// Cycle (周期) says what is assessed and by which category.
type Cycle struct {
	Unit    calendar.Unit // 考核: Year, Half, Quarter or Month
	EntryBy Reading       // 类别按: which category an entry meets
	StartBy Reading       // 起点按: which category 起点, 上限 and 下限 are read by
}

// Reading says on which day a category is read.
type Reading uint8

// The readings.
const (
	OnDay   Reading = iota // 当日: on the entry's own day
	AtStart                // 期初: on the cycle's first day, or of joining
	AtEnd                  // 期末: on the standing's day
	ByDays                 // 天数: the mean over the scored days so far (起点按 only)
)

// Workflow lists the organs that enter and approve; an item's own wins over 默认.
type Workflow struct {
	Enter   []domain.Organ        // 录入
	Approve Value[[]domain.Organ] // 审批, in order; may depend on the entry's fields
	Proof   bool                  // 证明
	Late    calendar.Span         // 补录: how long after the event it may be entered; zero = not said
}

// Body (机构) is an organ that the file declares beside the built-in ones.
type Body struct {
	Organ  domain.Organ
	Clause int
}

// Group (活动) names a set of activity kinds.
type Group struct {
	Name  string
	Kinds []string
}

// AttributeType is the type of an attribute or of an item's field.
type AttributeType uint8

// The types. Text and DayFact are kept for the record and stand in no
// condition.
const (
	YesNo   AttributeType = iota + 1 // 是否
	Options                          // a list of words
	Decimal                          // 数, or a range 0至100
	Age                              // 推算: 周岁, whole years since 出生日期
	Service                          // 推算: 党龄, whole years since 转正日期
	Text                             // 文字
	DayFact                          // 日期
	Named                            // a name that the branch gives, in no file: see Groupings
)

// Attribute (属性) is something known of a member from a day on, or a field
// (记录) that an item asks for.
type Attribute struct {
	Name    string
	Type    AttributeType
	Options []string // of Options
	Unit    string   // of Decimal: 小时, 元
	Lo, Hi  int64    // of Decimal, in hundredths, both included
	BuiltIn bool     // declared by the program, not by the file
	Clause  int
}

// Indexes of the built-in attributes, which every rulebook has.
const (
	Membership = iota // 人员类别
	Discipline        // 处分
	Exempted          // 豁免: 无 or the code of an Exemption
	Born              // 出生日期
	Confirmed         // 转正日期
)

// Exemption (豁免) is a code that a member's fact 豁免 may carry.
type Exemption struct {
	Code      string
	NotScored bool  // 效果: 不计分
	NotRanked bool  // 效果: 不排名
	Items     []int // 免: items that do not touch the member
	Approve   []domain.Organ
	Clause    int
}

// Category (类别) is one row of the first-match table.
type Category struct {
	Code   string
	Name   string
	When   Cond
	Scored bool
	Ranked bool
	Clause int
}

// Label prints a category: its code, then its name if that is another.
func (c *Category) Label() string {
	if c.Name == c.Code {
		return c.Code
	}
	return c.Code + " " + c.Name
}

// CategoryLabel prints the category of a code; a code that the file has not, as it is.
func (r *RuleSet) CategoryLabel(code string) string {
	for i := range r.Categories {
		if c := &r.Categories[i]; c.Code == code {
			return c.Label()
		}
	}
	return code
}

// Block (板块) is a node of the tree of sums.
type Block struct {
	Name    string
	Parent  int // −1 for 总分
	Start   Value[domain.Points]
	Formula Value[*formula.Formula] // over its children's names; absent = their sum
	Prorate calendar.Unit           // 折算: by Month or OneDay 起点 is cut for who is not scored throughout; NoUnit = not
	Floor   Value[domain.Points]
	Cap     Value[domain.Points]
	Limits  []Limit
	Parts   *Parts // 每, 取; nil = one ledger for the whole cycle
	Under   int    // the block by whose parts it is settled, itself included; −1 = by the cycle
	Clause  int
}

// Parts (每, 取) makes each calendar part of a cycle a ledger of its own, with
// start, entries, children and clamps, and combines them.
type Parts struct {
	Every calendar.Unit
	Take  Take
	Best  int  // how many parts Best takes
	Zero  bool // 空期: 记零 — Mean and Best take parts of which nothing is recorded, and the running one, as they stand
}

// Averages reports whether the parts are averaged, so that it matters which of
// them are taken at all.
func (p *Parts) Averages() bool { return p.Take == Mean || p.Take == Best }

// Take (取) is how parts are combined.
type Take uint8

// The ways to combine parts.
const (
	Mean Take = iota // 平均
	Sum              // 合计
	Last             // 末期
	Best             // 最高n期: the mean of the n best
)

// Item (项目) is one thing that may happen to a member.
type Item struct {
	Name       string
	Block      int // −1: for the record only
	Fields     []Attribute
	Kinds      []string                  // 来自: activity kinds it follows from; empty = none
	Statuses   []domain.AttendanceStatus // 出勤; empty = every status
	Counted    bool                      // a counter or 有( ) asks for it
	Auto       *Auto
	Applies    Cond
	Amount     Value[Amount]
	Multiplier Value[Factor]
	Repeat     *Repeat
	Counts     bool // 分值, 倍数 or 适用 reads counters
	Validity   Value[Validity]
	Limits     []Limit
	Highest    bool     // 同一事项: 取最高; of entries on one matter only the highest counts
	Season     *Season  // 归期: it belongs to the period before; nil = it counts on its own day
	Repairs    []int    // 解除: red lines that no longer see what lies up to its day
	Former     []string // 原名: what earlier texts call it
	Workflow   Workflow
	Basis      string
	Clause     int
	Lo, Hi     domain.Points // bounds of what one entry may give before limits
}

// Auto (自动) makes one entry in each calendar window whose condition holds at
// the end of the stated day.
type Auto struct {
	Every    calendar.Unit
	On       Anchor
	When     Cond
	Previous bool // When or 适用 reads 上期 or counts windows of alerts, so it is judged when its day comes
}

// Repeat (重复) weighs a deduction by how often it happened before, whatever it
// was weighed to then.
type Repeat struct {
	Within  calendar.Span // 在: a span; zero with Valid or Window
	Valid   bool          // 在: 有效期
	Window  calendar.Unit // 在: 本期, 本年, 本月 …: a calendar window; NoUnit = none
	Factors []formula.Number
	Round   bool // 每: the factors begin anew after the last
	Clause  int
}

// Factor returns what the n-th occurrence (from 1) is weighed by. After the last
// factor they begin anew, or the last one repeats.
func (r *Repeat) Factor(n int) formula.Number {
	if r.Round {
		return r.Factors[(n-1)%len(r.Factors)]
	}
	return r.Factors[min(n, len(r.Factors))-1]
}

// Validity (有效) says how long an entry counts.
type Validity struct {
	Cycle   bool // 本期: to the end of the cycle it lies in
	Forever bool // 长期: without end
	Span    calendar.Span
}

// End returns the first day on which what happened on a day no longer counts;
// not for 本期, which the block's period ends.
func (v *Validity) End(day calendar.Day) calendar.Day {
	if v.Forever {
		return calendar.Forever
	}
	return v.Span.After(day)
}

// Limit (限额) cuts single entries by what a window has still room for.
type Limit struct {
	ID   int
	Unit calendar.Unit
	Caps Value[Caps]
}

// Caps are the bounds a limit sets; each is there only where its Has… says so.
type Caps struct {
	Plus, Minus       domain.Points // both ≥ 0
	Times             int
	HasPlus, HasMinus bool
	HasTimes          bool
}

// Grant (授权) is what organisations of a level may add to the scheme in a
// supplement (补充).
type Grant struct {
	Level   domain.Level
	Block   int
	Plus    int           // 加分: how many items that add
	Minus   int           // 扣分: how many that deduct
	Each    domain.Points // 单笔: the most that one entry may give or take
	Approve []domain.Organ
	Clause  int
}

// Counter describes what a counter slot counts.
type Counter struct {
	Unit  calendar.Unit // window from its start to the reading day; Life = 累计
	Item  int
	Field int // −1: times; else the field whose values are summed
}

// Clause is a place in the rule file that an account or an alert cites.
type Clause struct {
	File  string // of a supplement; "" for the rule file itself
	Path  string // 项目.志愿服务.限额.年
	Line  int
	Text  string // what stands there, for a plain scalar: 10分
	Basis string // 依据: the article, "" where the file names none
}

// Total returns the index of the block 总分.
func (r *RuleSet) Total() int { return len(r.Blocks) - 1 }

// Grain returns the smallest amount of points that 小数 keeps.
func (r *RuleSet) Grain() domain.Points { return [...]domain.Points{100, 10, 1}[r.Decimals] }

// Item returns the index of the item with a name, −1 for none.
func (r *RuleSet) Item(name string) int {
	if i, ok := r.itemByName[name]; ok {
		return i
	}
	return -1
}

// Following returns the indexes of the items that follow from an activity
// kind, in the file's order; each may still ask for a status.
func (r *RuleSet) Following(kind string) []int { return r.byKind[kind] }

// Attribute returns the index of the attribute with a name, −1 for none.
func (r *RuleSet) Attribute(name string) int {
	for i := range r.Attributes {
		if r.Attributes[i].Name == name {
			return i
		}
	}
	return -1
}

// The slots that expressions read: a kind in the high bits, an index below.
const (
	SlotAttribute = (iota + 1) << 16 // Attributes
	SlotField                        // the item's Fields
	SlotCategory                     // 类别
	SlotBlock                        // Blocks, 总分 included
	SlotCounter                      // Counters
	SlotHas                          // 有(项目): Items
	SlotRedLine                      // RedLines
	SlotAdded                        // 加分次数
	SlotDeducted                     // 扣分次数
	SlotGrade                        // 等次
	SlotPrevBlock                    // 上期.板块
	SlotPrevGrade                    // 上期.等次
	SlotPoints                       // 分值: the entry's points before 有效
	SlotPlace                        // 名次, 倒数名次, 人数, in this order
	SlotDate                         // 季度, 月份 of the day that is looked at, in this order
	SlotAlert                        // AlertCounters
	SlotLate                         // 迟报天数: how many days after its day an entry was recorded
)

// Slot parts a slot into its kind (one of the Slot constants) and index.
func Slot(slot int) (kind, index int) { return slot &^ 0xffff, slot & 0xffff }
