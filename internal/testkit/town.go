// Package testkit makes what tests of use cases stand on: a real database with
// a small town in it, a fixed clock, and chance that is none.
package testkit

import (
	"bytes"
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/exports"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/periods"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/store/engine"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/vault"
)

// Zone returns the organisation's zone in tests.
func Zone() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// Rules is a small rule file.
const Rules = `办法: 试验
编号: t
施行: 2026-01-01
周期: {考核: 年}
豁免: {免会: {免: [缺席], 审批: [支部委员会]}, 不计: {效果: 不计分, 审批: [支部委员会]}, 长假: {效果: 不计分, 审批: [本人申请, 支部委员会, 社区党委]}}
活动: {会: [党课, 主题党日]}
类别: {党员: {名称: 党员, 当: 其余}}
板块: {基础: {起点: 80, 下限: 0}, 贡献: {上限: 20, 限额: {月: 3分}}}
项目:
  缺席: {板块: 基础, 来自: 会, 出勤: [缺席], 分值: -5}
  到会: {板块: 贡献, 来自: 会, 出勤: [到会], 分值: 0.5}
  好事: {板块: 贡献, 分值: 2}
  服务: {板块: 贡献, 记录: {时长: 0至100}, 分值: 时长 * 0.1}
  酌情: {板块: 基础, 分值: -5至5}
  处理: {板块: 基础, 记录: {程度: [轻, 重]}, 分值: {轻: -3至-1, 重: -12至-9}}
  表彰: {板块: 贡献, 记录: {级别: [国家, 街道]}, 分值: {级别 == "国家": 3, 其余: 1}, 审批: {街道: [支部委员会], 其余: [支部委员会, 社区党委, 街道党工委]}, 补录: 30天}
  上级记: {板块: 基础, 分值: -1, 录入: [社区党委], 审批: [社区党委]}
  凭证: {板块: 贡献, 分值: 1, 证明: 是}
等次: {好: 总分 >= 80, 中: 总分 >= 60, 差: 其余}
排名: {范围: [支部, 社区, 街道]}
预警: {低: {每: 月, 当: 总分 < 60, 级别: 红, 建议: 谈话, 负责: 支部书记, 限期: 7天}}
`

// Town is a street with two branches of two members each: E1 and E2 in the
// east, W1 and W2 in the west. E1 is the east's secretary.
type Town struct {
	Activities *activities.Service
	Entries    *entries.Service

	DB        *store.DB
	Accounts  *accounts.Service
	Standings *standings.Service
	Ledger    *members.Recorder
	Members   *members.Service
	Enactment *rules.Service
	Orgs      *orgs.Service
	Locks     *periods.Service
	Exports   *exports.Service
	District  domain.Org // the zero one where the street stands at the top
	Street    domain.Org
	East      domain.Org
	West      domain.Org

	Clerk     *access.Actor // of the street
	Secretary *access.Actor // of the east; the member E1
	Member    *access.Actor // E2
	Auditor   *access.Actor
	Admin     *access.Actor // of the machine
	Community *access.Actor // of the east
	Second    *access.Actor // another clerk of the street
	Security  *access.Actor // of the accounts
	Recorder  *access.Actor // of the east
	Leader    *access.Actor // of the first group of the east, in which nobody is yet
	Officer   *access.Actor // of the street's rule files

	Neighbours *Neighbours // nil where the street stands at the top

	first   bool
	hash    string
	reads   *atomic.Int64
	watch   *enginetest.Watch
	members int
	clock   *atomic.Int64
	options store.Options
	closed  bool
	wrap    func(engine.Driver) engine.Driver // what opens the database; nil = as it is

	readFrom string // a replica, "" for none

	start time.Duration // where the clock stands when the database is opened, after Now
}

// Close closes the town's database before the test's end, for a test that builds
// many towns.
func (t *Town) Close(tb testing.TB) {
	tb.Helper()
	if t.closed {
		return
	}
	t.closed = true
	if err := t.DB.Close(); err != nil {
		tb.Error(err)
	}
}

// Reopen closes the town's database and opens it anew with services of its own,
// as a program does that starts again.
func (t *Town) Reopen(tb testing.TB) {
	tb.Helper()
	if err := t.DB.Close(); err != nil {
		tb.Fatal(err)
	}
	db, err := store.Open(context.Background(), t.options)
	if err != nil {
		tb.Fatal(err)
	}
	t.serve(db)
}

// Lined opens the town's database anew as the program does: a write that records something
// without a line in the trail is refused from now on. Tests put in much by hand.
func (t *Town) Lined(tb testing.TB) {
	tb.Helper()
	t.options.Unlined = false
	t.Reopen(tb)
	t.Accounts = accounts.New(t.DB, &Steps{}, quick())
}

// OpenCopy opens a copy of the town's database, with services of its own, until the test's
// end.
func (t *Town) OpenCopy(tb testing.TB, path string) *Town {
	tb.Helper()
	o := t.options
	o.Path, o.Create = path, false
	db, err := store.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return Over(db)
}

// Follow puts another rule file in force in the whole town, from its first day.
func (t *Town) Follow(tb testing.TB, rules string) {
	tb.Helper()
	r := ruleset.Load("t.yaml", []byte(rules))
	if r.Book == nil || len(r.Problems) != 0 {
		tb.Fatal(r.Format())
	}
	if err := t.DB.Write(context.Background(), func(tx *store.Tx) error {
		return tx.InsertEnactment(domain.RuleVersion{Org: t.Street.ID, Code: r.Book.Code, From: r.Book.From,
			Hash: r.Book.Hash, Source: rules}, 0)
	}); err != nil {
		tb.Fatal(err)
	}
}

// Over makes the services over a database that holds something else than the town.
func Over(db *store.DB) *Town {
	t := &Town{}
	t.serve(db)
	return t
}

// serve makes the services over a database.
func (t *Town) serve(db *store.DB) {
	t.DB, t.Standings = db, standings.New(db, Zone())
	t.Ledger = members.NewRecorder(db, t.Standings, Zone(), entries.Kind(t.Standings), activities.Kind(t.Standings))
	if key, err := vault.New(Zeros{}, Key()); err == nil { // a key of the right length
		t.Ledger.Vault = key
	}
	t.Members = members.New(db, t.Standings, t.Ledger, Zone())
	t.Members.RolesWaiting = accounts.AwaitsAgreement
	t.Activities = activities.New(db, t.Standings, Zone())
	t.Entries = entries.New(db, t.Standings, t.Ledger.Requests, Zone())
	t.Enactment = rules.New(db, t.Standings, Zone())
	t.Orgs = orgs.New(db, t.Standings, Zone(), t.Ledger.Waiting)
	t.Locks = periods.New(db, t.Standings, Zone())
	t.Exports = exports.New(t.Standings, t.Members)
}

// Later moves the town's clock on. It stands at Now and moves by nothing else.
func (t *Town) Later(by time.Duration) time.Time {
	return Now().Add(time.Duration(t.clock.Add(int64(by))))
}

// Host makes members guests (流入) of the east from the beginning of 2020.
func (t *Town) Host(tb testing.TB, members ...domain.MemberID) {
	tb.Helper()
	if err := t.DB.Write(context.Background(), func(tx *store.Tx) error {
		for _, id := range members {
			if err := tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: domain.Host, Org: t.East.ID,
				From: calendar.Of(2020, 1, 1)}, 0); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		tb.Fatal(err)
	}
}

// Password is everybody's.
const Password = "password of the tests"

// Now returns the fixed clock: noon of 1 June 2026.
func Now() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, Zone()) }

// Key returns the master key of the town's database.
func Key() []byte { return bytes.Repeat([]byte("key "), vault.KeySize/4) }

// Zeros is chance that is none.
type Zeros struct{}

// Read implements io.Reader.
func (Zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Steps is chance of which every draw is another, and the same in every run.
type Steps struct {
	mu    sync.Mutex
	drawn uint16
}

// Read implements io.Reader.
func (s *Steps) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drawn++
	for i := range p {
		p[i] = byte(s.drawn) + byte(i)*byte(1+2*(s.drawn>>8))
	}
	return len(p), nil
}

// Day reads a day.
func Day(tb testing.TB, s string) calendar.Day {
	tb.Helper()
	d, err := calendar.Parse(s)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// New builds the town; the test's end closes it. It is noon of 1 June 2026.
func New(tb testing.TB) *Town {
	tb.Helper()
	return NewSized(tb, 2)
}

// NewSized builds the town with so many members in each branch.
func NewSized(tb testing.TB, members int) *Town {
	tb.Helper()
	return newTown(tb, size{members: members})
}

func (t *Town) buildAll(tx *store.Tx) error {
	if t.Neighbours == nil {
		return t.build(tx)
	}
	if err := t.buildDistrict(tx); err != nil {
		return err
	}
	return t.buildNeighbours(tx)
}

func (t *Town) build(tx *store.Tx) (err error) {
	street := domain.Org{Parent: t.District.ID, Level: domain.Street, Name: "示例街道"}
	if t.Street, err = tx.InsertOrg(street); err != nil {
		return err
	}
	for i, at := range []*domain.Org{&t.East, &t.West} {
		side := []string{"东", "西"}[i]
		community, err := tx.InsertOrg(domain.Org{Parent: t.Street.ID, Level: domain.Community, Name: side + "社区"})
		if err != nil {
			return err
		}
		if *at, err = tx.InsertOrg(domain.Org{Parent: community.ID, Level: domain.Branch, Kind: "社区",
			Name: side + "支部"}); err != nil {
			return err
		}
		for n := 1; n <= t.members; n++ {
			id := domain.MemberID([]string{"E", "W"}[i] + strconv.Itoa(n))
			if err := tx.InsertMemberAt(at.ID, id, "示例"+side+strconv.Itoa(n),
				"sl"+string(rune('a'+n%26))+string(rune('a'+n/26))); err != nil {
				return err
			}
			if err := tx.InsertAffiliation(domain.Affiliation{Member: id, Kind: domain.Home, Org: at.ID,
				From: calendar.Of(2020, 1, 1)}, 0); err != nil {
				return err
			}
		}
	}
	loaded := ruleset.Load("t.yaml", []byte(Rules))
	if err := tx.InsertEnactment(domain.RuleVersion{Org: t.Street.ID, Code: loaded.Book.Code, From: loaded.Book.From,
		Hash: loaded.Book.Hash, Source: Rules}, 0); err != nil {
		return err
	}
	return t.buildAccounts(tx)
}

// LedGroup is the group of the east that the town's leader leads.
const LedGroup = "第一小组"

// buildAccounts opens the accounts of the town.
func (t *Town) buildAccounts(tx *store.Tx) error {
	for _, a := range []struct {
		login  string
		member domain.MemberID
		role   domain.Role
		org    domain.OrgID
		at     **access.Actor
	}{
		{"clerk", "", domain.RoleStreet, t.Street.ID, &t.Clerk},
		{"secretary", "E1", domain.RoleSecretary, t.East.ID, &t.Secretary},
		{"member", "E2", domain.RoleMember, "", &t.Member}, {"auditor", "", domain.RoleAuditor, "", &t.Auditor},
		{"admin", "", domain.RoleAdministrator, "", &t.Admin},
		{"community", "", domain.RoleCommunity, t.East.Parent, &t.Community},
		{"second", "", domain.RoleStreet, t.Street.ID, &t.Second},
		{"security", "", domain.RoleSecurity, "", &t.Security},
		{"recorder", "", domain.RoleRecorder, t.East.ID, &t.Recorder},
		{"leader", "", domain.RoleLeader, t.East.ID, &t.Leader},
		{"officer", "", domain.RoleRules, t.Street.ID, &t.Officer},
	} {
		if t.first && (a.at == &t.Security || a.at == &t.Recorder || a.at == &t.Officer || a.at == &t.Leader) {
			continue
		}
		o := domain.Account{Login: a.login, Name: a.login, Member: a.member, Password: t.hash}
		if a.member == "" && !t.first {
			o.Person = new(domain.MemberID) // said to be no member's
		}
		id, err := tx.InsertAccountFor(o, a.org, 0)
		if err != nil {
			return err
		}
		term := domain.Term{Role: a.role, Org: a.org}
		if a.role == domain.RoleLeader {
			term.Group = LedGroup
		}
		if err := tx.InsertTerm(id, term, false, 0); err != nil {
			return err
		}
		if *a.at, err = tx.Actor(id); err != nil {
			return err
		}
	}
	return nil
}

// TokenOf makes a bearer token for the account of a login, as the security administrator does.
func (t *Town) TokenOf(ctx context.Context, login, purpose string, life time.Duration) (string, error) {
	a, err := t.Accounts.Find(ctx, t.Security, login)
	if err != nil {
		return "", err
	}
	return t.Accounts.MakeToken(ctx, t.Security, a.ID, purpose, life, domain.TokenScope{})
}
