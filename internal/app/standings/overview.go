package standings

import (
	"cmp"
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// lateAfter is after how many days in which a branch recorded nothing it counts
// as late.
const lateAfter = 45

// Overview sums up the branches of a scope in a period.
type Overview struct {
	*Population
	Streets     []domain.Org // of which one is shown, where there are several
	Street      domain.OrgID // the one that is; "" where there is no choice
	Communities []domain.Org // that were there in the period
	Branches    []BranchSum  // of the community asked for
	Sum         BranchSum    // of all of them
	Choices     Choices
	Fresh       bool // no branch has recorded anything yet
}

// BranchSum adds up the members of a branch.
type BranchSum struct {
	Org       domain.Org
	Community string // its name
	Members   int
	Grades    []int // how many have each, in the order of the scheme's grades
	Alerts    int   // open ones
	Overdue   int   // of them
	Last      calendar.Day
	Locked    bool
	Late      bool // nothing was recorded for too long
	Unmanaged bool // nobody is its secretary

	rows []Row
}

// Mean returns the mean total of those who are scored; ok is false if nobody is.
func (b *BranchSum) Mean() (mean domain.Points, ok bool) { return Mean(b.rows) }

// OverviewQuery asks for the branches of a street, or of one of its communities.
type OverviewQuery struct {
	Street    domain.OrgID // "" for the only one that the actor sees, of several the first
	Community domain.OrgID // "" for all of the street
	When
}

// Overview returns the branches of one street of the actor's scope, or of a community.
// The answer names the street, and the others that may be asked for.
func (s *Service) Overview(ctx context.Context, actor *access.Actor, w OverviewQuery) (*Overview, error) {
	out := &Overview{}
	scope := actor.Scope(access.SeeBranches)
	var street domain.Org
	var streets []domain.Org
	ask := func(v *store.Snapshot) (q Question, err error) {
		if street, streets, err = s.streetShown(v, scope, &w); err != nil {
			return q, err
		}
		q, err = s.Ask(v, scope, w.When)
		q.Below = street.Path
		return q, err
	}
	err := s.LookAt(ctx, actor, ask, func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error) {
		p.Place() // some alerts ask for a place
		*out = Overview{Population: p, Streets: streets, Street: street.ID}
		var err error
		if out.Choices, err = s.Choices(v, p.Root, w.Scheme); err != nil {
			return "", audit.What{}, err
		}
		return "", audit.What{}, s.sums(v, scope, street.Path, w.Community, out)
	}, access.SeeBranches)
	return out, err
}

// streetShown returns the street of an overview and those to choose from; neither where
// the scope holds one street or less. A community that is named says which street.
func (s *Service) streetShown(
	v *store.Snapshot, scope access.Scope, w *OverviewQuery,
) (street domain.Org, streets []domain.Org, err error) {
	orgs, err := v.Orgs(scope, "")
	if err != nil {
		return street, nil, err
	}
	if streets = streetsOf(orgs); len(streets) < 2 && w.Street == "" {
		return street, nil, nil
	}
	at := slices.IndexFunc(streets, func(o domain.Org) bool { return o.ID == w.Street })
	switch {
	case w.Street != "" && at < 0:
		return street, nil, fault.Hide(fault.New(fault.NotFound, "没有这个街道"), "这个街道")
	case w.Street == "":
		at = 0
		if i := slices.IndexFunc(orgs, func(o domain.Org) bool { return o.ID == w.Community }); i >= 0 {
			at = max(at, slices.IndexFunc(streets, func(o domain.Org) bool { return o.ID == orgs[i].Parent }))
		}
	}
	return streets[at], streets, nil
}

// sums fills the branches of an overview in.
func (s *Service) sums(
	v *store.Snapshot, scope access.Scope, below string, community domain.OrgID, out *Overview,
) error {
	orgs, err := v.Orgs(scope, below)
	if err != nil {
		return err
	}
	last, err := v.LastRecorded(scope, below)
	if err != nil {
		return err
	}
	locked, err := v.LockedOrgs(scope, below, out.Period.String())
	if err != nil {
		return err
	}
	managed, err := managedBranches(v, scope, below)
	if err != nil {
		return err
	}
	out.Fresh = len(last) == 0
	names, at := map[domain.OrgID]string{}, map[domain.OrgID]int{}
	for _, o := range orgs {
		names[o.ID] = o.Name
		if o.Closed != 0 && o.Closed <= out.Period.First {
			continue // was not there in this period any more
		}
		if o.Level == domain.Community {
			out.Communities = append(out.Communities, o)
		}
		if o.Level != domain.Branch || (community != "" && o.Parent != community) {
			continue
		}
		at[o.ID] = len(out.Branches)
		out.Branches = append(out.Branches, BranchSum{
			Org: o, Community: names[o.Parent], Grades: make([]int, len(out.Book.GradeNames)),
			Last: last[o.ID], Locked: locked[o.ID], Unmanaged: o.Closed == 0 && !managed[o.Path],
			Late: o.Closed == 0 && s.Today(v)-cmp.Or(last[o.ID], out.Book.Since) > lateAfter,
		})
	}
	out.Sum.Grades = make([]int, len(out.Book.GradeNames))
	for i := range out.Rows {
		if n, ok := at[out.Rows[i].Member.Home.ID]; ok {
			out.Branches[n].add(out.Population, &out.Rows[i])
			out.Sum.add(out.Population, &out.Rows[i])
		}
	}
	return nil
}

// managedBranches returns the paths of the branches that have a secretary.
func managedBranches(v *store.Snapshot, scope access.Scope, below string) (map[string]bool, error) {
	holders, err := v.HoldersBelow(scope, below)
	out := map[string]bool{}
	for i := range holders {
		if holders[i].Role == domain.RoleSecretary {
			out[holders[i].Path] = true
		}
	}
	return out, err
}

func (b *BranchSum) add(p *Population, r *Row) {
	b.Members++
	b.rows = append(b.rows, *r)
	if g := slices.Index(p.Book.GradeNames, r.Standing.Grade); g >= 0 {
		b.Grades[g]++
	}
	for _, a := range p.open(r) {
		b.Alerts++
		if p.overdue(&a) {
			b.Overdue++
		}
	}
}

// Grades returns how many of a population have each grade, in the order of the
// scheme's grades.
func (p *Population) Grades() []int {
	out := make([]int, len(p.Book.GradeNames))
	for i := range p.Rows {
		if g := slices.Index(p.Book.GradeNames, p.Rows[i].Standing.Grade); g >= 0 {
			out[g]++
		}
	}
	return out
}
