package members

import (
	"cmp"
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// Handover (转接单) is what goes with a member who moves: how he stood on the last
// day in the branch that he leaves.
type Handover struct {
	*standings.Explained
	Day      calendar.Day // the first in the new branch
	From, To string       // names of the branches; To "" is out of the street
	Does     standings.Moving
	Facts    []Fact // what held
	Waiting  []Waiting
	Alerts   []domain.Alert // those still open
	// Ends are the secondary memberships that ended with the move, and Offices those in the old
	// branch that did, in words.
	Ends, Offices []string
}

// Handover returns the transfer slip of a member who moved on a day; fault.NotFound
// outside the scope, and where he did not move.
func (s *Service) Handover(
	ctx context.Context, actor *access.Actor, id domain.MemberID, on calendar.Day,
) (out *Handover, err error) {
	r := reading(actor, id)
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		var err error
		if out, err = s.handover(v, r.scope, id, on); err != nil {
			return domain.Member{}, "", err
		}
		return out.Member, "转接单", nil
	})
	return out, err
}

func (s *Service) handover(
	v *store.Snapshot, scope access.Scope, id domain.MemberID, on calendar.Day,
) (out *Handover, err error) {
	steps, err := v.History(scope, id)
	if err != nil {
		return nil, fault.Hide(err, "这名党员")
	}
	from, to, ok := moved(steps, on)
	if !ok {
		return nil, fault.New(fault.NotFound, "这名党员 %s 没有转接组织关系", on).WithHint("日期在“登记过的”里找")
	}
	e, err := s.standings.ExplainOn(v, standings.Question{Scope: scope, AsOf: on - 1}, id)
	if err != nil {
		return nil, err
	}
	names, err := v.NamesOn(on)
	if err != nil {
		return nil, err
	}
	people, err := v.MemberNamesOn(on)
	if err != nil {
		return nil, err
	}
	e.Member.Name = cmp.Or(people[id], e.Member.Name)
	called := func(o *domain.HistoryItem) string { return cmp.Or(names[o.OrgID], o.Org) }
	out = &Handover{
		Explained: e, Day: on, From: called(from), To: called(to),
		Facts: held(e.Book, e.Facts, on), Alerts: scoring.OpenAlerts(e.Book, &e.Account.Standing),
	}
	if err := out.endWith(v, steps, from, to, on); err != nil {
		return nil, err
	}
	if to.Org != "" {
		if out.Does, err = s.standings.Moved(v, &e.Member, on); err != nil {
			return nil, err
		}
	}
	out.Waiting, err = s.waiting(v, e.Waiting)
	return out, err
}

// endWith adds what ends with a move beside the points.
func (h *Handover) endWith(v *store.Snapshot, steps []domain.HistoryItem, from, to *domain.HistoryItem,
	on calendar.Day) error {
	for i := range steps {
		if x := &steps[i]; x.Ended && x.From == on && x.Reversal == nil {
			h.Ends = append(h.Ends, "在“"+x.Org+"”"+x.Kind.String())
		}
	}
	offices, err := v.OfficesEnded(h.Member.ID, from.OrgID, to.At)
	for _, role := range offices {
		h.Offices = append(h.Offices, "“"+h.From+"”的"+role.String())
	}
	return err
}

// held returns the facts that held on the day before one, in words.
func held(book *ruleset.RuleSet, facts []domain.Fact, on calendar.Day) (out []Fact) {
	for _, f := range facts { // by day, so that the later takes the place of the earlier
		if f.From >= on {
			continue
		}
		fact := factOf(book, f)
		if i := slices.IndexFunc(out, func(x Fact) bool { return x.Name == f.Attribute }); i >= 0 {
			out[i] = fact
		} else {
			out = append(out, fact)
		}
	}
	return out
}
