package members_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

func TestFactsAreChangedFromADayOn(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	day := func(s string) members.FactChange {
		return members.FactChange{Member: "E2", Attribute: "处分", Value: "警告", From: testkit.Day(t, s)}
	}
	for name, c := range map[string]struct {
		by     *access.Actor
		change members.FactChange
		want   string
	}{
		"a member":                 {town.Member, day("2026-05-01"), "没有这个权限"},
		"discipline by the branch": {town.Secretary, day("2026-05-01"), "社区党委以上"},
		"somebody else's": {town.Secretary,
			members.FactChange{Member: "W1", Attribute: "人员类别", Value: "预备党员", From: testkit.Day(t, "2026-05-01")}, "没有这名党员"},
		"oneself": {town.Secretary,
			members.FactChange{Member: "E1", Attribute: "人员类别", Value: "预备党员", From: testkit.Day(t, "2026-05-01")}, "由别人登记"},
		"another word": {town.Clerk, members.FactChange{Member: "E2", Attribute: "处分", Value: "警吿",
			From: testkit.Day(t, "2026-05-01")}, "没有“警吿”"},
		"another attribute": {town.Clerk, members.FactChange{Member: "E2", Attribute: "血型", Value: "A",
			From: testkit.Day(t, "2026-05-01")}, "没有“血型”"},
		"before he was here": {town.Clerk, day("2019-12-31"), "才在这里"},
		"far ahead":          {town.Clerk, day("2028-01-01"), "太远"},
	} {
		if _, err := town.Ledger.ChangeFact(ctx, c.by, c.change, ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range 2 {
		if done, err := town.Ledger.ChangeFact(ctx, town.Community, day("2026-05-01"), "k"); err != nil ||
			done.Replay != (i == 1) || done.Asked != nil {
			t.Errorf("%+v, %v", done, err)
		}
	}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		steps, err := v.History(town.Secretary.Scope(access.ManageMembers), "E2")
		if len(steps) != 2 || steps[0].Fact.Value.Text+steps[1].Fact.Value.Text != "警告" {
			t.Errorf("%+v", steps)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertPeriodStep(town.East.ID, "2026", true,
			0)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.ChangeFact(ctx, town.Clerk, day("2026-05-02"), ""); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("in a locked period: %v", err)
	}
}

func TestMembersMove(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	move := func(to domain.OrgID, from string) members.Move {
		return members.Move{Member: "E2", To: to, From: testkit.Day(t, from)}
	}
	for name, c := range map[string]struct {
		by   *access.Actor
		move members.Move
		want string
	}{
		"a secretary, away":    {town.Secretary, move("", "2026-05-01"), "没有这个权限"},
		"a recorder":           {town.Recorder, move(town.West.ID, "2026-05-01"), "没有这个权限"},
		"to where he is":       {town.Clerk, move(town.East.ID, "2026-05-01"), "已经在“东支部”"},
		"to what is no branch": {town.Clerk, move(town.Street.ID, "2026-05-01"), "不是支部"},
		"tomorrow":             {town.Clerk, move(town.West.ID, "2026-06-02"), "到那一天再登记"},
		"in another century":   {town.Clerk, move(town.West.ID, "2126-06-02"), "到那一天再登记"},
		"leaves tomorrow":      {town.Clerk, move("", "2026-06-02"), "到那一天再登记"},
	} {
		if _, err := town.Ledger.Move(ctx, c.by, c.move, ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-01")}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move(town.West.ID, "2026-05-01"), ""); err != nil {
		t.Fatal(err)
	}
	in := func(org domain.Org) (total string) {
		p, err := town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
			Below: org.Path, AsOf: testkit.Day(t, "2026-06-01")})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			if r.Member.ID == "E2" {
				total = r.Standing.Total.String()
			}
		}
		return total
	}
	if e, w := in(town.East), in(town.West); e != "" || w != "82" {
		t.Errorf("in the east %q, in the west %q: his points go with him", e, w)
	}
	if e, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-30")}, ""); err != nil || !e.Waiting ||
		e.ShowsTotals {
		t.Errorf("what was in its days the former branch may still report, as a claim: %+v, %v", e, err)
	}
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-05-02")},
		""); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("and nothing later: %v", err)
	}
	if w := in(town.West); w != "82" {
		t.Errorf("and that waits: %s", w)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move("", "2026-05-10"), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move("", "2026-05-11"), ""); fault.CodeOf(err) != fault.Conflict {
		t.Errorf("left twice: %v", err)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move(town.East.ID, "2026-05-20"), ""); err != nil {
		t.Errorf("came back: %v", err)
	}
	if e := in(town.East); e != "82" {
		t.Errorf("back in the east with %q", e)
	}
	if _, err := town.Ledger.Move(ctx, town.Clerk, move(town.West.ID, "2026-06-01"), ""); err != nil {
		t.Errorf("on the day itself: %v", err)
	}
}

// TestWhatIsNotThereCannotBeEnded: neither an exemption nor discipline, and what is to begin
// later is not there yet.
func TestWhatIsNotThereCannotBeEnded(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	record := func(attribute, value, from string, approved ...string) error {
		_, err := town.Ledger.ChangeFact(ctx, town.Community, members.FactChange{Member: "E2", Attribute: attribute,
			Value: value, From: testkit.Day(t, from), Approved: approved}, "")
		return err
	}
	expect.Fault(t, record("豁免", "无", "2026-05-20"), fault.Conflict, "示例东2 在 2026-05-20 没有豁免")
	expect.Fault(t, record("处分", "无", "2026-05-20"), fault.Conflict, "没有处分")
	expect.NoError(t, "an exemption", record("豁免", "不计", "2026-05-20", "支部委员会"))
	expect.Fault(t, record("豁免", "无", "2026-05-19"), fault.Conflict, "没有豁免")
	expect.NoError(t, "its end", record("豁免", "无", "2026-06-01"))
	expect.Fault(t, record("豁免", "无", "2026-06-02"), fault.Conflict, "没有豁免")
}

// TestFactsMayBeginAhead: unlike a move, a fact that is known to begin is
// written down when it is known.
func TestFactsMayBeginAhead(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	if _, err := town.Ledger.ChangeFact(ctx, town.Clerk,
		members.FactChange{Member: "E2", Attribute: "处分", Value: "警告", From: testkit.Day(t, "2026-06-02")}, ""); err != nil {
		t.Error(err)
	}
}

func TestAnExemptionTakesItsStepsAndNoOthers(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	exempt := func(code string, steps ...string) error {
		_, err := town.Ledger.ChangeFact(ctx, town.Secretary,
			members.FactChange{Member: "E2", Attribute: "豁免", Value: code, From: testkit.Day(t, "2026-05-01"), Approved: steps},
			"")
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"without its step":   {exempt("免会"), "还没有走完：支部委员会"},
		"with another step":  {exempt("免会", "支部委员会", "党小组"), "没有“党小组”这一步（要走的是：支部委员会）"},
		"ended with a step":  {exempt("无", "支部委员会"), "没有“支部委员会”这一步（它不要走哪一步）"},
		"of an unknown code": {exempt("免费"), "没有“免费”"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("%s: %v", name, c.err)
		}
	}
	if err := exempt("免会", "支部委员会"); err != nil {
		t.Error(err)
	}
	if err := exempt("无"); err != nil {
		t.Error(err)
	}
}

// TestBothListsAreRightForBothDates: who moved is on the old branch's list of the
// day before and on the new branch's from the day itself; as known before it was
// recorded, he never moved.
func TestBothListsAreRightForBothDates(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	before := testkit.Now()
	town.Later(time.Hour)
	if _, err := town.Entries.Post(ctx, town.Secretary,
		entries.EntryInput{Member: "E2", Item: "好事", On: testkit.Day(t, "2026-04-01")}, ""); err != nil {
		t.Fatal(err)
	}
	town.Later(time.Hour)
	if _, err := town.Ledger.Move(ctx, town.Clerk,
		members.Move{Member: "E2", To: town.West.ID, From: testkit.Day(t, "2026-05-01")}, ""); err != nil {
		t.Fatal(err)
	}
	list := func(scope access.Scope, org domain.Org, day string, known time.Time) (out []string) {
		t.Helper()
		p, err := town.Standings.Current(ctx, standings.Question{Scope: scope, Below: org.Path, AsOf: testkit.Day(t, day),
			KnownBy: known})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			out = append(out, string(r.Member.ID)+" "+r.Standing.Total.String()+" "+r.Member.Home.Name)
		}
		return out
	}
	all := access.System("the test looks at all")
	for range 2 { // computed, then remembered or held
		for _, c := range []struct {
			org   domain.Org
			day   string
			known time.Time
			want  string
		}{
			{town.East, "2026-04-30", time.Time{}, "E1 80 东支部,E2 82 东支部"},
			{town.West, "2026-04-30", time.Time{}, "W1 80 西支部,W2 80 西支部"},
			{town.East, "2026-05-01", time.Time{}, "E1 80 东支部"},
			{town.West, "2026-05-01", time.Time{}, "E2 82 西支部,W1 80 西支部,W2 80 西支部"},
			{town.East, "2026-06-01", time.Time{}, "E1 80 东支部"},
			{town.East, "2026-06-01", before, "E1 80 东支部,E2 80 东支部"},
			{town.West, "2026-06-01", before, "W1 80 西支部,W2 80 西支部"},
			{town.East, "2026-06-01", before.Add(time.Hour), "E1 80 东支部,E2 82 东支部"},
		} {
			if got := strings.Join(list(all, c.org, c.day, c.known), ","); got != c.want {
				t.Errorf("%s on %s: %s, want %s", c.org.Name, c.day, got, c.want)
			}
		}
	}
	// The old branch sees its own list of then, not what he has done since.
	expect.Len(t, "list", list(town.Secretary.Scope(access.SeeMembers), town.East, "2026-04-30", time.Time{}), 2)
	expect.Len(t, "list", list(town.Secretary.Scope(access.SeeMembers), town.East, "2026-06-01", time.Time{}), 1)
	if _, err := town.Standings.Explain(ctx, standings.Question{Scope: town.Secretary.Scope(access.SeeMembers),
		AsOf: testkit.Day(t, "2026-04-30")}, "E2"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("the old branch reads his account: %v", err)
	}
	e, err := town.Standings.Explain(ctx, standings.Question{Scope: all, AsOf: testkit.Day(t, "2026-04-30")}, "E2")
	if err != nil || e.Member.Home.Name != "东支部" || !e.Member.Moved {
		t.Errorf("%+v, %v", e, err)
	}
}

// TestWhatAnAttributeOfWordsSaysMayBeErased: the use case keeps free text as such, and
// an option of the rules as what it is.
func TestWhatAnAttributeOfWordsSaysMayBeErased(t *testing.T) {
	t.Parallel()
	ctx, town := context.Background(), testkit.New(t)
	text := strings.Replace(testkit.Rules, "板块: {", "属性: {特长: 文字}\n板块: {", 1)
	book := ruleset.Load("t.yaml", []byte(text)).Book
	if err := town.DB.Write(ctx, func(tx *store.Tx) error {
		return tx.InsertEnactment(domain.RuleVersion{Org: town.Street.ID, Code: book.Code, From: book.From, Hash: book.Hash,
			Source: text}, town.Clerk.Account)
	}); err != nil {
		t.Fatal(err)
	}
	for _, f := range []members.FactChange{
		{Member: "E2", Attribute: "特长", Value: "书法", From: testkit.Day(t, "2026-05-01")},
		{Member: "E2", Attribute: "处分", Value: "警告", From: testkit.Day(t, "2026-05-02")},
	} {
		if _, err := town.Ledger.ChangeFact(ctx, town.Clerk, f, ""); err != nil {
			t.Fatal(err)
		}
	}
	free := map[string]bool{}
	if err := town.DB.Read(ctx, func(v *store.Snapshot) error {
		list, err := v.History(access.System("the test looks at all"), "E2")
		for i := range list {
			free[list[i].Fact.Attribute+" "+list[i].Fact.Value.Text] = list[i].Fact.Free
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if is, ok := free["特长 书法"]; !is || !ok {
		t.Errorf("特长 is not kept as free text: %v", free)
	}
	if is, ok := free["处分 警告"]; is || !ok {
		t.Errorf("处分 is kept as free text: %v", free)
	}
}
