package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/audit"
	"jifen/internal/app/rules"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// lineRow says of one act which lines the trail must have of it, and no others: "login role |
// from where, by what | what, how it ended | whose | detail".
type lineRow struct {
	name string
	do   func()
	want []string
}

// lined is a database of the demo with its site and its commands, of which the trail is read after
// every act.
type lined struct {
	t      *testing.T
	path   string
	house  *house
	target *target
	later  *audit.Later
	seen   int64 // the last line that was read
	logins map[domain.AccountID]string
	people map[string]domain.MemberID // by what the table calls them
}

// openLined makes the database and opens its site.
func openLined(t *testing.T) *lined {
	t.Helper()
	d := &lined{t: t, path: filepath.Join(t.TempDir(), "t.db"), logins: map[domain.AccountID]string{},
		people: map[string]domain.MemberID{}}
	jifen(t, exitDone, "demo", "--db", d.path, "--members", "50", "--seed", "3")
	d.open()
	secretary, err := d.house.signing().ActorOf(t.Context(), "shuji")
	expect.NoError(t, "who the secretary is", err)
	member, err := d.house.signing().ActorOf(t.Context(), "dangyuan")
	expect.NoError(t, "who the member is", err)
	expect.NoError(t, "who is there", d.house.db.Read(t.Context(), func(v *store.Snapshot) error {
		list, err := v.Members(access.System("test"), "")
		for i := range list {
			m := &list[i]
			if m.ID == secretary.Member {
				d.people["self"] = m.ID
			}
			switch covers := secretary.Scope(access.SeeMembers).Covers(m.Home.Path); {
			case m.ID == member.Member || m.ID == secretary.Member || m.Left != 0 || m.Home.Path == "":
			case covers:
				d.people["near"] = m.ID
			default:
				d.people["far"] = m.ID
			}
		}
		return err
	}))
	for _, login := range []string{"jiedao", "fuhe", "shequ", "shuji", "dangyuan", "guanli", "anquan", "shenji"} {
		_, err := givenSecret(t.Context(), d.house, login, "")
		expect.NoError(t, "the password of "+login, err)
		who, err := d.house.signing().ActorOf(t.Context(), login)
		expect.NoError(t, "who "+login+" is", err)
		d.logins[who.ID()] = login
	}
	d.lines() // those of the demo
	return d
}

// open opens the database and its site.
func (d *lined) open() {
	d.t.Helper()
	h, err := openHouse(d.t.Context(), d.path, false)
	expect.NoError(d.t, "the database", err)
	d.house = h
	town := testkit.Over(h.db)
	town.Accounts = h.signing()
	d.target = openTarget(d.t, town, func(p *siteParts, _ *http.Server) { p.now, d.later = time.Now, p.later })
}

// command runs a command of the program on the database, which the site leaves meanwhile.
func (d *lined) command(secret secrets, want int, args ...string) {
	d.t.Helper()
	d.close()
	var out, complaint bytes.Buffer
	if code := run(append(args, "--db", d.path), &out, &complaint, secret); code != want {
		d.t.Errorf("%q: exit code %d, want %d\n%s%s", args, code, want, out.String(), complaint.String())
	}
	d.open()
}

func (d *lined) close() {
	d.t.Helper()
	d.later.Flush(d.t.Context())
	_ = d.target.http.Close()
	expect.NoError(d.t, "the end", d.house.db.Close())
}

// lines returns the lines that the trail has got since it was asked last.
func (d *lined) lines() (out []string) {
	d.t.Helper()
	d.later.Flush(d.t.Context())
	expect.NoError(d.t, "the trail", d.house.db.Read(d.t.Context(), func(v *store.Snapshot) error {
		list, err := v.Traces(access.System("test"), domain.AuditFilter{}, 1000)
		for i := len(list) - 1; i >= 0; i-- {
			l := &list[i]
			if l.ID <= d.seen {
				continue
			}
			d.seen = l.ID
			whose := cmp.Or(map[domain.MemberID]string{d.people["near"]: "near", d.people["far"]: "far"}[l.Member],
				string(l.Member))
			if l.Count != 1 {
				whose = strconv.Itoa(l.Count)
			}
			out = append(out, strings.Join(strings.Fields(fmt.Sprint(d.logins[l.Account], " ", l.Role, " | ", l.Address, " ",
				l.Route, " | ", l.Action, " ", l.Result, " | ", whose, " | ", l.Detail)), " "))
		}
		return err
	}))
	return out
}

// secret is everybody's password.
const secretOfAll = "the secret of a test"

// TestEveryActHasItsLine: one table of what must leave a line, by page, API and command.
func TestEveryActHasItsLine(t *testing.T) {
	t.Parallel()
	d := openLined(t)
	for _, row := range slices.Concat(d.signIns(), d.refusals(), d.commandRefusals(), d.pairs(), d.looks()) {
		row.do()
		got := d.lines()
		for i := range got { // numbers and digests of what was made meanwhile
			got[i] = regexp.MustCompile(`[0-9a-f]{12}（`).ReplaceAllString(got[i], "DIGEST（")
		}
		slices.Sort(got)
		slices.Sort(row.want)
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: the lines\n  %s\nwant\n  %s", row.name, strings.Join(got, "\n  "), strings.Join(row.want, "\n  "))
		}
	}
	d.hasNothingPersonal()
}

// as returns somebody who is signed in, whose line of that was read.
func (d *lined) as(login string) *intruder {
	d.t.Helper()
	i := d.target.from(d.t, "192.0.2.1")
	expect.Equal(d.t, login+" signs in", i.signIn(login, secretOfAll).status, http.StatusSeeOther)
	d.lines()
	return i
}

// token returns a bearer token of somebody, of whom no line is left to read.
func (d *lined) token(login string) string {
	d.t.Helper()
	who, err := d.target.Accounts.ActorOf(d.t.Context(), login)
	expect.NoError(d.t, "who that is", err)
	token, _, err := d.target.Accounts.StartSession(d.t.Context(), who)
	expect.NoError(d.t, "the token", err)
	d.lines()
	return token
}

// signIns are the rows of who signs in, or does not, and of who leaves.
func (d *lined) signIns() []lineRow {
	from := func(address string) *intruder { return d.target.from(d.t, address) }
	const unknown = "| %s | 登录未成功 unauthenticated | 0 | DIGEST（程序：没有这个帐号）"
	return []lineRow{
		{"a wrong login", func() { from("192.0.2.2").signIn("dangyuan", "wrong") },
			[]string{"dangyuan | 192.0.2.2 POST /login | 登录未成功 unauthenticated | 0 |"}},
		{"a wrong login by the API", func() {
			from("192.0.2.2").api("/api/v1/session", "", `{"login":"dangyuan","password":"wrong"}`)
		}, []string{"dangyuan | 192.0.2.2 POST /api/v1/session | 登录未成功 unauthenticated | 0 |"}},
		{"a login that nobody has", func() { from("192.0.2.3").signIn("nobody at all", "wrong") },
			[]string{fmt.Sprintf(unknown, "192.0.2.3 POST /login")}},
		{"a wrong code of a slip", func() {
			from("192.0.2.3").post("/activate", url.Values{"login": {"nobody at all"}, "code": {"0000-0000-0000-0000"},
				"new": {"a good and long one"}, "again": {"a good and long one"}})
		}, []string{fmt.Sprintf(unknown, "192.0.2.3 POST /activate")}},
		{"too many wrong ones", func() {
			for range 9 {
				from("192.0.2.4").signIn("dangyuan", "wrong")
			}
		}, append(slices.Repeat([]string{"dangyuan | 192.0.2.4 POST /login | 登录未成功 unauthenticated | 0 |"},
			accounts.FreeTries), "dangyuan | 192.0.2.4 POST /login | 登录未成功 too_many | 0 |")},
		{"a sign-in", func() { from("192.0.2.5").signIn("shuji", secretOfAll) },
			[]string{"shuji secretary,member | 192.0.2.5 POST /login | 登录 | 0 |"}},
		{"a sign-out", func() { d.as("shuji").post("/logout", nil) },
			[]string{"shuji secretary,member | 192.0.2.1 POST /logout | 退出 | 0 |"}},
		{"the end of a token", func() {
			token := d.token("shuji")
			from("192.0.2.6").send(http.MethodDelete, "/api/v1/session", nil, "Authorization", "Bearer "+token)
		}, []string{"shuji secretary,member | 192.0.2.6 DELETE /api/v1/session | 作废接口凭证 | 0 | " +
			d.account("shuji") + " 凭证 1"}},
	}
}

// refusals are the rows of pages and questions that are refused.
func (d *lined) refusals() []lineRow {
	ask := func(login, path, body string) func() {
		return func() { d.target.from(d.t, "192.0.2.7").api("/api/v1"+path, d.token(login), body) }
	}
	const secretary = "shuji secretary,member | 192.0.2.7 "
	many := `{"decision":"同意","claims":[` + strings.TrimSuffix(strings.Repeat(`{"id":"1"},`, 2001), ",") + "]}"
	return []lineRow{
		{"a page that is not his", func() { d.as("shuji").get("/trail") },
			[]string{"shuji secretary,member | 192.0.2.1 GET /trail | 被拒绝 forbidden | 0 |"}},
		{"somebody else's member", func() { d.as("shuji").get("/members/" + string(d.people["far"])) },
			[]string{"shuji secretary,member | 192.0.2.1 GET /members/:id | 被拒绝 not_found | far |"}},
		{"a form that is not his", func() { d.as("dangyuan").post("/rules/drafts", nil) },
			[]string{"dangyuan member | 192.0.2.1 POST /rules/drafts | 被拒绝 forbidden | 0 |"}},
		{"a question that is not his", ask("shuji", "/trail", ""),
			[]string{secretary + "GET /api/v1/trail | 被拒绝 forbidden | 0 |"}},
		{"somebody else's member by the API", ask("shuji", "/members/"+string(d.people["far"])+"/standing", ""),
			[]string{secretary + "GET /api/v1/members/:id/standing | 被拒绝 not_found | far |"}},
		{"a write that is not his by the API", ask("shuji", "/orgs", `{}`),
			[]string{secretary + "POST /api/v1/orgs | 被拒绝 forbidden | 0 |"}},
		{"more at once than there may be", ask("shuji", "/claims/decisions", many),
			[]string{secretary + "POST /api/v1/claims/decisions | 被拒绝 too_many | 0 |"}},
	}
}

// commandRefusals are the rows of commands that are refused.
func (d *lined) commandRefusals() []lineRow {
	refused := func(args ...string) func() { return func() { d.command(givenSecret, exitNo, args...) } }
	wrong := func(context.Context, *house, string, string) (string, error) { return "wrong", nil }
	return []lineRow{
		{"a command with a wrong password", func() { d.command(wrong, exitNo, "trail", "months", "--as", "shenji") },
			[]string{"shenji | jifen trail months | 登录未成功 unauthenticated | 0 |"}},
		{"a command that is not his", refused("trail", "months", "--as", "shuji"),
			[]string{"shuji secretary,member | jifen trail months | 被拒绝 forbidden | 0 |"}},
		{"somebody else's member by a command", refused("member", "show", string(d.people["far"]), "--as", "shuji"),
			[]string{"shuji secretary,member | jifen member show | 被拒绝 not_found | far |"}},
	}
}

// pairs are the rows of acts of two persons of whom the second is refused.
func (d *lined) pairs() []lineRow {
	number := func(login string) string { return strings.TrimPrefix(d.account(login), "帐号#") }
	var proposal, draft string
	return []lineRow{
		{"a month of the trail", func() {
			d.command(givenSecret, exitNo, "trail", "drop", "--street", "潍州路街道", "--month", "2026-01", "--as", "shenji",
				"--agree-as", "guanli")
		}, []string{"shenji auditor | jifen trail drop | 被拒绝 forbidden | 0 | " + d.account("guanli"),
			"guanli administrator | jifen trail drop | 被拒绝 forbidden | 0 | " + d.account("shenji")}},
		{"a role that is proposed", func() {
			d.as("anquan").post("/accounts/"+number("dangyuan")+"/roles", url.Values{"do": {"give"}, "role": {"支部记录员"},
				"org": {string(d.branch())}})
			proposal = d.last("assignments")
		}, []string{"anquan security | 192.0.2.1 POST /accounts/:id/roles | 提出给角色 | 0 | " + d.account("dangyuan")}},
		{"who proposed it agrees", func() { d.as("anquan").post("/proposals/"+proposal, url.Values{"do": {"agree"}}) },
			[]string{"anquan security | 192.0.2.1 POST /proposals/:id | 被拒绝 forbidden | 0 |"}},
		{"who proposed it agrees by the API", func() {
			d.target.from(d.t, "192.0.2.7").api("/api/v1/proposals/"+proposal+"/answer", d.token("anquan"), `{"do":"agree"}`)
		}, []string{"anquan security | 192.0.2.7 POST /api/v1/proposals/:id/answer | 被拒绝 forbidden | 0 |"}},
		{"who proposed it agrees by a command", func() {
			d.command(givenSecret, exitNo, "user", "role", "agree", "--login", "dangyuan", "--as", "anquan")
		}, []string{"anquan security | jifen user role agree | 被拒绝 forbidden | 0 |"}},
		{"a rule file that is handed in", func() { draft = d.hands(); d.lines() }, nil},
		{"who handed it in confirms", func() {
			d.as("jiedao").post("/rules/drafts/"+draft, url.Values{"do": {"confirm"}})
		}, []string{"jiedao street | 192.0.2.1 POST /rules/drafts/:id | 被拒绝 forbidden | 0 |"}},
	}
}

// looks are the rows of what is taken out, and of one person's page.
func (d *lined) looks() []lineRow {
	near, dir := string(d.people["near"]), filepath.Dir(d.path)
	listed := strconv.Itoa(today().Year()) + " 50 人"
	return []lineRow{
		{"one's own page", func() { d.as("shuji").get("/members/" + string(d.people["self"])) }, nil},
		{"a member's page", func() { d.as("shuji").get("/members/" + near) },
			[]string{"shuji secretary,member | 192.0.2.1 GET /members/:id | 查看个人明细 | near |"}},
		{"a member by the API", func() {
			d.target.from(d.t, "192.0.2.7").api("/api/v1/members/"+near, d.token("shuji"), "")
		}, []string{"shuji secretary,member | 192.0.2.7 GET /api/v1/members/:id | 查看个人明细 | near | 姓名和支部"}},
		{"a member by a command", func() { d.command(givenSecret, exitDone, "member", "show", near, "--as", "shuji") },
			[]string{"shuji secretary,member | jifen member show | 查看个人明细 | near | 登记过的"}},
		{"an export", func() { d.as("jiedao").get("/ranking/export") },
			[]string{"jiedao street | 192.0.2.1 GET /ranking/export | 导出 | 50 | " + listed}},
		{"an export by a command", func() {
			d.command(givenSecret, exitDone, "export", "ranking", "--org", "潍州路街道", "--as", "jiedao", "--out",
				filepath.Join(dir, "排名.xlsx"))
		}, []string{"jiedao street | jifen export ranking | 导出 | 50 | " + listed}},
		{"the trail", func() { d.as("shenji").get("/trail/export?who=guanli") },
			[]string{"shenji auditor | 192.0.2.1 GET /trail/export | 导出审计 | 0 | 1 行"}},
		{"the trail by a command", func() {
			d.command(givenSecret, exitDone, "trail", "export", "--who", "guanli", "--as", "shenji", "--out",
				filepath.Join(dir, "审计.xlsx"))
		}, []string{"shenji auditor | jifen trail export | 导出审计 | 0 | 1 行"}},
	}
}

// account returns the account of a login as lines have it.
func (d *lined) account(login string) string {
	for id, l := range d.logins {
		if l == login {
			return audit.Account(id)
		}
	}
	return ""
}

// branch returns the member's branch.
func (d *lined) branch() (id domain.OrgID) {
	d.t.Helper()
	who, err := d.target.Accounts.ActorOf(d.t.Context(), "shuji")
	expect.NoError(d.t, "who that is", err)
	return domain.OrgID(strings.TrimPrefix(who.Offices()[0].Key(), string(domain.RoleSecretary)+":"))
}

// last returns the number of the last row of a table.
func (d *lined) last(table string) string {
	return only(d.t, queryRows(d.t, reading(d.t, d.path), "SELECT max(id) FROM "+table))
}

// hands lets the clerk hand in the rules of the demo for next year, and returns the draft.
func (d *lined) hands() string {
	d.t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "rules", "weizhou.yaml"))
	expect.NoError(d.t, "the rules", err)
	who, err := d.target.Accounts.ActorOf(d.t.Context(), "jiedao")
	expect.NoError(d.t, "who that is", err)
	street, err := d.house.org(d.t.Context(), who, "")
	expect.NoError(d.t, "the street", err)
	id, err := d.house.enactment.Propose(d.t.Context(), who, rules.Proposal{Org: street.ID, Name: "weizhou.yaml",
		Source: source, From: calendar.FromTime(today()) + 365})
	expect.NoError(d.t, "the draft", err)
	return strconv.FormatInt(int64(id), 10)
}

// hasNothingPersonal looks through all that the trail keeps in plain text for names and numbers
// of members, and for what was typed by who signed in.
func (d *lined) hasNothingPersonal() {
	d.t.Helper()
	all := strings.Join(queryRows(d.t, reading(d.t, d.path),
		`SELECT action || ' ' || detail || ' ' || coalesce(role, '') || ' ' ||
		coalesce(address, '') || ' ' || coalesce(route, '') || ' ' || coalesce(result, '') || ' ' ||
		coalesce(member_id, '') FROM trail`), "\n")
	personal := []string{"nobody at all", "wrong", secretOfAll, "a good and long one", "0000-0000"}
	expect.NoError(d.t, "who is there", d.house.db.Read(d.t.Context(), func(v *store.Snapshot) error {
		list, err := v.Members(access.System("test"), "")
		for i := range list {
			personal = append(personal, string(list[i].ID), list[i].Name)
		}
		return err
	}))
	expect.True(d.t, len(personal) > 100, "members are looked for", len(personal))
	for _, words := range personal {
		if strings.Contains(all, words) {
			d.t.Errorf("the trail has %q", words)
		}
	}
}
