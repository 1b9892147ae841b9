package members

import (
	"cmp"
	"slices"

	"jifen/internal/domain"
	"jifen/internal/importer"
)

// RosterRename is a row that gives somebody known another name. It is taken where the terms name
// him.
type RosterRename struct {
	Row    int
	Member domain.Member
	Name   string // in the register
	Taken  bool

	wrong importer.Problem // where it is not taken
}

// refuseRenames takes the rows out that give somebody known another name, but for those of which
// it was decided that it is his.
func (pl *rosterPlanner) refuseRenames() {
	for i := range pl.plan.Renamed {
		r := &pl.plan.Renamed[i]
		if r.Taken = slices.Contains(pl.Renames, r.Member.ID); r.Taken {
			continue
		}
		pl.plan.Steps = slices.DeleteFunc(pl.plan.Steps, func(s RosterStep) bool { return s.Person.Row == r.Row })
		pl.plan.Problems = append(pl.plan.Problems, r.wrong)
	}
	pl.settle()
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
