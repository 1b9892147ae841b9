package store

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// PendingOf returns what the policy needs to tell who decides next.
func PendingOf(c *domain.Claim) access.Pending {
	out := access.Pending{Member: c.Member.ID, Home: c.Member.Home.Path, By: c.By, Waits: c.Waits}
	for i := range c.Steps {
		out.Took = append(out.Took, c.Steps[i].By)
		out.Waits = c.Waits[max(0, len(c.Waits)-c.Steps[i].Rest):]
	}
	return out
}

// organs are kept in one column, parted by the mark that parts them in print.
func joinOrgans[T ~string](organs []T) string {
	texts := make([]string, len(organs))
	for i, o := range organs {
		texts[i] = string(o)
	}
	return strings.Join(texts, "、")
}

func splitOrgans[T ~string](text string) []T {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, "、")
	out := make([]T, len(parts))
	for i, p := range parts {
		out[i] = T(p)
	}
	return out
}

// lastStep is the last step taken of a claim; none is NULL.
type lastStep struct {
	Accepted *bool
	Rest     *int
}

// lastDecision joins the last step of rows of a table as d.
func lastDecision(kind, table string) string {
	return "LEFT JOIN decisions d ON d.kind = '" + kind + "' AND d.row_id = " + table + `.id
		AND d.step = (SELECT max(z.step) FROM decisions z WHERE z.kind = '` + kind + "' AND z.row_id = " + table + ".id)"
}

// stillWaits is the condition under which a claim waits, d being its last step.
func stillWaits(table string) string {
	return table + ".waits <> '' AND (d.id IS NULL OR (d.accepted = 1 AND d.rest > 0))"
}

func (s *lastStep) returned() bool { return s.Accepted != nil && !*s.Accepted }

func (s *lastStep) waiting(waits string) bool {
	return waits != "" && (s.Accepted == nil || (*s.Accepted && *s.Rest > 0))
}

// claims reads claims of every kind, each by its own condition with the same
// arguments.
func (v *Snapshot) claims(entry, attendance, fact string, args ...any) ([]domain.Claim, error) {
	out, err := v.entryClaims(entry, args...)
	if err != nil {
		return nil, err
	}
	rows, err := v.attendanceClaims(attendance, args...)
	if err != nil {
		return nil, err
	}
	facts, err := v.factClaims(fact, args...)
	return append(append(out, rows...), facts...), err
}

// waits are the conditions under which a claim of each kind waits and nothing has
// taken its place.
func waits() (entry, attendance, fact string) {
	return stillWaits("e") + " AND r.id IS NULL", stillWaits("x") + " AND " + latestLine("x"), stillWaits("f") + " AND NOT " + superseded
}

// Waiting returns every claim of the scope that waits, oldest first. There are
// as many as people left undecided; who decides which is for access.Pending.
func (v *Snapshot) Waiting(scope access.Scope) ([]domain.Claim, error) {
	where, args := scopeSQL(scope, true)
	entry, attendance, fact := waits()
	out, err := v.claims(" WHERE "+entry+" AND "+where+" ORDER BY e.id", " WHERE "+attendance+" AND "+where+" ORDER BY x.id", " WHERE "+fact+" AND "+where+" ORDER BY f.id", args...)
	slices.SortStableFunc(out, func(a, b domain.Claim) int { return cmp.Compare(a.At, b.At) })
	return out, err
}

// ClaimsOf returns the claims about one member, whatever became of them, the
// latest first, at most n of each kind. fault.NotFound outside the scope.
func (v *Snapshot) ClaimsOf(scope access.Scope, member domain.MemberID, n int) ([]domain.Claim, error) {
	if _, err := v.Member(scope, member); err != nil {
		return nil, err
	}
	out, err := v.claims(" WHERE e.waits <> '' AND e.member_id = ? ORDER BY e.id DESC LIMIT ?", " WHERE x.waits <> '' AND x.member_id = ? ORDER BY x.id DESC LIMIT ?",
		" WHERE f.waits <> '' AND f.member_id = ? ORDER BY f.id DESC LIMIT ?", string(member), n)
	slices.SortStableFunc(out, func(a, b domain.Claim) int { return cmp.Compare(b.At, a.At) })
	return out, err
}

// HandedIn returns the claims that an account handed in and that wait, or were
// returned at or after an instant, the latest first, at most n of each kind. They
// are the asker's own work, and so have no scope.
func (v *Snapshot) HandedIn(by domain.AccountID, returned time.Time, n int) ([]domain.Claim, error) {
	entry, attendance, fact := waits()
	of := func(table, waiting string) string {
		return " WHERE " + table + ".waits <> '' AND " + table + ".recorded_by = ? AND (" + waiting + " OR (d.accepted = 0 AND d.recorded_at >= ?)) ORDER BY " + table + ".id DESC LIMIT ?"
	}
	out, err := v.claims(of("e", entry), of("x", attendance), of("f", fact), int64(by), Instant(returned), n)
	slices.SortStableFunc(out, func(a, b domain.Claim) int { return cmp.Compare(b.At, a.At) })
	return out, err
}

// TakenUp returns which claims of a member were handed in again by another that was
// not taken back. It has no scope: whose they are, has been asked.
func (v *Snapshot) TakenUp(member domain.MemberID) (map[domain.EntryID]bool, error) {
	var ids []domain.EntryID
	err := v.all(&ids, "SELECT e.follows FROM entries e LEFT JOIN reversals r ON r.entry_id = e.id WHERE e.member_id = ? AND e.follows IS NOT NULL AND r.id IS NULL", string(member))
	out := make(map[domain.EntryID]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// Claim returns one claim, whatever became of it; fault.NotFound outside the
// scope, and for what never was a claim.
func (v *Snapshot) Claim(scope access.Scope, id domain.ClaimID) (domain.Claim, error) {
	where, args := scopeSQL(scope, true)
	args = append([]any{id.Row}, args...)
	var out []domain.Claim
	var err error
	switch id.Kind {
	case domain.EntryClaim:
		out, err = v.entryClaims(" WHERE e.waits <> '' AND e.id = ? AND "+where, args...)
	case domain.AttendanceClaim:
		out, err = v.attendanceClaims(" WHERE x.waits <> '' AND x.id = ? AND "+where, args...)
	case domain.FactClaim:
		out, err = v.factClaims(" WHERE f.waits <> '' AND f.id = ? AND "+where, args...)
	}
	if err == nil && len(out) == 0 {
		err = fault.New(fault.NotFound, "没有这条申报")
	}
	if err != nil {
		return domain.Claim{}, err
	}
	return out[0], nil
}

func (v *Snapshot) entryClaims(where string, args ...any) ([]domain.Claim, error) {
	var rows []struct {
		entryRow
		memberRow `db:"m"`
	}
	err := v.all(&rows, entryClaimSelect()+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]domain.Claim, len(rows))
	for i := range rows {
		r := &rows[i]
		e, err := r.entry(v)
		if err != nil {
			return nil, err
		}
		c := domain.Claim{
			ClaimID: domain.ClaimID{Kind: domain.EntryClaim, Row: r.entryRow.ID}, Member: r.member(), State: r.state(r.Waits), By: e.By, ByName: e.ByName, At: e.At,
			Waits: splitOrgans[domain.Organ](r.Waits), Entry: e,
		}
		if r.Reversed && c.State == domain.ClaimWaits {
			c.State = domain.ClaimWithdrawn
		}
		if out[i] = c; r.Accepted != nil {
			if out[i].Steps, err = v.steps(c.ClaimID); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// entryClaimSelect is entrySelect with the member.
func entryClaimSelect() string {
	return strings.Replace(entrySelect(), "SELECT ", "SELECT "+claimMember+", ", 1)
}

// claimMember are the columns of memberRow under the prefix that sqlx nests by.
const claimMember = `m.id AS "m.id", m.name AS "m.name", m.initials AS "m.initials", m.version AS "m.version", m.joined_on AS "m.joined_on", m.left_on AS "m.left_on",
	o.id AS "m.org_id", o.path AS "m.path", o.kind AS "m.kind", o.name AS "m.org_name"`

func (s *lastStep) state(waits string) domain.ClaimState {
	switch {
	case s.returned():
		return domain.ClaimReturned
	case s.waiting(waits):
		return domain.ClaimWaits
	default:
		return domain.ClaimPosted
	}
}

func (v *Snapshot) attendanceClaims(where string, args ...any) ([]domain.Claim, error) {
	var rows []struct {
		activityRow
		memberRow `db:"m"`
		lastStep
		RowID    int64
		Status   string
		MadeUpOn day
		Waits    string
		ClaimBy  int64
		ClaimAt  string
		ClaimWho string
		Later    bool
	}
	err := v.all(&rows, `SELECT x.id AS row_id, x.status, x.made_up_on, x.waits, x.recorded_by AS claim_by, x.recorded_at AS claim_at, c.name AS claim_who,
		NOT (`+latestLine("x")+`) AS later,
		a.id, a.org_id, a.kind, a.occurred_on, t.body, a.paper, a.recorded_at, a.recorded_by, b.name AS by_name, d.accepted, d.rest, `+claimMember+`
		FROM attendance x JOIN accounts c ON c.id = x.recorded_by JOIN members m ON m.id = x.member_id LEFT JOIN orgs o ON o.id = m.home_id
		JOIN activities a ON a.id = x.activity_id JOIN accounts b ON b.id = a.recorded_by LEFT JOIN texts t ON t.id = a.title `+
		lastDecision("attendance", "x")+where, args...)
	if err != nil {
		return nil, err
	}
	out := make([]domain.Claim, len(rows))
	for i := range rows {
		r := &rows[i]
		c := domain.Claim{
			ClaimID: domain.ClaimID{Kind: domain.AttendanceClaim, Row: r.RowID}, Member: r.member(), State: r.state(r.Waits), By: domain.AccountID(r.ClaimBy), ByName: r.ClaimWho, At: r.ClaimAt,
			Waits: splitOrgans[domain.Organ](r.Waits), Activity: r.activity(), Status: domain.AttendanceStatus(r.Status), MadeUpOn: calendar.Day(r.MadeUpOn),
		}
		if r.Later && c.State == domain.ClaimWaits {
			c.State = domain.ClaimWithdrawn
		}
		if out[i] = c; r.Accepted != nil {
			if out[i].Steps, err = v.steps(c.ClaimID); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// steps returns the steps taken of a claim, in order.
func (v *Snapshot) steps(id domain.ClaimID) ([]domain.Decision, error) {
	var rows []struct {
		Step       int
		Organs     string
		Rest       int
		Accepted   bool
		Body       *string
		Document   string
		DocumentOn day
		RecordedBy int64
		ByName     string
		RecordedAt string
	}
	err := v.all(&rows, `SELECT d.step, d.organs, d.rest, d.accepted, t.body, d.document, d.document_on, d.recorded_by, b.name AS by_name, d.recorded_at
		FROM decisions d JOIN accounts b ON b.id = d.recorded_by LEFT JOIN texts t ON t.id = d.reason
		WHERE d.kind = ? AND d.row_id = ? ORDER BY d.step`, string(id.Kind), id.Row)
	out := make([]domain.Decision, len(rows))
	for i, r := range rows {
		out[i] = domain.Decision{
			ClaimID: id, Step: r.Step, Organs: splitOrgans[string](r.Organs), Rest: r.Rest, Accepted: r.Accepted,
			Document: domain.Document{Number: r.Document, On: calendar.Day(r.DocumentOn)}, By: domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt,
		}
		if r.Body != nil {
			out[i].Reason = *r.Body
		}
	}
	return out, err
}

// InsertDecision records a step of a claim; fault.Conflict if that step is taken
// already.
func (tx *Tx) InsertDecision(d domain.Decision, by domain.AccountID) error {
	text, err := tx.insertText(d.Reason)
	if err != nil {
		return err
	}
	m, err := tx.Member(access.System("the chain of the home branch"), d.Member)
	if err != nil {
		return err
	}
	var on any
	if d.Document.On != 0 {
		on = d.Document.On.String()
	}
	id, err := tx.insert("INSERT INTO decisions (kind, row_id, step, organs, rest, accepted, reason, document, document_on, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		string(d.Kind), d.Row, d.Step, joinOrgans(d.Organs), d.Rest, d.Accepted, text, d.Document.Number, on, tx.stamp(), int64(by))
	if err != nil {
		return err
	}
	if err := tx.link(m.Home.ID, linkDecision, id); err != nil {
		return err
	}
	return tx.touch(d.Member)
}

// Holders returns who holds which office over organisations now, by account:
// the present rows of open accounts. It has no scope: whoever hands a claim in is
// told who decides.
func (v *Snapshot) Holders() ([]access.Holder, error) {
	var rows []struct {
		AccountID int64
		MemberID  *string
		Name      string
		Role      string
		Path      string
	}
	err := v.all(&rows, `SELECT s.account_id, a.member_id, a.name, s.role, o.path FROM assignments s JOIN orgs o ON o.id = s.org_id JOIN accounts a ON a.id = s.account_id
		WHERE a.closed = 0 AND s.ended = 0 AND s.id = (SELECT max(t.id) FROM assignments t WHERE t.account_id = s.account_id AND t.role = s.role AND t.org_id = s.org_id)
		ORDER BY s.account_id, s.id`)
	out := make([]access.Holder, len(rows))
	for i, r := range rows {
		out[i] = access.Holder{Account: domain.AccountID(r.AccountID), Name: r.Name, Role: domain.Role(r.Role), Path: r.Path}
		if r.MemberID != nil {
			out[i].Member = domain.MemberID(*r.MemberID)
		}
	}
	return out, err
}

// Sketches returns what an account is writing, the latest first. They are the
// asker's own, and so have no scope.
func (v *Snapshot) Sketches(by domain.AccountID) ([]domain.Draft, error) {
	var rows []struct {
		ID      int64
		Body    string
		SavedAt string
	}
	err := v.all(&rows, "SELECT id, body, saved_at FROM sketches WHERE account_id = ? ORDER BY id DESC", int64(by))
	out := make([]domain.Draft, len(rows))
	for i, r := range rows {
		out[i] = domain.Draft{ID: r.ID, Body: r.Body, At: r.SavedAt}
	}
	return out, err
}

// SaveSketch keeps what an account is writing: anew for id 0, else in its place.
// fault.NotFound if that is none of the account's.
func (tx *Tx) SaveSketch(by domain.AccountID, id int64, body string) (int64, error) {
	if id == 0 {
		return tx.insert("INSERT INTO sketches (account_id, body, saved_at) VALUES (?, ?, ?)", int64(by), body, tx.stamp())
	}
	res, err := tx.exec("UPDATE sketches SET body = ?, saved_at = ? WHERE id = ? AND account_id = ?", body, tx.stamp(), id, int64(by))
	if err != nil {
		return 0, err
	}
	return id, one(res.RowsAffected())
}

// DropSketch throws away what an account was writing.
func (tx *Tx) DropSketch(by domain.AccountID, id int64) error {
	res, err := tx.exec("DELETE FROM sketches WHERE id = ? AND account_id = ?", id, int64(by))
	if err != nil {
		return err
	}
	return one(res.RowsAffected())
}

// one is fault.NotFound where a statement met no row.
func one(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, "没有这份草稿").WithHint("可能已经提交或删掉")
	}
	return err
}
