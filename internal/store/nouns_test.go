package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
)

func on(s string) calendar.Day {
	d, err := calendar.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// write runs work and fails the test on an error.
func write(t *testing.T, db *DB, work func(tx *Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), work); err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
}

// read runs a read and fails the test on an error.
func read(t *testing.T, db *DB, f func(v *Snapshot) error) {
	t.Helper()
	if err := db.Read(context.Background(), f); err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
}

// town is a street with two communities of a branch each, a member in each
// branch, and a clerk.
type town struct {
	street, east, west domain.Org // the branches are east and west
	clerk              domain.AccountID
}

func settle(t *testing.T, db *DB) town {
	t.Helper()
	return settleBelow(t, db, domain.Org{})
}

// inBothTrees runs a test with the town at the top of the tree, and with the town
// below a district.
func inBothTrees(t *testing.T, test func(t *testing.T, db *DB, s town)) {
	t.Helper()
	t.Run("street at the top", func(t *testing.T) {
		t.Parallel()
		db := temporary(t)
		test(t, db, settle(t, db))
	})
	t.Run("below a district", func(t *testing.T) {
		t.Parallel()
		db := temporary(t)
		var district domain.Org
		write(t, db, func(tx *Tx) (err error) {
			district, err = tx.InsertOrg(domain.Org{Level: domain.District, Name: "示例区"})
			return err
		})
		test(t, db, settleBelow(t, db, district))
	})
}

// settleBelow settles the town below an organisation, the zero one for none.
func settleBelow(t *testing.T, db *DB, up domain.Org) town {
	t.Helper()
	var s town
	write(t, db, func(tx *Tx) error {
		var err error
		s.street, err = tx.InsertOrg(domain.Org{Parent: up.ID, Level: domain.Street, Name: "示例街道"})
		if err != nil {
			return err
		}
		for i, at := range []*domain.Org{&s.east, &s.west} {
			name := []string{"东", "西"}[i]
			up, err := tx.InsertOrg(domain.Org{Parent: s.street.ID, Level: domain.Community, Name: name + "社区"})
			if err != nil {
				return err
			}
			if *at, err = tx.InsertOrg(domain.Org{Parent: up.ID, Level: domain.Branch, Kind: "社区", Name: name + "支部"}); err != nil {
				return err
			}
			id := domain.MemberID([]string{"P1", "P2"}[i])
			if err := tx.InsertMember(id, "示例"+name, "sl"); err != nil {
				return err
			}
			if err := tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: "home", Org: at.ID, From: on("2020-01-01")}, 0); err != nil {
				return err
			}
		}
		s.clerk, err = tx.InsertAccount(domain.Account{Login: "clerk", Name: "示例干事"}, 0)
		return err
	})
	return s
}

var everybody = access.System("the test looks at all") //nolint:gochecknoglobals // a constant of the tests

func TestScopeIsTheOnlyWayToRows(t *testing.T) {
	t.Parallel()
	inBothTrees(t, testScopeIsTheOnlyWayToRows)
}

func testScopeIsTheOnlyWayToRows(t *testing.T, db *DB, s town) {
	east := (&access.Actor{Account: s.clerk, Grants: []access.Grant{{Role: domain.RoleSecretary, Path: s.east.Path}}}).Scope(access.SeeMembers)
	self := (&access.Actor{Account: s.clerk, Member: "P2", Grants: []access.Grant{{Role: domain.RoleMember}}}).Scope(access.SeeOwn)
	read(t, db, func(v *Snapshot) error {
		for _, c := range []struct {
			name  string
			scope access.Scope
			want  string
		}{{"nobody", access.Scope{}, ""}, {"east", east, "P1"}, {"self", self, "P2"}, {"all", everybody, "P1 P2"}} {
			members, err := v.Members(c.scope, "")
			if err != nil {
				return err
			}
			var got []string
			for _, m := range members {
				got = append(got, string(m.ID))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s sees %v", c.name, got)
			}
			for _, id := range []domain.MemberID{"P1", "P2", "P3"} {
				_, err := v.Member(c.scope, id)
				if seen := strings.Contains(c.want, string(id)); (err == nil) != seen || (!seen && fault.CodeOf(err) != fault.NotFound) {
					t.Errorf("%s asks for %s: %v", c.name, id, err)
				}
			}
		}
		orgs, err := v.Orgs(east, "")
		if err != nil || len(orgs) != 1 || orgs[0].Path != s.east.Path || orgs[0].Level != domain.Branch {
			t.Errorf("east sees %+v, %v", orgs, err)
		}
		if orgs, err = v.Orgs(everybody, s.street.Path); err != nil || len(orgs) != 5 {
			t.Errorf("all see %d organisations, %v", len(orgs), err)
		}
		return nil
	})
	if home := Line(s.east.Path); home[domain.Street] != s.street.ID || home[domain.Branch] != s.east.ID || home[domain.Community] == "" {
		t.Errorf("line of %s is %v", s.east.Path, home)
	}
}

// year records something of everything and returns what the engine is told.
func record(t *testing.T, db *DB, s town) (domain.EntryID, domain.ActivityID) {
	t.Helper()
	var entry domain.EntryID
	var meeting domain.ActivityID
	write(t, db, func(tx *Tx) error {
		if err := tx.InsertFact("P1", domain.Fact{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "书记"}}, s.clerk); err != nil {
			return err
		}
		if err := tx.InsertFact("P1", domain.Fact{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "无"}}, s.clerk); err != nil {
			return err
		}
		m, err := tx.Member(everybody, "P1")
		if err != nil {
			return err
		}
		e := domain.Entry{Item: "志愿服务", On: on("2026-03-01"), Points: 150, Chosen: true, Fields: []domain.Field{{Name: "时长", Value: domain.Value{Number: 350}}}}
		if entry, err = tx.InsertEntry(&m, domain.NewEntry{Entry: e, Note: "示例备注"}, s.clerk); err != nil {
			return err
		}
		if _, err = tx.InsertEntry(&m, domain.NewEntry{Entry: domain.Entry{Item: "交纳党费", On: on("2026-03-02")}, Route: domain.Route{"支部委员会", "社区党委"}}, s.clerk); err != nil {
			return err
		}
		a := domain.Activity{Org: s.east.ID, Kind: "党课", On: on("2026-03-03"), Title: "示例党课"}
		if meeting, err = tx.InsertActivity(a, s.clerk); err != nil {
			return err
		}
		if err = attend(tx, meeting, &m, domain.AttendanceInput{Status: "缺席"}, s.clerk); err != nil {
			return err
		}
		return attend(tx, meeting, &m, domain.AttendanceInput{Status: "到会"}, s.clerk)
	})
	return entry, meeting
}

// attend records how a member attended an activity.
func attend(tx *Tx, id domain.ActivityID, m *domain.Member, a domain.AttendanceInput, by domain.AccountID) error {
	activity, err := tx.Activity(everybody, id)
	if err == nil {
		_, err = tx.InsertAttendance(&activity, m, a, by)
	}
	return err
}

// decide records the next step of a request.
func decide(tx *Tx, id domain.RequestID, s domain.RequestStep, by domain.AccountID) error {
	q, err := tx.Request(everybody, id)
	if err != nil {
		return err
	}
	s.Seq = len(q.Steps) + 1
	return tx.InsertRequestStep(&q, s, by)
}

func records(t *testing.T, db *DB, id domain.MemberID) domain.MemberHistory {
	t.Helper()
	var out []domain.MemberHistory
	read(t, db, func(v *Snapshot) error {
		m, err := v.Member(everybody, id)
		if err != nil {
			return err
		}
		out, err = v.Records([]domain.Member{m})
		return err
	})
	return out[0]
}

func TestRecordsAreWhatHoldsNow(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	entry, meeting := record(t, db, s)
	want := domain.MemberHistory{
		Member:     domain.Membership{ID: "P1", Name: "示例东", Home: Line(s.east.Path), Kind: "社区", Joined: on("2020-01-01")},
		Facts:      []domain.Fact{{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "无"}}},
		Entries:    []domain.Entry{{ID: "1", Item: "志愿服务", On: on("2026-03-01"), Recorded: on("2026-03-05"), Points: 150, Chosen: true, Fields: []domain.Field{{Name: "时长", Value: domain.Value{Number: 350}}}}},
		Attendance: []domain.Attendance{{Activity: "1", Kind: "党课", On: on("2026-03-03"), Status: "到会"}},
	}
	if got := records(t, db, "P1"); !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %+v\nwant %+v", got, want)
	}
	// The claim counts once it is accepted, the entry no more once it is
	// reversed, attendance no more once it is withdrawn.
	write(t, db, func(tx *Tx) error {
		for step, organ := range []domain.Organ{"支部委员会", "社区党委"} {
			list, err := tx.WaitingRequests(everybody)
			if err != nil || len(list) != 1 || list[0].Subject != "交纳党费" || len(list[0].Steps) != step || PendingOf(&list[0]).Waits[0] != organ {
				return fmt.Errorf("requests %+v: %w", list, err)
			}
			d := domain.RequestStep{
				Seq: step + 1, Kind: domain.StepAccept, Organs: []string{organ.Name()}, Rest: 1 - step,
				Document: domain.Document{Number: "奎组发〔2026〕3号", On: on("2026-03-02")},
			}
			if err := tx.InsertRequestStep(&list[0], d, s.clerk); err != nil {
				return err
			}
			if err := tx.InsertRequestStep(&list[0], d, s.clerk); fault.CodeOf(err) != fault.Conflict {
				t.Errorf("a step taken twice: %v", err)
			}
		}
		if list, err := tx.WaitingRequests(everybody); err != nil || len(list) != 0 {
			return fmt.Errorf("requests %+v: %w", list, err)
		}
		// What has ended ends once, whatever the step's number.
		q, err := tx.Request(everybody, 1)
		if err != nil {
			return err
		}
		if err := tx.InsertRequestStep(&q, domain.RequestStep{Seq: 3, Kind: domain.StepWithdraw}, s.clerk); fault.CodeOf(err) != fault.Conflict {
			t.Errorf("withdrawn after it was accepted: %v", err)
		}
		e, err := tx.Entry(everybody, entry)
		if err != nil {
			return err
		}
		expect.Equal(t, "e.Note", e.Note, "示例备注")
		expect.Equal(t, "e.ByName", e.ByName, "示例干事")
		expect.Equal(t, "e.Reversed", e.Reversed, false)
		if err := tx.InsertReversal(&e, "重复录入", s.clerk); err != nil {
			return err
		}
		m, err := tx.Member(everybody, "P1")
		if err != nil {
			return err
		}
		return attend(tx, meeting, &m, domain.AttendanceInput{Status: domain.AttendanceReversed}, s.clerk)
	})
	got := records(t, db, "P1")
	expect.Len(t, "got.Entries", got.Entries, 1)
	expect.Equal(t, "got.Entries[0].Item", got.Entries[0].Item, "交纳党费")
	expect.Empty(t, "got.Attendance", got.Attendance)
	err := db.Write(context.Background(), func(tx *Tx) error {
		e, err := tx.Entry(everybody, entry)
		if err != nil {
			return err
		}
		expect.Equal(t, "e.Reversed", e.Reversed, true)
		expect.Equal(t, "e.Reason", e.Reason, "重复录入")
		return tx.InsertReversal(&e, "又一次", s.clerk)
	})
	if fault.CodeOf(err) != fault.Conflict {
		t.Errorf("reversed twice: %v", err)
	}
}

func TestEveryChangeOfInputsRaisesTheVersion(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	version := func() (n int64) {
		read(t, db, func(v *Snapshot) error {
			m, err := v.Member(everybody, "P1")
			n = m.Version
			return err
		})
		return n
	}
	last := version()
	record(t, db, s)
	if now := version(); now != last+6 {
		t.Errorf("six inputs raised the version from %d to %d", last, now)
	}
}

func TestAppendOnly(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	record(t, db, s)
	write(t, db, func(tx *Tx) error {
		return decide(tx, 1, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"支部委员会"}, Rest: 1}, s.clerk)
	})
	for _, statement := range []string{
		"UPDATE entries SET item = 'x'", "DELETE FROM entries", "UPDATE facts SET text = 'x'", "DELETE FROM attendance",
		"UPDATE requests SET route = 'x'", "DELETE FROM request_steps", "DELETE FROM requests",
		"INSERT OR REPLACE INTO entries (id, member_id, item, occurred_on, counts_on, recorded_at, recorded_by) VALUES (1, 'P1', 'x', '2026-01-01', '2026-01-01', '', 1)",
		"UPDATE chain_entries SET digest = x'00'", "DELETE FROM trail", "UPDATE texts SET body = 'x'", "DELETE FROM texts", "UPDATE orgs SET name = 'x'",
	} {
		err := db.Write(context.Background(), func(tx *Tx) error {
			if strings.Contains(statement, "tokens") {
				if _, err := tx.InsertToken([]byte(statement), domain.Token{Account: s.clerk, Name: "考勤机", Tail: "abcd", Expires: tx.Now()}); err != nil {
					return err
				}
			}
			if statement == "DELETE FROM trail" {
				if err := tx.InsertTrace(domain.AuditEvent{Account: s.clerk, Action: "登录"}); err != nil {
					return err
				}
			}
			_, err := tx.exec(statement)
			return err
		})
		if err == nil {
			t.Errorf("%s was done", statement)
		}
	}
}

func breaks(t *testing.T, db *DB) string {
	t.Helper()
	var out []string
	read(t, db, func(v *Snapshot) error {
		found, err := v.Verify()
		for _, b := range found {
			out = append(out, fmt.Sprintf("%s %d %s", b.Kind, b.Row, b.Why))
		}
		return err
	})
	return strings.Join(out, "; ")
}

func erased(t *testing.T, db *DB) (n int64) {
	t.Helper()
	read(t, db, func(v *Snapshot) (err error) {
		n, err = v.Erased()
		return err
	})
	return n
}

func root(t *testing.T, db *DB) (sum []byte) {
	t.Helper()
	read(t, db, func(v *Snapshot) error {
		heads, err := v.Heads()
		sum = Root(heads)
		return err
	})
	return sum
}

func TestVerifyFindsWhatAnExpertTamperedWith(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	s := settle(t, db)
	record(t, db, s)
	if got := breaks(t, db); got != "" {
		t.Fatalf("untouched, and yet %s", got)
	}
	// Erasing a text is no break.
	write(t, db, func(tx *Tx) error { return tx.EraseText(1, "本人要求", s.clerk) })
	if n := erased(t, db); n != 1 {
		t.Errorf("%d erased texts", n)
	}
	before := root(t, db)
	if got := breaks(t, db); got != "" || !bytes.Equal(root(t, db), before) {
		t.Errorf("an erased text: %s", got)
	}
	raw(t, db, "DROP TRIGGER entries_stay; UPDATE entries SET points = 999 WHERE id = 1")
	if got := breaks(t, db); got != "entry 1 这一行被改过" {
		t.Errorf("a changed row: %s", got)
	}
	// With every later hash recomputed the codes tell that it was done without the key.
	raw(t, db, "DROP TRIGGER chain_entries_stay; DROP TRIGGER chain_entries_kept")
	write(t, db, func(tx *Tx) error { return relink(tx, s.east.ID, newChains([]byte("another key"))) })
	if got := breaks(t, db); strings.Count(got, "不是用这个库的密钥写的") != 10 || strings.Count(got, ";") != 9 {
		t.Errorf("recomputed without the key: %s", got)
	}
	// With the key the chain holds, and the root tells.
	write(t, db, func(tx *Tx) error { return relink(tx, s.east.ID, tx.chains) })
	if got := breaks(t, db); got != "" {
		t.Errorf("recomputed, and yet %s", got)
	}
	if bytes.Equal(root(t, db), before) {
		t.Error("the root is the same")
	}
	raw(t, db, "DELETE FROM chain_entries WHERE chain_id = "+string(s.east.ID)+" AND seq > 2")
	if got := breaks(t, db); !strings.Contains(got, "entry 1 这一行不在链上") {
		t.Errorf("dropped links: %s", got)
	}
}

// relink does what a tamperer with the source would do.
func relink(tx *Tx, chain domain.OrgID, with *chains) error {
	var list []chainEntry
	if err := tx.all(&list, "SELECT chain_id, seq, format, kind, row_id FROM chain_entries WHERE chain_id = ? ORDER BY seq", orgKey(chain)); err != nil {
		return err
	}
	var before []byte
	for i := range list {
		e := &list[i]
		var err error
		if e.Digest, err = tx.digest(tx.chains.kinds[kind(e.Kind)], e.RowID); err != nil {
			return err
		}
		m := entryMessage(e, before)
		before = m.hash()
		if _, err := tx.exec("UPDATE chain_entries SET digest = ?, hash = ?, mac = ? WHERE chain_id = ? AND seq = ?",
			e.Digest, before, with.mac(m), e.ChainID, e.Seq); err != nil {
			return err
		}
	}
	tx.chains = with
	return tx.advance(domain.ChainHead{Chain: chain, Seq: int64(len(list)), Hash: before})
}

func TestRememberedOnlyWhileTheVersionHolds(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	settle(t, db)
	remembered := func() map[domain.MemberID]domain.CachedStanding {
		out := map[domain.MemberID]domain.CachedStanding{}
		read(t, db, func(v *Snapshot) error {
			list, err := v.Population(everybody, "", "weizhou", "2026", 0, on("2026-03-01"))
			for _, k := range list {
				if k.Any {
					out[k.Member.ID] = k.Remembered
				}
			}
			expect.Len(t, "list", list, 2)
			expect.Equal(t, "list[0].Member.Home.Name", list[0].Member.Home.Name, "东支部")
			return err
		})
		return out
	}
	s := domain.CachedStanding{Member: "P1", Version: 2, Rules: "r", AsOf: on("2026-03-01"), Until: calendar.Forever, Body: []byte("{}")}
	write(t, db, func(tx *Tx) error { return tx.Remember("weizhou", "2026", s) })
	if got := remembered(); !reflect.DeepEqual(got, map[domain.MemberID]domain.CachedStanding{"P1": s}) {
		t.Fatalf("%+v", got)
	}
	s.Version, s.Body = 1, []byte("old")
	write(t, db, func(tx *Tx) error { return tx.Remember("weizhou", "2026", s) })
	if got := remembered()["P1"]; string(got.Body) != "{}" {
		t.Errorf("an older computation was kept: %+v", got)
	}
}

func TestSchemaKeepsToItsRules(t *testing.T) {
	t.Parallel()
	db := temporary(t)
	var tables []struct{ Name, Sql string }
	read(t, db, func(v *Snapshot) error {
		return v.all(&tables, "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
	})
	for _, s := range tables {
		if strings.Contains(s.Sql, "RAISE(ROLLBACK") || strings.Contains(strings.ToUpper(s.Sql), "DEFERRABLE") {
			t.Errorf("%s: %s", s.Name, s.Sql)
		}
		if strings.HasPrefix(s.Sql, "CREATE TABLE") && !strings.Contains(s.Sql, "STRICT") {
			t.Errorf("%s is not STRICT", s.Name)
		}
	}
	if len(tables) < 30 {
		t.Errorf("only %d objects", len(tables))
	}
}
