package store

import (
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
func write(t testing.TB, db *DB, work func(tx *Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), work); err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
}

// read runs a read and fails the test on an error.
func read(t testing.TB, db *DB, f func(v *Snapshot) error) {
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

func settle(t testing.TB, db *DB) town {
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
func settleBelow(t testing.TB, db *DB, up domain.Org) town {
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
			if *at, err = tx.InsertOrg(domain.Org{Parent: up.ID, Level: domain.Branch, Kind: "社区",
				Name: name + "支部"}); err != nil {
				return err
			}
			id := domain.MemberID([]string{"P1", "P2"}[i])
			if err := tx.InsertMember(id, "示例"+name, "sl"); err != nil {
				return err
			}
			if err := tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: "home", Org: at.ID, From: on("2020-01-01")},
				0); err != nil {
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
	east := s.secretary(s.east).Scope(access.SeeMembers)
	self := (&access.Actor{Account: s.clerk, Member: "P2",
		Grants: []access.Grant{{Role: domain.RoleMember}}}).Scope(access.SeeOwn)
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
				if seen := strings.Contains(c.want, string(id)); (err == nil) != seen ||
					(!seen && fault.CodeOf(err) != fault.NotFound) {
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
	if home := Line(s.east.Path); home[domain.Street] != s.street.ID || home[domain.Branch] != s.east.ID ||
		home[domain.Community] == "" {
		t.Errorf("line of %s is %v", s.east.Path, home)
	}
}

// year records something of everything and returns what the engine is told.
func record(t *testing.T, db *DB, s town) (domain.EntryID, domain.ActivityID) {
	t.Helper()
	var entry domain.EntryID
	var activity domain.ActivityID
	write(t, db, func(tx *Tx) error {
		if err := tx.InsertFact("P1", domain.Fact{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "书记"}},
			s.clerk); err != nil {
			return err
		}
		if err := tx.InsertFact("P1", domain.Fact{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "无"}},
			s.clerk); err != nil {
			return err
		}
		m, err := tx.Member(everybody, "P1")
		if err != nil {
			return err
		}
		e := domain.Entry{Item: "志愿服务", On: on("2026-03-01"), Points: 150, Chosen: true,
			Fields: []domain.Field{{Name: "时长", Value: domain.Value{Number: 350}}}}
		if entry, err = tx.InsertEntry(&m, domain.NewEntry{Entry: e, Note: "示例备注"}, s.clerk); err != nil {
			return err
		}
		if _, err = tx.InsertEntry(&m, domain.NewEntry{Entry: domain.Entry{Item: "交纳党费", On: on("2026-03-02")},
			Route: domain.Route{"支部委员会", "社区党委"}}, s.clerk); err != nil {
			return err
		}
		a := domain.Activity{Org: s.east.ID, Kind: "党课", On: on("2026-03-03"), Title: "示例党课"}
		if activity, err = tx.InsertActivity(a, s.clerk); err != nil {
			return err
		}
		if err = attend(tx, activity, &m, domain.AttendanceInput{Status: "缺席"}, s.clerk); err != nil {
			return err
		}
		return attend(tx, activity, &m, domain.AttendanceInput{Status: "到会"}, s.clerk)
	})
	return entry, activity
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
	entry, activity := record(t, db, s)
	want := domain.MemberHistory{
		Member: domain.Membership{ID: "P1", Name: "示例东", Home: Line(s.east.Path), Kind: "社区", Joined: on("2020-01-01")},
		Facts:  []domain.Fact{{Attribute: "职务", From: on("2026-01-01"), Value: domain.Value{Text: "无"}}},
		Entries: []domain.Entry{{ID: "1", Item: "志愿服务", On: on("2026-03-01"), Recorded: on("2026-03-05"), Points: 150,
			Chosen: true, Fields: []domain.Field{{Name: "时长", Value: domain.Value{Number: 350}}}}},
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
			if err != nil || len(list) != 1 || list[0].Subject != "交纳党费" || len(list[0].Steps) != step ||
				PendingOf(&list[0]).Waits[0] != organ {
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
		if err := tx.InsertRequestStep(&q, domain.RequestStep{Seq: 3, Kind: domain.StepWithdraw},
			s.clerk); fault.CodeOf(err) != fault.Conflict {
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
		return attend(tx, activity, &m, domain.AttendanceInput{Status: domain.AttendanceReversed}, s.clerk)
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

// secretary returns the clerk as the secretary of a branch.
func (s *town) secretary(branch domain.Org) *access.Actor {
	return &access.Actor{
		Account: s.clerk, Grants: []access.Grant{{Role: domain.RoleSecretary, Path: branch.Path}},
	}
}
