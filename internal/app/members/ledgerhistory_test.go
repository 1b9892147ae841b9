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
	"jifen/internal/app/rules"
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
	case len(refused) == 0 && err != nil:
		rt.Fatalf("%s: %v", what, err)
	case len(refused) > 0 && !slices.Contains(refused, fault.CodeOf(err)):
		rt.Fatalf("%s: %v, want %v", what, err, refused)
	}
	return err == nil
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
	var refused []fault.Code
	if now := k.fact(o.name, f.From); o.value == "无" && (now == "" || now == "无") {
		refused = append(refused, fault.Conflict)
	}
	if first, _ := k.joined(); f.From < first {
		refused = []fault.Code{fault.Invalid}
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
	if to != "" {
		mv.To = map[string]domain.Org{"east": c.town.East, "west": c.town.West}[to].ID
	}
	k := c.now(m)
	var refused []fault.Code
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
	var refused []fault.Code
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
		in := activities.ActivityInput{Org: map[string]domain.Org{"east": c.town.East, "west": c.town.West}[home].ID,
			Kind: "党课", On: row.on, Title: "第 " + string(rune('a'+c.step%26)) + " 课",
			Lines: []activities.Line{{Member: m, Status: domain.Absent}}}
		out, err := c.town.Activities.Record(ctx, c.town.Clerk, in, "")
		c.must(rt, "a lesson", err)
		row.lesson = out.Activity
		l.entries = append(l.entries, row)
		return
	}
	var refused []fault.Code
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
	_, l := c.begin(rt)
	if len(l.entries) == 0 {
		return
	}
	r := &l.entries[rapid.IntRange(0, len(l.entries)-1).Draw(rt, "which")]
	var refused []fault.Code
	if r.gone != 0 {
		refused = append(refused, fault.Conflict)
	}
	var err error
	if r.lesson != 0 {
		_, err = c.town.Activities.Reverse(ctx, c.town.Clerk, r.lesson, "没有开", "")
	} else {
		_, err = c.town.Entries.Reverse(ctx, c.town.Clerk, r.entry, "记错了", "")
	}
	if c.must(rt, "taking back "+r.name, err, refused...) {
		r.gone = c.step
	}
}

// standings returns what the program says of the members as of a day, as known by an instant.
func (c *changed) standings(rt *rapid.T, asOf calendar.Day, at time.Time) string {
	p, err := c.town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: asOf, KnownBy: at})
	c.must(rt, "the standings", err)
	var lines []string
	for i := range p.Rows {
		r := &p.Rows[i]
		if c.of[r.Member.ID] == nil {
			continue
		}
		words := []string{map[domain.OrgID]string{c.town.East.ID: "east", c.town.West.ID: "west"}[r.Member.Home.ID],
			r.Standing.Category, r.Standing.Total.String(), r.Standing.Grade}
		if !r.Standing.Scored {
			words = []string{"不计分"}
		}
		for _, a := range r.Standing.Alerts {
			words = append(words, a.On.String())
		}
		lines = append(lines, string(r.Member.ID)+" "+strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

// want returns what the ledgers say of it.
func (c *changed) want(asOf calendar.Day) string {
	var lines []string
	for _, m := range c.members() {
		if k := c.now(m); k.listed(asOf) {
			lines = append(lines, string(m)+" "+k.standing(asOf))
		}
	}
	return strings.Join(lines, "\n")
}

// check compares today and another day with the ledgers.
func (c *changed) check(rt *rapid.T) {
	first := calendar.Of(2026, 1, 1)
	for _, asOf := range []calendar.Day{c.today(), first + calendar.Day(c.step*37)%(c.today()-first+1)} {
		want := c.want(asOf)
		if got := c.standings(rt, asOf, time.Time{}); got != want {
			rt.Fatalf("on %s, as of %s:\n%s\nwant\n%s", c.today(), asOf, got, want)
		}
		c.asked = append(c.asked, askedThen{asOf, c.town.Clock(), want})
	}
	c.town.Later(time.Minute)
}

// again asks once more a part of what was asked, as it was known then.
func (c *changed) again(rt *rapid.T) {
	for i := 0; i < len(c.asked); i += 1 + len(c.asked)/8 {
		a := &c.asked[i]
		if got := c.standings(rt, a.asOf, a.at); got != a.want {
			rt.Fatalf("as of %s, as known at %s, asked on %s:\n%s\nwant\n%s", a.asOf, a.at, c.today(), got, a.want)
		}
	}
}

// TestAnyChangesComeToWhatTheModelSays runs random facts, discipline, exemptions, moves, entries
// of the street's rules and of the branches' own, lessons, and all of it taken back, about days
// past and to come. After every step everybody's standing is what a ledger comes to that looks
// at every day anew; at the end what was asked is asked again as it was known then, and the
// database is sound. rapid prints the seed of a failure.
func TestAnyChangesComeToWhatTheModelSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := &changed{T: t, town: testkit.New(t), of: map[domain.MemberID]*ledger{}}
		defer c.town.Close(t)
		c.town.Follow(t, modelRules)
		c.supplement(rt, c.town.East, eastSupplement)
		c.supplement(rt, c.town.West, westSupplement)
		for _, m := range c.members() {
			home := map[byte]string{'E': "east", 'W': "west"}[m[0]]
			c.of[m] = &ledger{homes: []modelRow{{value: home, on: calendar.Of(2020, 1, 1), change: c.latest(m, homes)}}}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"fact": c.fact, "move": c.move, "post": c.post, "reverseChange": c.reverseChange,
			"reverseEntry": c.reverseEntry, "": c.check,
		})
		c.again(rt)
		c.town.WantSound(t)
	})
}

// supplement puts a branch's own text in force.
func (c *changed) supplement(rt *rapid.T, branch domain.Org, text string) {
	id, err := c.town.Enactment.Propose(ctx, c.town.Clerk, rules.Proposal{Org: branch.ID, Source: []byte(text)})
	c.must(rt, "a draft", err)
	c.must(rt, "a supplement", c.town.Enactment.Confirm(ctx, c.town.Second, id, "", false))
}
