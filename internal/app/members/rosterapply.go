package members

import (
	"context"
	"fmt"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
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
		if err := r.DB.Exclusive(ctx, func(tx *store.Tx) error { return terms.ApplyTx(tx, some, actor) }); err != nil {
			return err
		}
	}
	return nil
}

// ApplyTx does some steps of a plan in the caller's transaction, with one line in the
// trail. fault.Stale says that somebody changed a member since the plan was made.
func (t *RosterTerms) ApplyTx(tx *store.Tx, steps []RosterStep, by *access.Actor) error {
	if !by.Scope(access.Import).Covers(t.Org.Path) {
		return noImport()
	}
	c := rosterApplication{RosterTerms: t, tx: tx, by: by.ID(), branches: map[string]domain.Org{}}
	orgs, err := tx.Orgs(everybody(), t.Org.Path)
	if err != nil {
		return err
	}
	for _, o := range orgs {
		switch {
		case o.Level == domain.Branch:
			c.branches[o.Name] = o
		case o.Level == domain.Community && (o.Name == t.Community || o.ID == t.Org.ID):
			c.community = o
		}
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
	return audit.Record(tx, by, audit.Imported,
		audit.What{Org: t.Org.ID, Detail: fmt.Sprintf("新 %d 人，改 %d 人", fresh, changed)})
}

// rosterApplication is one call of ApplyTx.
type rosterApplication struct {
	*RosterTerms
	tx        *store.Tx
	by        domain.AccountID
	branches  map[string]domain.Org
	community domain.Org // zero until it is there
}

func (c *rosterApplication) step(s *RosterStep) error {
	home, err := c.branch(s.Branch)
	if err != nil {
		return err
	}
	if s.New {
		err = EnrolTx(c.tx, &Enrolment{
			ID: s.Member, Name: s.Person.Name, Initials: Initials(s.Person.Name), Home: home.ID, From: s.from, Facts: s.Facts,
		}, c.by)
	} else {
		err = c.change(s, home)
	}
	if err != nil {
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

// change records what changed of somebody known.
func (c *rosterApplication) change(s *RosterStep, home domain.Org) error {
	now, err := c.tx.Member(everybody(), s.Member)
	if err != nil {
		return err
	}
	if now.Version != s.known.Version {
		return fault.New(fault.Stale, "编号 %s 的情况刚刚有人改过", s.Member).WithHint("再预览一次，然后导入")
	}
	if s.Moves {
		if err := c.tx.InsertAffiliation(domain.Affiliation{Member: s.Member, Kind: domain.Home, Org: home.ID,
			From: c.Changes}, c.by); err != nil {
			return err
		}
	}
	for _, f := range s.Facts {
		if err := c.tx.InsertFact(s.Member, f, c.by); err != nil {
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
