package web

import (
	"slices"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/web/ui"
)

// tieInputs lists the other branches where a member attends now, and, for who is
// here, those where he could.
func tieInputs(v *ui.Changes, k *members.Changes, chosen string) {
	for _, t := range k.Ties {
		v.Ties = append(v.Ties, ui.TieRow{Org: t.Org.ID, Name: t.Org.Name, Kind: t.Kind.String(), From: t.From.String()})
	}
	v.Hosts = amongOrgs(k.All, chosen, func(o domain.Org) bool {
		return o.Level == domain.Branch && o.ID != k.Member.Home.ID &&
			!slices.ContainsFunc(k.Ties, func(t domain.SecondaryMembership) bool { return t.Org.ID == o.ID })
	})
}
