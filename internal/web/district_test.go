package web_test

import (
	"net/http"
	"net/url"
	"testing"

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
	v.shows(ui.RulesPath, "试验")
	v.shows(ui.TrailPath)
}

func TestAnAdministratorSetsAStreetUp(t *testing.T) {
	t.Parallel()
	w := openWith(t, testkit.NewInDistrict(t))
	v := w.visit(t, "admin")
	v.opens(ui.AccountsPath).OK().Has(`[href="/streets"]`)
	v.opens(ui.StreetsPath).OK().Has("li", "示例街道").Has("li", "邻街道").HasNo("li", "示例区")
	v.sends(ui.StreetsPath, url.Values{"name": {"邻街道"}}).Refused().Shows("已经有“邻街道”")
	v.sends(ui.StreetsPath, url.Values{"name": {"新街道"}}).LeadsTo(ui.StreetsPath).Must()
	v.opens(ui.StreetsPath).OK().Shows("设了“新街道”").Has("li", "新街道")
	v.opens(ui.AccountsPath+"?role=街道党工委").OK().Has("option", "新街道")
	w.visit(t, "auditor").opens(ui.OrgsPath).OK().Has("tr", "新街道")

	alone := open(t).visit(t, "admin")
	alone.opens(ui.AccountsPath).OK().HasNo(`[href="/streets"]`)
	alone.opens(ui.StreetsPath).Status(http.StatusNotFound)
	alone.sends(ui.StreetsPath, url.Values{"name": {"新街道"}}).Status(http.StatusNotFound)
}
