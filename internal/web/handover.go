package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/scoring"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// Handover shows what goes with a member who moves: the sheet that the branch he
// leaves hands to the one he comes to, with how he stood on the last day.
func (s *Site) Handover(c *gin.Context) error {
	ctx, actor, id := c.Request.Context(), s.Session.Actor(c), domain.MemberID(c.Param("id"))
	scope := actor.Scope(access.SeeMembers)
	on, err := day(c.Query("from"))
	if err != nil {
		return err
	}
	var steps []domain.HistoryItem
	if err := s.DB.Read(ctx, func(v *store.Snapshot) (err error) {
		steps, err = v.History(scope, id)
		return err
	}); err != nil {
		return hidden(err, "这名党员")
	}
	from, to, ok := moved(steps, on)
	if !ok {
		return fault.New(fault.NotFound, "这名党员 %s 没有转接组织关系", on).WithHint("日期在“登记过的”里找")
	}
	e, err := s.Standings.Explain(ctx, standings.Question{Scope: scope, AsOf: on - 1}, id)
	if err != nil {
		return err
	}
	st := &e.Account.Standing
	v := ui.Handover{
		Frame: s.frame(c, &around{e.Book.Title, e.Member.Home.Name}), Member: id, Name: e.Member.Name, From: from, To: to, Day: on,
		Standing: *st, Alerts: scoring.OpenAlerts(e.Book, st),
	}
	err = s.DB.Read(ctx, func(view *store.Snapshot) error {
		if to != "" {
			does, err := s.Standings.Moved(view, &e.Member, on)
			if err != nil {
				return err
			}
			v.Losses, v.After, v.Kept = does.Losses, does.After, does.Scored
		}
		records, err := view.Records([]domain.Member{e.Member})
		if err != nil {
			return err
		}
		v.Facts = holding(e, records[0].Facts, on)
		queued, err := s.Ledger.Staged(view, e.Waiting)
		for i := range queued {
			v.Waiting = append(v.Waiting, s.claim(view, &queued[i]))
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := s.DB.Write(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ReadMember, audit.What{Org: e.Member.Home.ID, Member: id, Detail: "转接单"})
	}); err != nil {
		return err
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// moved returns from where to where a member's home moved on a day; to "" is out of
// the street. ok is false where it did not.
func moved(steps []domain.HistoryItem, on calendar.Day) (from, to string, ok bool) {
	homes := slices.DeleteFunc(slices.Clone(steps), func(s domain.HistoryItem) bool { return s.Kind != domain.Home || s.From > on })
	slices.SortStableFunc(homes, func(a, b domain.HistoryItem) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		return strings.Compare(a.At, b.At)
	})
	if n := len(homes); n == 0 || homes[n-1].From != on {
		return "", "", false
	}
	to = homes[len(homes)-1].Org
	for _, h := range homes {
		if h.From < on && h.Org != "" {
			from, ok = h.Org, true
		}
	}
	return from, to, ok
}

// holding are the facts that held on the day before, in words.
func holding(e *standings.Explained, facts []domain.Fact, on calendar.Day) (out []ui.Fact) {
	for _, f := range facts { // by day, so that the later takes the place of the earlier
		if f.From >= on {
			continue
		}
		fact := ui.Fact{Name: f.Attribute, Value: factText(e, f), From: f.From}
		if i := slices.IndexFunc(out, func(x ui.Fact) bool { return x.Name == f.Attribute }); i >= 0 {
			out[i] = fact
		} else {
			out = append(out, fact)
		}
	}
	return out
}
