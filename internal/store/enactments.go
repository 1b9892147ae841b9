package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InsertDraft records a draft, chained. by is 0 for the command line.
func (tx *Tx) InsertDraft(d domain.RuleDraft, by domain.AccountID) (domain.RuleDraftID, error) {
	person, err := tx.insertText(d.Org.ID, d.Person)
	if err != nil {
		return 0, err
	}
	id, err := tx.record(d.Org.ID, kindDraft, orgKey(d.Org.ID), d.Supplement, d.Beside, d.Code, d.From.String(), d.Hash,
		d.Source, d.Cases, person, d.Retroactive, tx.stamp(), account(by))
	return domain.RuleDraftID(id), err
}

// InsertWithdrawal ends a draft that was not enacted; fault.Conflict if it has
// been withdrawn already.
func (tx *Tx) InsertWithdrawal(d *domain.RuleDraft, person, reason string, by domain.AccountID) error {
	text, err := tx.insertText(d.Org.ID, reason)
	if err != nil {
		return err
	}
	name, err := tx.insertText(d.Org.ID, person)
	if err != nil {
		return err
	}
	_, err = tx.record(d.Org.ID, kindWithdrawal, int64(d.ID), name, text, tx.stamp(), account(by))
	return err
}

type draftRow struct {
	ID         int64
	OrgID      int64
	Path       string
	OrgName    string
	Level      string
	Supplement bool
	Beside     bool
	Code       string
	FromOn     day
	Hash       string
	Source     string
	Cases      string
	Person     string

	Retroactive bool

	RecordedBy *int64
	ByPerson   *domain.MemberID
	RecordedAt string
	Enacted    bool
	Withdrawn  bool
}

func (r *draftRow) draft() domain.RuleDraft {
	d := domain.RuleDraft{
		ID: domain.RuleDraftID(r.ID), Org: domain.Org{ID: orgID(r.OrgID), Path: r.Path, Name: r.OrgName,
			Level: orgLevel(r.Level)}, Supplement: r.Supplement, Beside: r.Beside,
		Code: r.Code, From: calendar.Day(r.FromOn), Hash: r.Hash, Source: r.Source, Cases: r.Cases, Person: r.Person,
		At: r.RecordedAt, Enacted: r.Enacted, Withdrawn: r.Withdrawn, Retroactive: r.Retroactive,
	}
	if r.RecordedBy != nil {
		d.By = domain.AccountID(*r.RecordedBy)
		d.Author = domain.PersonOf(d.By, r.ByPerson)
	}
	return d
}

const draftSelect = `SELECT d.id, d.org_id, o.path, o.name AS org_name, o.level, d.supplement, d.beside, d.code,
	d.from_on, d.hash, d.source, d.cases, coalesce((SELECT q.body FROM texts q WHERE q.id = d.person), '') AS person,
	d.retroactive,
	d.recorded_by, (SELECT coalesce(b.member_id, b.person) FROM accounts b WHERE b.id = d.recorded_by) AS by_person,
	d.recorded_at, EXISTS (SELECT 1 FROM enactments e WHERE e.draft_id = d.id) AS enacted,
	EXISTS (SELECT 1 FROM withdrawals w WHERE w.draft_id = d.id) AS withdrawn FROM drafts d JOIN orgs o ON o.id = d.org_id`

// Draft returns one draft, fault.NotFound outside the scope.
func (v *Snapshot) Draft(scope access.Scope, id domain.RuleDraftID) (domain.RuleDraft, error) {
	where, args := scopeSQL(scope, false)
	var r draftRow
	err := v.get(&r, draftSelect+" WHERE d.id = ? AND "+where, append([]any{int64(id)}, args...)...)
	return r.draft(), err
}

// Drafts returns the latest drafts of the scope, newest first, at most n.
func (v *Snapshot) Drafts(scope access.Scope, n int) ([]domain.RuleDraft, error) {
	where, args := scopeSQL(scope, false)
	var rows []draftRow
	err := v.all(&rows, draftSelect+" WHERE "+where+" ORDER BY d.id DESC LIMIT ?", append(args, n)...)
	out := make([]domain.RuleDraft, len(rows))
	for i := range rows {
		out[i] = rows[i].draft()
	}
	return out, err
}

// InsertEnactment puts a rule file in force; fault.Conflict if the same text
// begins on that day there already.
func (tx *Tx) InsertEnactment(e domain.RuleVersion, by domain.AccountID) error {
	var draft any
	if e.Draft != 0 {
		draft = int64(e.Draft)
	}
	person, err := tx.insertText(e.Org, e.Person)
	if err != nil {
		return err
	}
	_, err = tx.record(e.Org, kindEnactment, orgKey(e.Org), e.Supplement, e.Beside, e.Code, e.From.String(), e.Hash,
		e.Source, draft, person, e.Retroactive, tx.stamp(), account(by))
	return err
}

type enactmentRow struct {
	OrgID      int64
	Supplement bool
	Beside     bool
	Code       string
	FromOn     day
	Hash       string
	DraftID    *int64
	Person     string
	Drafter    *string
	RecordedAt string

	Retroactive bool
}

func (r *enactmentRow) enactment() domain.RuleVersion {
	e := domain.RuleVersion{Org: orgID(r.OrgID), Supplement: r.Supplement, Beside: r.Beside, Code: r.Code,
		From: calendar.Day(r.FromOn), Hash: r.Hash, Person: r.Person, At: r.RecordedAt, Retroactive: r.Retroactive}
	if r.DraftID != nil {
		e.Draft = domain.RuleDraftID(*r.DraftID)
	}
	if r.Drafter != nil {
		e.Drafter = *r.Drafter
	}
	return e
}

const enactmentSelect = `SELECT e.org_id, e.supplement, e.beside, e.code, e.from_on, e.hash, e.draft_id, e.retroactive,
	coalesce((SELECT q.body FROM texts q WHERE q.id = e.person), '') AS person, (SELECT q.body FROM texts q
	WHERE q.id = d.person) AS drafter, e.recorded_at
	FROM enactments e JOIN orgs o ON o.id = e.org_id LEFT JOIN drafts d ON d.id = e.draft_id`

// textSQL is scopeSQL for texts of rules: one that was enacted above an organisation
// holds there too, and may be read by whoever belongs to it.
func textSQL(s access.Scope) (where string, args []any) {
	where, args = scopeSQL(s, false)
	for _, path := range s.Subtrees() {
		for up := domain.Ancestor(path, 1); up != ""; up = domain.Ancestor(up, 1) {
			where, args = where+" OR o.path = ?", append(args, up)
		}
	}
	return "(" + where + ")", args
}

// Enactments returns what was put in force in the scope or above it, newest first, at
// most n.
func (v *Snapshot) Enactments(scope access.Scope, n int) ([]domain.RuleVersion, error) {
	where, args := textSQL(scope)
	var rows []enactmentRow
	err := v.all(&rows, enactmentSelect+" WHERE "+where+" ORDER BY e.id DESC LIMIT ?", append(args, n)...)
	out := make([]domain.RuleVersion, len(rows))
	for i := range rows {
		out[i] = rows[i].enactment()
	}
	return out, err
}

// EnactedText returns a text by its hash that was enacted for an organisation;
// fault.NotFound for none. It has no scope: it is what a question is answered by.
func (v *Snapshot) EnactedText(org domain.OrgID, hash string) (source string, err error) {
	err = v.get(&source, "SELECT e.source FROM enactments e WHERE e.org_id = ? AND e.hash = ? ORDER BY e.id LIMIT 1",
		orgKey(org), hash)
	return source, err
}

// Source returns a text by its hash that was enacted in the scope or above it;
// fault.NotFound for none.
func (v *Snapshot) Source(scope access.Scope, hash string) (source string, err error) {
	where, args := textSQL(scope)
	err = v.get(&source, "SELECT e.source FROM enactments e JOIN orgs o ON o.id = e.org_id WHERE e.hash = ? AND "+where+
		" ORDER BY e.id LIMIT 1", append([]any{hash}, args...)...)
	if fault.CodeOf(err) == fault.NotFound {
		err = fault.Wrap(err, fault.NotFound, "没有这份办法")
	}
	return source, err
}
