package web

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// branch finds the branch of the address, fault.NotFound outside the scope.
func (s *Site) branch(c *gin.Context, p access.Permission) (branch, community domain.Org, err error) {
	err = s.DB.Read(c.Request.Context(), func(v *store.Snapshot) (err error) {
		branch, err = v.Org(s.Session.Actor(c).Scope(p), domain.OrgID(c.Param("id")))
		if err == nil && branch.Level != domain.Branch {
			err = fault.New(fault.NotFound, "没有找到")
		}
		if err != nil {
			return err
		}
		community, err = v.Org(access.System("the name of what a branch belongs to is no secret"), branch.Parent)
		return err
	})
	return branch, community, fault.Hide(err, "这个支部")
}

// Branch shows the secretary who stands where, and what to do.
func (s *Site) Branch(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	branch, community, err := s.branch(c, access.SeeMembers)
	if err != nil {
		return err
	}
	q, err := s.question(c, actor.Scope(access.SeeMembers))
	if err != nil {
		return err
	}
	q.Below = branch.Path
	p, err := s.Standings.Current(ctx, q)
	if err != nil {
		return err
	}
	p.Place()
	v := ui.Branch{
		Frame: s.framed(c, p.Book, branch.Name, branch.Path), ID: branch.ID, Name: branch.Name, Scope: community.Name,
		Period: p.Period, AsOf: min(p.AsOf, p.Period.Last),
		MayWrite: actor.Scope(access.Record).Covers(branch.Path), Members: s.memberRows(actor, p), Mean: mean(p),
		Grades: grades(p), Alerts: alertRows(p),
	}
	if v.Periods, err = s.periods(c, p.Period, branch.Path); err != nil {
		return err
	}
	v.Sorts = s.sort(c, v.Members)
	err = s.DB.Read(ctx, func(view *store.Snapshot) (err error) {
		if v.Locked, err = view.Locked(branch.ID, p.Period.String()); err != nil {
			return err
		}
		if !actor.May(access.Decide) {
			return nil
		}
		mine, _, err := s.Ledger.Requests.Queue(view, actor)
		v.Waiting = len(mine)
		return err
	})
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

func (s *Site) memberRows(actor *access.Actor, p *standings.Population) []ui.MemberRow {
	out := make([]ui.MemberRow, len(p.Rows))
	for i := range p.Rows {
		r := &p.Rows[i]
		out[i] = ui.MemberRow{
			ID: r.Member.ID, Name: r.Member.Name, Category: r.Standing.Category, Scored: r.Standing.Scored, Why: r.Standing.Why,
			Total: r.Standing.Total, Grade: r.Standing.Grade, Alerts: len(scoring.OpenAlerts(p.Book, &r.Standing)),
			Benchmark: len(r.Benchmarks) > 0, Own: r.Member.ID == actor.Member, Moved: r.Member.Moved,
		}
		if place, ok := r.At(domain.Branch); ok {
			out[i].Place, out[i].Tied = place.Place, place.Tied
		}
	}
	return out
}

// sort orders the list as asked and returns the links that ask.
func (s *Site) sort(c *gin.Context, rows []ui.MemberRow) []ui.Link {
	by := c.Query("sort")
	slices.SortStableFunc(rows, func(a, b ui.MemberRow) int {
		last := func(m ui.MemberRow) int { // who has no place stands last
			if m.Place == 0 {
				return 1 << 30
			}
			return m.Place
		}
		switch by {
		case "id":
			return cmp.Compare(a.ID, b.ID)
		case "alerts":
			return cmp.Or(cmp.Compare(b.Alerts, a.Alerts), cmp.Compare(last(a), last(b)), cmp.Compare(a.ID, b.ID))
		default:
			return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(a.ID, b.ID))
		}
	})
	var links []ui.Link
	for _, l := range [][2]string{{"", "按名次"}, {"alerts", "按预警"}, {"id", "按编号"}} {
		q := c.Request.URL.Query()
		q.Del("sort")
		if l[0] != "" {
			q.Set("sort", l[0])
		}
		path := c.Request.URL.Path
		if len(q) > 0 {
			path += "?" + q.Encode()
		}
		links = append(links, ui.Link{Words: l[1], Path: path, Here: by == l[0]})
	}
	return links
}

func mean(p *standings.Population) string { return average(p.Rows) }

// average is the mean total of who is scored; "" for nobody.
func average(rows []standings.Row) string {
	m, ok := standings.Mean(rows)
	if !ok {
		return ""
	}
	return m.String()
}

func grades(p *standings.Population) []ui.Count {
	out := make([]ui.Count, len(p.Book.GradeNames))
	for i, g := range p.Book.GradeNames {
		out[i].Words = g
		for k := range p.Rows {
			if p.Rows[k].Standing.Grade == g {
				out[i].N++
			}
		}
	}
	return out
}

// alertRows lists the open alerts, the gravest first.
func alertRows(p *standings.Population) []ui.AlertRow {
	var out []ui.AlertRow
	for i := range p.Rows {
		r := &p.Rows[i]
		for _, a := range scoring.OpenAlerts(p.Book, &r.Standing) {
			out = append(out, ui.AlertRow{Member: r.Member.ID, Name: r.Member.Name, Alert: a, Overdue: a.Due < p.AsOf, Moved: r.Member.Moved})
		}
	}
	order := []string{"红", "警示", "提醒"}
	slices.SortStableFunc(out, func(a, b ui.AlertRow) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Alert.Level), slices.Index(order, b.Alert.Level)), cmp.Compare(a.Alert.Due, b.Alert.Due))
	})
	return out
}

// Branches shows all branches of the scope on one page.
func (s *Site) Branches(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	scope := actor.Scope(access.SeeBranches)
	q, err := s.question(c, scope)
	if err != nil {
		return err
	}
	p, err := s.Standings.Current(ctx, q)
	if err != nil {
		return err
	}
	p.Place() // some alerts ask for a place
	v := ui.Committee{
		Frame: s.frame(c, &around{p.Book.Title, ""}), Period: p.Period, AsOf: min(p.AsOf, p.Period.Last),
		Grades: p.Book.GradeNames, MayLock: actor.May(access.LockPeriods), Key: s.key(),
	}
	if v.Periods, err = s.periods(c, p.Period, standings.Root(q)); err != nil {
		return err
	}
	err = s.DB.Read(ctx, func(view *store.Snapshot) error {
		orgs, err := view.Orgs(scope, "")
		if err != nil {
			return err
		}
		return s.branchRows(view, scope, p, orgs, c.Query("community"), &v)
	})
	if err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// lateAfter is after how many days in which a branch recorded nothing it counts
// as late.
const lateAfter = 45

func (s *Site) branchRows(view *store.Snapshot, scope access.Scope, p *standings.Population, orgs []domain.Org, only string, v *ui.Committee) error {
	last, err := view.LastRecorded(scope)
	if err != nil {
		return err
	}
	locked, err := view.LockedOrgs(p.Period.String())
	if err != nil {
		return err
	}
	names := map[domain.OrgID]string{}
	at := map[domain.OrgID]*branchSum{}
	var order []*branchSum
	for _, o := range orgs {
		names[o.ID] = o.Name
		if o.Closed != 0 && o.Closed <= p.Period.First {
			continue // was not there in this period any more
		}
		if o.Level == domain.Community {
			v.Communities = append(v.Communities, ui.Option{Value: string(o.ID), Words: o.Name, Chosen: string(o.ID) == only})
		}
		if o.Level != domain.Branch || (only != "" && string(o.Parent) != only) {
			continue
		}
		b := &branchSum{row: ui.BranchRow{
			ID: o.ID, Name: o.Name, Kind: string(o.Kind), Community: names[o.Parent], Grades: make([]int, len(v.Grades)),
			Last: last[o.ID], Locked: locked[o.ID], Late: o.Closed == 0 && s.today()-cmp.Or(last[o.ID], p.Book.Since) > lateAfter,
		}}
		at[o.ID], order = b, append(order, b)
	}
	if len(v.Communities) == 1 {
		v.Communities = nil
	} else {
		v.Communities = append([]ui.Option{{Words: "全部社区", Chosen: only == ""}}, v.Communities...)
	}
	sum := &branchSum{row: ui.BranchRow{Name: "合计", Grades: make([]int, len(v.Grades))}}
	for i := range p.Rows {
		if b := at[p.Rows[i].Member.Home.ID]; b != nil {
			b.add(p, &p.Rows[i])
			sum.add(p, &p.Rows[i])
		}
	}
	for _, b := range order {
		b.row.Mean = average(b.rows)
		v.Branches = append(v.Branches, b.row)
	}
	sum.row.Mean = average(sum.rows)
	v.Sum = sum.row
	return nil
}

// branchSum adds up a branch.
type branchSum struct {
	row  ui.BranchRow
	rows []standings.Row
}

func (b *branchSum) add(p *standings.Population, r *standings.Row) {
	b.row.Members++
	b.rows = append(b.rows, *r)
	if g := slices.Index(p.Book.GradeNames, r.Standing.Grade); g >= 0 {
		b.row.Grades[g]++
	}
	for _, a := range scoring.OpenAlerts(p.Book, &r.Standing) {
		b.row.Alerts++
		if a.Due < p.AsOf {
			b.row.Overdue++
		}
	}
}

// day reads a day of a form.
func day(text string) (calendar.Day, error) {
	if text == "" {
		return 0, fault.New(fault.Invalid, "没有填日期").WithHint("写成 2026-03-05 这样的年-月-日")
	}
	return calendar.Parse(text)
}
