package members_test

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// modelRules are the rules that ledger computes by.
const modelRules = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年, 类别按: 当日, 起点按: 期末}
默认: {补录: 30天}
属性: {照顾: 是否, 流动: 是否}
豁免: {免会: {免: [缺席], 审批: [支部委员会]}, 不计: {效果: 不计分, 审批: [支部委员会]}}
活动: {会: [党课]}
类别: {E: {名称: 照顾, 当: 照顾}, D: {名称: 流动, 当: 流动}, B: {名称: 其他, 当: 其余}}
板块: {基础: {起点: {E: 85, 其余: 80}, 下限: 0}, 贡献: {上限: 20}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5, 适用: [B], 重复: {在: 本期, 倍数: [1, 2]}}
  党费: {}
  逾期: {板块: 基础, 自动: {每: 月, 于: 25日, 当: 本月次数("党费") == 0}, 分值: -4}
  好事: {板块: 贡献, 分值: 3}
红线:
  党纪: {当: '处分 in ["留党察看", "开除党籍"]', 则: {总分: 0}, 直到: 期末}
  警告: {当: '处分 in ["警告", "严重警告", "撤销党内职务"]', 则: {最高等次: 中}, 直到: 解除}
等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}
授权: {支部: {板块: 贡献, 加分: 2项, 单笔: 2分, 审批: [支部委员会]}}
排名: {范围: [支部, 社区, 街道]}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}
`

// The items that the branches add, each from 1 February.
const (
	eastSupplement = "补充: t\n支部: 东支部\n施行: 2026-02-01\n项目: {清理: 1}\n"
	westSupplement = "补充: t\n支部: 西支部\n施行: 2026-02-01\n项目: {护河: 2}\n"
)

// ledger computes anew, in the simplest way, how one member stands under modelRules: lists of
// what was recorded, looked through day by day. It knows nothing of the engine or the store.
type ledger struct {
	facts   []modelRow // 照顾, 流动, 处分, 豁免
	homes   []modelRow // east, west, "" for having left
	entries []modelRow // by item; 缺席 among them
}

// modelRow is one thing that was recorded: it holds from a day on, or happened on it.
type modelRow struct {
	name, value string
	on          calendar.Day
	at          int // the step at which it was recorded
	gone        int // at which it was taken back; 0 = it was not

	change domain.ChangeID
	entry  domain.EntryID
	lesson domain.ActivityID
}

// seen returns the rows that held by a step.
func seen(rows []modelRow, by int) (out []modelRow) {
	for _, r := range rows {
		if r.at <= by && (r.gone == 0 || r.gone > by) {
			out = append(out, r)
		}
	}
	return out
}

// latest returns the row that holds on a day: the one that begins last, of those of one day the
// one recorded last. ok is false for none.
func latest(rows []modelRow, name string, on calendar.Day) (row modelRow, ok bool) {
	for _, r := range rows {
		if r.name == name && r.on <= on && (!ok || r.on >= row.on) {
			row, ok = r, true
		}
	}
	return row, ok
}

// known is a ledger as it was known by a step.
type known struct{ facts, homes, entries []modelRow }

func (l *ledger) by(step int) *known {
	return &known{seen(l.facts, step), seen(l.homes, step), seen(l.entries, step)}
}

// fact returns what holds of an attribute on a day, "" for what nobody recorded.
func (k *known) fact(name string, on calendar.Day) string {
	row, _ := latest(k.facts, name, on)
	return row.value
}

// home returns the branch on a day, "" for who is not here.
func (k *known) home(on calendar.Day) string {
	row, _ := latest(k.homes, "", on)
	return row.value
}

func (k *known) scored(on calendar.Day) bool {
	return k.home(on) != "" && k.fact("豁免", on) != "不计"
}

// listed reports whether he is on a list as of a day: he is here, or left in the year, after its
// first day.
func (k *known) listed(on calendar.Day) bool {
	first, ok := k.joined()
	row, _ := latest(k.homes, "", on)
	return ok && first <= on && (row.value != "" || row.on > calendar.Year.Of(on).First)
}

// without returns what is known without one step of where he was.
func (k *known) without(row *modelRow) *known {
	out := *k
	out.homes = slices.DeleteFunc(slices.Clone(k.homes), func(h modelRow) bool { return h.change == row.change })
	return &out
}

// left reports whether he had left by a day.
func (k *known) left(on calendar.Day) bool {
	row, ok := latest(k.homes, "", on)
	return ok && row.value == ""
}

// leaves reports whether what comes next after a day is that he leaves.
func (k *known) leaves(after calendar.Day) bool {
	var next modelRow
	found := false
	for _, h := range k.homes {
		if h.on > after && (!found || h.on < next.on) {
			next, found = h, true
		}
	}
	return found && next.value == ""
}

// scoredFrom reports whether he is scored on each day from one to another.
func (k *known) scoredFrom(first, last calendar.Day) bool {
	for d := first; d <= last; d++ {
		if !k.scored(d) {
			return false
		}
	}
	return true
}

func (k *known) category(on calendar.Day) string {
	switch {
	case k.fact("照顾", on) == "是":
		return "E"
	case k.fact("流动", on) == "是":
		return "D"
	default:
		return "B"
	}
}

// worth returns what an item gives that a branch knows.
func worth(item, branch string) domain.Points {
	switch {
	case item == "好事":
		return 3_00
	case item == "清理" && branch == "east":
		return 1_00
	case item == "护河" && branch == "west":
		return 2_00
	default:
		return 0
	}
}

// total returns 总分 on a day of a scored member.
func (k *known) total(on calendar.Day) domain.Points {
	year := calendar.Year.Of(on)
	base, extra := domain.Points(80_00), domain.Points(0)
	if k.category(on) == "E" {
		base = 85_00
	}
	missed := 0
	for _, e := range k.entries {
		if e.on < year.First || e.on > on || !k.scored(e.on) {
			continue
		}
		extra += worth(e.name, k.home(e.on))
		if e.name == "缺席" && k.category(e.on) == "B" && k.fact("豁免", e.on) != "免会" {
			missed++
		}
	}
	if missed > 0 {
		base -= 5_00 + 10_00*domain.Points(missed-1)
	}
	for d := year.First; d <= on; d++ {
		if k.scored(d) && k.fact("处分", d) == "留党察看" {
			return 0
		}
		if d == calendar.Month.Of(d).First+24 && k.unpaid(d) {
			base -= 4_00
		}
	}
	return max(base, 0) + min(extra, 20_00)
}

// unpaid reports whether the dues of a month are missing on its 25th, of who is scored in all of
// the month.
func (k *known) unpaid(on calendar.Day) bool {
	month := calendar.Month.Of(on)
	return k.scoredFrom(month.First, on) && !slices.ContainsFunc(k.entries, func(e modelRow) bool {
		return e.name == "党费" && e.on >= month.First && e.on <= on
	})
}

// alerts returns the days of the year's alerts up to a day: of each month that ended, in which he
// was scored throughout and had less than 60 at its end.
func (k *known) alerts(on calendar.Day) (out []string) {
	for m := calendar.Month.Of(calendar.Year.Of(on).First); m.Last <= on; m = m.Next() {
		if k.scoredFrom(m.First, m.Last) && k.total(m.Last) < 60_00 {
			out = append(out, m.Last.String())
		}
	}
	return out
}

// standing returns where a member is on a day, 类别, 总分, 等次 and the alerts: of who is not
// scored nothing is asked.
func (k *known) standing(on calendar.Day) string {
	if !k.scored(on) {
		return "不计分"
	}
	total := k.total(on)
	grade := "差"
	switch {
	case total >= 80_00 && k.fact("处分", on) != "警告":
		grade = "好"
	case total >= 60_00:
		grade = "中"
	}
	words := []string{k.home(on), k.category(on), total.String(), grade}
	return strings.Join(append(words, k.alerts(on)...), " ")
}
