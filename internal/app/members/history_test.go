package members_test

import (
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// history runs what happens in the town against the model.
type history struct {
	*testing.T
	town *testkit.Town
	m    model
}

func (s *history) must(rt *rapid.T, err error) {
	rt.Helper()
	if err != nil {
		rt.Fatal(err)
	}
}

// posts reports whether what an actor records of a member counts at once.
func (s *history) posts(actor *access.Actor, member domain.MemberID) bool {
	return actor == s.town.Clerk || (s.m.home[member] == "east" && member != actor.Member)
}

func (s *history) post(rt *rapid.T) {
	actor := rapid.SampledFrom([]*access.Actor{s.town.Clerk, s.town.Secretary}).Draw(rt, "actor")
	member := s.member(rt)
	month := rapid.IntRange(1, 5).Draw(rt, "month")
	d := entries.EntryInput{Member: member, Item: "好事",
		On: calendar.Of(2026, month, rapid.IntRange(1, 28).Draw(rt, "day"))}
	e := modelEntry{member: member, month: month, extra: 2_00, byE1: actor == s.town.Secretary}
	if !s.posts(actor, member) {
		e.asks = "b"
	}
	if rapid.Bool().Draw(rt, "discretion") {
		n := rapid.IntRange(-5, 5).Draw(rt, "points")
		d.Item, d.Points = "酌情", strconv.Itoa(n)
		e.base, e.extra = domain.Points(n)*100, 0
	}
	s.hand(rt, actor, d, e)
}

// claim is E2's own of a deed that branch, community and street decide, or the
// secretary's of anybody.
func (s *history) claim(rt *rapid.T) {
	d := entries.EntryInput{Member: "E2", Item: "表彰", On: calendar.Of(2026, 5, rapid.IntRange(3, 28).Draw(rt, "day")),
		Fields: map[string]string{"级别": "国家"}}
	e := modelEntry{month: 5, extra: 3_00, asks: "bcs", above: true, byE2: true}
	actor := s.town.Member
	if rapid.Bool().Draw(rt, "secretary") {
		actor, d.Member, e.byE1, e.byE2 = s.town.Secretary, s.member(rt), true, false
		if s.posts(actor, d.Member) {
			e.asks = "cs"
		}
	}
	e.member = d.Member
	s.hand(rt, actor, d, e)
}

func (s *history) hand(rt *rapid.T, actor *access.Actor, d entries.EntryInput, e modelEntry) {
	got, err := s.town.Entries.Post(ctx, actor, d, "")
	s.must(rt, err)
	if got.Waiting != (e.asks != "") || len(got.Asked) != len(e.asks) {
		rt.Fatalf("%v are asked, want %s", got.Asked, e.asks)
	}
	e.id, e.request = int64(got.Entry), got.Request
	s.m.entries = append(s.m.entries, e)
}

func (s *history) member(rt *rapid.T) domain.MemberID {
	return rapid.SampledFrom([]domain.MemberID{"E1", "E2", "W1", "W2"}).Draw(rt, "member")
}

func (s *history) status(rt *rapid.T) domain.AttendanceStatus {
	return rapid.SampledFrom([]domain.AttendanceStatus{"到会", "缺席", "请假", "补课"}).Draw(rt, "status")
}

func (s *history) holdActivity(rt *rapid.T) {
	actor := rapid.SampledFrom([]*access.Actor{s.town.Clerk, s.town.Secretary}).Draw(rt, "actor")
	month := rapid.IntRange(1, 5).Draw(rt, "month")
	meeting := activities.ActivityInput{Org: s.town.East.ID, Kind: "党课",
		On:    calendar.Of(2026, month, rapid.IntRange(1, 28).Draw(rt, "day")),
		Title: "第 " + strconv.Itoa(len(s.m.lines)) + " 场"}
	var lines []modelLine
	for _, id := range []domain.MemberID{"E1", "E2", "W1", "W2"} {
		if rapid.Bool().Draw(rt, "there") {
			l := activities.Line{Member: id, Status: s.status(rt)}
			meeting.Lines = append(meeting.Lines, l)
			lines = append(lines, modelLine{member: id, month: month, status: l.Status, waits: !s.posts(actor, id)})
		}
	}
	if len(lines) == 0 {
		return
	}
	r, err := s.town.Activities.Record(ctx, actor, meeting, "")
	s.must(rt, err)
	for i := range lines {
		lines[i].activity = int64(r.Activity)
	}
	s.m.lines = append(s.m.lines, lines...)
}

func (s *history) decide(rt *rapid.T) {
	accept := rapid.Bool().Draw(rt, "accept")
	var queued []requests.Queued
	var by []*access.Actor
	for _, actor := range []*access.Actor{s.town.Secretary, s.town.Community, s.town.Clerk, s.town.Second} {
		s.must(rt, s.town.DB.Read(ctx, func(v *store.Snapshot) error {
			mine, _, err := s.town.Ledger.Requests.Queue(v, actor)
			for i := range mine {
				if !slices.ContainsFunc(queued, func(q requests.Queued) bool { return q.ID == mine[i].ID }) {
					queued, by = append(queued, mine[i]), append(by, actor)
				}
			}
			return err
		}))
	}
	waiting := 0
	for i := range s.m.entries {
		if s.m.entries[i].asks != "" && !s.m.entries[i].gone {
			waiting++
		}
	}
	for i := range s.m.lines {
		if l := &s.m.lines[i]; l.waits && s.m.shown(l.activity, l.member) == l {
			waiting++
		}
	}
	for _, state := range s.m.exempt {
		if state == "asked" || state == "half" {
			waiting++
		}
	}
	if len(queued) != waiting {
		rt.Fatalf("%d wait, want %d", len(queued), waiting)
	}
	if waiting == 0 {
		return
	}
	n := rapid.IntRange(0, waiting-1).Draw(rt, "which")
	q := queued[n]
	s.must(rt, s.town.Decide(by[n], &q, accept, "看过"))
	if q.Kind == domain.ExemptionRequest {
		s.m.exempt[q.Member.ID] = s.m.exempted(q.Member.ID, accept)
		return
	}
	if q.Kind == domain.EntryRequest {
		for i := range s.m.entries {
			if e := &s.m.entries[i]; e.request == q.ID {
				e.gone = !accept
				e.asks = e.asks[s.m.taken(e):]
			}
		}
		return
	}
	var activity domain.ActivityID
	s.must(rt, s.town.DB.Read(ctx, func(v *store.Snapshot) error {
		d, err := s.town.Ledger.Requests.Details(v, &q.Request)
		activity = d.Activity
		return err
	}))
	l := s.m.shown(int64(activity), q.Member.ID)
	if l == nil || !l.waits {
		rt.Fatalf("the model knows nothing of request %d", q.ID)
	}
	l.waits, l.gone = false, !accept
}

func (s *history) reverse(rt *rapid.T) {
	if len(s.m.entries) == 0 {
		return
	}
	e := &s.m.entries[rapid.IntRange(0, len(s.m.entries)-1).Draw(rt, "which")]
	by := rapid.SampledFrom([]*access.Actor{s.town.Clerk, s.town.Secretary}).Draw(rt, "actor")
	_, err := s.town.Entries.Reverse(ctx, by, domain.EntryID(e.id), "记错了", "")
	refused := fault.Code("")
	switch {
	case by == s.town.Secretary && s.m.home[e.member] != "east":
		refused = fault.NotFound
	case e.gone, e.asks != "": // already, or it does not count yet
		refused = fault.Conflict
	case by == s.town.Secretary && (e.member == "E1" || e.above):
		refused = fault.Forbidden
	}
	if refused != "" {
		if fault.CodeOf(err) != refused {
			rt.Fatalf("reversed by %s: %v, want %s", by.Name, err, refused)
		}
		return
	}
	s.must(rt, err)
	e.gone = true
}

// withdraw takes back a claim that the actor handed in.
func (s *history) withdraw(rt *rapid.T) {
	if len(s.m.entries) == 0 {
		return
	}
	e := &s.m.entries[rapid.IntRange(0, len(s.m.entries)-1).Draw(rt, "which")]
	by := s.town.Clerk
	switch {
	case e.byE1:
		by = s.town.Secretary
	case e.byE2:
		by = s.town.Member
	}
	_, err := s.town.Ledger.Requests.Withdraw(ctx, by, e.request, "")
	if e.gone || e.asks == "" {
		if code := fault.CodeOf(err); code != fault.Conflict && code != fault.NotFound {
			rt.Fatalf("withdrawn what does not wait: %v", err)
		}
		return
	}
	s.must(rt, err)
	e.gone = true
}

// takeBack takes a whole activity back, or is refused for what others have agreed
// to.
func (s *history) takeBack(rt *rapid.T) {
	if len(s.m.lines) == 0 {
		return
	}
	activity := s.m.lines[rapid.IntRange(0, len(s.m.lines)-1).Draw(rt, "which")].activity
	by := rapid.SampledFrom([]*access.Actor{s.town.Clerk, s.town.Secretary}).Draw(rt, "actor")
	_, err := s.town.Activities.Reverse(ctx, by, domain.ActivityID(activity), "那天没有开会", "")
	refused := fault.Code("")
	for member := range s.m.home {
		// what counts for him was recorded or agreed to by others
		if s.m.holds(activity, member) != nil && !s.posts(by, member) {
			refused = fault.Forbidden
		}
	}
	if s.m.over(activity) {
		refused = fault.Conflict
	}
	if refused != "" {
		if fault.CodeOf(err) != refused {
			rt.Fatalf("taken back by %s: %v, want %s", by.Name, err, refused)
		}
		return
	}
	s.must(rt, err)
	for i := range s.m.lines {
		if l := &s.m.lines[i]; l.activity == activity {
			l.void = true
		}
	}
}

func (s *history) correct(rt *rapid.T) {
	if len(s.m.lines) == 0 {
		return
	}
	l := s.m.lines[rapid.IntRange(0, len(s.m.lines)-1).Draw(rt, "which")]
	by, status := rapid.SampledFrom([]*access.Actor{s.town.Clerk, s.town.Secretary}).Draw(rt, "actor"), s.status(rt)
	fix := activities.Correction{
		Activity: domain.ActivityID(l.activity), Member: l.member, Status: status, Reason: "看错了",
	}
	if status == domain.MadeUp {
		fix.MadeUpOn = calendar.Of(2026, 5, 30)
	}
	_, err := s.town.Activities.Correct(ctx, by, fix, "")
	if now := s.m.shown(l.activity, l.member); s.m.over(l.activity) || now != nil && now.status == status {
		if fault.CodeOf(err) != fault.Conflict {
			rt.Fatalf("corrected to the same, or what was taken back: %v", err)
		}
		return
	}
	s.must(rt, err)
	s.m.lines = append(s.m.lines, modelLine{activity: l.activity, member: l.member, month: l.month, status: status,
		waits: !s.posts(by, l.member)})
}

func (s *history) transfer(rt *rapid.T) {
	member := s.member(rt)
	to, name := s.town.East, "east"
	if s.m.home[member] == "east" {
		to, name = s.town.West, "west"
	}
	from := calendar.Of(2025, 9, 1) + calendar.Day(s.m.moves[member])
	_, err := s.town.Ledger.Move(ctx, s.town.Clerk, members.Move{Member: member, To: to.ID, From: from}, "")
	s.must(rt, err)
	if name == "west" && s.m.moves[member] > 0 { // whoever came to the east was its guest until then
		_, err := s.town.Ledger.RecordSecondary(ctx, s.town.Clerk,
			members.SecondaryInput{Member: member, Org: s.town.East.ID, From: from}, "")
		s.must(rt, err)
	}
	if member == "E1" && name == "west" { // his office ends with the move, and he is given it anew
		s.must(rt, s.town.DB.Write(ctx, func(tx *store.Tx) error {
			return tx.InsertAssignment(s.town.Secretary.Account, domain.RoleSecretary, s.town.East.ID, false, 0)
		}))
	}
	s.m.home[member] = name
	s.m.moves[member]++
}

// exempt asks for an exemption by which nothing is scored, from the day of the
// check on, or ends the one that holds.
func (s *history) exempt(rt *rapid.T) {
	member := s.member(rt)
	x := s.m.exempt[member]
	by := rapid.SampledFrom([]*access.Actor{s.town.Clerk, s.town.Community}).Draw(rt, "actor")
	f := members.FactChange{Member: member, Attribute: "豁免", Value: "长假", From: calendar.Of(2026, 6, 1),
		Approved: []string{"本人申请", "支部委员会", "社区党委"}}
	refused := fault.Code("")
	switch x {
	case "":
		by, f.Approved = s.town.Member, nil
		if f.Member = "E2"; s.m.exempt["E2"] != "" {
			return
		}
		s.m.exempt["E2"] = "asked"
	case "asked", "half":
		refused = fault.Conflict
	default:
		f.Value, f.Approved = "无", nil
	}
	if by == s.town.Community && s.m.home[f.Member] != "east" {
		refused = fault.NotFound
	}
	_, err := s.town.Ledger.ChangeFact(ctx, by, f, "")
	if refused != "" {
		if fault.CodeOf(err) != refused {
			rt.Fatalf("exempted by %s: %v, want %s", by.Name, err, refused)
		}
		return
	}
	if s.must(rt, err); x == "holds" {
		s.m.exempt[member] = ""
	}
}

// check compares everybody's standing and branch with the model.
func (s *history) check(rt *rapid.T) {
	p, err := s.town.Standings.Current(ctx, standings.Question{Scope: access.System("the test looks at all"),
		AsOf: calendar.Of(2026, 6, 1)})
	s.must(rt, err)
	for i := range p.Rows {
		r := &p.Rows[i]
		if r.Standing.Scored == (s.m.exempt[r.Member.ID] == "holds") {
			rt.Fatalf("%s is scored: %v, and his exemption is %q", r.Member.ID, r.Standing.Scored, s.m.exempt[r.Member.ID])
		}
		if want := s.m.total(r.Member.ID); r.Standing.Scored && r.Standing.Total != want {
			rt.Fatalf("%s has %s, want %s", r.Member.ID, r.Standing.Total, want)
		}
		if east := r.Member.Home.ID == s.town.East.ID; east != (s.m.home[r.Member.ID] == "east") {
			rt.Fatalf("%s is in %s", r.Member.ID, r.Member.Home.Name)
		}
	}
}

// TestAnyHistoryComesToWhatTheModelSays runs random histories of entries, meetings,
// claims, decisions, withdrawals, reversals, corrections, meetings taken back,
// transfers and exemptions, and compares after
// every step; at the end the chain holds. rapid prints the seed of a failure.
func TestAnyHistoryComesToWhatTheModelSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := &history{T: t, town: testkit.New(t), m: model{moves: map[domain.MemberID]int{},
			home:   map[domain.MemberID]string{"E1": "east", "E2": "east", "W1": "west", "W2": "west"},
			exempt: map[domain.MemberID]string{}}}
		defer s.town.Close(t)
		s.town.Host(t, "E1", "E2", "W1", "W2") // whoever moves away is still known by name
		rt.Repeat(map[string]func(*rapid.T){
			"post": s.post, "claim": s.claim, "meet": s.holdActivity, "decide": s.decide, "reverse": s.reverse,
			"withdraw": s.withdraw,
			"correct":  s.correct, "takeBack": s.takeBack, "transfer": s.transfer, "exempt": s.exempt, "": s.check,
		})
		s.must(rt, s.town.DB.Exclusive(ctx, func(tx *store.Tx) error {
			broken, err := tx.Verify()
			if len(broken) > 0 {
				rt.Fatalf("%+v", broken)
			}
			return err
		}))
	})
}
