package accounts

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

const (
	maxProposalReason = 200                 // characters of why a role is not agreed to
	proposalsShown    = 60 * 24 * time.Hour // for how long the page of an account shows what became of them
)

// Proposed is a role that was proposed for an account, as one person sees it.
type Proposed struct {
	domain.Proposal
	Org      domain.Org // the zero one for a role over none
	State    domain.ProposalAnswer
	Who      []access.Holder // who may agree now
	MayAgree bool            // who looks is one of them
	MayEnd   bool            // who looks may take it back
}

// Waits reports whether a role that somebody gives waits for another person. What the
// program gives by itself does not: it sets a database up, or brings the last security
// administrator back.
func Waits(by *access.Actor, role domain.Role) bool { return by.Reason() == "" && role.NeedsSecond() }

// Proposals returns the roles that wait for a second person: those to which the actor may
// agree, and all of them for who manages accounts.
func (s *Service) Proposals(ctx context.Context, by *access.Actor) (out []Proposed, err error) {
	if !by.May(access.AgreeToRoles) {
		return nil, fault.New(fault.Forbidden, "没有同意给角色的权限")
	}
	err = s.db.Read(ctx, func(v *store.Snapshot) error {
		out, err = proposals(v, by)
		return err
	})
	return out, err
}

// AwaitsAgreement counts the roles that wait for the actor to agree.
func AwaitsAgreement(v *store.Snapshot, by *access.Actor) (n int, err error) {
	list, err := proposals(v, by)
	for i := range list {
		if list[i].MayAgree {
			n++
		}
	}
	return n, err
}

func proposals(v *store.Snapshot, by *access.Actor) ([]Proposed, error) {
	list, err := v.Proposals(by.Scope(access.AgreeToRoles))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	all, err := proposedOf(v, by, list)
	return slices.DeleteFunc(all, func(p Proposed) bool { return !p.MayAgree && !by.May(access.ManageAccounts) }), err
}

// proposedOf returns proposals as somebody sees them.
func proposedOf(v *store.Snapshot, by *access.Actor, list []domain.Proposal) ([]Proposed, error) {
	holders, err := v.Agreers()
	if err != nil {
		return nil, err
	}
	out := make([]Proposed, len(list))
	for i := range list {
		p := Proposed{Proposal: list[i], State: list[i].State(v.Now())}
		if p.Org, err = orgOf(v, p.Proposal.Org); err != nil {
			return nil, err
		}
		if p.State == "" {
			p.Who = access.Agreers(&p.Proposal, holders)
			p.MayAgree = by.Agrees(p.Who)
			p.MayEnd = by.ID() == p.By && by.May(access.ManageAccounts)
		}
		out[i] = p
	}
	return out, nil
}

// proposalsFor returns what was proposed for an account lately, the latest first.
func proposalsFor(v *store.Snapshot, by *access.Actor, id domain.AccountID) ([]Proposed, error) {
	list, err := v.ProposalsFor(id, v.Now().Add(-proposalsShown))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return proposedOf(v, by, list)
}

// Agree gives a role that somebody else proposed.
func (s *Service) Agree(ctx context.Context, by *access.Actor, id domain.ProposalID) (Proposed, error) {
	return s.answer(ctx, by, id, func(tx *store.Tx, p *Proposed) error {
		if !p.MayAgree {
			return notAgreer(p)
		}
		h, err := holderOf(&tx.Snapshot, p.Account)
		if err == nil {
			err = h.admit(p.Role, p.Org)
		}
		if err == nil {
			err = fits(&tx.Snapshot, &p.Term, &p.Org)
		}
		if err != nil {
			return fault.Wrap(err, fault.Conflict, "现在给不了了：%s", fault.From(err).Message).
				WithHint("写明理由，不同意；要给的，重新提出")
		}
		if err := tx.AgreeToProposal(&p.Proposal, by.ID()); err != nil {
			return err
		}
		return audit.Record(tx, by, audit.AgreedToRole, audit.What{Detail: audit.Account(p.Account), Whose: p.Account})
	})
}

// Refuse ends a role that was proposed: whoever might agree refuses it, and who proposed it
// takes it back. A reason has to be given.
func (s *Service) Refuse(ctx context.Context, by *access.Actor, id domain.ProposalID, reason string) (Proposed, error) {
	reason = strings.TrimSpace(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > maxProposalReason {
		return Proposed{}, at("reason", fault.New(fault.Invalid, "要写理由，1 到 %d 个字", maxProposalReason).
			WithHint("例如：支部没有报过来"))
	}
	return s.answer(ctx, by, id, func(tx *store.Tx, p *Proposed) error {
		action := audit.RefusedRole
		switch {
		case p.MayEnd:
			action = audit.WithdrewRole
		case !p.MayAgree:
			return notAgreer(p)
		}
		if err := tx.EndProposal(&p.Proposal, reason, by.ID()); err != nil {
			return err
		}
		return audit.Record(tx, by, action, audit.What{Detail: audit.Account(p.Account), Whose: p.Account})
	})
}

// notAgreer refuses who may know of a proposal and is not to answer it.
func notAgreer(p *Proposed) error {
	return fault.New(fault.Forbidden, "这个职务不能由您同意").
		WithHint("提出的人、得到职务的人都不能自己同意；现在由%s来办", agreers(p.Who))
}

// agreers returns who may agree in words.
func agreers(list []access.Holder) string {
	var out []string
	for _, h := range list {
		if words := h.Name + "（" + h.Role.String() + "）"; !slices.Contains(out, words) {
			out = append(out, words)
		}
	}
	if len(out) == 0 {
		return "另一位安全管理员或街道党工委（现在没有这样的人）"
	}
	return strings.Join(out, "、")
}

// Agreers returns in words who may agree to a proposal now.
func (p *Proposed) Agreers() string { return agreers(p.Who) }

// answer runs what becomes of a proposal that waits; fault.NotFound for who may not know of
// it.
func (s *Service) answer(
	ctx context.Context, by *access.Actor, id domain.ProposalID, do func(tx *store.Tx, p *Proposed) error,
) (out Proposed, err error) {
	if !by.May(access.AgreeToRoles) {
		return out, fault.New(fault.Forbidden, "没有同意给角色的权限")
	}
	err = s.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
		read := func() ([]Proposed, error) {
			p, err := tx.Proposal(by.Scope(access.AgreeToRoles), id)
			if err != nil {
				return nil, fault.Hide(err, "这个提出的职务")
			}
			return proposedOf(&tx.Snapshot, by, []domain.Proposal{p})
		}
		list, err := read()
		if err == nil {
			err = tx.HoldAccount(list[0].Account)
		}
		if err == nil {
			list, err = read() // as it stands while nobody else answers
		}
		if err != nil {
			return err
		}
		out = list[0]
		knows := by.ID() == out.Account || by.May(access.ManageAccounts) || out.MayAgree ||
			out.State != "" && by.Has(domain.RoleStreet)
		switch {
		case !knows:
			return fault.Hidden(nil, "这个提出的职务")
		case out.State == domain.ProposalExpired:
			return fault.New(fault.Conflict, "提出已经过了 %d 天，作废了", domain.ProposalLife/(24*time.Hour)).
				WithHint("要给的，请安全管理员重新提出")
		case out.State != "":
			return fault.New(fault.Conflict, "这个职务%s（%s）", out.State, out.AnsweredBy)
		}
		return do(tx, &out)
	})
	return out, err
}

// proposed refuses a role that waits for an account already.
func proposed(tx *store.Tx, a *domain.Account, r *Role, org domain.Org) error {
	list, err := tx.ProposalsFor(a.ID, tx.Now().Add(-domain.ProposalLife))
	for i := range list {
		p := &list[i]
		if p.State(tx.Now()) == "" && p.Role == r.Role && p.Org == r.Org && err == nil {
			err = fault.New(fault.Conflict, "已经提出过给帐号“%s”%s，还在等另一个人同意", a.Login, named(r.Role, org)).
				WithHint("要改日期的，先撤回再提出")
		}
	}
	return err
}

// noneWaits refuses an account for which an office waits: whoever had its slip would get
// the office.
func noneWaits(tx *store.Tx, a *domain.Account) error {
	list, err := tx.ProposalsFor(a.ID, tx.Now().Add(-domain.ProposalLife))
	for i := range list {
		if p := &list[i]; p.State(tx.Now()) == "" && err == nil {
			err = fault.New(fault.Invalid, "已经提出让这个帐号兼%s，激活条由管帐号的人来发", p.Role)
		}
	}
	return err
}
