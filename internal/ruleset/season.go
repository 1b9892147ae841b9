package ruleset

import (
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/yamldoc"
)

// Season (归期, 于) says on which days of a period an item may happen that belongs
// to the period before: it then counts on that period's last day. One that
// begins late in a period and ends early in the next takes what happens before
// New Year as it stands.
type Season struct {
	From, To Anchor
	Text     string // the days, as people read them
}

// CountsOn returns the day on which something of a day counts; ok is false
// outside the season.
func (s *Season) CountsOn(cycle calendar.Unit, on calendar.Day) (day calendar.Day, ok bool) {
	p := cycle.Of(on)
	from, to := s.From.In(p), s.To.In(p)
	switch {
	case from > to && on >= from:
		return on, true
	case on <= to && (from > to || on >= from):
		return p.First - 1, true
	}
	return on, false
}

// CountsOn returns the day on which an entry of an item that happens on a day
// counts: that day, but for an item with 归期.
func (r *RuleSet) CountsOn(item string, on calendar.Day) calendar.Day {
	if i := r.Item(item); i >= 0 && r.Items[i].Season != nil {
		day, _ := r.Items[i].Season.CountsOn(r.Cycle.Unit, on)
		return day
	}
	return on
}

// InSeason refuses a day on which an item may not happen because it belongs to
// the period before.
func (r *RuleSet) InSeason(item string, on calendar.Day) error {
	i := r.Item(item)
	if i < 0 || r.Items[i].Season == nil {
		return nil
	}
	s := r.Items[i].Season
	day, ok := s.CountsOn(r.Cycle.Unit, on)
	switch {
	case !ok:
		return fault.New(fault.Invalid, "“%s”归上一期，只记 %s 的，%s 不在其中", item, s.Text, on).WithHint("看看日期对不对")
	case day < r.Since:
		return fault.New(fault.Invalid, "“%s”归上一期，%s 的归到 %s，那时办法还没有施行", item, on, day).WithHint("办法自 %s 起施行，以前的不记", r.Since)
	}
	return nil
}

// season reads 归期 and 于 of an item: 归期: 上期, 于: [1月1日, 3月31日].
func (l *loader) season(it *Item, n *yamldoc.Node) {
	belongs, days := n.Get("归期"), n.Get("于")
	switch {
	case belongs == nil && days == nil:
		return
	case belongs == nil:
		l.fail(days, "写了 于，没写归哪一期", "归到上一期的写 归期: 上期；到期自动记的，把 于 写在 自动 里")
		return
	case l.oneOf(belongs, "归期", []string{"上期"}) < 0:
		return
	case n.Get("自动") != nil:
		l.fail(belongs, "自动的项目不写 归期", "记在上一期的，把 自动 的 于 写成 末日")
		return
	case days == nil:
		l.fail(belongs, "写了 归期，没写哪些日子的归上期", "例如 归期: 上期, 于: [1月1日, 3月31日]")
		return
	}
	before := len(l.problems)
	list := l.words(days, "于")
	if len(list) != 2 {
		if len(l.problems) == before {
			l.fail(days, "于 要写从哪一天到哪一天", "例如 于: [1月1日, 3月31日]")
		}
		return
	}
	unit := l.book.Cycle.Unit
	if unit != calendar.Year {
		unit = calendar.Month // a day of the period's first month
	}
	s := &Season{From: l.anchor(list[0], unit), To: l.anchor(list[1], unit), Text: list[0].Text + "至" + list[1].Text}
	if len(l.problems) > before {
		return
	}
	p := l.book.Cycle.Unit.Of(l.book.From)
	if unit == calendar.Month && s.From.In(p) > s.To.In(p) {
		l.fail(days, "于 的两天先后倒了", "写成 ["+list[1].Text+", "+list[0].Text+"]")
		return
	}
	it.Season = s
	l.book.Seasons = true
}
