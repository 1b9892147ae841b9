package accounts

import (
	"context"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// HeldRole is a role that somebody has or will have, with the organisation that it is
// over.
type HeldRole struct {
	domain.Term
	Org domain.Org // the zero Org where it is over none
}

// Managed is one account with what it may do now.
type Managed struct {
	domain.Account
	Roles  []HeldRole // none for one that is closed
	Slowed time.Time  // until when sign-ins wait, somewhere or all; zero for none
}

// Directory holds every account, and what one may be given that is yet to be opened.
type Directory struct {
	Accounts []Managed // by login
	Choices  []Choice
	Proposed []Proposed              // roles that wait for a second person, the oldest first
	Names    map[domain.OrgID]string // of all organisations
}

// Directory returns the accounts, for who manages them.
func (s *Service) Directory(ctx context.Context, by *access.Actor) (out Directory, err error) {
	err = s.manage(ctx, by, func(v *store.Snapshot, orgs []domain.Org) error {
		list, err := v.Accounts(by.Scope(access.ManageAccounts))
		if err != nil {
			return err
		}
		out = Directory{Names: namesOf(orgs)}
		if out.Accounts, err = managed(v, by, list, orgs); err != nil {
			return err
		}
		if out.Proposed, err = proposals(v, by); err != nil {
			return err
		}
		out.Choices, err = choices(v, 0, orgs)
		return err
	})
	return out, err
}

// Detail holds one account, with its tokens and what more it may be given.
type Detail struct {
	Managed
	Tokens   []domain.Token
	Proposed []Proposed              // roles that were proposed for it lately, the latest first
	Choices  []Choice                // none for one's own account
	Names    map[domain.OrgID]string // of all organisations
}

// Detail returns one account, for who manages accounts; fault.NotFound if there is
// none.
func (s *Service) Detail(ctx context.Context, by *access.Actor, id domain.AccountID) (out Detail, err error) {
	err = s.manage(ctx, by, func(v *store.Snapshot, orgs []domain.Org) error {
		a, err := v.Account(id)
		if err != nil {
			return fault.Hide(err, "这个帐号")
		}
		list, err := managed(v, by, []domain.Account{a}, orgs)
		if err != nil {
			return err
		}
		out = Detail{Managed: list[0], Names: namesOf(orgs)}
		if out.Proposed, err = proposalsFor(v, by, id); err != nil {
			return err
		}
		if out.Tokens, err = v.Tokens(id, shownTokens); err != nil || access.SamePerson(by.Person(), a.Holder()) {
			return err
		}
		out.Choices, err = choices(v, id, orgs)
		return err
	})
	return out, err
}

// OwnAccount holds the account of who asks, with its tokens.
type OwnAccount struct {
	domain.Account
	Roles    []HeldRole // in the order given
	Tokens   []domain.Token
	Sessions []OwnSession // the latest first
	Least    int          // characters of a password
	Aged     string       // the reason for which the password is to be changed first; "" for none
}

// Own returns the account of who asks.
func (s *Service) Own(ctx context.Context, actor *access.Actor) (out OwnAccount, err error) {
	if !actor.May(access.SignedIn) {
		return out, fault.New(fault.Unauthenticated, "还没有登录")
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		a, err := v.Account(actor.Account)
		if err != nil {
			return err
		}
		a.Password = "" // nobody's business outside
		orgs, err := allOrgs(v)
		if err != nil {
			return err
		}
		terms, err := v.Terms(actor.Account)
		if err != nil {
			return err
		}
		out = OwnAccount{Account: a, Roles: heldRoles(terms, orgs)}
		if out.Tokens, err = v.Tokens(actor.Account, shownTokens); err != nil {
			return err
		}
		settings, err := v.Settings()
		if err != nil {
			return err
		}
		out.Least = settings.Length()
		if settings.Aged(a.PasswordAt, v.Now()) {
			out.Aged = fault.From(aged(&settings)).Message
		}
		out.Sessions, err = sessionsOf(ctx, v, actor.Account)
		return err
	})
	return out, err
}

// manage runs a read of accounts on one snapshot, with all organisations there.
func (s *Service) manage(
	ctx context.Context, by *access.Actor, f func(v *store.Snapshot, orgs []domain.Org) error,
) error {
	if !by.May(access.ManageAccounts) {
		return fault.New(fault.Forbidden, "没有管理帐号的权限")
	}
	return s.db.Read(ctx, func(v *store.Snapshot) error {
		orgs, err := allOrgs(v)
		if err != nil {
			return err
		}
		return f(v, orgs)
	})
}

func allOrgs(v *store.Snapshot) ([]domain.Org, error) {
	return v.Orgs(access.System("names of organisations are no secret"), "")
}

func namesOf(orgs []domain.Org) map[domain.OrgID]string {
	out := map[domain.OrgID]string{}
	for i := range orgs {
		out[orgs[i].ID] = orgs[i].Name
	}
	return out
}

// managed returns accounts with their roles, and how their sign-ins are slowed down.
func managed(v *store.Snapshot, by *access.Actor, list []domain.Account, orgs []domain.Org) ([]Managed, error) {
	slowed, err := slowedLogins(v, by)
	if err != nil {
		return nil, err
	}
	out := make([]Managed, len(list))
	for i, a := range list {
		a.Password = "" // nobody's business outside
		out[i] = Managed{Account: a, Slowed: slowed[loginKey(a.Login)]}
		terms, err := v.Terms(a.ID)
		if err != nil {
			return nil, err
		}
		out[i].Roles = heldRoles(terms, orgs)
	}
	return out, nil
}

// heldRoles returns roles with their organisations.
func heldRoles(terms []domain.Term, orgs []domain.Org) []HeldRole {
	out := make([]HeldRole, len(terms))
	for i, t := range terms {
		out[i].Term = t
		for k := range orgs {
			if t.Org != "" && orgs[k].ID == t.Org {
				out[i].Org = orgs[k]
			}
		}
	}
	return out
}
