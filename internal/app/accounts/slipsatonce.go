package accounts

import (
	"context"
	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// slipsAtOnce limits how many accounts are opened in one write, so that others are not kept
// waiting.
const slipsAtOnce = 50

// SlipsHanded holds the slips that were made at once, and whom no account could be opened
// for, with the reason.
type SlipsHanded struct {
	Slips   []HandedSlip
	Refused []SlipRefused
	// Failed holds what went wrong before all were made, nil for nothing: these many members are left.
	Failed error
	Left   int
}

// SlipRefused is a member whose account could not be opened.
type SlipRefused struct {
	Member domain.MemberID
	Why    string
}

// SlipsFor holds how many members of an organisation have no account, and how many have
// one that nobody has activated.
type SlipsFor struct {
	Org                  domain.Org
	Without, Unactivated int
	Orgs                 []domain.Org            // to choose from
	Names                map[domain.OrgID]string // of all organisations
}

// SlipsFor returns who would get a slip below an organisation, "" for none chosen yet.
func (s *Service) SlipsFor(ctx context.Context, by *access.Actor, org domain.OrgID) (out SlipsFor, err error) {
	err = s.manage(ctx, by, func(v *store.Snapshot, orgs []domain.Org) error {
		out = SlipsFor{Names: namesOf(orgs)}
		for _, o := range orgs {
			if o.Level != domain.District && o.Closed == 0 {
				out.Orgs = append(out.Orgs, o)
			}
		}
		if org == "" {
			return nil
		}
		if out.Org, err = orgOf(v, org); err != nil {
			return err
		}
		list, err := v.Unopened(by.Scope(access.ManageAccounts), out.Org.Path)
		for i := range list {
			if list[i].Account == 0 {
				out.Without++
			} else {
				out.Unactivated++
			}
		}
		return err
	})
	return out, err
}

// HandOutSlips opens an account for every member below an organisation who has none, and
// returns their slips; with again also anew for those who have not activated theirs, whose
// earlier slips end. The login is the member's number. Where something fails after some were
// made, it returns these and says what failed.
func (s *Service) HandOutSlips(ctx context.Context, by *access.Actor, org domain.OrgID, again bool) (out SlipsHanded,
	err error) {
	var list []store.Unopened
	err = s.manage(ctx, by, func(v *store.Snapshot, _ []domain.Org) error {
		o, err := orgOf(v, org)
		if err != nil {
			return err
		}
		if o.ID == "" {
			return at("org", fault.New(fault.Invalid, "要选一个组织"))
		}
		list, err = v.Unopened(by.Scope(access.ManageAccounts), o.Path)
		return err
	})
	for len(list) > 0 && err == nil {
		batch := list[:min(s.slipBatch, len(list))]
		var made SlipsHanded
		if made, err = s.handOut(ctx, by, batch, again); err != nil {
			break
		}
		list = list[len(batch):]
		out.Slips = append(out.Slips, made.Slips...)
		out.Refused = append(out.Refused, made.Refused...)
	}
	if err != nil && len(out.Slips) > 0 { // what was made must not be lost
		out.Failed, out.Left = err, len(list)
		return out, nil
	}
	return out, err
}

// handOut makes the slips of some members in one write.
func (s *Service) handOut(ctx context.Context, by *access.Actor, list []store.Unopened, again bool) (out SlipsHanded,
	err error) {
	codes := make([]string, len(list))
	for i := range codes {
		if codes[i], err = s.newCode(); err != nil {
			return out, err
		}
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		out = SlipsHanded{}
		for i := range list {
			m := &list[i]
			a, err := unopened(tx, by, m, again)
			if why := fault.From(err); err != nil && why.Code == fault.Invalid {
				out.Refused = append(out.Refused, SlipRefused{m.Member, why.Message})
				continue
			}
			if err != nil || a.ID == 0 {
				if err != nil {
					return err
				}
				continue
			}
			if err := addSlip(tx, by, a, codes[i]); err != nil {
				return err
			}
			out.Slips = append(out.Slips, HandedSlip{a.Login, a.Name, m.Branch, codes[i], tx.Now().Add(SlipLife)})
		}
		return nil
	})
	return out, err
}

// unopened returns the account of a member who gets a slip: a new one, or with again the
// one that he has not activated; the zero one for whoever gets none.
func unopened(tx *store.Tx, by *access.Actor, m *store.Unopened, again bool) (a domain.Account, err error) {
	if m.Account == 0 {
		return OpenTx(tx, by, OpeningFor(string(m.Member), m.Name, m.Member, Role{Role: domain.RoleMember}), "")
	}
	if !again {
		return a, nil
	}
	if a, err = held(tx, m.Account); err != nil || a.Closed || a.Password != "" || a.ID == by.ID() {
		return domain.Account{}, err
	}
	return a, nil
}
