package testkit

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/activities"
	"jifen/internal/app/audit"
	"jifen/internal/app/entries"
	"jifen/internal/app/members"
	"jifen/internal/app/requests"
	"jifen/internal/app/rules"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/store/engine/enginetest"
	"jifen/internal/store/engine/sqlite"
	"jifen/internal/store/migrations"
	"jifen/internal/testkit/pgtest"
)

// update writes the fixture anew: go test ./internal/testkit -run TestBaseline -update
//
//nolint:gochecknoglobals // a flag
var update = flag.Bool("update", false, "write the baseline anew; never after a release")

// baseline is a database of the first release, as text: something of everything is
// recorded in it. Every later program must bring it to its own shape.
var baseline = filepath.Join("..", "store", "testdata", "baseline.sql") //nolint:gochecknoglobals // a path

// empty lists the tables that may be empty in the baseline, with the reason.
func empty() map[string]string {
	return map[string]string{
		"decisions": "decisions become steps of requests before the baseline is frozen",
		"sketches":  "sketches become drafts of requests before the baseline is frozen",
	}
}

// TestBaseline brings the baseline to the present shape and compares it with a town
// in which the same happened now.
func TestBaseline(t *testing.T) {
	if pgtest.OnServer() {
		t.Skip("the baseline is of a file; a server's schema is compared with it in the store")
	}
	t.Parallel()
	town := lived(t)
	want := populations(t, town)
	town.Close(t)
	fresh := enginetest.Dump(t, town.options.Path)
	if *update {
		rewrite(t, fresh)
	}
	text, err := os.ReadFile(baseline)
	if err != nil {
		t.Fatal(err)
	}
	for table := range strings.SplitSeq(string(text), "\nCREATE TABLE ") {
		name, rows, _ := strings.Cut(table, " ")
		filled := strings.HasPrefix(name, "--") || strings.Contains(rows, "INSERT INTO "+name+" ")
		if !filled && empty()[name] == "" {
			t.Errorf("%s has no row in the baseline: record something in lived", name)
		}
	}

	old := &Town{clock: town.clock, options: town.options}
	old.options.Path, old.options.Create = filepath.Join(t.TempDir(), "old.db"), false
	enginetest.Load(t, sqlite.Driver{}, old.options.Path, string(text))
	db, err := store.Open(t.Context(), old.options)
	if err != nil {
		t.Fatal(err, "\nschema.sql was changed: write a step in internal/store/migrations/steps;",
			"before the first release, write the baseline anew with -update")
	}
	old.serve(db)
	err = db.LongRead(t.Context(), func(v *store.Snapshot) error {
		broken, err := v.Verify()
		if len(broken) > 0 {
			t.Errorf("the chains: %+v", broken)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if got := populations(t, old); got != want {
		t.Errorf("the standings are\n%s\nwant\n%s", got, want)
	}
	old.Close(t)
	compareRows(t, rowsOf(enginetest.Dump(t, old.options.Path)), rowsOf(fresh))
}

// rewrite writes the fixture, as long as nothing was released.
func rewrite(t *testing.T, fresh string) {
	t.Helper()
	steps, err := migrations.Steps(migrations.SQLite)
	if err != nil || len(steps) > 0 {
		t.Fatalf("the baseline is frozen: %d steps lead on from it, %v", len(steps), err)
	}
	if err := os.MkdirAll(filepath.Dir(baseline), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(baseline, []byte(fixed(fresh)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// fixed leaves out of a dump what is by chance: the salts of passwords.
func fixed(dump string) string {
	return regexp.MustCompile(`\$argon2id\$[^']*`).ReplaceAllString(dump, "hash")
}

// rowsOf returns the rows of a dump, sorted. Of the trail it returns who did what, and where: in
// whose chain lines stand has changed for those about accounts, and that they say whom they
// concern by a hash, in which role and from where is new, and numbers in place of names.
// The numbers by which a program tells what it holds in memory are left out.
func rowsOf(dump string) (out []string) {
	line := regexp.MustCompile(`^trail VALUES \((\d+), \d+, '[^']*', \d+, ('[^']*', \w+, '[^']*', \w+), ` +
		`.*$`)
	made := regexp.MustCompile(`, (?:NULL|'[^']*')$`)
	for part := range strings.SplitSeq(fixed(dump), "\nINSERT INTO ") {
		row, _, _ := strings.Cut(part, ");")
		switch {
		case strings.HasPrefix(row, "versions "), strings.HasPrefix(row, "settings VALUES ('lines since'"):
			continue
		case strings.HasPrefix(row, "trail "):
			row = line.ReplaceAllString(row, "trail $1 $2")
		case strings.HasPrefix(row, "replies "): // when they were made is new
			row = made.ReplaceAllString(row, "")
		case strings.HasPrefix(row, "accounts "): // before the columns of an identity, of which there is none
			row = made.ReplaceAllString(strings.TrimSuffix(row, ", NULL, NULL"), "")
		case strings.HasPrefix(row, "chain_heads ") && !strings.Contains(row, ", '', "): // of a month
			row = "chain_heads of a month"
		}
		out = append(out, row)
	}
	out = out[1:]
	slices.Sort(out)
	return slices.Compact(out)
}

func compareRows(t *testing.T, got, want []string) {
	t.Helper()
	for _, row := range got {
		if _, there := slices.BinarySearch(want, row); !there {
			t.Errorf("a fresh database has not: %.300s", row)
		}
	}
	for _, row := range want {
		if _, there := slices.BinarySearch(got, row); !there {
			t.Errorf("only a fresh database has: %.300s", row)
		}
	}
}

// populations tells the standings of everybody, of both schemes' days.
func populations(t *testing.T, town *Town) string {
	t.Helper()
	var b strings.Builder
	for _, day := range []string{"2026-03-31", "2026-05-31", "2026-06-01"} {
		q := standings.Question{Scope: access.System("the test looks at all"), AsOf: Day(t, day)}
		p, err := town.Standings.Current(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		rows := slices.SortedFunc(slices.Values(p.Rows), func(x, y standings.Row) int {
			return cmp.Compare(x.Member.ID, y.Member.ID)
		})
		for i := range rows {
			text, err := json.Marshal(rows[i].Standing)
			if err != nil {
				t.Fatal(err)
			}
			b.WriteString(day + " " + string(text) + "\n")
		}
	}
	return b.String()
}

// confirmed puts a draft in force as the first release did, which did not ask who holds an
// account.
func confirmed(ctx context.Context, town *Town, id domain.RuleDraftID) error {
	return town.DB.Exclusive(store.InStreets(ctx, []string{town.Street.Path}), func(tx *store.Tx) error {
		d, err := tx.Draft(access.System("the test looks at all"), id)
		if err != nil {
			return err
		}
		err = tx.InsertEnactment(domain.RuleVersion{Org: d.Org.ID, Code: d.Code, From: d.From, Hash: d.Hash, Source: d.Source,
			Draft: d.ID, Person: town.Second.Name}, town.Second.Account)
		if err != nil {
			return err
		}
		return audit.Record(tx, town.Second, audit.Enacted,
			audit.What{Org: d.Org.ID, Detail: d.Code + " " + d.From.String()})
	})
}

// lived builds a town in which something of everything is recorded.
func lived(t *testing.T) *Town {
	t.Helper()
	town, ctx := newTown(t, size{members: 2, first: true}), context.Background()
	keeper := access.Grant{Role: domain.RoleSecurity} // in the first release the administrator kept the accounts
	town.Security = &access.Actor{Account: town.Admin.Account, Name: "admin", Grants: []access.Grant{keeper}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}

	entry := entries.EntryInput{Member: "E2", Item: "好事", On: Day(t, "2026-04-01"), Note: "帮邻居搬家"}
	first, err := town.Entries.Post(ctx, town.Secretary, entry, "key 1")
	must(err)
	entry.On, entry.Item, entry.Fields = Day(t, "2026-05-02"), "服务", map[string]string{"时长": "2.5"}
	_, err = town.Entries.Post(ctx, town.Secretary, entry, "")
	must(err)
	_, err = town.Entries.Reverse(ctx, town.Secretary, first.Entry, "重复录入", "")
	must(err)
	entry.Item, entry.Fields = "表彰", map[string]string{"级别": "街道"}
	_, err = town.Entries.Post(ctx, town.Member, entry, "") // waits
	must(err)
	entry.Item, entry.Fields = "好事", nil
	returned, err := town.Entries.Post(ctx, town.Member, entry, "")
	must(err)
	_, err = town.Ledger.Requests.Decide(ctx, town.Secretary, []requests.Ruling{{Request: returned.Request}},
		requests.Answer{Reason: "没有写是什么事"}, "")
	must(err)
	entry.Follows = returned.Request
	_, err = town.Entries.Post(ctx, town.Member, entry, "")
	must(err)
	_, err = town.Ledger.Requests.SaveDraft(ctx, town.Member, 0, map[string]string{"item": "服务"})
	must(err)

	meeting := activities.ActivityInput{
		Org: town.East.ID, Kind: "党课", On: Day(t, "2026-05-10"), Title: "第一课",
		Lines: []activities.Line{{Member: "E2", Status: "缺席"}, {Member: "E1", Status: "到会"}},
	}
	logged, err := town.Activities.Record(ctx, town.Clerk, meeting, "key 2")
	must(err)
	_, err = town.Activities.Correct(ctx, town.Clerk, activities.Correction{
		Activity: logged.Activity, Member: "E2", Status: "补课", MadeUpOn: Day(t, "2026-05-20"), Reason: "补了课",
	}, "")
	must(err)

	_, err = town.Ledger.ChangeFact(ctx, town.Secretary, members.FactChange{
		Member: "E2", Attribute: "豁免", Value: "免会", From: Day(t, "2026-05-25"), Approved: []string{"支部委员会"},
	}, "")
	must(err)
	_, err = town.Ledger.RecordSecondary(ctx, town.Clerk,
		members.SecondaryInput{Member: "E2", Org: town.West.ID, From: Day(t, "2026-05-01")}, "")
	must(err)
	_, err = town.Ledger.Move(ctx, town.Clerk, members.Move{
		Member: "W2", To: town.East.ID, From: Day(t, "2026-06-01"), Seen: true,
	}, "")
	must(err)

	// A text of another day, put in force by two, and one that was withdrawn.
	text := func(old, fresh, from string) domain.RuleDraftID {
		t.Helper()
		id, err := town.Enactment.Propose(ctx, town.Clerk, rules.Proposal{
			Org: town.Street.ID, Name: "t.yaml", Source: []byte(strings.Replace(Rules, old, fresh, 1)), From: Day(t, from),
		})
		must(err)
		return id
	}
	must(confirmed(ctx, town, text("起点: 80", "起点: 90", "2027-01-01")))
	must(town.Enactment.Withdraw(ctx, town.Clerk, text("起点: 80", "起点: 70", "2028-01-01"), "", "再想想"))

	_, err = town.TokenOf(ctx, "clerk", "程序", 24*time.Hour)
	must(err)
	must(town.Accounts.RevokeOwnToken(ctx, town.Clerk, 1))
	_, wrong := town.Accounts.SignIn(ctx, accounts.Credentials{Login: "clerk", Password: "wrong", Address: "192.0.2.1"})
	if wrong == nil {
		t.Fatal("a wrong password was taken")
	}
	must(town.DB.Write(ctx, func(tx *store.Tx) error { return livedBelow(t, tx, town) }))
	return town
}

// livedBelow records what no use case of the ledger does.
func livedBelow(t *testing.T, tx *store.Tx, town *Town) error {
	t.Helper()
	if err := tx.SealUnder("mark"); err != nil { // settings
		return err
	}
	if err := tx.PutSealed("E1", "手机号", []byte("box"), []byte("seek")); err != nil {
		return err
	}
	session := &domain.Session{Key: []byte("token"), Data: []byte("data")}
	if err := tx.PutSession(session, Now().Add(time.Hour)); err != nil {
		return err
	}
	root := domain.DailyJob{Name: "根", Day: Day(t, "2026-06-01"), Holder: "program", Until: Now(), Ended: Now(),
		Done: true}
	if err := tx.PutDailyJob(&root, true); err != nil {
		return err
	}
	change := domain.OrgChange{Org: town.West.ID, Kind: "更名", Name: "西新支部", From: Day(t, "2026-05-01")}
	if _, err := tx.ChangeOrg(town.West, change, town.Clerk.Account); err != nil {
		return err
	}
	hobby := domain.Fact{Attribute: "特长", From: Day(t, "2026-05-01"), Value: domain.Value{Text: "书法"}, Free: true}
	if err := tx.InsertFact("E1", hobby, town.Clerk.Account); err != nil {
		return err
	}
	if err := tx.EraseText(1, "本人要求", Day(t, "2026-06-01"), town.Clerk.Account); err != nil {
		return err
	}
	return tx.InsertPeriodStep(town.West.ID, "2025", true, town.Clerk.Account)
}
