package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// memberRoutes lists the pages and forms of a member as others see one.
func (s *Site) memberRoutes() []route {
	return []route{
		{get, "/members/:id", access.SeeMembers, s.Member},
		{get, "/members/:id/handover", access.SeeMembers, s.Handover},
		{get, "/members/:id/changes", access.ManageMembers, s.Changes},
		{post, "/members/:id/changes", access.ManageMembers, s.Change},
		{post, "/members/:id/name", access.ManageMembers, s.Rename},
		{get, "/members/:id/changes/:change", access.ManageMembers, s.ReverseChangeForm},
		{post, "/members/:id/changes/:change", access.ManageMembers, s.ReverseChange},
		{get, ui.BranchesPath + "/:id/facts", access.ManageMembers, s.Facts},
		{post, ui.BranchesPath + "/:id/facts", access.ManageMembers, s.PostFacts},
		{get, "/members/:id/texts", access.EraseTexts, s.Texts},
		{post, "/members/:id/texts", access.EraseTexts, s.EraseTexts},
		{get, "/members/:id/erase", access.EraseTexts, s.ErasePerson},
		{post, "/members/:id/erase", access.EraseTexts, s.EraseWho},
		{get, "/members/:id/links", access.SeeMembers, s.MemberLinks},
		{get, "/members/:id/records/:record", access.SeeMembers, s.Record},
	}
}

// Mine shows one's own points.
func (s *Site) Mine(c *gin.Context) error {
	w, err := s.when(c)
	if err != nil {
		return err
	}
	d, err := s.Members.Own(c.Request.Context(), s.Session.Actor(c), w)
	if err != nil {
		return err
	}
	v := ui.Mine{
		Frame: s.framedBy(c, d.Book, d.Member.Home.Name, d.Choices), Score: s.score(c, d, true),
		Periods: periodOptions(d.Choices, d.Account.Standing.Period),
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// Member shows one member to those who look after him.
func (s *Site) Member(c *gin.Context) error {
	w, err := s.when(c)
	if err != nil {
		return err
	}
	d, err := s.Members.Detail(c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id")), w)
	if err != nil {
		return err
	}
	v := ui.Member{
		Frame: s.framedBy(c, d.Book, d.Member.Home.Name, d.Choices), Score: s.score(c, d, false), BranchID: d.Member.Home.ID,
		MayWrite: d.MayRecord, MayKeep: d.MayManage, Facts: facts(d.Facts),
		Periods: periodOptions(d.Choices, d.Account.Standing.Period),
	}
	v.MaySlip = s.Session.Actor(c).Scope(access.HandOutSlips).Covers(d.Member.Home.Path)
	if d.MayRecord {
		v.Score.Undo = map[string]string{}
	}
	for _, id := range d.Reversible {
		v.Score.Undo[id] = ui.ReversePath(id)
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// facts lists what is known of a member.
func facts(list []members.Fact) []ui.Fact {
	out := make([]ui.Fact, len(list))
	for i, f := range list {
		out[i] = ui.Fact(f)
	}
	return out
}

// score fills in one member's account. own says that the page is his own.
func (s *Site) score(c *gin.Context, d *members.Detail, own bool) ui.Score {
	st := &d.Account.Standing
	var q struct {
		Open string `form:"open"`
	}
	_ = bind.Query(c, &q) // anything else shows it folded
	out := ui.Score{
		Member: d.Member.ID, Name: d.Member.Name, Branch: d.Member.Home.Name, Category: d.Book.CategoryLabel(st.Category),
		Account: d.Account,
		Clauses: clauses(d.Book), Places: d.Places, Benchmarks: d.Benchmarks, Alerts: d.Alerts, Pending: d.Pending,
		Own: own, Open: q.Open == "1",
	}
	if u := d.Until; u != nil {
		day := u.Day.String()
		out.Until = day + " 以后在“" + u.Now.Name + "”，那里没有这份办法；这里是截至 " + day + " 在“" + u.Home.Name + "”的分。"
		if u.Now.ID == u.Home.ID {
			out.Until = day + " 以后“" + u.Now.Name + "”没有这份办法了；这里是截至那一天的分。"
		}
	}
	if d.Next.Grade != "" {
		out.Next = ui.NextGrade{Grade: d.Next.Grade, At: st.Total + d.Next.Short, Short: d.Next.Short}
	}
	address := carried(c)
	if address.Del("open"); !out.Open {
		address.Set("open", "1")
	}
	out.OpenPath = c.Request.URL.Path + "?" + address.Encode()
	for i := range d.Waiting {
		row := s.waitingRow(&d.Waiting[i])
		who := strings.TrimPrefix(row.Stage, "等")
		out.Waiting = append(out.Waiting, ui.Waiting{What: row.Item, On: row.Day, Who: who})
	}
	s.takenBack(d, &out)
	return out
}

// takenBack adds what of a member was taken back.
func (s *Site) takenBack(d *members.Detail, out *ui.Score) {
	if d.MoreTakenBack {
		out.Cut = len(d.TakenBack)
	}
	for i := range d.TakenBack {
		b := &d.TakenBack[i]
		row := ui.TakenBack{
			On: b.On, What: b.What, By: b.ByName, At: s.clock(b.At), Reason: b.Reason, Path: out.History(b.Record.String()),
		}
		if b.Record.Activity != 0 {
			row.Reason = strings.TrimSuffix("整次活动撤销，"+b.Reason, "，")
		}
		out.TakenBack = append(out.TakenBack, row)
	}
}

// clauses returns the places of a rulebook that lines of an account point to.
func clauses(book *ruleset.RuleSet) []ui.Clause {
	out := make([]ui.Clause, len(book.Clauses))
	for i, cl := range book.Clauses {
		out[i] = ui.Clause{Basis: cl.Basis, Line: cl.Line, Path: cl.Path, Added: cl.File != ""}
		if code, day, ok := strings.Cut(cl.File, " "); ok { // 编号 and first day of an earlier text
			if from, err := calendar.Parse(day); err == nil {
				out[i].Added, out[i].From, out[i].Scheme = false, from, code
			}
		}
	}
	return out
}
