package ruleset

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/formula"
)

// MaxRedLines bounds the number of red lines of a file; the engine keeps which of
// them act in one word.
const MaxRedLines = 60

// RedLine (红线) is a veto or a gate.
type RedLine struct {
	Name     string
	When     Cond
	Sets     []BlockSet // 则: blocks (总分 among them) set to a value
	Grade    int        // 则: 等次, index of GradeNames; −1
	MaxGrade int        // 则: 最高等次; −1
	AtCycle  bool       // 直到: 期末 — acts if it held on any day so far; else only while it holds
	Bonus    Bonus      // 则: 加分
	Basis    string
	Clause   int
	Repairs  []int // items that repair it (解除)
	Reads    []int // the slots that its condition reads
}

// Bonus (加分) is what a red line does to additions.
type Bonus uint8

// What a red line may do to additions.
const (
	BonusStays   Bonus = iota
	BonusWaits         // 暂停: additions since it struck count nothing while it acts
	BonusForfeit       // 作废: additions of days on which it acts never count
)

// BlockSet is one value that a red line forces.
type BlockSet struct {
	Block int
	To    domain.Points
}

// GradeRow (等次) is one row of a first-match table, best first. Among a
// population a row with a share takes who stands within the shares of all rows
// down to it.
type GradeRow struct {
	Grade  int // index of GradeNames
	When   Cond
	Share  domain.Share // 占: of the row alone; none = not by share
	Within domain.Share // the shares down to this row
	Least  domain.Share // 占: 至少 …, of the row alone
	Last   domain.Share // the shares 至少 … from this row down to the last
	Clause int
}

// Ranking (排名) says where members are ranked and how equals are parted.
type Ranking struct {
	Levels   []domain.Level
	TieBreak []int        // 再比: block indexes
	Groups   []RankGroup  // 人群; empty = all together
	Quota    domain.Level // 名额: among whom 占 is counted
	Out      bool         // 压线: 同退 — equals across a boundary are all out, not all in
	Round    PlaceRounding
	Least    int // 至少: below so many nobody is graded by share
}

// RankGroup (人群) is one row of a first-match table: who is ranked apart.
type RankGroup struct {
	Name string
	When Cond
}

// PlaceRounding (取整) makes a whole number of places of a share.
type PlaceRounding uint8

// The roundings of places.
const (
	NearestPlace PlaceRounding = iota // 四舍五入
	FewerPlaces                       // 舍去
	MorePlaces                        // 进一
)

// Places returns how many places a share of n is.
func (r PlaceRounding) Places(share domain.Share, n int) int {
	if !share.Set() {
		return 0
	}
	product := share.Num * int64(n)
	switch r {
	case FewerPlaces:
		return int(product / share.Den)
	case MorePlaces:
		return int((product + share.Den - 1) / share.Den)
	default:
		return int((2*product + share.Den) / (2 * share.Den))
	}
}

// Alert (预警) proposes a step to a person.
type Alert struct {
	Name    string
	Every   calendar.Unit      // Single = 实时
	When    Cond               // what reads the member alone
	Rank    *formula.Condition // what reads places (名次, 倒数名次, 人数) or a grade by share; nil = nothing
	Runs    []Run              // ascending
	Suggest string
	Owner   string
	Within  calendar.Span // 限期
	Basis   string
	Clause  int
}

// Run (连续) gives an alert's level from so many complete windows running.
type Run struct {
	Windows int
	Level   domain.AlertLevel
}

// Benchmark (标杆) is the first n by place who also fulfil a condition.
type Benchmark struct {
	Name   string
	Level  domain.Level
	Share  domain.Share // 前: 10% or 1/3; none with Count
	Count  int
	When   Cond
	Clause int
}
