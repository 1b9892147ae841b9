package ruletest

import (
	"cmp"
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/yamldoc"
)

// day reads a day whose form was checked when the file was read.
func day(n *yamldoc.Node) calendar.Day {
	if n == nil {
		return 0
	}
	d, err := calendar.Parse(n.Text)
	if err != nil {
		return 0
	}
	return d
}

// member reads 党员: who it is, where he is, and what holds from the beginning.
func (t *trial) member(n *yamldoc.Node) {
	residence := ruleversions.Residence{}
	given := n != nil && n.Kind == yamldoc.Map
	if given {
		m := &t.record.Member
		for _, p := range n.Pairs {
			if p.Key.Text != "加入" && p.Key.Text != "离开" {
				continue
			}
			d, err := calendar.Parse(p.Value.Text)
			if err != nil {
				t.noteError(p.Value, err)
			}
			if p.Key.Text == "加入" {
				m.Joined = d
			} else {
				m.Left = d
			}
		}
		t.home(n, &residence)
	}
	if residence.Home == ([domain.Levels]domain.OrgID{}) {
		residence.Home[domain.Branch] = t.files.Alone()
	}
	t.residences = append(t.residences, residence)
	if given {
		t.facts(n, 1, append(homeKeys(), "加入", "离开")...)
	}
}

// change reads one of 变动: what is so from a day on, and where he moved.
func (t *trial) change(n *yamldoc.Node) {
	from := day(n.Get("自"))
	residence := ruleversions.On(t.residences, from)
	if t.home(n, &residence) {
		residence.From = from
		t.residences = append(t.residences, residence)
		slices.SortStableFunc(t.residences, func(a, b ruleversions.Residence) int { return cmp.Compare(a.From, b.From) })
	}
	t.facts(n, from, append(homeKeys(), "自")...)
}

// homeKeys lists the keys by which a case places a member.
func homeKeys() []string { return []string{"支部", "社区", "街道", "支部类型"} }

// home reads where a member is; false where the node says nothing of it.
func (t *trial) home(n *yamldoc.Node, residence *ruleversions.Residence) bool {
	said := false
	for _, key := range homeKeys() {
		at := n.Get(key)
		if at == nil {
			continue
		}
		said = true
		level, ok := domain.LevelOf(key)
		switch {
		case at.Kind != yamldoc.Scalar || at.Text == "":
			t.noteMistake(at, "“"+key+"”要写名称", "例如 "+key+": 幸福街第一党支部")
		case ok:
			residence.Home[level] = domain.OrgID(at.Text)
		default:
			residence.Kind = domain.BranchKind(at.Text)
			if !slices.Contains(domain.BranchKinds(), residence.Kind) {
				t.noteMistake(at, "没有“"+at.Text+"”这种支部", oneOf(at.Text, domain.BranchKinds()))
			}
		}
	}
	return said
}

// moveTo puts the member where he is on a day.
func (t *trial) moveTo(day calendar.Day) {
	residence := ruleversions.On(t.residences, day)
	t.record.Member.Home, t.record.Member.Kind = residence.Home, residence.Kind
}

// facts reads the attributes of a node, from a day on.
func (t *trial) facts(n *yamldoc.Node, from calendar.Day, but ...string) {
	for _, p := range n.Pairs {
		if slices.Contains(but, p.Key.Text) {
			continue
		}
		attribute := t.files.Attribute(p.Key.Text, from)
		if attribute == nil {
			var names []string
			for _, a := range t.files.Attributes() {
				names = append(names, a.Name)
			}
			t.noteMistake(p.Key, "办法里没有“"+p.Key.Text+"”这个属性", oneOf(p.Key.Text, append(names, but...)))
			continue
		}
		v, err := attribute.Parse(p.Value.Text)
		if err != nil {
			t.noteError(p.Value, err)
			continue
		}
		t.record.Facts = append(t.record.Facts, domain.Fact{Attribute: p.Key.Text, From: from, Value: v})
	}
}

func (t *trial) entry(i int, n *yamldoc.Node) {
	values := map[string]string{}
	for _, p := range n.Pairs {
		if !slices.Contains([]string{"项目", "日期", "分值", ruleset.RecordedWord}, p.Key.Text) {
			values[p.Key.Text] = p.Value.Text
		}
	}
	points := ""
	if p := n.Get("分值"); p != nil {
		points = p.Text
	}
	on := day(n.Get("日期"))
	rules, _ := t.texts.On(on)
	if item := n.Get("项目"); rules.Item(item.Text) < 0 {
		if org := t.files.Added(item.Text); org != "" {
			t.noteMistake(item, "“"+item.Text+"”是"+org+"补充的项目，"+on.String()+" 这个人不在那里", "查一查日期，或者那一天他在哪个支部（党员、变动里的 支部）")
			last := &t.found[len(t.found)-1]
			last.Follows = last.Follows || t.hurt // where he is may stand in what could not be read
			return
		}
	}
	e, problems := rules.Entry(n.Get("项目").Text, points, values)
	fields := make([]string, 0, len(problems))
	for name := range problems {
		fields = append(fields, name)
	}
	slices.Sort(fields)
	for _, name := range fields {
		t.field(n, rules, name, problems[name])
	}
	e.ID, e.On = strconv.Itoa(i+1), on
	if r := n.Get(ruleset.RecordedWord); r != nil {
		if e.Recorded = day(r); e.Recorded < e.On {
			t.note(r, "录入日早于日期")
		}
	}
	if len(problems) == 0 {
		t.moveTo(on)
		if err := scoring.CheckEntry(rules, &t.record, e); err != nil {
			t.noteError(n, err)
		}
	}
	t.record.Entries = append(t.record.Entries, e)
}

func (t *trial) attendance(i int, n *yamldoc.Node) {
	a := domain.Attendance{
		Activity: strconv.Itoa(i + 1), Kind: n.Get("种类").Text,
		On: day(n.Get("日期")), Status: domain.AttendanceStatus(n.Get("出勤").Text),
	}
	if rules, _ := t.texts.On(a.On); !rules.Kind(a.Kind) {
		var kinds []string
		for _, g := range rules.Groups {
			kinds = append(kinds, g.Kinds...)
		}
		t.noteMistake(n.Get("种类"), "办法里没有“"+a.Kind+"”这种活动", oneOf(a.Kind, kinds))
	}
	if !slices.Contains(domain.AttendanceStatuses(), a.Status) {
		t.noteMistake(n.Get("出勤"), "没有“"+string(a.Status)+"”这种出勤", oneOf(string(a.Status), domain.AttendanceStatuses()))
	}
	for _, p := range n.Pairs {
		if !slices.Contains([]string{"种类", "日期", "出勤"}, p.Key.Text) {
			t.noteMistake(p.Key, "出勤里没有“"+p.Key.Text+"”这一项", "只写 种类、日期、出勤")
		}
	}
	t.record.Attendance = append(t.record.Attendance, a)
}
