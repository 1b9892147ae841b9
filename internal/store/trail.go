package store

import (
	"cmp"
	"encoding/hex"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InsertTrace appends a line to the trail of the street that it concerns, chained to
// the one before it. What concerns no organisation and no member is of the street of the
// account that it concerns, or else of who did it.
func (tx *Tx) InsertTrace(t domain.AuditEvent) error {
	street, known := tx.streets[t.Member]
	if t.Org != "" || !known {
		var err error
		if street, err = tx.streetConcerned(&t); err != nil {
			return err
		}
	}
	at := tx.stamp()
	last, err := tx.trailHead(street, monthOf(at))
	if err != nil {
		return err
	}
	k := tx.chains.trail
	var org any
	if t.Org != "" {
		org = orgKey(t.Org)
	}
	subject, count := tx.chains.subjectOf(&t)
	values := []any{street, last.Month, at, account(t.Account), t.Action, org, nil, t.Detail, orNull(t.Role),
		orNull(t.Address), orNull(t.Route), orNull(t.Result), subject, count}
	cells, err := cellsOf(k.columns, values)
	if err != nil {
		return err
	}
	e := tx.next(last, k.kind, 0, rowDigest(k.kind, cells))
	_, err = tx.exec("INSERT INTO trail ("+k.names()+", seq, format, hash, mac) VALUES ("+strings.Repeat("?, ",
		len(values))+"?, ?, ?, ?)",
		append(values, e.Seq, e.Format, e.Hash, e.Mac)...)
	if err != nil {
		return raced(err)
	}
	tx.advance(&headRow{OrgID: street, Month: last.Month, Seq: e.Seq, Hash: e.Hash})
	tx.lining.reported(int64(t.Account))
	return nil
}

// monthOf returns the month of an instant as it is stored.
func monthOf(at string) string { return at[:len("2006-01")] }

// streetConcerned returns the row of the street that a line concerns: that of its
// organisation, of its member's home or of its account; 0 for none.
func (v *Snapshot) streetConcerned(t *domain.AuditEvent) (street int64, err error) {
	switch {
	case t.Org != "":
		street, err = v.streetOf(t.Org)
	case t.Member != "":
		err = v.get(&street, "SELECT coalesce(o.street_id, 0) FROM members m JOIN orgs o ON o.id = m.home_id WHERE m.id = ?",
			string(t.Member))
	default:
		return v.streetOfAccount(cmp.Or(t.Whose, t.Account))
	}
	if fault.CodeOf(err) == fault.NotFound {
		return 0, nil // the reference is refused where the line is written
	}
	return street, err
}

// orNull returns a text for the database, NULL for none.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// subjectOf returns whom a line concerns as it is stored, and how many they are.
func (c *chains) subjectOf(t *domain.AuditEvent) (subject, count any) {
	ids := t.Members
	if t.Member != "" {
		ids = []domain.MemberID{t.Member}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return c.subject(ids...), int64(len(ids))
}

// subject returns the keyed hash of the numbers of some members, whatever their order:
// without the key nobody finds out whom a line concerns by trying all numbers.
func (c *chains) subject(ids ...domain.MemberID) string {
	return subjectUnder(c.key(), ids...)
}

func subjectUnder(key []byte, ids ...domain.MemberID) string {
	m := begin(64, "jifen trail subject\x00").u32(len(ids))
	for _, id := range slices.Sorted(slices.Values(ids)) {
		m = m.text(string(id))
	}
	return hex.EncodeToString(codeOf(key, m)[:subjectSize])
}

// subjects returns the hashes of a member under every key that there was, the present one
// first; of nobody without keys.
func (c *chains) subjects(id domain.MemberID) (out []any) {
	for g := c.generation; g > 0; g-- {
		out = append(out, subjectUnder(c.keys[g-1].Chain, id))
	}
	return out
}

// subjectSize is the size of a subject's hash in bytes: of a hundred million members no
// two are taken for each other.
const subjectSize = 16

// Traces returns the trail of the streets that the scope holds, newest first, at most n lines.
// What is of no street only a scope of all sees.
func (v *Snapshot) Traces(scope access.Scope, f domain.AuditFilter, n int) ([]domain.AuditEvent, error) {
	if !scope.All() && len(scope.Subtrees()) == 0 {
		return nil, nil
	}
	where, args := v.tracesOf(&f)
	if !scope.All() {
		within, paths := atOrBelow("o", scope.Subtrees())
		where += " AND t.street_id IN (SELECT o.id FROM orgs o WHERE o.level = ? AND " + within + ")"
		args = append(append(args, domain.Street.String()), paths...)
	}
	return v.traces(scope, where, append(args, n))
}

// LooksAt returns the lines that concern a member alone and that somebody else has left,
// newest first, at most n, for whoever the scope lets see himself only as well.
func (v *Snapshot) LooksAt(scope access.Scope, member domain.MemberID, n int) ([]domain.AuditEvent, error) {
	if member == "" || !scope.Names(member) && !scope.All() {
		return nil, nil
	}
	subjects := v.chains.subjects(member)
	if len(subjects) == 0 {
		return nil, nil
	}
	return v.traces(scope, "t.subject IN ("+questions(len(subjects))+
		") AND t.account_id IS NOT NULL AND (a.member_id IS NULL OR a.member_id <> ?)", append(subjects, string(member), n))
}

// tracesOf returns the condition of a filter and its arguments.
func (v *Snapshot) tracesOf(f *domain.AuditFilter) (where string, args []any) {
	where = "1 = 1"
	add := func(condition string, values ...any) {
		where += " AND " + condition
		args = append(args, values...)
	}
	if f.Before != 0 {
		add("t.id < ?", f.Before)
	}
	if f.Name != "" {
		add("(replace(a.name, ?, '') <> a.name OR lower(a.login) = lower(?))", f.Name, f.Name) // it stands in the name
	}
	if f.Account != 0 {
		add("t.account_id = ?", int64(f.Account))
	}
	if f.Action != "" {
		add("t.action = ?", f.Action)
	}
	if f.Address != "" {
		add("t.address = ?", f.Address)
	}
	switch f.Result {
	case "":
	case domain.AuditDone:
		add("t.result IS NULL")
	case domain.AuditRefused:
		add("t.result IS NOT NULL")
	default:
		add("t.result = ?", f.Result)
	}
	if subjects := v.chains.subjects(f.Member); f.Member != "" && len(subjects) > 0 {
		add("(t.subject IN ("+questions(len(subjects))+") OR t.member_id = ?)", append(subjects, string(f.Member))...)
	} else if f.Member != "" {
		add("t.member_id = ?", string(f.Member))
	}
	if !f.From.IsZero() {
		add("t.at >= ?", calendar.Instant(f.From))
	}
	if !f.Until.IsZero() {
		add("t.at < ?", calendar.Instant(f.Until))
	}
	return where, args
}

// traceRow is a line of the trail with the name of its account.
type traceRow struct {
	ID        int64
	At        string
	AccountID *int64
	Name      *string
	Action    string
	OrgID     *int64
	MemberID  *string
	Detail    string
	Role      string
	Address   string
	Route     string
	Result    string
	Subject   string
	Subjects  int
}

// traces returns lines, and the numbers of those members whom the scope holds.
func (v *Snapshot) traces(scope access.Scope, where string, args []any) ([]domain.AuditEvent, error) {
	var rows []traceRow
	err := v.all(&rows, `SELECT t.id, t.at, t.account_id, a.name, t.action, t.org_id, t.member_id, t.detail,
		coalesce(t.role, '') AS role, coalesce(t.address, '') AS address, coalesce(t.route, '') AS route,
		coalesce(t.result, '') AS result, coalesce(t.subject, '') AS subject, coalesce(t.subjects, 0) AS subjects FROM trail t
		LEFT JOIN accounts a ON a.id = t.account_id WHERE `+where+" ORDER BY t.id DESC LIMIT ?", args...)
	if err != nil {
		return nil, err
	}
	members, err := v.membersOf(scope, rows)
	out := make([]domain.AuditEvent, len(rows))
	for i := range rows {
		out[i] = rows[i].event(members)
	}
	return out, err
}

// event returns a row as a line, its member by the hash or, in older lines, the number.
func (r *traceRow) event(members map[string]domain.MemberID) domain.AuditEvent {
	t := domain.AuditEvent{
		ID: r.ID, At: r.At, Role: r.Role, Address: r.Address, Route: r.Route, Action: r.Action, Result: r.Result,
		Count: r.Subjects, Detail: r.Detail, Member: members[r.Subject],
	}
	if r.AccountID != nil {
		t.Account, t.Name = domain.AccountID(*r.AccountID), *r.Name
	}
	if r.OrgID != nil {
		t.Org = orgID(*r.OrgID)
	}
	if r.MemberID != nil {
		t.Member, t.Count = members[*r.MemberID], 1
	}
	return t
}

// membersOf returns the numbers that stand in lines of one member, by the hash or as they are:
// those of all members whom the scope holds now, or held, are tried. Without the key no hash
// names anybody.
func (v *Snapshot) membersOf(scope access.Scope, rows []traceRow) (map[string]domain.MemberID, error) {
	wanted := map[string]domain.MemberID{}
	for i := range rows {
		if rows[i].Subjects == 1 {
			wanted[rows[i].Subject] = ""
		}
		if rows[i].MemberID != nil {
			wanted[*rows[i].MemberID] = ""
		}
	}
	if len(wanted) == 0 {
		return wanted, nil
	}
	var ids []string
	var err error
	switch paths := scope.Subtrees(); {
	case scope.All():
		err = v.all(&ids, "SELECT id FROM members")
	case len(paths) > 0:
		list, homes := belonged(paths)
		err = v.all(&ids, "SELECT id FROM members WHERE id IN "+list, homes...)
	}
	for _, id := range ids {
		if _, wants := wanted[id]; wants {
			wanted[id] = domain.MemberID(id)
		}
		for _, hash := range v.chains.subjects(domain.MemberID(id)) {
			if _, wants := wanted[hash.(string)]; wants {
				wanted[hash.(string)] = domain.MemberID(id)
			}
		}
	}
	return wanted, err
}
