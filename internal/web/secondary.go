package web

import (
	"slices"

	"jifen/internal/app/members"
	"jifen/internal/domain"
	"jifen/internal/web/ui"
)

// secondaryInputs lists the other branches where a member attends now, and, for who is
// here, those where he could.
func secondaryInputs(v *ui.Changes, k *members.Changes, chosen string) {
	for _, t := range k.Secondary {
		v.Secondary = append(v.Secondary, ui.SecondaryRow{Org: t.Org.ID, Name: t.Org.Name, Kind: t.Kind.String(),
			From: t.From.String()})
	}
	v.Hosts = amongOrgs(k.All, chosen, func(o domain.Org) bool {
		return k.Member.Left == 0 && o.Level == domain.Branch && o.ID != k.Member.Home.ID &&
			!slices.ContainsFunc(k.Secondary, func(t domain.SecondaryMembership) bool { return t.Org.ID == o.ID })
	})
}
