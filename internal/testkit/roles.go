package testkit

import (
	"context"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
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
