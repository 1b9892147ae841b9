package testkit

import (
	"context"
	"testing"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Give gives an account a role as two people do: the security administrator proposes it,
// and somebody else agrees.
func (t *Town) Give(ctx context.Context, id domain.AccountID, r accounts.Role) error {
	if err := t.Accounts.Assign(ctx, t.Security, id, r, false); err != nil {
		return err
	}
	return t.AgreeTo(ctx, id)
}

// AgreeTo lets somebody agree to every role that waits for an account.
func (t *Town) AgreeTo(ctx context.Context, id domain.AccountID) error {
	d, err := t.Accounts.Detail(ctx, t.Security, id)
	if err != nil {
		return err
	}
	people := []*access.Actor{t.Clerk, t.Second, t.Admin}
	if t.Neighbours != nil {
		people = append(people, t.Neighbours.Clerk)
	}
	for i := range d.Proposed {
		p := &d.Proposed[i]
		for _, by := range people {
			if p.State != "" || !by.Agrees(p.Who) {
				continue
			}
			if _, err := t.Accounts.Agree(ctx, by, p.ID); err != nil {
				return err
			}
			p.State = domain.ProposalAgreed
		}
		if p.State == "" {
			return fault.New(fault.Internal, "nobody of the town may agree to %s", p.Role)
		}
	}
	return nil
}

// AuditorOf opens an account of an auditor of one street, with the password of all.
func (t *Town) AuditorOf(tb testing.TB, login string, street *domain.Org) (who *access.Actor) {
	tb.Helper()
	return t.OfficerOf(tb, login, domain.RoleAuditor, street.ID)
}

// OfficerOf opens an account that holds an office, with the password of all.
func (t *Town) OfficerOf(tb testing.TB, login string, role domain.Role, org domain.OrgID) (who *access.Actor) {
	tb.Helper()
	if err := t.DB.Write(context.Background(), func(tx *store.Tx) error {
		a := domain.Account{Login: login, Name: login, Person: new(domain.MemberID), Password: t.hash}
		id, err := tx.InsertAccountFor(a, org, 0)
		if err == nil {
			err = tx.InsertAssignment(id, role, org, false, 0)
		}
		if err == nil {
			who, err = tx.Actor(id)
		}
		return err
	}); err != nil {
		tb.Fatal(err)
	}
	return who
}

// Hire makes an account of nobody here with an office over an organisation, which signs in with
// Password.
func (t *Town) Hire(tb testing.TB, login string, role domain.Role, org domain.OrgID) {
	tb.Helper()
	hash, err := quick().Hash(tb.Context(), Password)
	if err != nil {
		tb.Fatal(err)
	}
	if err := t.DB.Write(tb.Context(), func(tx *store.Tx) error {
		id, err := tx.InsertAccount(domain.Account{Login: login, Name: login, Password: hash}, 0)
		if err != nil {
			return err
		}
		return tx.InsertAssignment(id, role, org, false, 0)
	}); err != nil {
		tb.Fatal(err)
	}
}
