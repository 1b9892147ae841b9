package ruletest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/yamldoc"
)

// Outcome is the result of one case.
type Outcome struct {
	Name        string
	Line        int
	OK          bool
	Differences []string           // Chinese, one for each expectation that is not met
	Statement   domain.Statement   // what it comes to, without advice; zero where it could not be scored
	Statements  []domain.Statement // of a case that failed and could be scored
	Book        *ruleset.RuleSet   // that the accounts cite

	touched []string // clauses, by path
}

// Run scores every case under a rulebook and compares.
func (b *Book) Run(rules *ruleset.RuleSet) []Outcome { return b.RunUnder(ruleversions.Of(rules)) }

// RunUnder scores every case under the rule files at hand and compares.
func (b *Book) RunUnder(files *ruleversions.Versions) []Outcome {
	out := make([]Outcome, len(b.Cases))
	for i := range b.Cases {
		out[i] = b.Cases[i].run(files)
	}
	return out
}

// trial is one case being run.
type trial struct {
	files      *ruleversions.Versions
	texts      *scoring.Texts // what holds for the member, one after the other
	residences []ruleversions.Residence
	rules      *ruleset.RuleSet // what holds for him on the day that is asked for
	record     domain.MemberHistory
	hurt       bool              // some of the case could not be read, which has been told
	found      []yamldoc.Problem // what is written wrongly
	says       []string          // what came out otherwise

	refused []string // items of entries that were refused, as the case expects
}

func (c *Case) trial(files *ruleversions.Versions) *trial {
	return &trial{files: files, hurt: c.hurt,
		record: domain.MemberHistory{Member: domain.Membership{ID: "1", Name: c.Name}}}
}

func (t *trial) note(n *yamldoc.Node, format string, args ...any) {
	t.says = append(t.says, "第 "+strconv.Itoa(n.Line)+" 行："+fmt.Sprintf(format, args...))
}

// noteMistake notes what is written wrongly, and what to write instead.
func (t *trial) noteMistake(n *yamldoc.Node, message, advice string) {
	t.found = append(t.found, n.At(0, message, advice))
}

// noteError notes an error of a person's input.
func (t *trial) noteError(n *yamldoc.Node, err error) {
	var f *fault.Error
	if errors.As(err, &f) {
		t.noteMistake(n, f.Message, f.Hint)
		return
	}
	t.noteMistake(n, err.Error(), "")
}

func (c *Case) run(files *ruleversions.Versions) Outcome {
	t := c.trial(files)
	period := t.readHistory(c)
	places := t.places(c.place)
	for _, p := range t.found {
		says := "第 " + strconv.Itoa(p.Line) + " 行：" + p.Message
		if p.Advice != "" {
			says += "。改法：" + p.Advice
		}
		t.says = append(t.says, says)
	}
	out := Outcome{Name: c.Name, Line: c.Line}
	if len(t.says) == 0 {
		day := c.asOfDay(period)
		t.moveTo(day)
		asOf := c.asOf
		if asOf == 0 {
			asOf = scoring.LastDay(t.rules, &t.record, period)
		}
		res := scoring.Member(t.texts, &t.record, period, asOf)
		account := domain.Statement{Version: scoring.StatementVersion, Standing: res.Standing}
		account.Total, account.Idle = res.Lines()
		if len(t.rules.Ranking.Levels) > 0 {
			p := scoring.RankedAt(t.rules, &account.Standing, places)
			account.Standing.Grade, account.Standing.Bare = p.Grade, p.Bare
			account.Standing.Alerts = append(account.Standing.Alerts, p.Alerts...)
		}
		out.Book, out.touched = t.texts.Book(day), touchedParts(t.rules, &t.record, &account)
		out.Statement = account
		t.compare(c.expect, &account)
		if len(t.says) > 0 {
			full := res.Statement() // with the advice, for who looks for the mistake
			full.Standing = account.Standing
			out.Statements = []domain.Statement{full}
		}
	}
	out.Differences, out.OK = t.says, len(t.says) == 0
	return out
}

// readHistory reads who it is and what happened. What is not there, or has been told
// of when the file was read, is passed over.
func (t *trial) readHistory(c *Case) (period calendar.Period) {
	if c.period != nil {
		var err error
		if period, _, err = t.files.Period(c.period.Text, c.asOf); err != nil {
			t.noteError(c.period, err)
		}
	}
	t.member(c.member)
	for _, n := range c.changes {
		if readable(n, "自") {
			t.change(n)
		}
	}
	t.texts = t.files.Texts(t.residences)
	t.rules = t.texts.Book(c.asOfDay(period))
	for i, n := range c.attendance {
		if readable(n, "种类", "日期", "出勤") {
			t.attendance(i, n)
		}
	}
	for i, n := range c.entries {
		if readable(n, "项目", "日期") {
			t.claim(c.expect, i, n)
		}
	}
	return period
}

// asOfDay is the day that the case asks for.
func (c *Case) asOfDay(period calendar.Period) calendar.Day {
	if c.asOf != 0 {
		return min(c.asOf, period.Last)
	}
	return period.Last
}

// readable reports whether a row has what it must have, in plain values.
func readable(n *yamldoc.Node, must ...string) bool {
	for _, key := range must {
		if n.Get(key) == nil {
			return false
		}
	}
	return !n.Damaged && !slices.ContainsFunc(n.Pairs, func(p yamldoc.Pair) bool { return p.Value.Kind != yamldoc.Scalar })
}

// places reads 排在: the member's place at every level of 排名. Without it
// nobody is ranked.
func (t *trial) places(n *yamldoc.Node) []domain.Rank {
	if n == nil {
		return nil
	}
	number := func(key string, usual int) int {
		v := n.Get(key)
		if v == nil {
			return usual
		}
		i, err := strconv.Atoi(v.Text)
		if err != nil || i < 1 {
			t.noteMistake(v, key+"：“"+v.Text+"”不是名次或人数", "写 3 这样的整数")
		}
		return i
	}
	p := domain.Rank{Place: number("名次", 1), Of: number("人数", 1), Tied: number("并列", 1)}
	var out []domain.Rank
	for _, level := range t.rules.Ranking.Levels {
		p.Level = level
		out = append(out, p)
	}
	return out
}
