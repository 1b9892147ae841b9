package main

import (
	"testing"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

func TestACommandWithoutAnOrganisationTakesTheHighest(t *testing.T) {
	t.Parallel()
	alone, district := testkit.New(t), testkit.NewInDistrict(t)
	for _, c := range []struct {
		name  string
		town  *testkit.Town
		scope access.Scope
		want  domain.OrgID // "" where one has to be named
	}{
		{"the street", alone, access.System("the test looks at all"), alone.Street.ID},
		{"what a secretary sees", alone, alone.Secretary.Scope(access.SeeMembers), alone.East.ID},
		{"one of two streets", district, district.Clerk.Scope(access.SeeMembers), district.Street.ID},
		{"the other one", district, district.Neighbours.Clerk.Scope(access.SeeMembers), district.Neighbours.Street.ID},
		{"two streets", district, access.System("the test looks at all"), ""},
	} {
		err := c.town.DB.Read(t.Context(), func(v *store.Snapshot) error {
			orgs, err := v.Orgs(c.scope, "")
			if err != nil {
				return err
			}
			org, err := orgNamed(orgs, nil, "")
			if org.ID != c.want || c.want == "" && fault.CodeOf(err) != fault.Invalid || c.want != "" && err != nil {
				t.Errorf("%s: %+v, %v", c.name, org, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
