package store

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
)

// correctedTown is a town in which much was put right, an hour apart each.
type correctedTown struct {
	town
	db       *DB
	hours    *atomic.Int64
	activity domain.ActivityID
}

// The entries of a corrected town: P1's returned claim, the one that takes it up
// again, and a plain one; P2's.
const (
	returned domain.EntryID = iota + 1
	again
	plain
	others
)

func correct(t *testing.T) *correctedTown {
	t.Helper()
	s := &correctedTown{hours: &atomic.Int64{}}
	db, err := Open(context.Background(), Options{Path: filepath.Join(t.TempDir(), "t.db"), Create: true, Random: zeros{},
		Unlined: true, Keys: []Generation{{Chain: make([]byte, 32)}},
		Now: func() time.Time { return noon().Add(time.Duration(s.hours.Load()) * time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s.db, s.town = db, settle(t, db)
	chain := domain.Route{"支部委员会", "社区党委"}
	deed := func(item, day string, route domain.Route, follows domain.RequestID) domain.NewEntry {
		return domain.NewEntry{Entry: domain.Entry{Item: item, On: on(day)}, Note: item + "的说明", Route: route,
			Follows: follows, Paper: "旧台账"}
	}
	s.post(t, "P1", deed("表彰", "2026-03-01", chain, 0))
	s.decide(t, 1, domain.RequestStep{Kind: domain.StepReturn, Organs: []string{"支部委员会"}, Reason: "证书没有交来"})
	s.post(t, "P1", deed("表彰", "2026-03-01", chain, 1))
	s.decide(t, 2, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"支部委员会"}, Rest: 1})
	s.decide(t, 2, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"社区党委"}})
	s.post(t, "P1", deed("好事", "2026-03-02", nil, 0))
	s.post(t, "P2", deed("好事", "2026-03-02", nil, 0))
	s.later(t, func(tx *Tx) (err error) {
		s.activity, err = tx.InsertActivity(domain.Activity{Org: s.west.ID, Kind: "党课", On: on("2026-03-03"), Title: "示例党课"},
			s.clerk)
		return err
	})
	s.attend(t, domain.AttendanceInput{Status: "缺席"})
	s.attend(t, domain.AttendanceInput{Status: "到会", Route: domain.Route{"支部书记"}, Reason: "签到表漏看"})
	s.decide(t, 3, domain.RequestStep{Kind: domain.StepReturn, Organs: []string{"支部书记"}, Reason: "没有来"})
	s.attend(t, domain.AttendanceInput{Status: "补课", MadeUpOn: on("2026-03-04"), Reason: "补听录音"})
	return s
}

// later writes an hour after the last.
func (s *correctedTown) later(t *testing.T, work func(tx *Tx) error) {
	t.Helper()
	s.hours.Add(1)
	write(t, s.db, work)
}

func (s *correctedTown) post(t *testing.T, id domain.MemberID, p domain.NewEntry) {
	t.Helper()
	s.later(t, func(tx *Tx) error {
		m, err := tx.Member(everybody, id)
		if err == nil {
			_, err = tx.InsertEntry(&m, p, s.clerk)
		}
		return err
	})
}

func (s *correctedTown) decide(t *testing.T, id domain.RequestID, step domain.RequestStep) {
	t.Helper()
	s.later(t, func(tx *Tx) error { return decide(tx, id, step, s.clerk) })
}

func (s *correctedTown) attend(t *testing.T, a domain.AttendanceInput) {
	t.Helper()
	s.later(t, func(tx *Tx) error {
		m, err := tx.Member(everybody, "P1")
		if err == nil {
			err = attend(tx, s.activity, &m, a, s.clerk)
		}
		return err
	})
}

func (s *correctedTown) reverse(t *testing.T, id domain.EntryID, reason string) {
	t.Helper()
	s.later(t, func(tx *Tx) error {
		e, err := tx.Entry(everybody, id)
		if err == nil {
			err = tx.InsertReversal(&e, reason, s.clerk)
		}
		return err
	})
}

// hour is the instant of the nth thing recorded.
func hour(n int) string { return Instant(noon().Add(time.Duration(n) * time.Hour)) }

// sealed is a seal in a line.
func sealed(l *domain.Proof) string {
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", l.ChainName, l.Seq, l.Wrong))
}

func entryHistory(t *testing.T, db *DB, id domain.EntryID) (out *domain.EntryHistory) {
	t.Helper()
	read(t, db, func(v *Snapshot) (err error) {
		out, err = v.EntryHistory(everybody, "P1", id)
		return err
	})
	return out
}

func attendanceHistory(t *testing.T, s *correctedTown) (out *domain.AttendanceHistory) {
	t.Helper()
	read(t, s.db, func(v *Snapshot) (err error) {
		out, err = v.AttendanceHistory(everybody, "P1", s.activity)
		return err
	})
	return out
}

func TestEntryStoryTellsBothWays(t *testing.T) {
	t.Parallel()
	s := correct(t)
	s.reverse(t, again, "重复录入")

	first := entryHistory(t, s.db, returned)
	if q := first.Request; q.State != domain.RequestReturned || first.Reversal != nil || first.Before != nil ||
		len(q.Steps) != 1 || q.Steps[0].Reason != "证书没有交来" {
		t.Errorf("%+v", first)
	}
	if len(first.After) != 1 || first.After[0].Entry != again || first.After[0].At != hour(3) {
		t.Errorf("what took it up again: %+v", first.After)
	}
	second := entryHistory(t, s.db, again)
	if b := second.Before; b == nil || b.Entry != returned || b.Steps[0].Reason != "证书没有交来" || len(second.After) != 0 {
		t.Errorf("what it takes up again: %+v", second.Before)
	}
	if e := &second.Entry; second.Request.State != domain.RequestAccepted || e.Entry.Item != "表彰" || e.Note != "表彰的说明" ||
		e.Paper != "旧台账" || e.ByName != "示例干事" || e.At != hour(3) {
		t.Errorf("%+v", second)
	}
	q := second.Request
	if n := len(q.Steps); n != 2 || q.Steps[0].Rest != 1 || q.Steps[1].At != hour(5) || q.Steps[1].Organs[0] != "社区党委" ||
		q.FirstAt != hour(1) {
		t.Errorf("%+v", q.Steps)
	}
	if r := second.Reversal; r == nil || r.Reason != "重复录入" || r.ByName != "示例干事" || r.By != s.clerk ||
		r.At != hour(int(s.hours.Load())) {
		t.Errorf("%+v", r)
	}
	// One chain: the home's, in which P1's affiliation is the first entry.
	got := []string{sealed(&q.Proof), sealed(&second.Proof), sealed(&q.Taken[0]), sealed(&q.Taken[1]),
		sealed(&second.Reversal.Proof)}
	expect.Equal(t, "got", got, []string{"东支部 5", "东支部 6", "东支部 7", "东支部 8", "东支部 15"})
	expect.Len(t, "second.Proof.Hash", second.Proof.Hash, 32)
	if p := entryHistory(t, s.db, plain); p.Request != nil || p.Reversal != nil {
		t.Errorf("%+v", p)
	}
}

func TestAttendanceStoryTellsEveryRow(t *testing.T) {
	t.Parallel()
	s := correct(t)
	told := func() (out []string) {
		a := attendanceHistory(t, s)
		if a.Activity.Title != "示例党课" || a.Org.Name != "西支部" || sealed(&a.Proof) != "西支部 3" || a.Member.ID != "P1" {
			t.Errorf("%+v", a)
		}
		for i := range a.Lines {
			l := &a.Lines[i]
			word := fmt.Sprintf("%s %s %s %s %s", l.Status, l.State, l.Reason, l.MadeUpOn, sealed(&l.Proof))
			if l.Request != nil {
				for k := range l.Request.Steps {
					word += " " + l.Request.Steps[k].Reason + " " + sealed(&l.Request.Taken[k])
				}
			}
			if l.Holds {
				word += " holds"
			}
			out = append(out, word)
		}
		return out
	}
	want := []string{
		"缺席 已同意   东支部 10", "到会 退回 签到表漏看  东支部 12 没有来 东支部 13", "补课 已同意 补听录音 2026-03-04 东支部 14 holds",
	}
	expect.Equal(t, "told", told(), want)
	// What waits holds nothing yet; the taking back does.
	s.attend(t, domain.AttendanceInput{Status: "到会", Route: domain.Route{"支部书记"}})
	if got := told(); len(got) != 4 || got[3] != "到会 待确认   东支部 16" || got[2] != want[2] {
		t.Errorf("%q", got)
	}
	s.attend(t, domain.AttendanceInput{Status: domain.AttendanceReversed})
	if got := told(); got[4] != "撤销 已同意   东支部 18 holds" || got[3] != "到会 撤回   东支部 16  东支部 17" ||
		strings.Contains(got[2], "holds") {
		t.Errorf("%q", got)
	}
}

// TestStoriesStayInTheScope asks for each as somebody, of somebody.
func TestStoriesStayInTheScope(t *testing.T) {
	t.Parallel()
	s := correct(t)
	east := s.secretary(s.east).Scope(access.SeeMembers)
	west := s.secretary(s.west).Scope(access.SeeMembers)
	self := (&access.Actor{Account: s.clerk, Member: "P1",
		Grants: []access.Grant{{Role: domain.RoleMember}}}).Scope(access.SeeOwn)
	for name, c := range map[string]struct {
		scope access.Scope
		id    domain.MemberID
		entry domain.EntryID
		seen  bool
	}{
		"his branch":            {east, "P1", plain, true},
		"himself":               {self, "P1", plain, true},
		"all":                   {everybody, "P1", plain, true},
		"another's":             {everybody, "P1", others, false},
		"another's by his name": {everybody, "P2", plain, false},
		"another branch":        {west, "P1", plain, false},
		"another, himself":      {self, "P2", others, false},
		"nobody":                {access.Scope{}, "P1", plain, false},
		"none":                  {everybody, "P1", 99, false},
		"nobody's":              {everybody, "P3", plain, false},
	} {
		err := s.db.Read(context.Background(), func(v *Snapshot) error {
			_, err := v.EntryHistory(c.scope, c.id, c.entry)
			return err
		})
		if (err == nil) != c.seen || (!c.seen && fault.CodeOf(err) != fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
		activity := s.activity
		if c.entry == 99 {
			activity = 99
		}
		seen := c.seen || name == "another's" // the activity is P1's all the same
		err = s.db.Read(context.Background(), func(v *Snapshot) error {
			_, err := v.AttendanceHistory(c.scope, c.id, activity)
			return err
		})
		if (err == nil) != seen || (!seen && fault.CodeOf(err) != fault.NotFound) {
			t.Errorf("%s, attendance: %v", name, err)
		}
		err = s.db.Read(context.Background(), func(v *Snapshot) error {
			_, err := v.TakenBack(c.scope, c.id, on("2026-12-31"), 9)
			return err
		})
		if sees := c.scope.Sees(c.id, map[domain.MemberID]string{"P1": s.east.Path, "P2": s.west.Path}[c.id]) &&
			c.id != "P3"; (err == nil) != sees {
			t.Errorf("%s, taken back: %v", name, err)
		}
	}
}

func TestStoriesTellWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, want string }{
		"nothing":  {"SELECT 1", ""},
		"an entry": {"DROP TRIGGER entries_stay; UPDATE entries SET item = '好事' WHERE id = 2", "entry 这一行被改过"},
		"its text": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE id = (SELECT note FROM entries " +
			"WHERE id = 2)", "entry 写的话被改过"},
		"a step": {"DROP TRIGGER request_steps_stay; UPDATE request_steps SET organs = '党小组' " +
			"WHERE request_id = 2 AND seq = 2", "step 2 这一行被改过"},
		"a step's entry": {"DROP TRIGGER chain_entries_kept; DELETE FROM chain_entries WHERE kind = 'request_step' " +
			"AND row_id = 2", "step 1 这一行不在链上, step 2 这一环与前一环不相连"},
		"whom it goes to": {"DROP TRIGGER requests_stay; UPDATE requests SET route = '支部书记' WHERE id = 2",
			"request 这一行被改过"},
		"when first": {"DROP TRIGGER requests_stay; UPDATE requests SET first_at = '' WHERE id = 2",
			"request 这一行被改过"},
		"why it was reversed": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE body = '重复录入'",
			"reversal 写的话被改过"},
		"a line": {"DROP TRIGGER attendance_stay; UPDATE attendance SET status = '到会' WHERE id = 1",
			"line 1 这一行被改过"},
		"a line's reason": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE body = '补听录音'", "line 3 写的话被改过"},
		"a line's step": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE body = '没有来'",
			"line 2 step 写的话被改过"},
		"the activity": {"DROP TRIGGER activities_stay; UPDATE activities SET occurred_on = '2026-03-02'",
			"activity 这一行被改过"},
		"its title": {"DROP TRIGGER texts_stay; UPDATE texts SET body = 'x' WHERE body = '示例党课'",
			"activity 写的话被改过"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := correct(t)
			s.reverse(t, again, "重复录入")
			raw(t, s.db, c.statement)
			var got []string
			note := func(what string, l *domain.Proof) {
				if l.Wrong != "" {
					got = append(got, what+" "+l.Wrong)
				}
			}
			e, a := entryHistory(t, s.db, again), attendanceHistory(t, s)
			note("entry", &e.Proof)
			note("request", &e.Request.Proof)
			for i := range e.Request.Taken {
				note(fmt.Sprintf("step %d", i+1), &e.Request.Taken[i])
			}
			note("reversal", &e.Reversal.Proof)
			note("activity", &a.Proof)
			for i := range a.Lines {
				note(fmt.Sprintf("line %d", i+1), &a.Lines[i].Proof)
				if q := a.Lines[i].Request; q != nil {
					note(fmt.Sprintf("line %d request", i+1), &q.Proof)
					for k := range q.Taken {
						note(fmt.Sprintf("line %d step", i+1), &q.Taken[k])
					}
				}
			}
			// What is chained to a changed row's hash still holds: only what is told of.
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), c.want)
			}
		})
	}
}
