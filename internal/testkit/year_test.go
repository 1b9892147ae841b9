package testkit_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// year is a street's year from 28 December 2025 to 10 January 2027 with eighteen members:
// every act goes through the use cases, on its day.
type year struct {
	*testing.T
	town *testkit.Town

	street, east, west           domain.Org // the communities are 东关 and 西园
	first, second, third, office domain.Org // branches: two of 东关, two of 西园

	clerk, other            *access.Actor // of the street
	eastern, western        *access.Actor // of the communities
	bySecond, byThird, byP1 *access.Actor // secretaries: of the second, who is P0008; of the third; of the first
	byP18                   *access.Actor // the member P0018
	security                *access.Actor

	seen []view
}

// view holds what was asked of a day at an instant, and what it was.
type view struct {
	asOf   calendar.Day
	at     time.Time
	who    domain.MemberID // "" for everybody
	alerts bool            // those that are open, not what everybody has
	want   string
}

// TestAYearOfAStreet carries a street through a year and compares what everybody has at five
// instants, and in between, with what was reckoned by hand (see expectations). At the end the
// same is asked again as it was known then.
func TestAYearOfAStreet(t *testing.T) {
	t.Parallel()
	y := &year{T: t, town: testkit.Empty(t, time.Date(2025, 12, 28, 9, 0, 0, 0, testkit.Zone()))}
	y.begins()
	y.winter()
	y.march()
	y.wants("2026-03-31", endOfMarch)
	y.spring()
	y.june()
	y.wants("2026-06-30", endOfJune)
	y.july()
	y.summer()
	y.wants("2026-09-30", endOfSeptember)
	y.october()
	y.wrongly()
	y.november()
	y.wants("2026-11-28", inNovember)
	y.december()
	y.newYear()
	y.wants("2027-01-10", nextJanuary)
	y.again()
	y.town.WantSound(t)
}

// on lets it be noon of a day; the clock never goes back.
func (y *year) on(day string) { y.Helper(); y.until(day + " 12:00") }

// until lets it be an instant.
func (y *year) until(at string) {
	y.Helper()
	to, err := time.ParseInLocation("2006-01-02 15:04", at, testkit.Zone())
	expect.NoError(y, "reading an instant", err)
	if by := to.Sub(y.town.Clock()); by > 0 {
		y.town.Later(by)
	} else if by < -time.Hour {
		y.Fatalf("it is %s already, and not %s", y.town.Clock(), at)
	}
}

// done ends the test where an act was refused, and lets a minute pass.
func (y *year) done(what string, err error) {
	y.Helper()
	expect.NoError(y, y.town.Clock().Format("2006-01-02 ")+what, err)
	y.town.Later(time.Minute)
}

// post records an entry; fields are names and values in turn, 分值 and 说明 among them.
func (y *year) post(by *access.Actor, m domain.MemberID, item, day string, fields ...string) entries.Effect {
	y.Helper()
	out, err := y.town.Entries.Post(y.Context(), by, entryOf(y.T, m, item, day, fields...), "")
	y.done(item+" of "+string(m), err)
	return out
}

// entryOf returns an entry as it is written into the form.
func entryOf(t *testing.T, m domain.MemberID, item, day string, fields ...string) entries.EntryInput {
	t.Helper()
	in := entries.EntryInput{Member: m, Item: item, On: testkit.Day(t, day), Fields: map[string]string{}}
	for i := 0; i < len(fields); i += 2 {
		switch fields[i] {
		case "分值":
			in.Points = fields[i+1]
		case "说明":
			in.Note = fields[i+1]
		default:
			in.Fields[fields[i]] = fields[i+1]
		}
	}
	return in
}

// reverse takes an entry back.
func (y *year) reverse(by *access.Actor, id domain.EntryID, reason string) {
	y.Helper()
	_, err := y.town.Entries.Reverse(y.Context(), by, id, reason, "")
	y.done("taking back an entry", err)
}

// attend records an activity of 组织生活 at which some were absent and the others there.
func (y *year) attend(by *access.Actor, at domain.Org, day string, present,
	absent []domain.MemberID) domain.ActivityID {
	y.Helper()
	in := activities.ActivityInput{Org: at.ID, Kind: "党课", On: testkit.Day(y, day)}
	for _, m := range present {
		in.Lines = append(in.Lines, activities.Line{Member: m, Status: domain.Present})
	}
	for _, m := range absent {
		in.Lines = append(in.Lines, activities.Line{Member: m, Status: domain.Absent})
	}
	out, err := y.town.Activities.Record(y.Context(), by, in, "")
	y.done("an activity of "+at.Name, err)
	return out.Activity
}

// fact records a fact.
func (y *year) fact(by *access.Actor, f members.FactChange) members.Registered {
	y.Helper()
	out, err := y.town.Ledger.ChangeFact(y.Context(), by, f, "")
	y.done(f.Attribute+" of "+string(f.Member), err)
	return out
}

// factOf returns a fact of a member from a day on.
func factOf(t *testing.T, m domain.MemberID, attribute, value, from, reason string) members.FactChange {
	t.Helper()
	return members.FactChange{Member: m, Attribute: attribute, Value: value, From: testkit.Day(t, from), Reason: reason}
}

// move records a transfer, or a leaving where to is the zero Org.
func (y *year) move(by *access.Actor, m domain.MemberID, to domain.Org, from string) members.Registered {
	y.Helper()
	mv := members.Move{Member: m, To: to.ID, From: testkit.Day(y, from), Seen: true}
	out, err := y.town.Ledger.Move(y.Context(), by, mv, "")
	y.done("a move of "+string(m), err)
	return out
}

// decide answers the only request in somebody's queue.
func (y *year) decide(by *access.Actor, accept bool, reason string) {
	y.Helper()
	y.done("a decision", y.town.DecideOnly(y, by, requests.Answer{Accept: accept, Reason: reason}))
}

// pay records the dues of a month on the tenth, of all members but some, by the communities.
func (y *year) pay(month string, but ...domain.MemberID) {
	y.Helper()
	y.on(month + "-10")
	for _, by := range []*access.Actor{y.eastern, y.western} {
		b := entries.BulkEntry{Item: "交纳党费", On: testkit.Day(y, month+"-10")}
		for _, r := range y.asks(standings.Question{Scope: by.Scope(access.Record), AsOf: b.On}).Rows {
			if !slices.Contains(but, r.Member.ID) && r.Member.Left == 0 && r.Member.Home.ID != y.office.ID {
				b.Rows = append(b.Rows, entries.BulkRow{Member: r.Member.ID})
			}
		}
		_, err := y.town.Entries.PostBulk(y.Context(), by, b, "")
		y.done("the dues", err)
	}
}

// undo takes back the latest thing of a kind that was recorded of a member.
func (y *year) undo(by *access.Actor, m domain.MemberID, reason string, of func(*domain.HistoryItem) bool) (
	members.Registered, error,
) {
	y.Helper()
	var items []domain.HistoryItem
	y.look(func(v *store.Snapshot) (err error) {
		items, err = v.History(access.System("the test looks at all"), m)
		return err
	})
	items = slices.DeleteFunc(items, func(i domain.HistoryItem) bool { return i.Reversal != nil || !of(&i) })
	if len(items) == 0 {
		y.Fatalf("nothing of the kind was recorded of %s", m)
	}
	latest := slices.MaxFunc(items, func(a, b domain.HistoryItem) int { return cmp.Compare(a.At, b.At) })
	return y.town.Ledger.ReverseChange(y.Context(), by,
		members.ChangeReversal{Member: m, Change: latest.ID, Reason: reason}, "")
}

// look reads with the database.
func (y *year) look(f func(v *store.Snapshot) error) {
	y.Helper()
	expect.NoError(y, "reading", y.town.DB.Read(y.Context(), f))
}

// asks returns the standings of everybody that a question asks for.
func (y *year) asks(q standings.Question) *standings.Population {
	y.Helper()
	p, err := y.town.Standings.Current(y.Context(), q)
	expect.NoError(y, "the standings", err)
	return p
}

// open returns the open alerts as of a day, as known by an instant; one a line.
func (y *year) open(asOf calendar.Day, known time.Time) string {
	y.Helper()
	var lines []string
	q := standings.Question{Scope: access.System("the test looks at all"), AsOf: asOf, KnownBy: known}
	for _, a := range y.asks(q).Alerts() {
		lines = append(lines, string(a.Member.ID)+" "+a.Alert.Name+" "+string(a.Alert.Level)+" "+a.Alert.Due.String())
	}
	return strings.Join(lines, "\n")
}

// standing returns, of one member or of all, 类别, 总分 and 等次 as of a day, as known by an
// instant; a member a line.
func (y *year) standing(asOf calendar.Day, known time.Time, who domain.MemberID) string {
	y.Helper()
	var lines []string
	q := standings.Question{Scope: access.System("the test looks at all"), AsOf: asOf, KnownBy: known}
	for _, r := range y.asks(q).Rows {
		line := string(r.Member.ID) + " " + r.Standing.Category + " " + r.Standing.Total.String() + " " + r.Standing.Grade
		if !r.Standing.Scored {
			line = string(r.Member.ID) + " 不计分"
		}
		if who == "" || who == r.Member.ID {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// wants lets it be the evening of a day and checks everybody.
func (y *year) wants(day, want string) {
	y.Helper()
	y.until(day + " 20:00")
	y.want(day, "", strings.TrimSpace(want))
}

// want checks what holds as of a day, now and, at the end, as it was known now.
func (y *year) want(asOf string, who domain.MemberID, want string) {
	y.Helper()
	y.sees(view{asOf: testkit.Day(y, asOf), who: who, want: want})
}

// alerts checks the open alerts of everybody as want does.
func (y *year) alerts(asOf string, want ...string) {
	y.Helper()
	y.sees(view{asOf: testkit.Day(y, asOf), alerts: true, want: strings.Join(want, "\n")})
}

func (y *year) sees(v view) {
	y.Helper()
	v.at = y.town.Clock()
	y.compare(&v, time.Time{})
	y.seen = append(y.seen, v)
	y.town.Later(time.Minute)
}

// has is want of one member as of today.
func (y *year) has(who domain.MemberID, want string) {
	y.Helper()
	y.want(y.town.Clock().Format(time.DateOnly), who, string(who)+" "+want)
}

// again asks once more what was asked in the year, as it was known then.
func (y *year) again() {
	y.Helper()
	y.town.Reopen(y)
	for i := range y.seen {
		y.compare(&y.seen[i], y.seen[i].at)
	}
}

func (y *year) compare(v *view, known time.Time) {
	y.Helper()
	got := ""
	if v.alerts {
		got = y.open(v.asOf, known)
	} else {
		got = y.standing(v.asOf, known, v.who)
	}
	if got != v.want {
		y.Errorf("as of %s, as known at %s (asked at %s):\n%s\nwant\n%s", v.asOf, v.at.Format("2006-01-02 15:04"),
			y.town.Clock().Format("2006-01-02 15:04"), got, v.want)
	}
}

// account opens an account as the program sets one up, and returns who acts by it.
func (y *year) account(login string, m domain.MemberID, role domain.Role, org domain.OrgID) (who *access.Actor) {
	y.Helper()
	o := accounts.Opening{Login: login, Name: login, Member: m, None: m == "",
		Roles: []accounts.Role{{Role: role, Org: org}}}
	if m != "" && org != "" {
		o.Roles = append(o.Roles, accounts.Role{Role: domain.RoleMember})
	}
	y.done("an account", y.town.DB.Exclusive(y.Context(), func(tx *store.Tx) error {
		a, err := accounts.OpenTx(tx, access.Program("设库"), o, "x")
		if err == nil {
			who, err = tx.Actor(a.ID)
		}
		return err
	}))
	return who
}

// text reads a rule file of the year.
func (y *year) text() []byte {
	y.Helper()
	out, err := os.ReadFile(filepath.Join("testdata", "year.yaml"))
	expect.NoError(y, "reading the rules", err)
	return out
}
