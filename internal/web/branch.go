package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// branchRoutes lists the pages and forms of branches.
func (s *Site) branchRoutes() []route {
	return []route{
		{get, ui.BranchesPath, access.SeeBranches, s.Branches},
		{get, ui.BranchesPath + "/:id", access.SeeMembers, s.Branch},
		{get, ui.BranchesPath + "/:id/others", access.SeeMembers, s.Others},
		{post, ui.BranchesPath + "/:id/others", access.Record, s.MarkSeen},
		{get, ui.BranchesPath + "/:id/groups", access.SeeMembers, s.Groups},
		{get, ui.OwnGroupPath, access.SeeMembers, s.OwnGroup},
		{post, ui.PeriodsPath, access.LockPeriods, s.Periods},
	}
}

// Branch shows the secretary who stands where, and what to do.
func (s *Site) Branch(c *gin.Context) error {
	actor := s.Session.Actor(c)
	w, err := s.when(c)
	if err != nil {
		return err
	}
	b, err := s.Orgs.Branch(c.Request.Context(), actor, domain.OrgID(c.Param("id")), w)
	if err != nil {
		return err
	}
	v := ui.Branch{
		Frame: s.framedBy(c, b.Book, b.Org.Name, b.Choices), ID: b.Org.ID, Name: b.Org.Name, Scope: b.Community,
		Period: b.Period, Periods: periodOptions(b.Choices, b.Period), AsOf: min(b.AsOf, b.Period.Last),
		MayWrite: b.MayRecord, Locked: b.Locked, Waiting: b.Waiting, Members: memberRows(actor, b.Population),
		Mean: meanText(standings.Mean(b.Rows)), Grades: gradeCounts(b.Population), Alerts: alertRows(b.Alerts()),
	}
	v.Groups, v.Members = byGroup(c, b, v.Members)
	v.Sorts = s.sort(c, v.Members)
	v.MayManage, v.Homes = b.MayManage, b.Org.Kind.Homes() && b.Org.Closed == 0
	v.Others = s.byOthers(&b.Others)
	for _, l := range b.Lacking {
		v.Lacking = append(v.Lacking, ui.Lacking{Attribute: l.Attribute, Members: l.Members})
	}
	s.render(c, http.StatusOK, v)
	return nil
}

func memberRows(actor *access.Actor, p *standings.Population) []ui.MemberRow {
	alerts := map[domain.MemberID]int{}
	for _, a := range p.Alerts() {
		alerts[a.Member.ID]++
	}
	out := make([]ui.MemberRow, len(p.Rows))
	for i := range p.Rows {
		r := &p.Rows[i]
		out[i] = ui.MemberRow{
			ID: r.Member.ID, Name: r.Member.Name, Category: r.Standing.Category, Scored: r.Standing.Scored, Why: r.Standing.Why,
			Total: r.Standing.Total, Grade: r.Standing.Grade, Alerts: alerts[r.Member.ID],
			Benchmark: len(r.Benchmarks) > 0, Own: actor.IsMember(r.Member.ID), Moved: r.Member.Moved,
		}
		if place, ok := r.At(domain.Branch); ok {
			out[i].Place, out[i].Tied = place.Place, place.Tied
		}
	}
	return out
}

// sort orders the list as asked and returns the links that ask.
func (s *Site) sort(c *gin.Context, rows []ui.MemberRow) []ui.Link {
	var q struct {
		Sort string `form:"sort"`
	}
	_ = bind.Query(c, &q) // anything else sorts by place
	by := q.Sort
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
		q := carried(c)
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

// gradeCounts counts the members of each grade.
func gradeCounts(p *standings.Population) []ui.Count {
	out := make([]ui.Count, len(p.Book.GradeNames))
	for i, n := range p.Grades() {
		out[i] = ui.Count{Words: p.Book.GradeNames[i], N: n}
	}
	return out
}

func alertRows(alerts []standings.MemberAlert) (out []ui.AlertRow) {
	for _, a := range alerts {
		out = append(out, ui.AlertRow{
			Member: a.Member.ID, Name: a.Member.Name, Alert: a.Alert, Overdue: a.Overdue, Moved: a.Member.Moved,
		})
	}
	return out
}

// branchesQuery declares what the page of all branches is asked for.
type branchesQuery struct {
	asked
	Street    domain.OrgID `form:"street" binding:"runes=100" label:"街道的编号"`
	Community domain.OrgID `form:"community" binding:"runes=100" label:"社区的编号"`
}

// Branches shows all branches of the scope on one page.
func (s *Site) Branches(c *gin.Context) error {
	var q branchesQuery
	if err := bind.Query(c, &q); err != nil {
		return err
	}
	return s.branches(c, &q, &periodForm{}, nil)
}

func (s *Site) branches(c *gin.Context, q *branchesQuery, typed *periodForm, refused error) error {
	actor, community := s.Session.Actor(c), q.Community
	w, err := s.whenOf(&q.asked)
	if err != nil {
		return err
	}
	o, err := s.Standings.Overview(c.Request.Context(), actor, standings.OverviewQuery{
		Street: q.Street, Community: community, When: w,
	})
	if err != nil {
		return err
	}
	v := ui.Committee{
		Frame: s.frame(c, &around{o.Book.Title, ""}), Period: o.Period, AsOf: min(o.AsOf, o.Period.Last),
		Periods: periodOptions(o.Choices, o.Period), Grades: o.Book.GradeNames, MayLock: actor.May(access.LockPeriods),
		MayImport: actor.May(access.Import),
		Key:       s.key(), Sum: branchRow(&o.Sum), Reason: typed.Reason, Refusal: ui.Refuse(refused),
	}
	v.Streets = streetOptions(o.Streets, o.Street)
	v.Sum.Name = "合计"
	v.Begins = s.begins(o.Book)
	if o.Fresh {
		v.Steps = firstSteps(o, actor)
	}
	for i := range o.Branches {
		row := branchRow(&o.Branches[i])
		row.Ticked = slices.Contains(typed.Branches, row.ID)
		v.Branches = append(v.Branches, row)
	}
	if len(o.Communities) != 1 {
		v.Communities = []ui.Option{{Words: "全部社区", Chosen: community == ""}}
		for _, k := range o.Communities {
			v.Communities = append(v.Communities, ui.Option{Value: string(k.ID), Words: k.Name,
				Chosen: k.ID == community})
		}
	}
	return s.form(c, v, refused)
}

// firstSteps returns what is done and what is next before the first meeting is recorded.
func firstSteps(o *standings.Overview, actor *access.Actor) []ui.FirstStep {
	members, unmanaged := o.Sum.Members, 0
	for i := range o.Branches {
		if o.Branches[i].Unmanaged {
			unmanaged++
		}
	}
	steps := []ui.FirstStep{
		{What: "启用办法", How: "《" + o.Book.Title + "》，自 " + o.Book.Since.String() + " 起", Path: ui.RulesPath, Done: true},
		{What: "导入党员名册", How: "交上名册，先预览再写入", Done: members > 0},
		{What: "每个支部有书记", How: "由安全管理员在“帐号”里开，印出激活条交给本人", Done: len(o.Branches) > 0 && unmanaged == 0},
		{What: "记第一次活动", How: "支部书记登录以后，在支部的页上点“记一次活动”"},
	}
	if actor.May(access.Import) {
		steps[1].Path = ui.RosterPath
	}
	if members > 0 {
		steps[1].How = "共 " + strconv.Itoa(members) + " 名党员，" + strconv.Itoa(len(o.Branches)) + " 个支部"
		if actor.May(access.SeeBranches) {
			steps[1].Path = ui.OrgsPath
		}
		if unmanaged > 0 {
			steps[2].How = "还有 " + strconv.Itoa(unmanaged) + " 个支部没有；" + steps[2].How
		}
	}
	if steps[2].Done {
		steps[2].How = "都有了"
	}
	return steps
}

// streetOptions returns the streets to choose from; none where there is no choice.
func streetOptions(streets []domain.Org, shown domain.OrgID) (out []ui.Option) {
	if len(streets) < 2 {
		return nil
	}
	for _, o := range streets {
		out = append(out, ui.Option{Value: string(o.ID), Words: o.Name, Chosen: o.ID == shown})
	}
	return out
}

// branchRow returns one line of the overview.
func branchRow(b *standings.BranchSum) ui.BranchRow {
	return ui.BranchRow{
		ID: b.Org.ID, Name: b.Org.Name, Kind: string(b.Org.Kind), Community: b.Community, Members: b.Members,
		Mean: meanText(b.Mean()), Grades: b.Grades, Alerts: b.Alerts, Overdue: b.Overdue, Last: b.Last, Locked: b.Locked,
		Late: b.Late, Unmanaged: b.Unmanaged,
	}
}

// meanText returns a mean as it is shown; "" for that of nobody.
func meanText(mean domain.Points, ok bool) string {
	if !ok {
		return ""
	}
	return mean.String()
}
