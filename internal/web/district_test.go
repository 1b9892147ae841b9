package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/app/rules"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/web/ui"
)

func TestAClerkOfOneStreetSeesNothingOfTheOther(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewInDistrict(t))
	beside := w.Neighbours
	ours := []string{"示例东", "示例西", "东支部", "西社区", "示例街道", "试验"}
	theirs := []string{"邻居1", "邻居2", "邻支部", "邻社区", "邻街道", "邻街办法"}
	for _, c := range []struct {
		login      string
		own, other []string
		hidden     []string
	}{
		{"clerk", ours, theirs, []string{
			ui.MemberPath("N1"), ui.OrgPath(beside.Street.ID), ui.OrgPath(beside.Branch.ID), ui.OrgPath(w.District.ID),
			ui.BranchPath(beside.Branch.ID), ui.NewActivityPath(beside.Branch.ID), ui.BulkPath(beside.Branch.ID),
			ui.ChangesPath("N1"), ui.LinksPath("N2"), ui.RankingPath + "?org=" + string(beside.Street.ID),
		}},
		{"neighbour", theirs, ours, []string{
			ui.MemberPath("E1"), ui.OrgPath(w.Street.ID), ui.OrgPath(w.West.ID), ui.OrgPath(w.District.ID),
			ui.BranchPath(w.East.ID), ui.NewActivityPath(w.East.ID), ui.BulkPath(w.East.ID),
			ui.ChangesPath("E1"), ui.LinksPath("W2"), ui.RankingPath + "?org=" + string(w.Street.ID),
		}},
	} {
		v := w.visit(t, c.login)
		for _, path := range []string{
			ui.BranchesPath, ui.RankingPath, ui.OrgsPath, ui.RulesPath, ui.DraftsPath, ui.ClaimsPath, ui.NewEntryPath,
		} {
			expect.Lacks(t, v.shows(path), c.other...)
		}
		v.shows(ui.BranchesPath, c.own[2], c.own[3])
		v.shows(ui.RankingPath, c.own[0])
		v.shows(ui.OrgsPath, c.own[2:5]...)
		v.shows(ui.RulesPath, c.own[5])
		for _, path := range c.hidden {
			if status, body, _ := v.get(path); status != http.StatusNotFound {
				t.Errorf("%s opens %s: %d %s", c.login, path, status, body)
			}
		}
		v.opens(ui.TrailPath).Status(http.StatusForbidden)
		v.opens(ui.AccountsPath).Status(http.StatusForbidden)
	}
}

func TestAnAuditorOfADistrictNamesTheStreet(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewInDistrict(t))
	v := w.visit(t, "auditor")
	expect.Lacks(t, v.shows(ui.RankingPath, "示例街道党员排名", "示例东1"), "邻居1")
	expect.Lacks(t, v.shows(ui.RankingPath+"?org="+string(w.Neighbours.Street.ID), "邻街道党员排名", "邻居1"), "示例东1")
	v.shows(ui.OrgsPath, "示例区", "示例街道", "邻街道")
	v.shows(ui.TrailPath)
	beside := string(w.Neighbours.Street.ID)
	for _, path := range []string{ui.BranchesPath, ui.RulesPath} {
		v.opens(path).OK().Has("#street option[selected]", "示例街道").Has("#street option", "邻街道")
		v.opens(path+"?street="+beside).OK().Has("#street option[selected]", "邻街道")
		v.opens(path + "?street=" + string(w.East.ID)).Status(http.StatusNotFound)
	}
	v.opens(ui.RulesPath).OK().Shows("试验")
	v.opens(ui.RulesPath + "?street=" + beside).OK().Shows("邻街办法")
	v.opens(ui.BranchesPath).OK().Has("th", "东支部").HasNo("th", "邻支部")
	v.opens(ui.BranchesPath+"?street="+beside).OK().Has("th", "邻支部").HasNo("th", "东支部")
	community := string(w.East.Parent)
	v.opens(ui.BranchesPath+"?community="+community).OK().Has("th", "东支部").HasNo("th", "西支部").
		Has("#street option[selected]", "示例街道")
	for _, login := range []string{"clerk", "community"} {
		w.visit(t, login).opens(ui.BranchesPath).OK().HasNo("#street")
	}
	w.visit(t, "clerk").opens(ui.BranchesPath + "?street=" + beside).Status(http.StatusNotFound)
}

// TestAnAuditorOfAStreetSeesNothingOfTheOther: neither its people nor its trail.
func TestAnAuditorOfAStreetSeesNothingOfTheOther(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewInDistrict(t))
	w.AuditorOf(t, "local", &w.Street)
	w.visit(t, "neighbour").opens(ui.MemberPath("N1")).OK()
	w.visit(t, "clerk").opens(ui.MemberPath("E2")).OK()
	w.visit(t, "clerk").opens(ui.MemberPath("N1")).Status(http.StatusNotFound)
	w.later.Flush(t.Context())
	v := w.visit(t, "local")
	v.opens(ui.TrailPath).OK().Has("td", "E2").Has("td", "clerk").Lacks("neighbour").HasNo("td", "N1")
	v.opens(ui.TrailPath + "?who=neighbour").OK().Shows("没有符合的")
	w.visit(t, "auditor").opens(ui.TrailPath).OK().Has("td", "neighbour").Has("td", "N1")
	v.opens(ui.BranchesPath).OK().Has("th", "东支部").HasNo("th", "邻支部").HasNo("#street")
	for _, path := range []string{ui.RankingPath, ui.OrgsPath, ui.RulesPath} {
		expect.Lacks(t, v.shows(path), "邻居1", "邻支部", "邻街道", "邻街办法")
	}
	v.opens(ui.MemberPath("E2")).OK().Must()
	for _, path := range []string{ui.MemberPath("N1"), ui.BranchPath(w.Neighbours.Branch.ID),
		ui.OrgPath(w.Neighbours.Street.ID)} {
		v.opens(path).Status(http.StatusNotFound)
	}
}

func TestAnAdministratorSetsAStreetUp(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewInDistrict(t))
	v := w.visit(t, "admin")
	v.opens(ui.HealthPath).OK().Has(`[href="/streets"]`)
	v.opens(ui.StreetsPath).OK().Has("li", "示例街道").Has("li", "邻街道").HasNo("li", "示例区")
	v.sends(ui.StreetsPath, url.Values{"name": {"邻街道"}}).Refused().Shows("已经有“邻街道”")
	v.sends(ui.StreetsPath, url.Values{"name": {"新街道"}}).LeadsTo(ui.StreetsPath).Must()
	v.opens(ui.StreetsPath).OK().Shows("设了“新街道”").Has("li", "新街道")
	w.visit(t, "security").opens(ui.AccountsPath+"?role=街道党工委").OK().Has("option", "新街道")
	w.visit(t, "auditor").opens(ui.OrgsPath).OK().Has("tr", "新街道")

	alone := open(t).visit(t, "admin")
	alone.opens(ui.HealthPath).OK().HasNo(`[href="/streets"]`)
	alone.opens(ui.StreetsPath).Status(http.StatusNotFound)
	alone.sends(ui.StreetsPath, url.Values{"name": {"新街道"}}).Status(http.StatusNotFound)
}

// TestTextsOfAnotherStreetAreNotRead: neither by hash nor by code, nor its drafts; what
// the district enacted is read in both.
func TestTextsOfAnotherStreetAreNotRead(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewInDistrict(t))
	hash := func(text string) string { return ruleset.Load("t.yaml", []byte(text)).Book.Hash }
	above := strings.NewReplacer("办法: 试验", "办法: 全区办法", "编号: t", "编号: d").Replace(testkit.Rules)
	if err := w.DB.Write(t.Context(), func(tx *store.Tx) error {
		book := ruleset.Load("d.yaml", []byte(above)).Book
		return tx.InsertEnactment(domain.RuleVersion{Org: w.District.ID, Code: book.Code, From: book.From,
			Hash: book.Hash, Source: above}, 0)
	}); err != nil {
		t.Fatal(err)
	}
	draft, err := w.Enactment.Propose(t.Context(), w.Clerk, rules.Proposal{Org: w.Street.ID, Name: "t.yaml",
		Source: []byte(strings.Replace(testkit.Rules, "起点: 80", "起点: 70", 1)), From: testkit.Day(t, "2027-01-01")})
	if err != nil {
		t.Fatal(err)
	}
	page := ui.DraftPath(strconv.FormatInt(int64(draft), 10))
	ours, theirs := ui.RulesPath+"?text="+hash(testkit.Rules), ui.RulesPath+"?text="+hash(w.Neighbours.Rules)
	for login, reads := range map[string]struct{ ours, theirs, drafts bool }{
		"clerk": {true, false, true}, "secretary": {true, false, false}, "member": {true, false, false},
		"neighbour": {false, true, false}, "auditor": {true, true, false},
	} {
		v := w.visit(t, login)
		for path, may := range map[string]bool{ours: reads.ours, theirs: reads.theirs} {
			want := http.StatusNotFound
			if may {
				want = http.StatusOK
			}
			v.opens(path).Status(want)
		}
		v.opens(ui.RulesPath + "?text=" + hash(above)).OK().Shows("全区办法")
		v.opens(ui.RulesPath + "?scheme=d").OK().Shows("全区办法")
		if !reads.theirs {
			v.opens(ui.RulesPath+"?scheme=n").OK().HasNo("h1", "邻街办法")
		}
		if login == "neighbour" {
			v.opens(page).Status(http.StatusNotFound)
			v.sends(page, url.Values{"do": {"confirm"}}).Status(http.StatusNotFound)
			v.opens(ui.DraftsPath).OK().Has("th", "d").Has("td", "示例区").HasNo("td", "示例街道")
		}
		if reads.drafts {
			v.opens(page).OK().Must()
			v.opens(ui.DraftsPath).OK().Has("td", "示例区").HasNo("td", "邻街道")
		}
	}
}

// TestTheTextOfAStreetAtTheTopIsRead: by everybody there, by its hash and its code.
func TestTheTextOfAStreetAtTheTopIsRead(t *testing.T) {
	t.Parallel()
	w := open(t)
	text := ui.RulesPath + "?text=" + ruleset.Load("t.yaml", []byte(testkit.Rules)).Book.Hash
	for _, login := range []string{"clerk", "community", "secretary", "member", "auditor"} {
		v := w.visit(t, login)
		v.opens(text).OK().Shows("试验")
		v.opens(ui.RulesPath + "?scheme=t").OK().Shows("试验")
		v.opens(ui.RulesPath + "?text=" + strings.Repeat("0", 64)).Status(http.StatusNotFound)
	}
}

// Streets is the part of the matrix of the streets.
func (matrix) Streets() string {
	return `
GET /streets: admin
POST /streets: admin
`
}
