package standings_test

import (
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
)

func TestListsStayInTheStreet(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	beside := town.Neighbours
	err := town.DB.Write(ctx, func(tx *store.Tx) error {
		for _, branch := range []domain.OrgID{town.East.ID, beside.Branch.ID} {
			if err := tx.InsertPeriodStep(branch, "2026", true, 0); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		actor     *access.Actor
		code      string
		locked    domain.OrgID
		officers  int
		enactable int
	}{
		{"the town's", town.Clerk, "t", town.East.ID, 7, 1},
		{"the neighbour's", beside.Clerk, "n", beside.Branch.ID, 1, 1},
	} {
		scope := c.actor.Scope(access.EnactRules)
		err := town.DB.Read(ctx, func(v *store.Snapshot) error {
			texts, err := v.Enactments(scope, 50)
			if err != nil {
				return err
			}
			if len(texts) != c.enactable || texts[0].Code != c.code {
				t.Errorf("%s texts: %+v", c.name, texts)
			}
			if one, err := v.Enactments(scope, 1); err != nil || len(one) != 1 {
				t.Errorf("%s latest text: %+v, %v", c.name, one, err)
			}
			locked, err := v.LockedOrgs(scope, "", "2026")
			if err != nil {
				return err
			}
			if len(locked) != 1 || !locked[c.locked] {
				t.Errorf("%s locked branches: %v", c.name, locked)
			}
			officers, err := v.Holders(scope)
			if len(officers) != c.officers {
				t.Errorf("%s officers: %+v", c.name, officers)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err = town.DB.Read(ctx, func(v *store.Snapshot) error {
		texts, err := v.Enactments(access.Scope{}, 50)
		if len(texts) != 0 {
			t.Errorf("no scope sees %+v", texts)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAQuestionOfAllTakesTheFirstStreet(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	for _, c := range []struct {
		name  string
		scope access.Scope
		below string
		code  string
		first domain.MemberID
	}{
		{"all", all(), "", "t", "E1"},
		{"the district", all(), town.District.Path, "t", "E1"},
		{"the other street", all(), town.Neighbours.Street.Path, "n", "N1"},
		{"its branch", all(), town.Neighbours.Branch.Path, "n", "N1"},
		{"its clerk", town.Neighbours.Clerk.Scope(access.SeeMembers), "", "n", "N1"},
	} {
		q := standings.Question{Scope: c.scope, Below: c.below, AsOf: testkit.Day(t, "2026-06-01")}
		p, err := town.Standings.Current(ctx, q)
		if err != nil || p.Book.Code != c.code || len(p.Rows) == 0 || p.Rows[0].Member.ID != c.first {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
	other := town.Neighbours.Clerk.Scope(access.SeeMembers)
	q := standings.Question{Scope: other, AsOf: testkit.Day(t, "2026-06-01")}
	if _, err := town.Standings.Explain(ctx, q, "E1"); fault.CodeOf(err) != fault.NotFound {
		t.Errorf("somebody of the other street: %v", err)
	}
}
