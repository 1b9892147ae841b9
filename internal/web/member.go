package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// Mine shows one's own points.
func (s *Site) Mine(c *gin.Context) error {
	actor := s.Session.Actor(c)
	if actor.Member == "" {
		return fault.New(fault.NotFound, "这个帐号没有对应的党员").WithHint("请系统管理员把帐号对到党员")
	}
	e, score, err := s.score(c, actor.Scope(access.SeeOwn), actor.Member)
	if err != nil {
		return err
	}
	v := ui.Mine{Frame: s.framedFor(c, e), Score: score}
	if v.Periods, err = s.periodsOf(c, e); err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// Member shows one member to those who look after him.
func (s *Site) Member(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id"))
	scope := actor.Scope(access.SeeMembers)
	e, score, err := s.score(c, scope, id)
	if err != nil {
		return err
	}
	v := ui.Member{
		Frame: s.framedFor(c, e), Score: score, BranchID: e.Member.Home.ID,
		MayWrite: actor.Recording(id, e.Member.Home.Path) == access.Posts,
	}
	if v.Periods, err = s.periodsOf(c, e); err != nil {
		return err
	}
	v.MayKeep = id != actor.Member && actor.Scope(access.KeepMembers).Covers(e.Member.Home.Path)
	q, err := s.question(c, scope)
	if err != nil {
		return err
	}
	err = s.DB.Read(ctx, func(view *store.Snapshot) error {
		records, err := q.View(view).Records([]domain.Member{e.Member})
		if err != nil {
			return err
		}
		for _, f := range records[0].Facts {
			v.Facts = append(v.Facts, ui.Fact{Name: f.Attribute, Value: factText(e, f), From: f.From})
		}
		if !v.MayWrite {
			return nil
		}
		v.Score.Undo = map[string]string{}
		entries, err := view.Entries(scope, id, 1000)
		for i := range entries {
			if !entries[i].Reversed {
				v.Score.Undo[entries[i].Entry.ID] = ui.ReversePath(entries[i].Entry.ID)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	// Whoever reads another's points is in the trail.
	if err := s.DB.Write(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ReadMember, audit.What{Org: e.Member.Home.ID, Member: id})
	}); err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// factText says a fact's value in words.
func factText(e *standings.Explained, f domain.Fact) string {
	i := e.Book.Attribute(f.Attribute)
	if i < 0 {
		return f.Value.Text
	}
	return e.Book.Attributes[i].Text(f.Value)
}

// score assembles one member's account for a page.
func (s *Site) score(c *gin.Context, scope access.Scope, id domain.MemberID) (*standings.Explained, ui.Score, error) {
	ctx := c.Request.Context()
	q, err := s.question(c, scope)
	if err != nil {
		return nil, ui.Score{}, err
	}
	e, err := s.Standings.Explain(ctx, q, id)
	if err != nil {
		return nil, ui.Score{}, err
	}
	st := &e.Account.Standing
	out := ui.Score{
		Member: id, Name: e.Member.Name, Branch: e.Member.Home.Name, Category: st.Category, Account: e.Account,
		Clauses: clauses(e.Book), Alerts: scoring.OpenAlerts(e.Book, st), Own: scope.Self() == id, Open: c.Query("open") == "1",
	}
	if u := e.Until; u != nil {
		out.Until = u.Day.String() + " 以后在“" + u.Now.Name + "”，那里没有这份办法；这里是截至 " + u.Day.String() + " 在“" + u.Home.Name + "”的分。"
		if u.Now.ID == u.Home.ID {
			out.Until = u.Day.String() + " 以后“" + u.Now.Name + "”没有这份办法了；这里是截至那一天的分。"
		}
	}
	for i := range e.Book.Categories {
		if k := &e.Book.Categories[i]; k.Code == st.Category && k.Name != k.Code {
			out.Category = k.Code + " " + k.Name
		}
	}
	if e.Next.Grade != "" {
		out.Next = ui.NextGrade{Grade: e.Next.Grade, At: st.Total + e.Next.Short, Short: e.Next.Short}
	}
	address := c.Request.URL.Query()
	if address.Del("open"); !out.Open {
		address.Set("open", "1")
	}
	out.OpenPath = c.Request.URL.Path + "?" + address.Encode()
	if st.Ranked && e.Until == nil {
		if err := s.places(c, q, e, &out); err != nil {
			return nil, out, err
		}
	}
	if err := s.takenBack(c, q, id, &out); err != nil {
		return nil, out, err
	}
	return e, out, s.waiting(c, e, &out)
}

// clauses are the places of a rulebook that lines of an account point to.
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

// places finds a member's places: his own are always his to see, and they are
// places among all.
func (s *Site) places(c *gin.Context, asked standings.Question, e *standings.Explained, out *ui.Score) error {
	p, row, err := s.Standings.Among(c.Request.Context(), asked, e)
	if err != nil || row == nil {
		return err
	}
	out.Places, out.Alerts = row.Places, scoring.OpenAlerts(p.Book, &row.Standing)
	for _, b := range row.Benchmarks {
		out.Benchmarks = append(out.Benchmarks, b.Name)
	}
	return nil
}

// waiting puts the claims that count nothing yet into words.
func (s *Site) waiting(c *gin.Context, e *standings.Explained, out *ui.Score) error {
	out.Pending = e.Pending
	if len(e.Waiting) == 0 {
		return nil
	}
	return s.DB.Read(c.Request.Context(), func(v *store.Snapshot) error {
		queued, err := s.Ledger.Staged(v, e.Waiting)
		for i := range queued {
			row := s.claim(v, &queued[i])
			out.Waiting = append(out.Waiting, ui.Waiting{What: row.Item, On: row.Day, Who: strings.TrimPrefix(row.Stage, "等")})
		}
		return err
	})
}
