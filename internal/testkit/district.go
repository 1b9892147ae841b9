package testkit

import (
	"strings"
	"testing"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Neighbours holds what stands beside a town that is built below a district:
// another street, with a branch of two members, N1 and N2, a text of its own and a
// clerk with the login "neighbour".
type Neighbours struct {
	Street domain.Org
	Branch domain.Org
	Clerk  *access.Actor
	Rules  string
}

// InBothTrees runs a test with the town's street at the top of the tree, and with
// the street below a district that holds another one.
func InBothTrees(t *testing.T, test func(t *testing.T, town *Town)) {
	t.Helper()
	t.Run("street at the top", func(t *testing.T) {
		t.Parallel()
		test(t, New(t))
	})
	t.Run("below a district", func(t *testing.T) {
		t.Parallel()
		test(t, NewInDistrict(t))
	})
}

// NewInDistrict builds the town below a district, with another street beside it.
func NewInDistrict(tb testing.TB) *Town {
	tb.Helper()
	return newTown(tb, size{members: 2, district: true})
}

// buildDistrict builds the district; the neighbours' street stands behind the town's.
func (t *Town) buildDistrict(tx *store.Tx) (err error) {
	if t.District, err = tx.InsertOrg(domain.Org{Level: domain.District, Name: "示例区"}); err != nil {
		return err
	}
	return t.build(tx)
}

// buildNeighbours builds the other street.
func (t *Town) buildNeighbours(tx *store.Tx) (err error) {
	n := t.Neighbours
	n.Street, err = tx.InsertOrg(domain.Org{Parent: t.District.ID, Level: domain.Street, Name: "邻街道"})
	if err != nil {
		return err
	}
	community, err := tx.InsertOrg(domain.Org{Parent: n.Street.ID, Level: domain.Community, Name: "邻社区"})
	if err != nil {
		return err
	}
	n.Branch, err = tx.InsertOrg(domain.Org{Parent: community.ID, Level: domain.Branch, Kind: "社区", Name: "邻支部"})
	if err != nil {
		return err
	}
	for _, id := range []domain.MemberID{"N1", "N2"} {
		if err := tx.InsertMemberAt(n.Branch.ID, id, "邻居"+string(id[1:]), "lj"); err != nil {
			return err
		}
		home := domain.Affiliation{Member: id, Kind: domain.Home, Org: n.Branch.ID, From: calendar.Of(2020, 1, 1)}
		if err := tx.InsertAffiliation(home, 0); err != nil {
			return err
		}
	}
	n.Rules = strings.NewReplacer("办法: 试验", "办法: 邻街办法", "编号: t", "编号: n").Replace(Rules)
	book := ruleset.Load("n.yaml", []byte(n.Rules)).Book
	enacted := domain.RuleVersion{Org: n.Street.ID, Code: book.Code, From: book.From, Hash: book.Hash, Source: n.Rules}
	if err := tx.InsertEnactment(enacted, 0); err != nil {
		return err
	}
	id, err := tx.InsertAccountFor(domain.Account{Login: "neighbour", Name: "neighbour", Password: t.hash,
		Person: new(domain.MemberID)}, n.Street.ID, 0)
	if err != nil {
		return err
	}
	if err := tx.InsertAssignment(id, domain.RoleStreet, n.Street.ID, false, 0); err != nil {
		return err
	}
	n.Clerk, err = tx.Actor(id)
	return err
}
