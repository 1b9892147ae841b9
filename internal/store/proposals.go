package store

import (
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

type proposalRow struct {
	ID         int64
	AccountID  int64
	Login      string
	Name       string
	Person     *domain.MemberID
	Role       string
	OrgID      *int64
	Path       string
	FromOn     day
	UntilOn    day
	Party      *string
	RecordedAt string
	RecordedBy *int64
	ByName     *string
	ByPerson   *domain.MemberID
	Ended      *bool
	AnsweredAt *string
	AnsweredBy *int64
	Answerer   *string
	Reason     *string
}

const proposalSelect = `SELECT s.id, s.account_id, a.login, a.name, coalesce(a.member_id, a.person) AS person, s.role,
	s.org_id,
	coalesce(o.path, (SELECT r.path FROM orgs r WHERE r.parent_id IS NULL ORDER BY r.id LIMIT 1), '') AS path,
	s.from_on, s.until_on, s.group_name AS party, s.recorded_at, s.recorded_by, b.name AS by_name,
	coalesce(b.member_id, b.person) AS by_person,
	c.ended, c.recorded_at AS answered_at, c.recorded_by AS answered_by, d.name AS answerer, t.body AS reason
	FROM assignments s JOIN accounts a ON a.id = s.account_id LEFT JOIN orgs o ON o.id = s.org_id
	LEFT JOIN accounts b ON b.id = s.recorded_by LEFT JOIN assignments c ON c.confirms = s.id
	LEFT JOIN accounts d ON d.id = c.recorded_by LEFT JOIN shown_texts t ON t.id = c.reason
	WHERE s.waits IS NOT NULL AND s.confirms IS NULL`

func (r *proposalRow) proposal() (p domain.Proposal, err error) {
	p = domain.Proposal{
		ID: domain.ProposalID(r.ID), Account: domain.AccountID(r.AccountID), Login: r.Login, Name: r.Name,
		Path: r.Path, ByName: text(r.ByName),
		AnsweredBy: text(r.Answerer), Reason: text(r.Reason),
		Term: domain.Term{Role: domain.Role(r.Role), From: calendar.Day(r.FromOn), Until: calendar.Day(r.UntilOn),
			Group: text(r.Party)},
	}
	if r.OrgID != nil {
		p.Org = orgID(*r.OrgID)
	}
	if r.RecordedBy != nil {
		p.By = domain.AccountID(*r.RecordedBy)
	}
	p.Holder, p.Author = domain.PersonOf(p.Account, r.Person), domain.PersonOf(p.By, r.ByPerson)
	p.At, err = ParseInstant(r.RecordedAt)
	if r.AnsweredAt != nil && err == nil {
		p.Answer = domain.ProposalAgreed
		p.Answered, err = ParseInstant(*r.AnsweredAt)
	}
	switch own := r.AnsweredBy != nil && r.RecordedBy != nil && *r.AnsweredBy == *r.RecordedBy; {
	case err != nil:
		return p, fault.Wrap(err, fault.Internal, "提出的职务 %d 的时间读不懂", r.ID)
	case r.Ended != nil && *r.Ended && own:
		p.Answer = domain.ProposalWithdrawn
	case r.Ended != nil && *r.Ended:
		p.Answer = domain.ProposalRefused
	}
	return p, nil
}

// Proposals returns the roles that wait for a second person now, the oldest first, of the
// organisations that the scope holds; a role over none is of the highest.
func (v *Snapshot) Proposals(scope access.Scope) ([]domain.Proposal, error) {
	list, err := v.proposals(" AND c.id IS NULL AND s.recorded_at > ? ORDER BY s.recorded_at, s.id",
		calendar.Instant(v.now.Add(-domain.ProposalLife)))
	var out []domain.Proposal
	for i := range list {
		if scope.Covers(list[i].Path) {
			out = append(out, list[i])
		}
	}
	return out, err
}

// ProposalsFor returns the roles that were proposed for an account since an instant, the
// latest first, for who manages accounts.
func (v *Snapshot) ProposalsFor(id domain.AccountID, since time.Time) ([]domain.Proposal, error) {
	return v.proposals(" AND s.account_id = ? AND s.recorded_at >= ? ORDER BY s.id DESC", int64(id),
		calendar.Instant(since))
}

// Proposal returns one role that was proposed, fault.NotFound outside the scope.
func (v *Snapshot) Proposal(scope access.Scope, id domain.ProposalID) (domain.Proposal, error) {
	list, err := v.proposals(" AND s.id = ?", int64(id))
	if err == nil && (len(list) == 0 || !scope.Covers(list[0].Path)) {
		err = fault.New(fault.NotFound, "there is no such proposal in the scope")
	}
	if err != nil {
		return domain.Proposal{}, err
	}
	return list[0], nil
}

func (v *Snapshot) proposals(where string, args ...any) ([]domain.Proposal, error) {
	var rows []proposalRow
	err := v.all(&rows, proposalSelect+where, args...)
	out := make([]domain.Proposal, len(rows))
	for i := range rows {
		if err == nil {
			out[i], err = rows[i].proposal()
		}
	}
	return out, err
}

// InsertProposal records a role that gives nothing before another person agrees.
func (tx *Tx) InsertProposal(id domain.AccountID, term domain.Term, by domain.AccountID) error {
	return tx.moveRights(id, func() error {
		chain, org, err := tx.chainOfTerm(id, &term)
		if err != nil {
			return err
		}
		return tx.insertAssignment(chain, org, id, &term, false, by, int64(1), nil, nil)
	})
}

// AgreeToProposal gives the role that was proposed.
func (tx *Tx) AgreeToProposal(p *domain.Proposal, by domain.AccountID) error {
	return tx.moveRights(p.Account, func() error {
		chain, org, err := tx.chainOfTerm(p.Account, &p.Term)
		if err != nil {
			return err
		}
		return tx.insertAssignment(chain, org, p.Account, &p.Term, false, by, nil, int64(p.ID), nil)
	})
}

// EndProposal refuses a role that was proposed, or takes it back where it is by who
// proposed it. The row waits too, so that it ends nothing that the account has.
func (tx *Tx) EndProposal(p *domain.Proposal, reason string, by domain.AccountID) error {
	return tx.moveRights(p.Account, func() error {
		chain, org, err := tx.chainOfTerm(p.Account, &p.Term)
		if err != nil {
			return err
		}
		why, err := tx.insertText(chain, reason)
		if err != nil {
			return err
		}
		return tx.insertAssignment(chain, org, p.Account, &p.Term, true, by, int64(1), int64(p.ID), why)
	})
}

// Agreers returns who holds now, with an open account, a role in which one agrees to roles
// that others propose; which of them may, access.Agreers tells.
func (v *Snapshot) Agreers() ([]access.Holder, error) {
	var rows []struct {
		holderRow
		Path  *string
		Level *string
	}
	err := v.all(&rows, `SELECT s.id, s.account_id, coalesce(a.member_id, a.person) AS person,
		a.name, s.role, o.path, o.level FROM assignments s
		LEFT JOIN orgs o ON o.id = s.org_id JOIN accounts a ON a.id = s.account_id
		WHERE a.closed = 0 AND s.ended = 0 AND s.role IN (?, ?, ?) AND s.id = (SELECT max(t.id) FROM assignments t
		WHERE t.account_id = s.account_id AND t.role = s.role AND t.waits IS NULL
		AND coalesce(t.org_id, 0) = coalesce(s.org_id, 0)) AND `+onItsDays+" ORDER BY s.account_id, s.id",
		string(domain.RoleStreet), string(domain.RoleSecurity), string(domain.RoleAdministrator), v.today(), v.today())
	list := make([]holderRow, len(rows))
	for i := range rows {
		list[i] = rows[i].holderRow
		if list[i].Path = text(rows[i].Path); list[i].Path != "" {
			list[i].Level = text(rows[i].Level)
		}
	}
	return holdersOf(list), err
}
