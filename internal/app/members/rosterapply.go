package members

import (
	"context"
	"fmt"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/vault"
)

// rosterPart limits the rows that are written in one transaction.
const rosterPart = 200

// ApplyRoster does a plan, part by part; what one part did stays done when a later one
// is refused. fault.Stale says that somebody changed a member since the plan was made.
func (r *Recorder) ApplyRoster(ctx context.Context, actor *access.Actor, terms *RosterTerms, plan *RosterPlan) error {
	steps := slices.DeleteFunc(slices.Clone(plan.Steps), func(s RosterStep) bool { return s.Idle() })
	ctx = store.InStreets(ctx, []string{terms.Org.Path})
	for some := range slices.Chunk(steps, rosterPart) {
		err := r.DB.Exclusive(ctx, func(tx *store.Tx) error { return r.ApplyRosterTx(tx, actor, terms, some) })
		if err != nil {
			return err
		}
	}
	return r.applyLeavings(ctx, actor, terms, plan)
}

// ApplyRosterTx does some steps of a plan in the caller's transaction, with one line in the
// trail. It refuses what a page would refuse; fault.Stale says that somebody changed a
// member since the plan was made.
func (r *Recorder) ApplyRosterTx(tx *store.Tx, actor *access.Actor, t *RosterTerms, steps []RosterStep) error {
	c, err := r.applyRoster(tx, actor, t)
	if err != nil {
		return err
	}
	fresh, changed := 0, 0
	for i := range steps {
		s := &steps[i]
		if s.Idle() {
			continue
		}
		if err := c.step(s); err != nil {
			return err
		}
		if s.New {
			fresh++
		} else {
			changed++
		}
	}
	return audit.Record(tx, actor, audit.Imported,
		audit.What{Org: t.Org.ID, Detail: fmt.Sprintf("新 %d 人，改 %d 人", fresh, changed)})
}

// rosterApplication is one transaction that takes in a register.
type rosterApplication struct {
	*RosterTerms
	ledger    *Recorder
	tx        *store.Tx
	actor     *access.Actor
	reason    string
	foreseen  bool // nothing of it is kept
	branches  map[string]domain.Org
	community domain.Org // zero until it is there
}

// applyRoster begins to take in a register for who may import.
func (r *Recorder) applyRoster(tx *store.Tx, actor *access.Actor, t *RosterTerms) (*rosterApplication, error) {
	if !actor.Scope(access.Import).Covers(t.Org.Path) {
		return nil, noImport()
	}
	reason, err := kernel.Note(t.Reason, "理由")
	if err != nil {
		return nil, err
	}
	c := &rosterApplication{RosterTerms: t, ledger: r, tx: tx, actor: actor, reason: reason,
		branches: map[string]domain.Org{}}
	orgs, err := tx.Orgs(everybody(), t.Org.Path)
	if err != nil {
		return nil, err
	}
	for _, o := range orgs {
		switch {
		case o.Level == domain.Branch:
			c.branches[o.Name] = o
		case o.Level == domain.Community && (o.Name == t.Community || o.ID == t.Org.ID):
			c.community = o
		}
	}
	return c, nil
}

func (c *rosterApplication) step(s *RosterStep) error {
	home, err := c.branch(s.Branch)
	if err != nil {
		return err
	}
	if s.New {
		err = c.enrol(s, home)
	} else {
		err = c.change(s, home)
	}
	if err != nil || c.foreseen {
		return err
	}
	for _, kind := range s.Numbers {
		number := s.Person.Identity
		if kind == vault.Phone {
			number = s.Person.Mobile
		}
		box, err := c.Vault.Seal(string(s.Member), kind, number)
		if err != nil {
			return err
		}
		if err := c.tx.PutSealed(s.Member, string(kind), box, c.Vault.Seek(kind, number)); err != nil {
			return err
		}
	}
	return nil
}

// branch returns a branch by name, made if it is not there.
func (c *rosterApplication) branch(name string) (org domain.Org, err error) {
	if org, has := c.branches[name]; has {
		return org, nil
	}
	if c.community.ID == "" {
		if c.community, err = c.tx.InsertOrg(domain.Org{Parent: c.Org.ID, Level: domain.Community,
			Name: c.Community}); err != nil {
			return org, err
		}
	}
	org, err = c.tx.InsertOrg(domain.Org{Parent: c.community.ID, Level: domain.Branch, Kind: c.Kind, Name: name})
	c.branches[name] = org
	return org, err
}
