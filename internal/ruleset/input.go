package ruleset

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/formula"
)

// Parse reads an attribute's or a field's value as a person writes it into a
// cell or a form. fault.Invalid says what may be written.
func (a *Attribute) Parse(text string) (domain.Value, error) {
	text = strings.TrimSpace(text)
	switch a.Type {
	case YesNo:
		switch text {
		case "是":
			return domain.Value{Number: 1}, nil
		case "否", "":
			return domain.Value{}, nil
		}
		return domain.Value{}, fault.New(fault.Invalid, "“%s”写了“%s”", a.Name, fault.Quote(text)).WithHint("只写 是 或 否")
	case Options:
		if slices.Contains(a.Options, text) {
			return domain.Value{Text: text}, nil
		}
		hint := "可写：" + strings.Join(a.Options, "、")
		if near := formula.Nearest(text, a.Options); near != "" {
			hint = "是不是“" + near + "”？" + hint
		}
		return domain.Value{}, fault.New(fault.Invalid, "“%s”没有“%s”这个选项", a.Name, fault.Quote(text)).WithHint("%s", hint)
	case Decimal:
		n, ok := domain.ParseHundredths(text)
		if !ok {
			return domain.Value{}, fault.New(fault.Invalid, "“%s”写了“%s”，不是数", a.Name, fault.Quote(text)).WithHint("%s",
				numberAdvice(text, "写数字，最多两位小数，不写单位"))
		}
		if n < a.Lo || n > a.Hi {
			return domain.Value{}, fault.New(fault.Invalid, "“%s”写了 %s，超出范围", a.Name, fault.Quote(text)).
				WithHint("可写 %s 至 %s", domain.Points(a.Lo), domain.Points(a.Hi))
		}
		return domain.Value{Number: n}, nil
	case DayFact:
		d, err := calendar.Parse(text)
		return domain.Value{Number: int64(d)}, err
	case Age, Service:
		return domain.Value{}, fault.New(fault.Invalid, "“%s”由日期推算，不用填", a.Name).WithHint("填 出生日期 或 转正日期")
	case Named:
		name, err := domain.ParseGroupName(a.Name, text)
		return domain.Value{Text: name}, err
	default:
		if len([]rune(text)) > 500 {
			return domain.Value{}, fault.New(fault.Invalid, "“%s”太长", a.Name).WithHint("最多 500 字")
		}
		return domain.Value{Text: text}, nil
	}
}

// Text prints a value as Parse reads it, for people: 是, 3.5, 省, 2026-03-01.
func (a *Attribute) Text(v domain.Value) string {
	switch a.Type {
	case YesNo:
		if v.Number != 0 {
			return "是"
		}
		return "否"
	case Decimal:
		return domain.Points(v.Number).String()
	case DayFact:
		return calendar.Day(v.Number).String()
	default:
		return v.Text
	}
}

// Entry makes an entry of an item from what a person wrote: values by field
// name, and the chosen points where the item leaves a range ("" otherwise).
// The problems are by field name ("分值" for the points, "项目" for the item);
// with any, the entry must not be used.
func (r *RuleSet) Entry(item, points string, values map[string]string) (domain.Entry, map[string]error) {
	problems := map[string]error{}
	e := domain.Entry{Item: item}
	i := r.Item(item)
	if i < 0 {
		hint := "照办法里的项目名写"
		if near := formula.Nearest(item, r.ItemNames()); near != "" {
			hint = "是不是“" + near + "”？"
		}
		problems["项目"] = fault.New(fault.Invalid, "没有“%s”这个项目", fault.Quote(item)).WithHint("%s", hint)
		return e, problems
	}
	it := &r.Items[i]
	switch {
	case it.Auto != nil:
		problems["项目"] = fault.New(fault.Invalid, "“%s”到期由程序自动记，不用人记", item)
		return e, problems
	case len(it.Kinds) > 0:
		problems["项目"] = fault.New(fault.Invalid, "“%s”随活动的出勤产生，不单独记", item).WithHint("在出勤表里记这次活动")
		return e, problems
	}
	for k := range it.Fields {
		f := &it.Fields[k]
		text := strings.TrimSpace(values[f.Name])
		if text == "" && f.Type != YesNo {
			problems[f.Name] = fault.New(fault.Invalid, "“%s”要填“%s”", item, f.Name)
			continue
		}
		v, err := f.Parse(text)
		if err != nil {
			problems[f.Name] = err
			continue
		}
		e.Fields = append(e.Fields, domain.Field{Name: f.Name, Value: v, Free: f.Type == Text})
	}
	if matter := strings.TrimSpace(values[domain.MatterField]); matter != "" && it.Highest {
		if len([]rune(matter)) > maxRunes {
			problems[domain.MatterField] = fault.New(fault.Invalid, "“%s”太长",
				domain.MatterField).WithHint("写一个简短的名称，最多 %d 字，同一件事写得一样", maxRunes)
		}
		e.Fields = append(e.Fields, domain.Field{Name: domain.MatterField, Value: domain.Value{Text: matter}})
	}
	for name, text := range values {
		if name == domain.MatterField && it.Highest {
			continue
		}
		if strings.TrimSpace(text) != "" && !slices.ContainsFunc(it.Fields,
			func(f Attribute) bool { return f.Name == name }) {
			problems[name] = fault.New(fault.Invalid, "“%s”不记“%s”", item, name).WithHint("这一格留空")
		}
	}
	if err := r.readChosenPoints(it, &e, strings.TrimSpace(points)); err != nil {
		problems["分值"] = err
	} else if e.Points%r.Grain() != 0 {
		problems["分值"] = fault.New(fault.Invalid, "“%s”填了 %s 分，小数太多", item, e.Points).WithHint("最多 %d 位小数", r.Decimals)
	}
	return e, problems
}

// readChosenPoints reads the points a person chose and refuses what the entry's own
// fields already rule out; Suits refuses what its day, category and facts do.
func (r *RuleSet) readChosenPoints(it *Item, e *domain.Entry, points string) error {
	o := r.choiceRangeOf(it, e.Fields)
	if points == "" {
		return o.check(it, e)
	}
	n, ok := domain.ParseHundredths(points)
	if !ok && o.ranges > 0 {
		return fault.New(fault.Invalid, "“%s”的分值写了“%s”，不是数", it.Name, fault.Quote(points)).WithHint("%s",
			numberAdvice(points, o.advice()))
	}
	e.Points, e.Chosen = domain.Points(n), true
	if o.ranges > 0 && o.ranges+o.given > 1 {
		return nil // more than the fields decide which
	}
	return o.check(it, e)
}

// Choice returns the widest range that a person may choose points from; free
// is false where the item leaves no choice.
func (it *Item) Choice() (lo, hi domain.Points, free bool) {
	it.Amount.Leaves(func(a Amount) {
		if a.Kind != Range {
			return
		}
		if !free {
			lo, hi, free = a.Lo, a.Hi, true
		}
		lo, hi = min(lo, a.Lo), max(hi, a.Hi)
	})
	return lo, hi, free
}

// Kind reports whether an activity kind is declared.
func (r *RuleSet) Kind(kind string) bool {
	for _, g := range r.Groups {
		if slices.Contains(g.Kinds, kind) {
			return true
		}
	}
	return false
}

// Period reads a period's key and checks that it is one of this scheme's
// cycles.
func (r *RuleSet) Period(key string) (calendar.Period, error) {
	p, err := calendar.ParsePeriod(key)
	if err != nil {
		return p, err
	}
	if p.Unit != r.Cycle.Unit {
		q := r.Cycle.Unit.Of(p.Last)
		return p, fault.New(fault.Invalid, "本办法按%s考核，没有“%s”这一期", r.Cycle.Unit, p.Label()).
			WithHint("考核期写 %s，要看到某一天为止的情况，再加截至日 %s", q, p.Last)
	}
	if p.Last < r.From {
		return p, fault.New(fault.Invalid, "办法自 %s 起施行，没有%s这一期", r.From, p.Label())
	}
	return p, nil
}

// ItemNames lists the items in the order of the file.
func (r *RuleSet) ItemNames() []string {
	out := make([]string, len(r.Items))
	for i := range r.Items {
		out[i] = r.Items[i].Name
	}
	return out
}

// numberAdvice advises how to write a number, where it is clear which one was
// meant.
func numberAdvice(text, otherwise string) string {
	if meant := suggestNumber(text); meant != "" {
		return "写成 " + meant + "，不写单位和别的符号"
	}
	return otherwise
}
