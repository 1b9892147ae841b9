package members_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/periods"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// changed runs what is recorded of two members against a ledger of each.
type changed struct {
	*testing.T
	town  *testkit.Town
	of    map[domain.MemberID]*ledger
	step  int
	asked []askedThen

	locked map[string]bool // branches that have locked the year that runs, by name and year
}

// askedThen holds what everybody had as of a day, as it was known at an instant.
type askedThen struct {
	asOf calendar.Day
	at   time.Time
	want string
}

// members are those to whom it happens: one of each branch.
func (c *changed) members() []domain.MemberID { return []domain.MemberID{"E2", "W1"} }

func (c *changed) today() calendar.Day { return calendar.FromTime(c.town.Clock().In(testkit.Zone())) }

// now returns what is known of a member.
func (c *changed) now(m domain.MemberID) *known { return c.of[m].by(c.step) }

// begin takes a step: a while passes, and somebody is drawn with whom it happens.
func (c *changed) begin(rt *rapid.T) (domain.MemberID, *ledger) {
	days := rapid.SampledFrom([]int{0, 0, 1, 4, 12, 28}).Draw(rt, "days later")
	c.town.Later(time.Duration(days)*24*time.Hour + time.Minute)
	c.step++
	m := rapid.SampledFrom(c.members()).Draw(rt, "member")
	return m, c.of[m]
}

// day draws a day of the year that runs, up to so many days after today.
func (c *changed) day(rt *rapid.T, ahead int) calendar.Day {
	first := calendar.Year.Of(c.today()).First
	return first + calendar.Day(rapid.IntRange(0, int(c.today()-first)+ahead).Draw(rt, "day"))
}

// must checks the outcome of an act: refused is the code of the refusal that there must be.
func (c *changed) must(rt *rapid.T, what string, err error, refused ...fault.Code) (done bool) {
	rt.Helper()
	switch {
	case fault.CodeOf(err) == fault.Forbidden && len(c.locked) > 0 && strings.Contains(err.Error(), "的结果也会变"):
		return false // it would make a locked result another one: see TestALastingFactLeavesALaterLockedPeriodAsItIs
	case len(refused) == 0 && err != nil:
		rt.Fatalf("%s: %v", what, err)
	case len(refused) > 0 && !slices.Contains(refused, fault.CodeOf(err)):
		rt.Fatalf("%s: %v, want %v", what, err, refused)
	}
	return err == nil
}

// lock locks the year that runs in a branch, or opens it again.
func (c *changed) lock(rt *rapid.T) {
	c.begin(rt)
	branch := rapid.SampledFrom([]string{"east", "west"}).Draw(rt, "branch")
	year := calendar.Year.Of(c.today()).String()
	step := periods.Step{Branches: []domain.OrgID{c.branch(branch).ID}, Period: year, Reason: "补记",
		Lock: rapid.SampledFrom([]bool{true, false, false}).Draw(rt, "lock")}
	_, err := c.town.Locks.Take(ctx, c.town.Clerk, step)
	c.must(rt, "a step of the year", err)
	c.locked[branch+year] = step.Lock
}

// branch returns a branch by its name here; the zero one for having left.
func (c *changed) branch(name string) domain.Org {
	return map[string]domain.Org{"east": c.town.East, "west": c.town.West}[name]
}

// shut returns the refusal of what touches a locked year: of a branch where the member is now, or
// was on the day, or of one of some others; none where all are open.
func (c *changed) shut(k *known, on calendar.Day, others ...string) (refused []fault.Code) {
	last := ""
	for _, h := range sorted(k.homes) {
		if h.value != "" {
			last = h.value
		}
		if h.value != "" && h.on <= on {
			others = append(others, "then "+h.value)
		}
	}
	then := last
	for _, name := range others {
		if branch, ok := strings.CutPrefix(name, "then "); ok {
			then = branch
		}
	}
	year := calendar.Year.Of(on).String()
	for _, name := range append(others, last, then) {
		if c.locked[name+year] {
			return []fault.Code{fault.Forbidden}
		}
	}
	return nil
}

// sorted returns steps in the order of their days.
func sorted(rows []modelRow) []modelRow {
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b modelRow) int { return int(a.on - b.on) })
	return out
}

// joined returns the first day on which a member is here, and whether there is one.
func (k *known) joined() (first calendar.Day, ok bool) {
	for _, h := range k.homes {
		if h.value != "" && (!ok || h.on < first) {
			first, ok = h.on, true
		}
	}
	return first, ok
}

// fact records a fact, discipline or an exemption, or ends one.
func (c *changed) fact(rt *rapid.T) {
	m, l := c.begin(rt)
	type option struct{ name, value string }
	o := rapid.SampledFrom([]option{{"照顾", "是"}, {"照顾", "否"}, {"流动", "是"}, {"流动", "否"}, {"处分", "警告"},
		{"处分", "留党察看"}, {"处分", "无"}, {"处分", "无"}, {"豁免", "免会"}, {"豁免", "不计"}, {"豁免", "无"},
		{"豁免", "无"}}).Draw(rt, "fact")
	f := members.FactChange{Member: m, Attribute: o.name, Value: o.value, From: c.day(rt, 20), Reason: "晚了"}
	if o.name == "豁免" && o.value != "无" {
		f.Approved = []string{"支部委员会"}
	}
	k := c.now(m)
	refused := c.shut(k, f.From)
	switch now := k.fact(o.name, f.From); {
	case o.value == "无" && (now == "" || now == "无"), now == o.value: // nothing to end, or so already
		refused = append(refused, fault.Conflict)
	case o.name == "豁免" && o.value != "无" && now != "" && now != "无": // another exemption holds
		refused = append(refused, fault.Conflict)
	}
	if first, _ := k.joined(); f.From < first {
		refused = append(refused, fault.Invalid)
	}
	was := k.standing(c.today())
	out, err := c.town.Ledger.ChangeFact(ctx, c.town.Clerk, f, "")
	if c.must(rt, o.name+" "+o.value, err, refused...) {
		l.facts = append(l.facts, modelRow{name: o.name, value: o.value, on: f.From, at: c.step,
			change: c.latest(m, func(i *domain.HistoryItem) bool { return i.Fact.Attribute == o.name })})
		c.effect(rt, m, was, out.Effect)
	}
}

// effect checks that what becomes of a category, total or grade is told.
func (c *changed) effect(rt *rapid.T, m domain.MemberID, was string, effect []standings.Consequence) {
	words := func(standing string) string {
		list := strings.Fields(standing)
		if list[0] == "不计分" {
			return list[0]
		}
		return strings.Join(list[1:4], " ")
	}
	a, b := words(was), words(c.now(m).standing(c.today()))
	for _, e := range effect {
		if e.Period == calendar.Year.Of(c.today()) {
			if before, after := outcome(&e.Before), outcome(&e.After); before != a || after != b {
				rt.Fatalf("told that %s has %s, and then %s; it was %s and is %s", m, before, after, a, b)
			}
			return
		}
	}
	if a != b {
		rt.Fatalf("nobody was told of %s: %s, now %s", m, a, b)
	}
}

// outcome returns how somebody stands, in words.
func outcome(o *standings.Outcome) string {
	if !o.Scored {
		return "不计分"
	}
	return o.Category + " " + o.Total.String() + " " + o.Grade
}

// latest returns the change of a kind that was recorded last of a member.
func (c *changed) latest(m domain.MemberID, of func(*domain.HistoryItem) bool) (id domain.ChangeID) {
	expect.NoError(c, "reading", c.town.DB.Read(ctx, func(v *store.Snapshot) error {
		items, err := v.History(access.System("the test looks at all"), m)
		id = domain.ChangeID{}
		for i := range items {
			if of(&items[i]) && items[i].ID.Fact+items[i].ID.Affiliation > id.Fact+id.Affiliation {
				id = items[i].ID
			}
		}
		return err
	}))
	return id
}

// move lets somebody belong elsewhere, leave or come back.
func (c *changed) move(rt *rapid.T) {
	m, l := c.begin(rt)
	to := rapid.SampledFrom([]string{"east", "west", ""}).Draw(rt, "to")
	mv := members.Move{Member: m, From: c.day(rt, 0), Seen: true, Reason: "晚了"}
	mv.To = c.branch(to).ID
	k := c.now(m)
	refused := c.shut(k, mv.From, to)
	last, _ := latest(k.homes, "", calendar.Forever)
	first, _ := k.joined()
	if last.value == to || to == "" && (k.left(mv.From) || k.leaves(mv.From)) || mv.From != first &&
		(k.home(mv.From) == to ||
			slices.ContainsFunc(k.homes, func(h modelRow) bool { return h.on == mv.From })) {
		refused = append(refused, fault.Conflict)
	}
	if mv.From < first {
		refused = append(refused, fault.Invalid)
	}
	was := k.standing(c.today())
	out, err := c.town.Ledger.Move(ctx, c.town.Clerk, mv, "")
	if c.must(rt, "to "+to, err, refused...) {
		l.homes = append(l.homes, modelRow{value: to, on: mv.From, at: c.step, change: c.latest(m, homes)})
		c.effect(rt, m, was, out.Effect)
	}
}

// reverseChange takes a fact or a move back.
func (c *changed) reverseChange(rt *rapid.T) {
	m, l := c.begin(rt)
	rows := l.facts
	if rapid.Bool().Draw(rt, "a move") {
		rows = l.homes
	}
	if len(rows) == 0 {
		return
	}
	r := &rows[rapid.IntRange(0, len(rows)-1).Draw(rt, "which")]
	k := c.now(m)
	refused := c.shut(k, r.on)
	if r.name == "" && r.on > 0 {
		refused = append(refused, c.shut(k.without(r), r.on)...)
	}
	switch {
	case r.gone != 0:
		refused = append(refused, fault.Conflict)
	case r.name == "" && r.value != "" && k.without(r).left(r.on) && k.without(r).leaves(r.on):
		refused = append(refused, fault.Conflict, fault.Forbidden)
	case r.name == "" && !slices.ContainsFunc(k.homes, func(h modelRow) bool {
		return h.value != "" && h.change != r.change
	}):
		refused = append(refused, fault.Forbidden)
	}
	was := k.standing(c.today())
	out, err := c.town.Ledger.ReverseChange(ctx, c.town.Clerk,
		members.ChangeReversal{Member: m, Change: r.change, Reason: "记错了"}, "")
	if c.must(rt, "taking back "+r.name+" "+r.value, err, refused...) {
		r.gone = c.step
		c.effect(rt, m, was, out.Effect)
	}
}

// post records an entry, of the branches' own items too, or the absence from a lesson.
func (c *changed) post(rt *rapid.T) {
	m, l := c.begin(rt)
	item := rapid.SampledFrom([]string{"好事", "党费", "党费", "党费", "清理", "护河", "缺席"}).Draw(rt, "item")
	row := modelRow{name: item, on: c.day(rt, 0), at: c.step}
	home := c.now(m).home(row.on)
	if item == "缺席" {
		if home == "" {
			return
		}
		in := activities.ActivityInput{Org: c.branch(home).ID,
			Kind: "党课", On: row.on, Title: "第 " + string(rune('a'+c.step%26)) + " 课",
			Lines: []activities.Line{{Member: m, Status: domain.Absent}}}
		out, err := c.town.Activities.Record(ctx, c.town.Clerk, in, "")
		if c.must(rt, "a lesson", err, c.shut(c.now(m), row.on)...) {
			row.lesson, row.value = out.Activity, home
			l.entries = append(l.entries, row)
		}
		return
	}
	refused := c.shut(c.now(m), row.on)
	own := item == "清理" || item == "护河"
	if item != "党费" && !c.now(m).scored(row.on) || home == "" || own &&
		(worth(item, home) == 0 || row.on < calendar.Of(2026, 2, 1)) {
		refused = append(refused, fault.Invalid)
	}
	out, err := c.town.Entries.Post(ctx, c.town.Clerk,
		entries.EntryInput{Member: m, Item: item, On: row.on, Note: "补记"}, "")
	if c.must(rt, item, err, refused...) {
		row.entry = out.Entry
		l.entries = append(l.entries, row)
	}
}

// reverseEntry takes an entry or a lesson back.
func (c *changed) reverseEntry(rt *rapid.T) {
	m, l := c.begin(rt)
	if len(l.entries) == 0 {
		return
	}
	r := &l.entries[rapid.IntRange(0, len(l.entries)-1).Draw(rt, "which")]
	refused := c.shut(c.now(m), r.on, r.value) // a lesson, in the branch that held it too
	if r.gone != 0 {
		refused = append(refused, fault.Conflict)
	}
	var err error
	if r.lesson != 0 {
		_, err = c.town.Activities.Reverse(ctx, c.town.Clerk, r.lesson, "没有开", "")
	} else {
		_, err = c.town.Entries.Reverse(ctx, c.town.Clerk, r.entry, "记错了", "")
	}
	if first, _ := c.now(m).joined(); r.on < first && fault.CodeOf(err) == fault.Forbidden {
		return // of before he was here, since his first branch was taken back: that of then may be the next
	}
	if c.must(rt, "taking back "+r.name, err, refused...) {
		r.gone = c.step
	}
}
