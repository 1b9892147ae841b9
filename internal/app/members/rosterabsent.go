package members

import (
	"cmp"
	"slices"

	"jifen/internal/domain"
	"jifen/internal/importer"
)

// RosterRename is a row that gives somebody known another name. It is not taken.
type RosterRename struct {
	Row    int
	Member domain.Member
	Name   string // in the register
}

// absent lists who is here, in the branches that the register is about, and not in it. Whom a
// row with a problem may mean is not among them.
func (pl *rosterPlanner) absent(p *importer.RosterPreview) {
	taken, doubtful := map[int]bool{}, map[string]bool{}
	for i := range pl.plan.Steps {
		taken[pl.plan.Steps[i].Person.Row] = true
	}
	for i := range p.Rows {
		if !taken[p.Rows[i].Row] {
			doubtful[p.Rows[i].Name] = true
		}
	}
	for i := range p.Refused {
		doubtful[p.Refused[i].Name] = true
	}
	if pl.Org.Level == domain.Branch {
		pl.covered[pl.Org.ID] = true
	}
	renamed := func(id domain.MemberID) bool {
		return slices.ContainsFunc(pl.plan.Renamed, func(r RosterRename) bool { return r.Member.ID == id })
	}
	for name, some := range pl.byName {
		for i := range some {
			m := &some[i]
			_, named := pl.taken[m.ID]
			if m.Left == 0 && pl.covered[m.Home.ID] && !named && !doubtful[name] && !renamed(m.ID) {
				pl.plan.Absent = append(pl.plan.Absent, *m)
			}
		}
	}
	slices.SortFunc(pl.plan.Absent, func(a, b domain.Member) int {
		return cmp.Or(cmp.Compare(a.Home.Path, b.Home.Path), cmp.Compare(a.ID, b.ID))
	})
}
