package standings

import (
	"context"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/scoring"
	"jifen/internal/store"
)

// MemberAlert is an open alert (预警) with the member it is about.
type MemberAlert struct {
	Member  domain.Member
	Alert   domain.Alert
	Overdue bool // the day until which something had to be done has passed
}

// Alerts returns the open alerts of a population, the gravest first, of those
// what is due first.
func (p *Population) Alerts() []MemberAlert {
	p.Place() // some ask for a place
	var out []MemberAlert
	for i := range p.Rows {
		for _, a := range p.open(&p.Rows[i]) {
			out = append(out, MemberAlert{p.Rows[i].Member, a, p.overdue(&a)})
		}
	}
	slices.SortStableFunc(out, func(a, b MemberAlert) int { return a.Alert.Compare(&b.Alert) })
	return out
}

// open returns a member's open alerts.
func (p *Population) open(r *Row) []domain.Alert { return scoring.OpenAlerts(p.Book, &r.Standing) }

// overdue reports whether what an alert asks for should have been done by now.
func (p *Population) overdue(a *domain.Alert) bool { return a.Due < p.AsOf }

// AlertList holds the open alerts of an organisation.
type AlertList struct {
	*Population
	Org  domain.Org
	Open []MemberAlert
}

// AlertsIn returns what is open in an organisation today, "" for the highest that
// the actor sees. Outside the actor's scope it is fault.NotFound.
func (s *Service) AlertsIn(ctx context.Context, actor *access.Actor, id domain.OrgID) (*AlertList, error) {
	var out *AlertList
	scope := actor.Scope(access.SeeMembers)
	err := s.LookAt(ctx, actor, func(v *store.Snapshot) (Question, error) {
		_, q, err := s.askOf(v, scope, ListQuery{Org: id})
		return q, err
	}, func(v *store.Snapshot, p *Population) (audit.Action, audit.What, error) {
		org, err := s.OrgOf(v, scope, id)
		out = &AlertList{p, org, p.Alerts()}
		actor.See(len(out.Open), func(i int) domain.MemberID { return out.Open[i].Member.ID })
		return "", audit.What{}, err
	}, access.SeeMembers)
	return out, err
}
