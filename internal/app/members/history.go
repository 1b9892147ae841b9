package members

import (
	"context"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// History (登记过的) is what was recorded of a member, the latest recorded first.
type History struct {
	Member domain.Member
	Book   *ruleset.RuleSet // the main one of today; nil where none is in force
	Items  []HistoryItem
	Names  []domain.MemberName // the latest first; the first of all was not recorded as a change
}

// HistoryItem is one thing that was recorded, in words.
type HistoryItem struct {
	domain.HistoryItem
	What, Value string
	Moved       bool // the home is another from this day on: there is a transfer slip
	Reversible  bool // who reads it may take it back, unless the period is locked; known in Changes
}

// History returns what was recorded of a member; fault.NotFound outside the scope.
func (s *Service) History(ctx context.Context, actor *access.Actor, id domain.MemberID) (out History, err error) {
	r := reader{actor: actor, permission: access.SeeMembers, scope: actor.Scope(access.SeeMembers)}
	r.own = actor.IsMember(id)
	err = s.look(ctx, &r, func(v *store.Snapshot) (domain.Member, string, error) {
		var err error
		out, err = s.history(v, r.scope, id)
		return out.Member, recordedOfHim, err
	})
	return out, err
}

// recordedOfHim stands in the trail for a look at what was recorded.
const recordedOfHim = "登记过的"

func (s *Service) history(v *store.Snapshot, scope access.Scope, id domain.MemberID) (out History, err error) {
	if out.Member, err = member(v, scope, id); err != nil {
		return out, err
	}
	out.Book, err = s.standings.Book(v, out.Member.Home.Path, s.Today(v))
	if err != nil && fault.CodeOf(err) != fault.NotFound {
		return out, err
	}
	if out.Names, err = v.MemberNames(scope, id); err != nil {
		return out, err
	}
	steps, err := v.History(scope, id)
	for i := range steps {
		out.Items = append(out.Items, itemOf(out.Book, steps, i))
	}
	return out, err
}

// itemOf puts one of the steps into words. book may be nil.
func itemOf(book *ruleset.RuleSet, steps []domain.HistoryItem, i int) HistoryItem {
	step := &steps[i]
	out := HistoryItem{HistoryItem: *step, What: step.Fact.Attribute, Value: step.Fact.Value.Text}
	if out.What == "" {
		out.What, out.Value = step.Kind.String(), step.Org
		switch {
		case step.Org == "":
			out.Value = "转出"
		case step.Ended:
			out.Value += "（结束）"
		}
		_, _, ok := moved(steps, step.From)
		out.Moved = ok && step.Kind == domain.Home && step.Reversal == nil
		return out
	}
	if book != nil {
		if at := book.Attribute(out.What); at >= 0 {
			out.Value = book.Attributes[at].Text(step.Fact.Value)
		}
	}
	return out
}

// moved returns from which step to which a member's home moved on a day; to is a leaving
// where he went out of the street. ok is false where it did not move.
func moved(steps []domain.HistoryItem, on calendar.Day) (from, to *domain.HistoryItem, ok bool) {
	homes := slices.DeleteFunc(slices.Clone(steps), func(s domain.HistoryItem) bool {
		return s.Kind != domain.Home || s.From > on || s.Reversal != nil
	})
	slices.SortStableFunc(homes, func(a, b domain.HistoryItem) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		return strings.Compare(a.At, b.At)
	})
	if n := len(homes); n == 0 || homes[n-1].From != on {
		return nil, nil, false
	}
	to = &homes[len(homes)-1]
	for i := range homes {
		if h := &homes[i]; h.From < on && h.Org != "" {
			from, ok = h, true
		}
	}
	return from, to, ok
}
