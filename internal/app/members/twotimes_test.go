package members_test

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// lists returns the lists of both branches with points, as of 1 June and as known by an
// instant.
func lists(t *testing.T, town *testkit.Town, known time.Time) string {
	t.Helper()
	var out []string
	for _, org := range []domain.Org{town.East, town.West} {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
			Below: org.Path, AsOf: testkit.Day(t, "2026-06-01"), KnownBy: known})
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Rows {
			st := &p.Rows[i].Standing
			total := "not scored"
			if st.Scored {
				total = st.Total.String()
			}
			out = append(out, org.Name+" "+string(p.Rows[i].Member.ID)+" "+total)
		}
	}
	return strings.Join(out, ", ")
}

// input is one thing that can be recorded, after what has to be there before.
type input struct {
	before func(t *testing.T, town *testkit.Town)
	record func(t *testing.T, town *testkit.Town) error
}

// inputs are every kind of it, each about days that are long over when it is
// recorded.
func inputs() map[string]input {
	day := func(month, day int) calendar.Day { return calendar.Of(2026, month, day) }
	deed := entries.EntryInput{Member: "E2", Item: "好事", On: day(3, 1)}
	missed := func(member domain.MemberID) activities.ActivityInput {
		return activities.ActivityInput{Kind: "党课", On: day(4, 1), Lines: []activities.Line{{Member: member, Status: "缺席"}}}
	}
	post := func(by func(*testkit.Town) *access.Actor) func(*testing.T, *testkit.Town) {
		return func(t *testing.T, town *testkit.Town) {
			if _, err := town.Entries.Post(ctx, by(town), deed, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	meet := func(member domain.MemberID) func(*testing.T, *testkit.Town) {
		return func(t *testing.T, town *testkit.Town) {
			m := missed(member)
			m.Org = town.East.ID
			if _, err := town.Activities.Record(ctx, town.Secretary, m, ""); err != nil {
				t.Fatal(err)
			}
		}
	}
	exempt := func(by func(*testkit.Town) *access.Actor, code string, steps ...string) func(*testing.T,
		*testkit.Town) error {
		return func(_ *testing.T, town *testkit.Town) error {
			_, err := town.Ledger.ChangeFact(ctx, by(town),
				members.FactChange{Member: "E2", Attribute: "豁免", Value: code, From: day(2, 1), Approved: steps}, "")
			return err
		}
	}
	must := func(f func(*testing.T, *testkit.Town) error) func(*testing.T, *testkit.Town) {
		return func(t *testing.T, town *testkit.Town) {
			if err := f(t, town); err != nil {
				t.Fatal(err)
			}
		}
	}
	agree := func(t *testing.T, town *testkit.Town) error {
		return town.Decide(town.Community, &town.Queue(t, town.Community)[0], true, "")
	}
	move := func(to func(*testkit.Town) domain.OrgID, from calendar.Day) func(*testing.T, *testkit.Town) error {
		return func(_ *testing.T, town *testkit.Town) error {
			_, err := town.Ledger.Move(ctx, town.Clerk, members.Move{Member: "E2", To: to(town), From: from}, "")
			return err
		}
	}
	secretary, community := func(w *testkit.Town) *access.Actor { return w.Secretary },
		func(w *testkit.Town) *access.Actor { return w.Community }
	nowhere, west, east := func(*testkit.Town) domain.OrgID { return "" },
		func(w *testkit.Town) domain.OrgID { return w.West.ID }, func(w *testkit.Town) domain.OrgID { return w.East.ID }
	return map[string]input{
		"an entry": {nil, func(t *testing.T, town *testkit.Town) error { post(secretary)(t, town); return nil }},
		"a reversal": {post(secretary), func(_ *testing.T, town *testkit.Town) error {
			_, err := town.Entries.Reverse(ctx, town.Secretary, 1, "记错了", "")
			return err
		}},
		"a claim agreed to": {func(t *testing.T, town *testkit.Town) {
			own := deed
			own.Member = "E1"
			if _, err := town.Entries.Post(ctx, town.Secretary, own, ""); err != nil {
				t.Fatal(err)
			}
		}, agree},
		"history from paper": {nil, func(_ *testing.T, town *testkit.Town) error {
			_, err := town.Entries.Import(ctx, town.Clerk, entries.Paper{Name: "台账", Entries: []entries.EntryInput{deed}}, false)
			return err
		}},
		"an attendance list from paper": {nil, func(_ *testing.T, town *testkit.Town) error {
			m := missed("E2")
			m.Org = town.East.ID
			_, err := town.Activities.Import(ctx, town.Clerk, "签到册", []activities.ActivityInput{m}, false)
			return err
		}},
		"a meeting":            {nil, func(t *testing.T, town *testkit.Town) error { meet("E2")(t, town); return nil }},
		"attendance agreed to": {meet("E1"), agree},
		"attendance corrected": {meet("E2"), func(_ *testing.T, town *testkit.Town) error {
			_, err := town.Activities.Correct(ctx, town.Secretary,
				activities.Correction{Activity: 1, Member: "E2", Status: "到会", Reason: "看漏了"}, "")
			return err
		}},
		"a meeting taken back": {meet("E2"), func(_ *testing.T, town *testkit.Town) error {
			_, err := town.Activities.Reverse(ctx, town.Secretary, 1, "没有开", "")
			return err
		}},
		"an exemption":           {nil, exempt(community, "长假", "本人申请", "支部委员会", "社区党委")},
		"an exemption agreed to": {must(exempt(secretary, "长假", "本人申请", "支部委员会")), agree},
		"an exemption ended":     {must(exempt(secretary, "不计", "支部委员会")), exempt(secretary, "无")},
		"a transfer":             {nil, move(west, day(5, 1))},
		"a leaving":              {nil, move(nowhere, day(5, 1))},
		"a return":               {must(move(nowhere, day(3, 1))), move(east, day(5, 1))},
		"another text of the rules": {post(secretary), func(_ *testing.T, town *testkit.Town) error {
			text := strings.Replace(testkit.Rules, "好事: {板块: 贡献, 分值: 2}", "好事: {板块: 贡献, 分值: 1}", 1)
			book := ruleset.Load("t.yaml", []byte(text)).Book
			return town.DB.Write(ctx, func(tx *store.Tx) error {
				return tx.InsertEnactment(domain.RuleVersion{Org: town.Street.ID, Code: book.Code, From: book.From,
					Hash: book.Hash, Source: text}, town.Clerk.Account)
			})
		}},
	}
}

// TestEveryInputHasTwoTimes: whatever is recorded about days gone by, the lists as
// known by the instant before stay what they were, and those of now do not.
func TestEveryInputHasTwoTimes(t *testing.T) {
	t.Parallel()
	for name, in := range inputs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			if in.before != nil {
				in.before(t, town)
			}
			known := town.Later(time.Hour)
			was := lists(t, town, time.Time{})
			town.Later(time.Hour)
			if err := in.record(t, town); err != nil {
				t.Fatal(err)
			}
			town.Later(time.Hour)
			if now := lists(t, town, time.Time{}); now == was {
				t.Errorf("it changed nothing: %s", now)
			}
			if then := lists(t, town, known); then != was {
				t.Errorf("as known before it was recorded: %s; it was %s", then, was)
			}
		})
	}
}
