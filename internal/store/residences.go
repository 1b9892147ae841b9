package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Movers returns, of everybody who has had more than one home by a day as the view
// knows it, one of them in the scope and at or below a path ("" for everywhere), the
// homes in order. Everybody else there has had the one that lists show.
func (v *Snapshot) Movers(
	scope access.Scope, below string, on calendar.Day,
) (map[domain.MemberID][]domain.Residence, error) {
	ids, err := v.belonging(scope, below, `SELECT a.member_id FROM affiliations a WHERE a.kind = 'home'
		AND a.org_id IS NOT NULL AND a.from_on <= ? AND a.recorded_at <= ?`,
		" GROUP BY a.member_id HAVING min(a.org_id) <> max(a.org_id)", on.String(), v.knownBy())
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return v.Residences(ids, on)
}

// Residences returns the homes that members have had by a day, in order.
func (v *Snapshot) Residences(ids []domain.MemberID, on calendar.Day) (map[domain.MemberID][]domain.Residence, error) {
	if v.held != nil {
		return v.held.residences(ids, on)
	}
	steps, err := v.homes(ids)
	out := make(map[domain.MemberID][]domain.Residence, len(steps))
	for id, list := range steps {
		for _, step := range list {
			if step.from > on || step.home == nil { // who leaves stays with the last branch
				continue
			}
			homes := out[id]
			switch n := len(homes); {
			case n > 0 && homes[n-1].From == step.from: // put right
				homes[n-1].Home = *step.home
			case n > 0 && homes[n-1].Home.ID == step.home.ID:
			default:
				homes = append(homes, domain.Residence{From: step.from, Home: *step.home})
			}
			out[id] = homes
		}
	}
	return out, err
}
