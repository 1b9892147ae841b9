package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/orgs"
	"jifen/internal/app/rules"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/server"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// writesTown is a town below a district in which there is one of everything that a form
// names, in a branch of one's own, one beside it in the same community, one of another
// community, and one of another street.
type writesTown struct {
	town   *testkit.Town
	db     *sql.DB // its database
	dir    string  // of copies
	file   []byte
	rules  string // a file that may be handed in
	srv    http.Handler
	people map[string]*writer
	at     map[string]map[string]string // by place and kind
	own    map[string]map[string]string // by login and kind
}

// openWrites builds the town, signs everybody in, and opens its site.
func openWrites(t *testing.T) *writesTown {
	t.Helper()
	town := testkit.NewInDistrict(t)
	w := &writesTown{
		town: town, db: reading(t, town.Options().Path), people: map[string]*writer{},
		at: map[string]map[string]string{"here": {}}, own: map[string]map[string]string{},
		rules: strings.NewReplacer("编号: t", "编号: t2", "施行: 2026-01-01", "施行: 2026-07-01").Replace(testkit.Rules),
	}
	w.at["absent"] = map[string]string{"member": "X3", "self": "X2", "left": "X9", "branch": "888", "community": "889",
		"street": "890", "account": "888", "entry": "888", "undo": "888", "activity": "888", "claim": "888",
		"handed": "889", "fact": "fact.888", "text": "888", "draft": "888", "official": "888", "proposal": "888",
		"name": "nowhere", "outsider": "W1", "called": "示例西1", "others": "2026-05-01T00:00:00.000Z",
		"keeping": "888", "token": "888",
		"session": "888", "office": "secretary:888"}
	beside := w.buildBeside(t)
	for _, p := range []writesPlace{{"east", town.East, "E"}, {"beside", beside, "B"}, {"west", town.West, "W"},
		{"neighbour", town.Neighbours.Branch, "N"}} {
		w.settle(t, &p)
	}
	w.signIn(t)
	w.dir = t.TempDir()
	expect.NoError(t, "what the test read is closed", w.db.Close())
	town.Close(t)
	file, err := os.ReadFile(town.Options().Path)
	expect.NoError(t, "the town as it stays", err)
	w.file = file
	c := w.copied(t)
	t.Cleanup(c.close)
	w.db, w.srv = c.db, c.srv
	return w
}

// writer is somebody who is signed in, in a browser and as a program.
type writer struct {
	session, token string
}

// writesPlace holds where something is that a form names.
type writesPlace struct {
	name   string
	branch domain.Org
	prefix string // of the numbers of its members
}

// number returns the nth member of a place.
func (p *writesPlace) number(n int) domain.MemberID { return domain.MemberID(fmt.Sprint(p.prefix, n)) }

// buildBeside builds another branch in the community of the east.
func (w *writesTown) buildBeside(t *testing.T) (beside domain.Org) {
	t.Helper()
	err := w.town.DB.Write(t.Context(), func(tx *store.Tx) (err error) {
		beside, err = tx.InsertOrg(domain.Org{Parent: w.town.East.Parent, Level: domain.Branch, Kind: "社区", Name: "旁支部"})
		return err
	})
	expect.NoError(t, "a branch beside", err)
	return beside
}

// act fails the test where something could not be done.
func act[T any](t *testing.T, what string) func(T, error) T {
	t.Helper()
	return func(out T, err error) T {
		t.Helper()
		expect.NoError(t, what, err)
		return out
	}
}

// settle puts one of everything into a place.
func (w *writesTown) settle(t *testing.T, p *writesPlace) {
	t.Helper()
	ctx, town, day := t.Context(), w.town, testkit.Day(t, "2026-05-20")
	secretary, member := w.residents(t, p)
	clerk, officer, street := town.Clerk, town.Officer, town.Street
	if p.name == "neighbour" {
		clerk, officer, street = town.Neighbours.Clerk, town.Neighbours.Clerk, town.Neighbours.Street
	}
	at := map[string]string{
		"member": string(p.number(3)), "self": string(p.number(2)), "left": string(p.number(9)),
		"branch": string(p.branch.ID), "community": string(p.branch.Parent), "street": string(street.ID),
		"account": fmt.Sprint(secretary.Account),
	}
	at["name"], at["official"] = p.name, w.at["absent"]["official"]
	at["outsider"], at["called"] = "W1", "示例西1"
	if p.name == "beside" { // somebody else than the east asks for
		at["outsider"], at["called"] = "W2", "示例西2"
	}
	if by := map[string]*access.Actor{"east": town.Recorder, "neighbour": clerk}[p.name]; by != nil {
		at["official"] = fmt.Sprint(by.Account)
	}
	w.at[p.name] = at
	post := func(by *access.Actor, of domain.MemberID, item, note string) entries.Effect {
		t.Helper()
		e, err := town.Entries.Post(ctx, by, entries.EntryInput{Member: of, Item: item, On: day, Note: note}, "")
		expect.NoError(t, item+" of "+string(of), err)
		return e
	}
	at["office"] = "secretary:" + string(p.branch.ID)
	if p.name == "east" {
		slips := act[accounts.SlipsHanded](t, "slips")(town.Accounts.HandOutSlips(ctx, town.Security, p.branch.ID, false))
		for _, s := range slips.Slips {
			if strings.EqualFold(s.Login, "e3") {
				w.at["here"]["slip"] = s.Code
			}
		}
	}
	at["entry"] = fmt.Sprint(post(secretary, p.number(3), "好事", "").Entry)
	act[entries.Reversed](t, "an entry, taken back from above")(town.Entries.Reverse(ctx, clerk,
		post(secretary, p.number(3), "好事", "").Entry, "记重了", ""))
	others := act[orgs.ByOthers](t, "what others did")(town.Orgs.ByOthers(ctx, clerk, p.branch.ID))
	expect.Len(t, "what others did", others.Acts, 1)
	at["others"] = others.Acts[0].At
	at["claim"] = fmt.Sprint(post(member, p.number(2), "好事", "").Request)
	at["handed"] = fmt.Sprint(post(secretary, p.number(1), "好事", "").Request)
	post(clerk, p.number(3), "好事", "清雪")
	at["text"] = w.lastOf(t, "texts")
	held := act[activities.Receipt](t, "an activity")(town.Activities.Record(ctx, secretary, activities.ActivityInput{
		Org: p.branch.ID, Kind: "党课", On: day, Lines: []activities.Line{{Member: p.number(3), Status: domain.Absent}},
	}, ""))
	at["activity"] = fmt.Sprint(int64(held.Activity))
	act[members.Registered](t, "a fact")(town.Ledger.ChangeFact(ctx, clerk,
		members.FactChange{Member: p.number(3), Attribute: "处分", Value: "警告", From: day}, ""))
	at["fact"] = "fact." + w.lastOf(t, "facts")
	expect.NoError(t, "an office that waits", town.Accounts.Assign(ctx, town.Security, secretary.Account,
		accounts.Role{Role: domain.RoleCommunity, Org: p.branch.Parent}, false))
	at["proposal"] = w.lastOf(t, "assignments")
	act[members.Registered](t, "who leaves")(town.Ledger.Move(ctx, clerk,
		members.Move{Member: p.number(9), From: day, Seen: true}, ""))
	at["keeping"] = fmt.Sprint(act[int64](t, "a draft")(town.Ledger.Requests.SaveDraft(ctx, member, 0,
		map[string]string{"item": "好事"})))
	if p.name == "east" || p.name == "neighbour" {
		at["draft"] = fmt.Sprint(act[domain.RuleDraftID](t, "a draft of rules")(town.Enactment.Propose(ctx, officer,
			rules.Proposal{Org: street.ID, Name: "t.yaml", Source: []byte(w.rules), Beside: true})))
	} else {
		at["draft"] = w.at["absent"]["draft"] // that of the street is in the east
	}
}

// residents moves members into a place, where they are not there, and opens the accounts of
// the first, its secretary, and of the second.
func (w *writesTown) residents(t *testing.T, p *writesPlace) (secretary, member *access.Actor) {
	t.Helper()
	there := map[string][]int{"east": {3, 9}, "beside": {1, 2, 3, 9}, "west": {3, 9}, "neighbour": {3, 9}}[p.name]
	hash, err := quickHasher().Hash(t.Context(), testkit.Password)
	expect.NoError(t, "a password", err)
	err = w.town.DB.Write(t.Context(), func(tx *store.Tx) error {
		for _, n := range there {
			if err := tx.InsertMemberAt(p.branch.ID, p.number(n), fmt.Sprint("某", p.prefix, n), "m"); err != nil {
				return err
			}
			if err := tx.InsertAffiliation(domain.Affiliation{Member: p.number(n), Kind: domain.Home, Org: p.branch.ID,
				From: calendar.Of(2020, 1, 1)}, 0); err != nil {
				return err
			}
		}
		if p.name == "east" {
			secretary, member = w.town.Secretary, w.town.Member
			return tx.InsertAssignment(secretary.Account, domain.RoleMember, "", false, 0)
		}
		open := func(n int, role domain.Role, org domain.OrgID) (*access.Actor, error) {
			id, err := tx.InsertAccountFor(domain.Account{Login: strings.ToLower(string(p.number(n))), Name: p.name,
				Member: p.number(n), Password: hash}, p.branch.ID, 0)
			if err != nil {
				return nil, err
			}
			if err := tx.InsertAssignment(id, role, org, false, 0); err != nil {
				return nil, err
			}
			return tx.Actor(id)
		}
		if secretary, err = open(1, domain.RoleSecretary, p.branch.ID); err != nil {
			return err
		}
		member, err = open(2, domain.RoleMember, "")
		return err
	})
	expect.NoError(t, "the people of "+p.name, err)
	return secretary, member
}

// lastOf returns the id of the last row of a table.
func (w *writesTown) lastOf(t *testing.T, table string) string {
	t.Helper()
	return only(t, queryRows(t, w.db, "SELECT max(id) FROM "+table))
}

func only(t *testing.T, list []string) string {
	t.Helper()
	expect.Len(t, "the rows", list, 1)
	return list[0]
}

// quickHasher returns a hasher that costs little.
func quickHasher() *accounts.Hasher {
	return accounts.NewHasher(accounts.Cost{Memory: 64, Iterations: 1})
}

// signIn signs everybody in with a browser and as a program, notes what is his own, and keeps
// the town as it is then.
func (w *writesTown) signIn(t *testing.T) {
	t.Helper()
	w.srv = w.site(t, w.town, w.town.Accounts)
	logins := append(senders()[1:], "b1", "w1", "n1")
	for _, login := range logins {
		actor, err := w.town.Accounts.ActorOf(t.Context(), login)
		expect.NoError(t, login, err)
		p, first, own := &writer{}, "", map[string]string{"account": fmt.Sprint(actor.Account)}
		for _, session := range []*string{&first, &p.session} {
			got := w.ask(w.srv, &writeRow{method: http.MethodPost, path: "/login",
				body: url.Values{"login": {login}, "password": {testkit.Password}}.Encode()}, "nobody", "here")
			expect.Equal(t, login+" signs in", got.status, http.StatusSeeOther)
			for _, c := range (&http.Response{Header: got.Header}).Cookies() {
				if c.Name == "jifen" {
					*session = c.Value
				}
			}
			if session == &first {
				own["session"] = strings.ToLower(only(t, queryRows(t, w.db, fmt.Sprintf(
					"SELECT hex(substr(token, 1, 8)) FROM sessions WHERE account_id = %d", actor.Account))))
			}
		}
		p.token, _, err = w.town.Accounts.StartSession(t.Context(), actor)
		expect.NoError(t, login+" as a program", err)
		_, err = w.town.TokenOf(t.Context(), login, "另一个", time.Hour)
		expect.NoError(t, "another token", err)
		own["token"] = w.lastOf(t, "tokens")
		own["office"] = actor.Grants[0].Key()
		if actor.Member != "" {
			own["member"], own["self"] = string(actor.Member), string(actor.Member)
		}
		w.people[login], w.own[login] = p, own
	}
	w.own["member"]["claim"], w.own["member"]["keeping"] = w.at["east"]["claim"], w.at["east"]["keeping"]
	w.own["secretary"]["handed"] = w.at["east"]["handed"]
	for place, login := range map[string]string{"east": "secretary", "beside": "b1", "west": "w1", "neighbour": "n1"} {
		w.at[place]["token"], w.at[place]["session"] = w.own[login]["token"], w.own[login]["session"]
	}
}

// site opens the site of a town.
func (*writesTown) site(t *testing.T, town *testkit.Town, signing *accounts.Service) *server.Server {
	t.Helper()
	srv, err := buildServer(houseOf(town), siteParts{signing: signing, log: slog.New(slog.DiscardHandler),
		now: testkit.Now})
	expect.NoError(t, "the site", err)
	return srv
}

// writesCopy is a copy of the town.
type writesCopy struct {
	db    *sql.DB
	srv   http.Handler
	close func()
}

// copied opens a copy of the town as it was when everybody had signed in.
func (w *writesTown) copied(t *testing.T) writesCopy {
	t.Helper()
	dir, err := os.MkdirTemp(w.dir, "copy")
	expect.NoError(t, "a folder", err)
	path := filepath.Join(dir, "t.db")
	expect.NoError(t, "a copy", os.WriteFile(path, w.file, 0o600))
	o := w.town.Options()
	o.Path, o.Create = path, false
	db, err := store.Open(context.WithoutCancel(t.Context()), o)
	expect.NoError(t, "the copy", err)
	town := testkit.Over(db)
	read := reading(t, path)
	return writesCopy{read, w.site(t, town, accounts.New(db, rand.Reader, quickHasher())), func() {
		expect.NoError(t, "the copy is closed", errors.Join(read.Close(), db.Close()))
		expect.NoError(t, "and gone", os.RemoveAll(dir))
	}}
}
