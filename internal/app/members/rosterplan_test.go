package members_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/importer"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/vault"
)

// identity invents an identity number: 370799 is no place.
func identity(born string, n int) string {
	s := "370799" + born + fmt.Sprintf("%03d", n)
	sum := 0
	for i, weight := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += weight * int(s[i]-'0')
	}
	return s + "10X98765432"[sum%11:sum%11+1]
}

// rosterTable reads a table from the text of a file.
func rosterTable(tb testing.TB, src string) *spreadsheet.Table {
	tb.Helper()
	t, err := spreadsheet.ReadCSV("名册.csv", strings.NewReader(src))
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// terms returns those of the town's street, under rules that ask four things.
func terms(t testing.TB, town *testkit.Town) *members.RosterTerms {
	t.Helper()
	key, err := vault.New(testkit.Zeros{}, bytes.Repeat([]byte{7}, vault.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return &members.RosterTerms{
		Vault: key, Org: town.Street, Community: "东社区", Kind: "社区",
		Since: testkit.Day(t, "2026-01-01"), Changes: testkit.Day(t, "2026-06-01"), Today: testkit.Day(t, "2026-06-01"),
		Reason: "年度核对名册",
		Understand: func(_, attribute, text string) (domain.Fact, bool, error) {
			switch attribute {
			case "人员类别":
				return domain.Fact{Value: domain.Value{Text: text}}, true, nil
			case "出生日期", "转正日期":
				d, err := calendar.Parse(text)
				return domain.Fact{Value: domain.Value{Number: int64(d)}}, true, err
			case "流动":
				return domain.Fact{Value: domain.Value{Number: map[string]int64{"是": 1}[text]}}, true, nil
			case "学历":
				return domain.Fact{}, true, fault.New(fault.Invalid, "没有")
			}
			return domain.Fact{}, false, nil
		},
	}
}

// plan plans a register in the town.
func plan(t testing.TB, town *testkit.Town, terms *members.RosterTerms, src string) *members.RosterPlan {
	t.Helper()
	var p *members.RosterPlan
	preview := importer.ReadRoster(rosterTable(t, src), nil, nil)
	if len(preview.Problems) > 0 && !preview.Problems[0].Warning {
		t.Fatalf("the file alone: %s", preview.Problems[0])
	}
	if err := town.DB.Read(context.Background(), func(v *store.Snapshot) (err error) {
		p, err = terms.Plan(v, preview)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return p
}

// carry does all of a plan.
func carry(town *testkit.Town, terms *members.RosterTerms, p *members.RosterPlan) error {
	return town.DB.Exclusive(context.Background(),
		func(tx *store.Tx) error { return town.Ledger.ApplyRosterTx(tx, town.Clerk, terms, p.Steps) })
}

// steps returns a plan as one reads it aloud.
func steps(p *members.RosterPlan) string {
	var out []string
	if p.Community != "" {
		out = append(out, "社区 "+p.Community)
	}
	for _, b := range p.Branches {
		out = append(out, "支部 "+b)
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		line := fmt.Sprintf("%d %s", s.Person.Row, s.Member)
		if s.New {
			line += " 新"
		}
		if s.Moves {
			line += " 转到" + s.Branch
		}
		for _, f := range s.Facts {
			line += fmt.Sprintf(" %s@%s", f.Attribute, f.From)
		}
		for _, k := range s.Numbers {
			line += " " + string(k)
		}
		out = append(out, line)
	}
	for _, b := range p.Problems {
		out = append(out, fmt.Sprintf("! %d %s：%s", b.Row, b.Column, b.Message))
	}
	return strings.Join(out, "\n")
}

func TestWhoIsThereAlready(t *testing.T) {
	t.Parallel()
	a, b, c, d := identity("19800101", 1), identity("19900101", 2), identity("19700101", 3), identity("19600101", 4)
	for name, test := range map[string]struct{ src, want string }{
		"by name in the branch while there is no number": {
			"姓名,身份证号,支部\n示例东1," + a + ",东支部\n", "2 E1 出生日期@2020-01-01 身份证号",
		},
		"somebody of the name with another number": {
			"姓名,身份证号,支部\n示例东2," + b + ",东支部\n", "2 P0001 新 出生日期@2026-01-01 身份证号",
		},
		"somebody of the name with another birthday": {
			"姓名,身份证号,支部\n示例西1," + b + ",西支部\n",
			"2 P0001 新 出生日期@2026-01-01 身份证号\n! 2 姓名：这个支部的“示例西1”（编号 W1）出生日期不同，这里当作另一个人",
		},
		"another birthday and no number": {
			"姓名,出生日期,支部\n示例西1,1990-01-01,西支部\n",
			"! 2 出生日期：这个支部的“示例西1”（编号 W1）出生日期是 1970-01-01，这里写 1990-01-01",
		},
		"by number, in another branch":  {"姓名,身份证号,支部\n示例东2," + c + ",西支部\n", "2 E2 转到西支部 出生日期@2020-01-01"},
		"by number, under another name": {"姓名,身份证号,支部\n示例," + c + ",东支部\n", "! 2 身份证号：这个身份证号是编号 E2 的“示例东2”的，姓名却不一样"},
		"a namesake elsewhere": {
			"姓名,支部\n示例东1,西支部\n", "2 P0001 新\n! 2 姓名：别的支部也有叫“示例东1”的，这里当作另一个人",
		},
		"two rows, one person": {
			"姓名,支部\n示例东1,东支部\n示例东1,东支部\n", "2 E1\n! 3 姓名：与第 2 行都是编号 E1 的人",
		},
		"two new of one name": {
			"姓名,支部\n示例甲,东支部\n示例甲,东支部\n示例甲,西支部\n",
			"4 P0001 新\n! 2 姓名：这个支部有 2 行叫“示例甲”\n! 3 姓名：这个支部有 2 行叫“示例甲”",
		},
		"a new branch": {
			"姓名,身份证号,支部\n示例甲," + d + ",南支部\n", "支部 南支部\n2 P0001 新 出生日期@2026-01-01 身份证号",
		},
		"what changed": {
			"姓名,支部,人员类别,是否流动,转正日期,学历\n示例西1,西支部,正式党员,是,2026-03-01,大学\n示例西2,西支部,预备党员,否,-,\n",
			"2 W1 人员类别@2026-03-01 转正日期@2020-01-01 流动@2026-06-01\n3 W2 人员类别@2026-06-01\n! 2 学历：办法不认得“大学”，这一格没有取",
		},
		"confirmed after the first day here": {
			"姓名,支部,人员类别,入党日期,转正日期\n示例甲,东支部,正式党员,2025-03-01,2026-03-01\n示例乙,东支部,预备党员,2026-02-01,-\n",
			"2 P0001 新 人员类别@2026-01-01 人员类别@2026-03-01 转正日期@2026-01-01\n3 P0002 新 人员类别@2026-02-01",
		},
		"a day to come": {"姓名,支部,入党日期\n示例甲,东支部,2026-07-01\n", "! 2 入党日期：入党日期 2026-07-01 还没有到"},
		"no branch":     {"姓名\n示例甲\n", "! 0 ：没有“所在党支部”这一列，不知道各人在哪个支部"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := testkit.New(t)
			terms := terms(t, town)
			write(t, town, func(tx *store.Tx) error { // E2 has a number, W1 was born on a day and is probationary
				if err := tx.PutSealed("E2", "身份证号", []byte("box"), terms.Vault.Seek(vault.Identity, c)); err != nil {
					return err
				}
				if err := tx.InsertFact("W1", domain.Fact{Attribute: "出生日期", From: testkit.Day(t, "2020-01-01"),
					Value: domain.Value{Number: int64(testkit.Day(t, "1970-01-01"))}}, 0); err != nil {
					return err
				}
				return tx.InsertFact("W1", domain.Fact{Attribute: "人员类别", From: testkit.Day(t, "2025-03-01"),
					Value: domain.Value{Text: "预备党员"}}, 0)
			})
			p := plan(t, town, terms, test.src)
			if got := steps(p); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
			if err := carry(town, terms, p); err != nil {
				t.Error(err)
			}
		})
	}
}

func write(t testing.TB, town *testkit.Town, work func(tx *store.Tx) error) {
	t.Helper()
	if err := town.DB.Write(context.Background(), work); err != nil {
		t.Fatal(err)
	}
}

func TestWhereARegisterGoes(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	src := "姓名,支部\n示例甲,东支部\n示例乙,南支部\n"
	for name, c := range map[string]struct {
		set  func(*members.RosterTerms)
		want string
	}{
		"no community said": {func(s *members.RosterTerms) { s.Community = "" }, "2 P0001 新\n! 3 支部：示例街道没有“南支部”这个支部"},
		"a community to make": {func(s *members.RosterTerms) { s.Community = "南社区" },
			"社区 南社区\n支部 南支部\n2 P0001 新\n3 P0002 新"},
		"one branch":           {func(s *members.RosterTerms) { s.Org = town.East }, "2 P0001 新\n! 3 支部：写的是“南支部”，这次只导入“东支部”"},
		"a branch of its kind": {func(*members.RosterTerms) {}, "支部 南支部\n2 P0001 新\n3 P0002 新"},
	} {
		s := terms(t, town)
		c.set(s)
		if got := steps(plan(t, town, s, src)); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// TestABranchIsFoundByEveryNameItHas: a register that writes a branch as it was called
// before, or in another way, founds no second one and moves nobody.
func TestABranchIsFoundByEveryNameItHas(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	rename := domain.OrgChange{Org: town.East.ID, Kind: domain.OrgRenamed, Name: "东关社区（前进）党支部",
		From: testkit.Day(t, "2026-03-01")}
	if _, err := town.Orgs.Change(ctx, town.Clerk, rename); err != nil {
		t.Fatal(err)
	}
	for written, want := range map[string]string{
		"东关社区（前进）党支部":      "2 E1",
		"东关社区(前进)党支部":      "2 E1",
		"东关社区 (前进) 支部":     "2 E1",
		"东支部":              "2 E1\n! 2 支部：“东支部”现在叫“东关社区（前进）党支部”，按它算",
		"潍州路街道东关社区（前进）党支部": "! 2 支部：没有“潍州路街道东关社区（前进）党支部”这个支部，是不是“东关社区（前进）党支部”",
	} {
		if got := steps(plan(t, town, terms(t, town), "姓名,支部\n示例东1,"+written+"\n")); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", written, got, want)
		}
	}
}

func TestAPlanThatIsBehindIsRefused(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	terms := terms(t, town)
	p := plan(t, town, terms, "姓名,支部,是否流动\n示例甲,东支部,是\n示例东1,东支部,是\n")
	write(t, town, func(tx *store.Tx) error {
		return tx.InsertFact("E1", domain.Fact{Attribute: "流动", From: testkit.Day(t, "2026-05-01"),
			Value: domain.Value{Number: 1}}, 0)
	})
	if err := carry(town, terms, p); fault.CodeOf(err) != fault.Stale {
		t.Errorf("told %v", err)
	}
	if n := len(everyMember(t, town)); n != 4 {
		t.Errorf("the refused plan left %d members", n)
	}
}

func everyMember(t testing.TB, town *testkit.Town) (out []domain.Member) {
	t.Helper()
	if err := town.DB.Read(context.Background(), func(v *store.Snapshot) (err error) {
		out, err = v.Members(access.System("the test looks at all"), "")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever register is taken in, taking it in again changes nothing, whoever
// was taken in is found by his number, and the chains hold.
func TestTakingInTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		town := testkit.New(t)
		terms := terms(t, town)
		taken := 0
		for n := range rapid.IntRange(1, 3).Draw(r, "registers") {
			terms.Changes = terms.Today - 2 + calendar.Day(n) // nobody moves twice on a day
			lines := []string{"姓名,身份证号,支部,手机号,人员类别,是否流动"}
			for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 12), 1, 6, rapid.ID).Draw(r, "who") {
				lines = append(lines, strings.Join([]string{
					fmt.Sprintf("示例%c", []rune("甲乙丙丁")[n%4]), identity("1980010"+fmt.Sprint(n%9+1), n),
					rapid.SampledFrom([]string{"东支部", "西支部", "南支部"}).Draw(r, "branch"),
					rapid.SampledFrom([]string{"-", "13800000001", "13800000002"}).Draw(r, "phone"),
					rapid.SampledFrom([]string{"正式党员", "预备党员"}).Draw(r, "kind"), rapid.SampledFrom([]string{"是", "否"}).Draw(r, "away"),
				}, ","))
			}
			src := strings.Join(lines, "\n") + "\n"
			first := plan(t, town, terms, src)
			if err := carry(town, terms, first); err != nil {
				r.Fatal(err)
			}
			for i := range first.Steps {
				if first.Steps[i].New {
					taken++
				}
			}
			again := plan(t, town, terms, src)
			if busy := slices.ContainsFunc(again.Steps, func(s members.RosterStep) bool { return !s.Idle() }); busy ||
				len(again.Steps) != len(lines)-1 || len(again.Branches) > 0 {
				r.Fatalf("again:\n%s", steps(again))
			}
		}
		if got := len(everyMember(t, town)); got != 4+taken {
			r.Fatalf("%d members, %d were new", got, taken)
		}
		if err := town.DB.Exclusive(context.Background(), func(tx *store.Tx) error {
			broken, err := tx.Verify()
			if len(broken) > 0 {
				r.Fatalf("%d breaks of the chains, the first: %s %d: %s", len(broken), broken[0].Kind, broken[0].Row, broken[0].Why)
			}
			return err
		}); err != nil {
			r.Fatal(err)
		}
	})
}

// TestWhoMayNotImportSeesNoPlan: a plan tells who has an identity number, wherever he
// belongs.
func TestWhoMayNotImportSeesNoPlan(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	read := func(asked []ruleset.Attribute) (*importer.RosterPreview, error) {
		return importer.ReadRoster(rosterTable(t, "姓名,支部\n示例甲,东支部\n"), nil, asked), nil
	}
	ask := func(actor *access.Actor) error {
		_, _, plan, err := town.Ledger.PlanRoster(context.Background(), actor, read,
			func(*store.Snapshot) (*members.RosterTerms, error) { return terms(t, town), nil })
		if (plan != nil) != (err == nil) {
			t.Errorf("a plan came: %v, with the fault %v", plan != nil, err)
		}
		return err
	}
	for name, actor := range map[string]*access.Actor{"nobody": nil, "a secretary": town.Secretary} {
		if err := ask(actor); fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s was told %v", name, err)
		}
	}
	if err := ask(town.Clerk); err != nil {
		t.Errorf("the clerk was told %v", err)
	}
}

// TestARegisterIsTakenInWhereOneMayImport: the clerk of one street takes nobody in
// for another.
func TestARegisterIsTakenInWhereOneMayImport(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	terms := terms(t, town)
	for name, by := range map[string]*access.Actor{
		"the neighbours' clerk": town.Neighbours.Clerk, "a secretary": town.Secretary, "nobody": nil,
	} {
		err := town.DB.Exclusive(t.Context(),
			func(tx *store.Tx) error { return town.Ledger.ApplyRosterTx(tx, by, terms, nil) })
		if fault.CodeOf(err) != fault.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
}
