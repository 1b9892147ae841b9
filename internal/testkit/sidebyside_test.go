package testkit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/periods"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

// side is a street in which all kinds of writes are made.
type side struct {
	street, branch domain.Org
	clerk, second  *access.Actor   // of the street
	own            *access.Actor   // who is a member there
	member         domain.MemberID // another one
	rules          string

	made *atomic.Int64 // how many writes were made, so that each is another one
}

// next returns a number of its own, and a day.
func (s *side) next(t *testing.T) (string, calendar.Day) {
	n := s.made.Add(1)
	return fmt.Sprint(s.street.ID, "-", n), testkit.Day(t, "2026-05-03") + calendar.Day(n%28)
}

// writing is a kind of write, or several that belong together.
type writing struct {
	what  string
	of    func(t *testing.T, by *testkit.Town, s *side) error
	waits string // the reason why two streets cannot do it at once; "" = they can
}

// writings are all kinds of writes of a street. A new use case that writes has a row here:
// a table in which none of them puts anything is named.
func writings() []writing {
	return append(writingsOfPeople(), []writing{
		{"an account, closed", func(t *testing.T, by *testkit.Town, s *side) error {
			n, _ := s.next(t)
			a, _, err := by.Accounts.Open(t.Context(), by.Security, accounts.Opening{Login: n, Name: "示例人", None: true,
				Roles: []accounts.Role{{Role: domain.RoleStreet, Org: s.street.ID}}})
			if err != nil {
				return err
			}
			return by.Accounts.Close(t.Context(), by.Security, a.ID, true)
		}, ""},
		{"a role, given and ended", func(t *testing.T, by *testkit.Town, s *side) error {
			role := accounts.Role{Role: domain.RoleSecretary, Org: s.branch.ID}
			if err := by.Give(t.Context(), s.second.Account, role); err != nil {
				return err
			}
			return by.Accounts.Assign(t.Context(), by.Security, s.second.Account, role, true)
		}, ""},
		{"a correction asked for", func(t *testing.T, by *testkit.Town, s *side) error {
			_, err := by.Ledger.AskCorrection(t.Context(), s.own, domain.CorrectionAsked{
				About: domain.DossierFacts, Wrong: "写错了", Wanted: "示例"}, "")
			return err
		}, ""},
		{"a role, proposed and refused", func(t *testing.T, by *testkit.Town, s *side) error {
			role := accounts.Role{Role: domain.RoleRecorder, Org: s.branch.ID}
			if err := by.Accounts.Assign(t.Context(), by.Security, s.second.Account, role, false); err != nil {
				return err
			}
			list, err := by.Accounts.Proposals(t.Context(), s.clerk)
			if err != nil {
				return err
			}
			for i := range list {
				if list[i].Account == s.second.Account {
					_, err = by.Accounts.Refuse(t.Context(), s.clerk, list[i].ID, "另有人选")
				}
			}
			return err
		}, ""},
		{"a token", func(t *testing.T, by *testkit.Town, s *side) error {
			_, err := by.Accounts.MakeToken(t.Context(), by.Security, s.clerk.Account, "同步", time.Hour, domain.TokenScope{})
			return err
		}, ""},
		{"a password, reset", func(t *testing.T, by *testkit.Town, s *side) error {
			_, _, err := by.Accounts.Reset(t.Context(), by.Security, s.own.Account)
			return err
		}, ""},
		{"sign-ins, right and wrong", func(t *testing.T, by *testkit.Town, s *side) error {
			own, err := by.Accounts.Find(t.Context(), by.Security, map[domain.OrgID]string{by.Street.ID: "clerk",
				by.Neighbours.Street.ID: "neighbour"}[s.street.ID])
			if err != nil {
				return err
			}
			with := accounts.Credentials{Login: own.Login, Password: "wrong", Address: own.Login}
			if _, err := by.Accounts.SignIn(t.Context(), with); err == nil || strings.Contains(err.Error(), "数据库") {
				return fmt.Errorf("wrong: %w", err)
			}
			with.Password = testkit.Password
			_, err = by.Accounts.SignIn(t.Context(), with)
			return err
		}, ""},
		{"a setting", func(t *testing.T, by *testkit.Town, s *side) error {
			s.next(t)
			return by.Accounts.Set(t.Context(), by.Security,
				map[domain.SettingName]int64{domain.SettingIdle: 10 + s.made.Load()%100})
		}, "it is of all streets"},
		{"a session of the API", func(t *testing.T, by *testkit.Town, s *side) error {
			token, _, err := by.Accounts.StartSession(t.Context(), s.clerk)
			if err != nil {
				return err
			}
			return by.Accounts.EndSession(t.Context(), s.clerk, token)
		}, ""},
		{"a session of the site", func(t *testing.T, by *testkit.Town, s *side) error {
			n, _ := s.next(t)
			sessions := accounts.NewSessions(by.DB, testkit.Now)
			if err := sessions.CommitCtx(t.Context(), n, []byte("x"), testkit.Now().Add(time.Hour)); err != nil {
				return err
			}
			return sessions.DeleteCtx(t.Context(), n)
		}, ""},
		{"a period locked, opened", func(t *testing.T, by *testkit.Town, s *side) error {
			if _, err := by.Locks.Take(t.Context(), s.clerk, periods.Step{Below: s.street.ID, Period: "2025", Lock: true,
				Branches: []domain.OrgID{s.branch.ID}}); err != nil {
				return err
			}
			_, err := by.Locks.Take(t.Context(), s.clerk, periods.Step{Period: "2025", Reason: "补记",
				Branches: []domain.OrgID{s.branch.ID}})
			return err
		}, ""},
		{"a text put in force, another withdrawn", func(t *testing.T, by *testkit.Town, s *side) error {
			for _, withdrawn := range []bool{false, true} {
				s.next(t)
				from := testkit.Day(t, "2027-01-01") + calendar.Day(s.made.Load())
				source := strings.Replace(s.rules, "施行: 2026-01-01", "施行: "+from.String(), 1)
				id, err := by.Enactment.Propose(t.Context(), s.clerk, rules.Proposal{Org: s.street.ID, Name: "t.yaml",
					Source: []byte(source)})
				if err == nil && withdrawn {
					err = by.Enactment.Withdraw(t.Context(), s.clerk, id, "", "不要了")
				} else if err == nil {
					err = by.Enactment.Confirm(t.Context(), s.second, id, "", false)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}, ""},
		{"a branch renamed", func(t *testing.T, by *testkit.Town, s *side) error {
			n, _ := s.next(t)
			_, err := by.Orgs.Change(t.Context(), s.clerk, domain.OrgChange{Org: s.branch.ID, Kind: domain.OrgRenamed,
				Name: "支部" + n, From: testkit.Day(t, "2026-06-01")})
			return err
		}, ""},
		{"a branch set up", func(t *testing.T, by *testkit.Town, s *side) error {
			n, _ := s.next(t)
			_, err := by.Orgs.Create(t.Context(), s.clerk, orgs.Creation{Parent: s.branch.Parent, Name: "新支部" + n})
			return err
		}, "its number is the next of all organisations"},
	}...)
}

// writingsOfPeople are those of what is recorded of members.
func writingsOfPeople() []writing {
	entry := func(t *testing.T, s *side) entries.EntryInput {
		n, on := s.next(t)
		return entries.EntryInput{Member: s.member, Item: "好事", On: on, Note: n}
	}
	return []writing{
		{"an entry, reversed, its note erased", func(t *testing.T, by *testkit.Town, s *side) error {
			in := entry(t, s)
			e, err := by.Entries.Post(t.Context(), s.clerk, in, in.Note)
			if err != nil {
				return err
			}
			if _, err := by.Entries.Reverse(t.Context(), s.clerk, e.Entry, "重复录入", ""); err != nil {
				return err
			}
			texts, err := by.Members.Texts(t.Context(), s.clerk, s.member)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(texts.Texts, func(text members.WrittenText) bool { return text.Body == in.Note })
			_, err = by.Ledger.EraseTexts(t.Context(), s.clerk, members.TextErasure{Member: s.member,
				Texts: []domain.TextID{texts.Texts[i].ID}, Reason: "本人要求"}, "")
			return err
		}, ""},
		{"a paper record", func(t *testing.T, by *testkit.Town, s *side) error {
			in := entry(t, s)
			_, err := by.Entries.Import(t.Context(), s.clerk, entries.Paper{Name: in.Note,
				Entries: []entries.EntryInput{in}}, false)
			return err
		}, ""},
		{"a claim, drafted, handed in, withdrawn", func(t *testing.T, by *testkit.Town, s *side) error {
			draft, err := by.Ledger.Requests.SaveDraft(t.Context(), s.own, 0, map[string]string{"item": "表彰"})
			if err != nil {
				return err
			}
			if err := by.Ledger.Requests.DropDraft(t.Context(), s.own, draft); err != nil {
				return err
			}
			in := entry(t, s)
			in.Member, in.Item, in.Fields = s.own.Member, "表彰", map[string]string{"级别": "街道"}
			e, err := by.Entries.Post(t.Context(), s.own, in, "")
			if err != nil {
				return err
			}
			_, err = by.Ledger.Requests.Withdraw(t.Context(), s.own, e.Request, "")
			return err
		}, ""},
		{"an activity", func(t *testing.T, by *testkit.Town, s *side) error {
			n, on := s.next(t)
			_, err := by.Activities.Record(t.Context(), s.clerk, activities.ActivityInput{Org: s.branch.ID, Kind: "党课",
				On: on, Title: n, Lines: []activities.Line{{Member: s.member, Status: "到会"}}}, "")
			return err
		}, ""},
		{"a fact, foreseen, recorded, taken back", func(t *testing.T, by *testkit.Town, s *side) error {
			_, on := s.next(t)
			f := members.FactChange{Member: s.member, Attribute: "处分", Value: "警告", From: on}
			if _, err := by.Ledger.Foresee(t.Context(), s.clerk, members.Change{Fact: &f}); err != nil {
				return err
			}
			if _, err := by.Ledger.ChangeFact(t.Context(), s.clerk, f, ""); err != nil {
				return err
			}
			history, err := by.Members.History(t.Context(), s.clerk, s.member)
			if err != nil {
				return err
			}
			i := slices.IndexFunc(history.Items, func(i members.HistoryItem) bool { return i.What == "处分" })
			_, err = by.Ledger.ReverseChange(t.Context(), s.clerk, members.ChangeReversal{Member: s.member,
				Change: history.Items[i].ID, Reason: "登记错了人"}, "")
			return err
		}, ""},
		{"a new member, by a program", func(t *testing.T, by *testkit.Town, s *side) error {
			n, on := s.next(t)
			in := store.InStreets(t.Context(), []string{s.branch.Path})
			return by.DB.Exclusive(in, func(tx *store.Tx) error {
				if err := members.EnrolTx(tx, &members.Enrolment{ID: domain.MemberID(n), Name: "示例新", Home: s.branch.ID,
					From: on, Facts: []domain.Fact{{Attribute: "职务", From: on, Value: domain.Value{Text: "无"}}}}, 0); err != nil {
					return err
				}
				if err := tx.PutSealed(domain.MemberID(n), "手机号", []byte("box"), []byte(n)); err != nil {
					return err
				}
				return audit.Record(tx, s.clerk, audit.Imported, audit.What{Member: domain.MemberID(n)})
			})
		}, ""},
		{"who has left, erased", func(t *testing.T, by *testkit.Town, s *side) error {
			n, on := s.next(t)
			in := store.InStreets(t.Context(), []string{s.branch.Path})
			if err := by.DB.Exclusive(in, func(tx *store.Tx) error {
				if err := members.EnrolTx(tx, &members.Enrolment{ID: domain.MemberID(n), Name: "示例离", Home: s.branch.ID,
					From: on}, 0); err != nil {
					return err
				}
				if err := members.LeaveTx(tx, domain.MemberID(n), on+1, 0); err != nil {
					return err
				}
				return audit.Record(tx, s.clerk, audit.MovedMember, audit.What{Member: domain.MemberID(n)})
			}); err != nil {
				return err
			}
			return by.Ledger.ErasePerson(t.Context(), s.clerk, members.PersonErasure{Member: domain.MemberID(n), Typed: n,
				Reason: "本人要求"})
		}, ""},
		{"what others did, seen", func(t *testing.T, by *testkit.Town, s *side) error {
			_, on := s.next(t)
			in := store.InStreets(t.Context(), []string{s.branch.Path})
			return by.DB.Exclusive(in, func(tx *store.Tx) error {
				if err := tx.InsertActsSeen(s.branch.ID, on.String()+"T00:00:00.000Z", s.clerk.Account); err != nil {
					return err
				}
				return audit.Record(tx, s.clerk, audit.SawActs, audit.What{Org: s.branch.ID})
			})
		}, ""},
		{"a look at a member, by an auditor", func(t *testing.T, by *testkit.Town, s *side) error {
			_, err := by.Members.Detail(t.Context(), by.Auditor, s.member, standings.When{})
			return err
		}, ""},
		{"a ranking, its standings kept", func(t *testing.T, by *testkit.Town, s *side) error {
			if _, err := by.Entries.Post(t.Context(), s.clerk, entry(t, s), ""); err != nil {
				return err
			}
			if _, err := by.Standings.Ranking(t.Context(), s.clerk, standings.ListQuery{Org: s.street.ID}); err != nil {
				return err
			}
			return kept(t, by, s.member)
		}, ""},
	}
}

// kept reports why the standing of a member as he is now is not kept: a ranking is right
// without, and says nothing of it.
func kept(t *testing.T, by *testkit.Town, member domain.MemberID) error {
	t.Helper()
	return by.DB.Read(t.Context(), func(v *store.Snapshot) error {
		list, err := v.StoredStandings(access.System("test"), nil, 10_000)
		if err == nil && !slices.ContainsFunc(list, func(s domain.StoredStanding) bool {
			return s.Member == member && s.Version == s.Holder.Version
		}) {
			err = fmt.Errorf("the standing of %s is not kept", member)
		}
		return err
	})
}

// TestStreetsWriteSideBySide: while a write of any kind is open in one street, with all that
// it has locked, every kind of write goes on in the other.
func TestStreetsWriteSideBySide(t *testing.T) {
	t.Parallel()
	town := testkit.OwnedOnServer(t)
	here, there := bothSides(t, town)
	other := town.Impatient(t)
	_, tables := town.Confined(t, there.street)
	before := map[string]int{}
	for _, table := range tables {
		before[table] = town.Rows(t, table, there.street)
	}
	var now writing
	held := 0
	holding := town.Holding(t, func() {
		held++
		for _, w := range writings() {
			waits := w.waits != "" && w.what == now.what
			switch err := w.of(t, other, there); {
			case waits && err == nil:
				t.Errorf("%s waits for nobody in another street, and has a reason to: %s", w.what, w.waits)
			case !waits && err != nil:
				t.Errorf("while %s is open in another street, %s: %v", now.what, w.what, err)
			}
		}
	})
	for i, program := range []*testkit.Town{holding, other} { // each draws other tokens
		program.Accounts = accounts.New(program.DB, rand.NewChaCha8([32]byte{byte(i)}),
			accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1}))
	}
	for _, now = range writings() {
		was := held
		if err := now.of(t, holding, here); err != nil || held == was {
			t.Errorf("%s: %d writes, %v", now.what, held-was, err)
		}
	}
	for _, table := range tables {
		switch {
		case table == "chain_heads": // whose rows are there already
		case table == "trail_drops": // takes months: TestAMonthOfTheTrailIsDropped
		case table == "setting_changes": // which are of all streets
		case town.Rows(t, table, there.street) == before[table]:
			t.Errorf("no kind of write puts anything into %s: a row is missing in writings()", table)
		}
	}
	holds(t, town)
}
