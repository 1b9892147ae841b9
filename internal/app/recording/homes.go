package recording

import (
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// LockedHomes returns the refusals of a day, by member, in a period that his branch of now, or
// that of the day, has locked; none where all are open. host is one that was asked already.
func LockedHomes(
	s *standings.Service, v *store.Snapshot, host domain.OrgID, members []domain.Member, on calendar.Day,
) (map[domain.MemberID]error, error) {
	ids := make([]domain.MemberID, len(members))
	for i := range members {
		ids[i] = members[i].ID
	}
	then, err := v.Residences(ids, on)
	if err != nil {
		return nil, err
	}
	out, known := map[domain.MemberID]error{}, map[domain.OrgID]error{host: nil}
	for i := range members {
		m := &members[i]
		homes := []domain.Org{m.Home}
		if list := then[m.ID]; len(list) > 0 {
			homes = append(homes, list[len(list)-1].Home)
		}
		for k := range homes {
			refused, asked := known[homes[k].ID]
			if !asked {
				if refused, err = lockedHome(s, v, &homes[k], on); err != nil {
					return nil, err
				}
				known[homes[k].ID] = refused
			}
			if refused != nil {
				out[m.ID] = refused
			}
		}
	}
	return out, nil
}

// lockedHome returns the refusal of a day in a period that a branch has locked, nil for none.
func lockedHome(s *standings.Service, v *store.Snapshot, branch *domain.Org, on calendar.Day) (refused, err error) {
	book, err := s.Book(v, branch.Path, on)
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil // nothing is scored there on that day
	}
	if err != nil {
		return nil, err
	}
	p := book.Cycle.Unit.Of(on)
	locked, err := v.Locked(branch.ID, p.String())
	if err != nil || !locked {
		return nil, err
	}
	return fault.New(fault.Forbidden, "他所在的“%s”的%s已经锁定，不能再记", branch.Name, p.Label()).
		WithHint("去掉他再记；要补记，请街道党工委重开这一期"), nil
}
