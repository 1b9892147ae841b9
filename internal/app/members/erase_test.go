package members_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/testkit/pgtest"
)

// secretName names E2; nobody else's name has it.
const secretName = "示例东2"

// secretSubject names E2 at a provider of identities.
const secretSubject = "subject-of-e2"

// gone returns a town in which E2, who has a name of his own, numbers, an account, a
// draft and a session, has left.
func gone(t *testing.T) *testkit.Town {
	t.Helper()
	town := written(t)
	must(t, town.DB.Write(store.InAllStreets(ctx, "the town of the test"), func(tx *store.Tx) error {
		for _, kind := range []string{"身份证号", "手机号"} {
			if err := tx.PutSealed("E2", kind, []byte("box of "+secretName), []byte(kind)); err != nil {
				return err
			}
		}
		if _, err := tx.SaveRequestDraft(town.Secretary.Account, 0, `{"member":"E2","note":"`+secretName+`"}`); err != nil {
			return err
		}
		if _, err := tx.SaveRequestDraft(town.Secretary.Account, 0, `{"member":"E1"}`); err != nil {
			return err
		}
		own, err := tx.AccountOf("E2")
		if err != nil {
			return err
		}
		own.Identity = domain.Identity{Issuer: "https://login.example.cn", Subject: secretSubject}
		if err := tx.SetIdentity(own, 0); err != nil {
			return err
		}
		named := &domain.Session{Key: []byte("s"), Data: []byte("notice: " + secretName)}
		if err := tx.PutSession(named, tx.Now().AddDate(0, 0, 1)); err != nil {
			return err
		}
		return members.LeaveTx(tx, "E2", testkit.Day(t, "2026-05-31"), 0)
	}))
	return town
}

// wantNowhere looks through the bytes of every file in the folder of the town's database.
func wantNowhere(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	must(t, err)
	if len(files) == 0 {
		t.Fatal("there is no file to look through")
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		list := []string{secretName, secretSubject}
		for _, n := range []int{1, 2, 3, 4, 5, 7, 8} { // 6 is the title of an activity, which others attended too
			list = append(list, fmt.Sprint(secretWords, n))
		}
		for _, words := range list {
			if bytes.Contains(content, []byte(words)) {
				t.Errorf("%s still has %q", filepath.Base(file), words)
			}
		}
	}
}

// TestAnErasedPersonIsFoundNowhere: not in the file, its log, a copy made afterwards, or
// the trail. The row that says so comes first; the points of everybody and the chains
// hold; what is another's stays.
func TestAnErasedPersonIsFoundNowhere(t *testing.T) {
	t.Parallel()
	town := gone(t)
	before := town.Totals(t)
	held, err := town.Members.Held(ctx, town.Clerk, "E2")
	must(t, err)
	if held.Refuse != "" || held.Data.Names < 2 || held.Data.Numbers != 2 || held.Data.Texts < 7 || held.Data.Drafts != 1 {
		t.Errorf("held of E2 is %+v", held)
	}
	listed := 0
	town.Ledger.List = func(context.Context) error { listed++; return nil }
	must(t, town.Ledger.ErasePerson(ctx, town.Clerk, members.PersonErasure{Member: "E2", Typed: "E2", Reason: "本人要求"}))
	expect.Equal(t, "times that the list outside was written", listed, 1)
	expect.Equal(t, "totals after the erasure", fmt.Sprint(town.Totals(t)), fmt.Sprint(before))
	town.WantChains(t)
	held, err = town.Members.Held(ctx, town.Clerk, "E2")
	must(t, err)
	expect.Equal(t, "what is held afterwards", held.Data, domain.PersonalData{})
	expect.Equal(t, "the name afterwards", held.Member.Name, domain.ErasedName)
	must(t, town.DB.Read(ctx, func(v *store.Snapshot) error {
		miscounts, err := v.Recount()
		if len(miscounts) > 0 {
			t.Errorf("what is kept beside differs: %+v", miscounts)
		}
		drafts, err2 := v.RequestDrafts(town.Secretary.Account)
		expect.Equal(t, "drafts about others", len(drafts), 1)
		return cmp.Or(err, err2)
	}))
	if lines := town.TrailDetails(t, "删除个人信息"); len(lines) != 1 || strings.Contains(lines[0], secretName) {
		t.Errorf("the trail says %q", lines)
	}
	if pgtest.OnServer() {
		t.Log("a server has no file to look through; the test of the file does")
		return
	}
	path := strings.TrimPrefix(town.DB.String(), "sqlite ")
	wantNowhere(t, filepath.Dir(path))
	copied := t.TempDir()
	must(t, store.Copy(ctx, strings.TrimPrefix(town.DB.String(), "sqlite "), filepath.Join(copied, "copy.db")))
	wantNowhere(t, copied)
}

// TestWhoErasesAPerson refuses everybody but the street's committee, who is still here,
// oneself, another number typed, and reasons that are none or name the person.
func TestWhoErasesAPerson(t *testing.T) {
	t.Parallel()
	town := gone(t)
	self := *town.Clerk
	self.Member = "E2"
	erase := func(member, typed, reason string) members.PersonErasure {
		return members.PersonErasure{Member: domain.MemberID(member), Typed: typed, Reason: reason}
	}
	for name, c := range map[string]struct {
		actor *access.Actor
		e     members.PersonErasure
		code  fault.Code
		words string
	}{
		"nobody":             {nil, erase("E2", "E2", "本人要求"), fault.Forbidden, "没有这个权限"},
		"the secretary":      {town.Secretary, erase("E2", "E2", "本人要求"), fault.Forbidden, "没有这个权限"},
		"the auditor":        {town.Auditor, erase("E2", "E2", "本人要求"), fault.Forbidden, "没有这个权限"},
		"the administrator":  {town.Admin, erase("E2", "E2", "本人要求"), fault.Forbidden, "没有这个权限"},
		"oneself":            {&self, erase("E2", "E2", "本人要求"), fault.Forbidden, "由别人删除"},
		"nobody's number":    {town.Clerk, erase("E9", "E9", "本人要求"), fault.NotFound, "没有这名党员"},
		"another number":     {town.Clerk, erase("E2", "E1", "本人要求"), fault.Invalid, "不一样"},
		"no reason":          {town.Clerk, erase("E2", "E2", " "), fault.Invalid, "要写删除的理由"},
		"the name as reason": {town.Clerk, erase("E2", "E2", secretName+"要求"), fault.Invalid, "理由里写着要删的姓名"},
		"who is still here":  {town.Clerk, erase("E1", "E1", "本人要求"), fault.Conflict, "还在这里"},
	} {
		t.Run(name, func(t *testing.T) {
			expect.Fault(t, town.Ledger.ErasePerson(ctx, c.actor, c.e), c.code, c.words)
		})
	}
	held, err := town.Members.Held(ctx, town.Clerk, "E2")
	must(t, err)
	expect.Equal(t, "the name afterwards", held.Member.Name, secretName)
}

// TestAnErasureIsRepeatedInAnEarlierCopy: who comes back with a copy from before he was
// erased is erased again by the list, once; one who has his number in another database is
// not.
func TestAnErasureIsRepeatedInAnEarlierCopy(t *testing.T) {
	t.Parallel()
	town := gone(t)
	if pgtest.OnServer() {
		t.Log("copies of a file are for files; the list is the same on a server")
		return
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	must(t, store.Copy(ctx, strings.TrimPrefix(town.DB.String(), "sqlite "), copied))
	list := filepath.Join(t.TempDir(), "j.db.erased")
	town.Ledger.List = func(ctx context.Context) error { return backup.ListErasures(ctx, town.DB, list) }
	e := members.PersonErasure{Member: "E2", Typed: "E2", Reason: "本人要求"}
	must(t, town.Ledger.ErasePerson(ctx, town.Clerk, e))
	must(t, town.Ledger.List(ctx)) // again: nothing is listed twice
	content, err := os.ReadFile(list)
	must(t, err)
	expect.Equal(t, "lines of the list", strings.Count(string(content), "\n"), 1)
	expect.Lacks(t, string(content), secretName)
	erased, err := backup.ReadErasures(list)
	must(t, err)
	n, err := town.Ledger.Repeat(ctx, erased)
	must(t, err)
	expect.Equal(t, "erased again where it was done", n, 0)

	earlier := town.OpenCopy(t, copied)
	foreign := append([]domain.PersonErasure(nil), erased...)
	foreign[0].Proof = []byte("another's")
	for _, c := range []struct {
		list []domain.PersonErasure
		want int
	}{{foreign, 0}, {erased, 1}, {erased, 0}} {
		n, err := earlier.Ledger.Repeat(ctx, c.list)
		must(t, err)
		expect.Equal(t, "erased again in the copy", n, c.want)
	}
	wantNowhere(t, filepath.Dir(copied))
	must(t, os.WriteFile(list, append(content, "示例\n"...), 0o600))
	_, err = backup.ReadErasures(list)
	expect.Fault(t, err, fault.Invalid, "第 2 行不是删除名单的一行")
}
