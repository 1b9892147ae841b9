package web

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/web/ui"
)

// tieInputs lists the other branches where a member attends now, and, for who is
// here, those where he could.
func (s *Site) tieInputs(view *store.Snapshot, scope access.Scope, v *ui.Changes, m *domain.Member, chosen string) error {
	ties, err := view.Ties(scope, m.ID, s.today())
	if err != nil {
		return err
	}
	for _, t := range ties {
		v.Ties = append(v.Ties, ui.TieRow{Org: t.Org.ID, Name: t.Org.Name, Kind: t.Kind.String(), From: t.From.String()})
	}
	if m.Left != 0 {
		return nil
	}
	orgs, err := view.Orgs(access.System("the names of organisations are no secret, and a member may go to any branch"), "")
	if err != nil {
		return err
	}
	v.Hosts = amongOrgs(orgs, chosen, func(o domain.Org) bool {
		return o.Level == domain.Branch && o.ID != m.Home.ID && !slices.ContainsFunc(ties, func(t domain.SecondaryMembership) bool { return t.Org.ID == o.ID })
	})
	return nil
}
