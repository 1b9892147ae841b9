package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
)

// DraftID identifies a draft.
type DraftID int64

// Enactment is a rule file in force for a subtree from a day on.
type Enactment struct {
	Org        party.OrgID
	Supplement bool   // 补充: it adds to the scheme of the same code
	Beside     bool   // 并行: a ledger of its own beside the main scheme
	Code       string // 编号
	From       calendar.Day
	Hash       string
	Source     string // left out where lists are read
	Draft      DraftID
	Person     string // who confirmed it; "" where it was made with the database
	Drafter    string // who handed it in; "" likewise
	// Retroactive says that both agreed to change points of days past.
	Retroactive bool
	At          string // recorded_at
}

// Draft (草案) is a rule file that was handed in.
type Draft struct {
	ID         DraftID
	Org        Org
	Supplement bool
	Beside     bool
	Code       string
	From       calendar.Day
	Hash       string
	Source     string
	Cases      string // worked cases, "" for none
	Person     string
	By         access.AccountID // 0: from the command line
	At         string

	Retroactive bool // who handed it in agrees that points of days past change

	Enacted   bool
	Withdrawn bool
}

// InsertDraft records a draft and links it. by is 0 for the command line.
func (tx *Tx) InsertDraft(d Draft, by access.AccountID) (DraftID, error) {
	id, err := tx.insert("INSERT INTO drafts (org_id, supplement, beside, code, from_on, hash, source, cases, person, retroactive, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		orgKey(d.Org.ID), d.Supplement, d.Beside, d.Code, d.From.String(), d.Hash, d.Source, d.Cases, d.Person, d.Retroactive, tx.stamp(), account(by))
	if err != nil {
		return 0, err
	}
	return DraftID(id), tx.link(d.Org.ID, linkDraft, id)
}

// InsertWithdrawal ends a draft that was not enacted; fault.Conflict if it has
// been withdrawn already.
func (tx *Tx) InsertWithdrawal(d *Draft, person, reason string, by access.AccountID) error {
	text, err := tx.insertText(reason)
	if err != nil {
		return err
	}
	id, err := tx.insert("INSERT INTO withdrawals (draft_id, person, reason, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?)",
		int64(d.ID), person, text, tx.stamp(), account(by))
	if err != nil {
		return err
	}
	return tx.link(d.Org.ID, linkWithdrawal, id)
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
	RecordedAt string
	Enacted    bool
	Withdrawn  bool
}

func (r *draftRow) draft() Draft {
	level, _ := party.LevelOf(r.Level)
	d := Draft{
		ID: DraftID(r.ID), Org: Org{ID: orgID(r.OrgID), Path: r.Path, Name: r.OrgName, Level: level}, Supplement: r.Supplement, Beside: r.Beside,
		Code: r.Code, From: calendar.Day(r.FromOn), Hash: r.Hash, Source: r.Source, Cases: r.Cases, Person: r.Person, At: r.RecordedAt,
		Enacted: r.Enacted, Withdrawn: r.Withdrawn, Retroactive: r.Retroactive,
	}
	if r.RecordedBy != nil {
		d.By = access.AccountID(*r.RecordedBy)
	}
	return d
}

const draftSelect = `SELECT d.id, d.org_id, o.path, o.name AS org_name, o.level, d.supplement, d.beside, d.code, d.from_on, d.hash, d.source, d.cases, d.person, d.retroactive,
	d.recorded_by, d.recorded_at, EXISTS (SELECT 1 FROM enactments e WHERE e.draft_id = d.id) AS enacted,
	EXISTS (SELECT 1 FROM withdrawals w WHERE w.draft_id = d.id) AS withdrawn FROM drafts d JOIN orgs o ON o.id = d.org_id`

// Draft returns one draft, fault.NotFound outside the scope.
func (v *View) Draft(scope access.Scope, id DraftID) (Draft, error) {
	where, args := scopeSQL(scope, false)
	var r draftRow
	err := v.get(&r, draftSelect+" WHERE d.id = ? AND "+where, append([]any{int64(id)}, args...)...)
	return r.draft(), err
}

// Drafts returns the latest drafts of the scope, newest first, at most n.
func (v *View) Drafts(scope access.Scope, n int) ([]Draft, error) {
	where, args := scopeSQL(scope, false)
	var rows []draftRow
	err := v.all(&rows, draftSelect+" WHERE "+where+" ORDER BY d.id DESC LIMIT ?", append(args, n)...)
	out := make([]Draft, len(rows))
	for i := range rows {
		out[i] = rows[i].draft()
	}
	return out, err
}

// InsertEnactment puts a rule file in force; fault.Conflict if the same text
// begins on that day there already.
func (tx *Tx) InsertEnactment(e Enactment, by access.AccountID) error {
	var draft any
	if e.Draft != 0 {
		draft = int64(e.Draft)
	}
	id, err := tx.insert("INSERT INTO enactments (org_id, supplement, beside, code, from_on, hash, source, draft_id, person, retroactive, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		orgKey(e.Org), e.Supplement, e.Beside, e.Code, e.From.String(), e.Hash, e.Source, draft, e.Person, e.Retroactive, tx.stamp(), account(by))
	if err != nil {
		return err
	}
	return tx.link(e.Org, linkEnactment, id)
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

func (r *enactmentRow) enactment() Enactment {
	e := Enactment{Org: orgID(r.OrgID), Supplement: r.Supplement, Beside: r.Beside, Code: r.Code, From: calendar.Day(r.FromOn), Hash: r.Hash, Person: r.Person, At: r.RecordedAt, Retroactive: r.Retroactive}
	if r.DraftID != nil {
		e.Draft = DraftID(*r.DraftID)
	}
	if r.Drafter != nil {
		e.Drafter = *r.Drafter
	}
	return e
}

const enactmentSelect = `SELECT e.org_id, e.supplement, e.beside, e.code, e.from_on, e.hash, e.draft_id, e.person, e.retroactive, d.person AS drafter, e.recorded_at
	FROM enactments e JOIN orgs o ON o.id = e.org_id LEFT JOIN drafts d ON d.id = e.draft_id`

// Enactments returns what was put in force, newest first, at most n.
func (v *View) Enactments(n int) ([]Enactment, error) {
	var rows []enactmentRow
	err := v.all(&rows, enactmentSelect+" ORDER BY e.id DESC LIMIT ?", n)
	out := make([]Enactment, len(rows))
	for i := range rows {
		out[i] = rows[i].enactment()
	}
	return out, err
}

// Source returns an enacted text by its hash; fault.NotFound for none.
func (v *View) Source(hash string) (source string, err error) {
	err = v.get(&source, "SELECT source FROM enactments WHERE hash = ? ORDER BY id LIMIT 1", hash)
	if fault.CodeOf(err) == fault.NotFound {
		err = fault.Wrap(err, fault.NotFound, "没有这份办法")
	}
	return source, err
}
