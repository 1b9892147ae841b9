package store

import (
	"encoding/json"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/party"
)

// ActivityID identifies an activity.
type ActivityID int64

// EntryID identifies an entry.
type EntryID int64

// RowID identifies a row of attendance.
type RowID int64

// Activity (活动) is one meeting or Party day of a branch.
type Activity struct {
	ID    ActivityID
	Org   party.OrgID
	Kind  string
	On    calendar.Day
	Title string
	Paper string // the paper record it was taken from; "" = recorded as it happened

	By     access.AccountID // who recorded it
	ByName string
	At     string // recorded_at
}

// InsertActivity records an activity and links it.
func (tx *Tx) InsertActivity(a Activity, by access.AccountID) (ActivityID, error) {
	title, err := tx.insertText(a.Title)
	if err != nil {
		return 0, err
	}
	id, err := tx.insert("INSERT INTO activities (org_id, kind, occurred_on, title, paper, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
		orgKey(a.Org), a.Kind, a.On.String(), title, a.Paper, tx.stamp(), int64(by))
	if err != nil {
		return 0, err
	}
	return ActivityID(id), tx.link(a.Org, linkActivity, id)
}

type activityRow struct {
	ID         int64
	OrgID      int64
	Kind       string
	OccurredOn day
	Body       *string
	Paper      string
	RecordedAt string
	RecordedBy int64
	ByName     string
}

func (r *activityRow) activity() Activity {
	a := Activity{
		ID: ActivityID(r.ID), Org: orgID(r.OrgID), Kind: r.Kind, On: calendar.Day(r.OccurredOn), Paper: r.Paper,
		By: access.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt,
	}
	if r.Body != nil {
		a.Title = *r.Body
	}
	return a
}

const activitySelect = `SELECT a.id, a.org_id, a.kind, a.occurred_on, t.body, a.paper, a.recorded_at, a.recorded_by, b.name AS by_name FROM activities a
	JOIN orgs o ON o.id = a.org_id JOIN accounts b ON b.id = a.recorded_by LEFT JOIN texts t ON t.id = a.title`

// Activity returns one activity, fault.NotFound outside the scope.
func (v *View) Activity(scope access.Scope, id ActivityID) (Activity, error) {
	where, args := scopeSQL(scope, false)
	var r activityRow
	err := v.get(&r, activitySelect+" WHERE a.id = ? AND "+where, append([]any{int64(id)}, args...)...)
	return r.activity(), err
}

// Activities returns the latest activities of the scope at or below a path,
// newest first, at most n.
func (v *View) Activities(scope access.Scope, below string, n int) ([]Activity, error) {
	where, args := scopeSQL(scope, false)
	from, to := subtree(below)
	args = append([]any{from, to}, append(args, n)...)
	var rows []activityRow
	err := v.all(&rows, activitySelect+" WHERE o.path >= ? AND o.path < ? AND "+where+" ORDER BY a.occurred_on DESC, a.id DESC LIMIT ?", args...)
	out := make([]Activity, len(rows))
	for i := range rows {
		out[i] = rows[i].activity()
	}
	return out, err
}

// ActivitiesOn returns the activities of a kind and a name that a branch held on a
// day, but for those that were taken back. It has no scope: whoever records one is
// told of the other.
func (v *View) ActivitiesOn(org party.OrgID, kind, title string, on calendar.Day) ([]Activity, error) {
	var rows []activityRow
	err := v.all(&rows, activitySelect+` WHERE a.org_id = ? AND a.kind = ? AND a.occurred_on = ? AND coalesce(t.body, '') = ?
		AND EXISTS (SELECT 1 FROM attendance x WHERE x.activity_id = a.id AND x.status <> '撤销'
			AND x.id = (SELECT max(y.id) FROM attendance y WHERE y.activity_id = x.activity_id AND y.member_id = x.member_id))`, orgKey(org), kind, on.String(), title)
	out := make([]Activity, len(rows))
	for i := range rows {
		out[i] = rows[i].activity()
	}
	return out, err
}

// Withdrawn is the status of attendance that was taken back.
const Withdrawn party.Status = "撤销"

// Attended is how a member attended an activity, to be recorded.
type Attended struct {
	Status   party.Status
	MadeUpOn calendar.Day // of 补课: the day on which it was made up; 0 = not said
	Waits    []string     // the organs that have to agree; none = counts at once
	Reason   string       // why an earlier row is corrected; "" for the first
}

// InsertAttendance records how a member attended an activity; the latest row
// holds. One that waits counts nothing until it is accepted.
func (tx *Tx) InsertAttendance(activity ActivityID, m *Member, a Attended, by access.AccountID) (RowID, error) {
	text, err := tx.insertText(a.Reason)
	if err != nil {
		return 0, err
	}
	var madeUp any
	if a.MadeUpOn != 0 {
		madeUp = a.MadeUpOn.String()
	}
	id, err := tx.insert("INSERT INTO attendance (activity_id, member_id, status, made_up_on, waits, reason, recorded_at, recorded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		int64(activity), string(m.ID), string(a.Status), madeUp, joinOrgans(a.Waits), text, tx.stamp(), int64(by))
	if err != nil {
		return 0, err
	}
	if err := tx.link(m.Home.ID, linkAttendance, id); err != nil {
		return 0, err
	}
	return RowID(id), tx.touch(m.ID)
}

// Present is one member's line in an activity, as it holds now.
type Present struct {
	Row    RowID
	Member party.MemberID
	Name   string
	Status party.Status
	Claim  bool             // waits for a decision
	By     access.AccountID // who recorded it

	Decided  bool         // somebody took a step on this line or an earlier one of the member
	MadeUpOn calendar.Day // of 补课; 0 = not said
}

// latestLine is the condition under which a row of attendance is the one shown
// of its activity and member: the latest that was not refused.
func latestLine(table string) string {
	return table + ".id = (SELECT coalesce(max(z.id), 0) FROM attendance z WHERE z.activity_id = " + table + ".activity_id AND z.member_id = " + table + `.member_id
		AND NOT EXISTS (SELECT 1 FROM decisions y WHERE y.kind = 'attendance' AND y.row_id = z.id AND y.accepted = 0))`
}

// Attendance returns the lines of an activity that hold, by member. What was
// withdrawn is left out.
func (v *View) Attendance(scope access.Scope, activity ActivityID) ([]Present, error) {
	where, args := scopeSQL(scope, true)
	var rows []struct {
		ID       int64
		MemberID string
		Name     string
		Status   string
		MadeUpOn day
		Waits    string
		Decided  bool
		lastStep
		RecordedBy access.AccountID
	}
	err := v.all(&rows, `SELECT a.id, a.member_id, m.name, a.status, a.made_up_on, a.waits, a.recorded_by, d.accepted, d.rest,
		EXISTS (SELECT 1 FROM attendance b JOIN decisions e ON e.kind = 'attendance' AND e.row_id = b.id
			WHERE b.activity_id = a.activity_id AND b.member_id = a.member_id) AS decided
		FROM attendance a JOIN members m ON m.id = a.member_id LEFT JOIN orgs o ON o.id = m.home_id `+lastDecision("attendance", "a")+`
		WHERE a.activity_id = ? AND `+latestLine("a")+" AND "+where+" ORDER BY a.member_id", append([]any{int64(activity)}, args...)...)
	var out []Present
	for _, r := range rows {
		if party.Status(r.Status) != Withdrawn {
			out = append(out, Present{
				Row: RowID(r.ID), Member: party.MemberID(r.MemberID), Name: r.Name, Status: party.Status(r.Status), Claim: r.waiting(r.Waits),
				By: r.RecordedBy, Decided: r.Decided, MadeUpOn: calendar.Day(r.MadeUpOn),
			})
		}
	}
	return out, err
}

// Correction is one line of an activity that took the place of an earlier one.
type Correction struct {
	Member party.MemberID
	Name   string
	Was    party.Status
	Is     party.Status
	Day    calendar.Day // of 补课; 0 = not said
	Reason string
	State  string // "" for one that counts; 待确认, 退回
	ByName string
	At     string
}

// Corrections returns what of an activity's attendance was recorded anew, the
// latest first.
func (v *View) Corrections(scope access.Scope, activity ActivityID) ([]Correction, error) {
	where, args := scopeSQL(scope, true)
	var rows []struct {
		MemberID   string
		Name       string
		Was        string
		Status     string
		MadeUpOn   day
		Waits      string
		Body       *string
		ByName     string
		RecordedAt string
		lastStep
	}
	err := v.all(&rows, `SELECT a.member_id, m.name, p.status AS was, a.status, a.made_up_on, a.waits, d.accepted, d.rest, t.body, b.name AS by_name, a.recorded_at
		FROM attendance a JOIN attendance p ON p.id = (SELECT max(q.id) FROM attendance q WHERE q.activity_id = a.activity_id AND q.member_id = a.member_id AND q.id < a.id)
		JOIN members m ON m.id = a.member_id LEFT JOIN orgs o ON o.id = m.home_id JOIN accounts b ON b.id = a.recorded_by
		LEFT JOIN texts t ON t.id = a.reason `+lastDecision("attendance", "a")+`
		WHERE a.activity_id = ? AND a.status <> '撤销' AND `+where+" ORDER BY a.id DESC", append([]any{int64(activity)}, args...)...)
	out := make([]Correction, len(rows))
	for i, r := range rows {
		out[i] = Correction{Member: party.MemberID(r.MemberID), Name: r.Name, Was: party.Status(r.Was), Is: party.Status(r.Status), Day: calendar.Day(r.MadeUpOn), ByName: r.ByName, At: r.RecordedAt}
		if r.Body != nil {
			out[i].Reason = *r.Body
		}
		switch {
		case r.waiting(r.Waits):
			out[i].State = "待确认"
		case r.returned():
			out[i].State = "退回"
		}
	}
	return out, err
}

// Undone returns by whom, when and why an activity was taken back;
// fault.NotFound where it was not. It has no scope: the activity was read with
// one.
func (v *View) Undone(activity ActivityID) (Correction, error) {
	var r struct {
		Body       *string
		ByName     string
		RecordedAt string
	}
	err := v.get(&r, `SELECT t.body, b.name AS by_name, a.recorded_at FROM attendance a JOIN accounts b ON b.id = a.recorded_by LEFT JOIN texts t ON t.id = a.reason
		WHERE a.activity_id = ? AND a.status = '撤销' ORDER BY a.id DESC LIMIT 1`, int64(activity))
	c := Correction{Is: Withdrawn, ByName: r.ByName, At: r.RecordedAt}
	if r.Body != nil {
		c.Reason = *r.Body
	}
	return c, err
}

// Entry (记录) is one entry as it stands in the ledger.
type Entry struct {
	ID       EntryID
	Member   party.MemberID
	Entry    party.Entry // its ID is the EntryID in decimal
	Note     string
	Claim    bool // waits for a decision
	By       access.AccountID
	ByName   string
	At       string // recorded_at
	Reversed bool   // taken back, or a claim that was returned
	Reason   string // of the reversal
	Decided  bool   // it was a claim, and somebody took a step
	Follows  EntryID
	Paper    string // the paper record it was taken from
}

// Posting is an entry to be recorded.
type Posting struct {
	Entry   party.Entry
	Note    string
	Waits   []string // the organs that have to agree; none = counts at once
	Follows EntryID  // the returned claim that it takes up again; 0 for none
	Paper   string   // the paper record it was taken from; "" = recorded as it happened
}

// InsertEntry records an entry and links it. points is kept only where a
// person chose them.
func (tx *Tx) InsertEntry(m *Member, p Posting, by access.AccountID) (EntryID, error) {
	text, err := tx.insertText(p.Note)
	if err != nil {
		return 0, err
	}
	var points, follows any
	e := &p.Entry
	if e.Chosen {
		points = int64(e.Points)
	}
	if p.Follows != 0 {
		follows = int64(p.Follows)
	}
	id, err := tx.insert(`INSERT INTO entries (member_id, item, occurred_on, counts_on, points, fields, note, waits, follows, paper, recorded_at, recorded_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(m.ID), e.Item, e.On.String(), e.On.String(), points, encodeFields(e.Fields), text, joinOrgans(p.Waits), follows, p.Paper, tx.stamp(), int64(by))
	if err != nil {
		return 0, err
	}
	if err := tx.link(m.Home.ID, linkEntry, id); err != nil {
		return 0, err
	}
	return EntryID(id), tx.touch(m.ID)
}

// field is one recorded value in an entry's JSON.
type field struct {
	Name   string `json:"name"`
	Text   string `json:"text,omitempty"`
	Number int64  `json:"number,omitempty"` // hundredths
}

func encodeFields(fields []party.Field) string {
	list := make([]field, len(fields))
	for i, f := range fields {
		list[i] = field{f.Name, f.Value.Text, f.Value.Number}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return "[]" // strings and integers always marshal
	}
	return string(b)
}

func decodeFields(text string) ([]party.Field, error) {
	var list []field
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "记录的内容读不出来")
	}
	if len(list) == 0 {
		return nil, nil
	}
	out := make([]party.Field, len(list))
	for i, f := range list {
		out[i] = party.Field{Name: f.Name, Value: party.Value{Text: f.Text, Number: f.Number}}
	}
	return out, nil
}

type entryRow struct {
	ID         int64
	MemberID   string
	Item       string
	OccurredOn day
	Points     *int64
	Fields     string
	Note       *string
	Waits      string
	Follows    *int64
	Paper      string
	RecordedAt string
	RecordedBy int64
	ByName     string
	Reversed   bool
	Reason     *string
	lastStep
}

// entrySelect reads entries with the last step taken of each.
func entrySelect() string {
	return `SELECT e.id, e.member_id, e.item, e.occurred_on, e.points, e.fields, n.body AS note, e.waits, e.follows, e.paper, e.recorded_at, e.recorded_by,
	b.name AS by_name, r.id IS NOT NULL AS reversed, w.body AS reason, d.accepted, d.rest
	FROM entries e JOIN members m ON m.id = e.member_id LEFT JOIN orgs o ON o.id = m.home_id JOIN accounts b ON b.id = e.recorded_by
	LEFT JOIN texts n ON n.id = e.note LEFT JOIN reversals r ON r.entry_id = e.id LEFT JOIN texts w ON w.id = r.reason ` + lastDecision("entry", "e")
}

func (r *entryRow) entry() (Entry, error) {
	fields, err := decodeFields(r.Fields)
	e := Entry{
		ID: EntryID(r.ID), Member: party.MemberID(r.MemberID), Claim: r.waiting(r.Waits), Paper: r.Paper,
		By: access.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt,
		Reversed: r.Reversed || r.returned(), Decided: r.Accepted != nil,
		Entry: party.Entry{ID: strconv.FormatInt(r.ID, 10), Item: r.Item, On: calendar.Day(r.OccurredOn), Fields: fields},
	}
	if r.Points != nil {
		e.Entry.Points, e.Entry.Chosen = party.Points(*r.Points), true
	}
	if r.Follows != nil {
		e.Follows = EntryID(*r.Follows)
	}
	if r.Note != nil {
		e.Note = *r.Note
	}
	if r.Reason != nil {
		e.Reason = *r.Reason
	}
	return e, err
}

// Entry returns one entry, fault.NotFound outside the scope.
func (v *View) Entry(scope access.Scope, id EntryID) (Entry, error) {
	where, args := scopeSQL(scope, true)
	var r entryRow
	if err := v.get(&r, entrySelect()+" WHERE e.id = ? AND "+where, append([]any{int64(id)}, args...)...); err != nil {
		return Entry{}, err
	}
	return r.entry()
}

// Batch returns the entries of an item that an account recorded at one instant:
// what a sheet wrote. They are the asker's own work, and so have no scope.
func (v *View) Batch(by access.AccountID, item, at string) ([]Entry, error) {
	var rows []entryRow
	if err := v.all(&rows, entrySelect()+" WHERE e.recorded_by = ? AND e.recorded_at = ? AND e.item = ? ORDER BY e.id", int64(by), at, item); err != nil {
		return nil, err
	}
	out := make([]Entry, len(rows))
	for i := range rows {
		var err error
		if out[i], err = rows[i].entry(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PaperEntries returns what was taken from one paper record and stands, by member.
// It has no scope: who takes in the same record again is told.
func (v *View) PaperEntries(paper string) (map[party.MemberID][]party.Entry, error) {
	list, err := v.entries(" WHERE e.paper = ? AND r.id IS NULL ORDER BY e.id", paper)
	out := map[party.MemberID][]party.Entry{}
	for i := range list {
		out[list[i].Member] = append(out[list[i].Member], list[i].Entry)
	}
	return out, err
}

// Entries returns the entries of one member, newest first, at most n.
func (v *View) Entries(scope access.Scope, member party.MemberID, n int) ([]Entry, error) {
	where, args := scopeSQL(scope, true)
	return v.entries(" WHERE e.member_id = ? AND "+where+" ORDER BY e.occurred_on DESC, e.id DESC LIMIT ?",
		append([]any{string(member)}, append(args, n)...)...)
}

func (v *View) entries(where string, args ...any) ([]Entry, error) {
	var rows []entryRow
	if err := v.all(&rows, entrySelect()+where, args...); err != nil {
		return nil, err
	}
	out := make([]Entry, len(rows))
	for i := range rows {
		e, err := rows[i].entry()
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

// InsertReversal takes an entry back for good; fault.Conflict if it already is.
func (tx *Tx) InsertReversal(e *Entry, reason string, by access.AccountID) error {
	text, err := tx.insertText(reason)
	if err != nil {
		return err
	}
	m, err := tx.Member(access.System("the chain of the home branch"), e.Member)
	if err != nil {
		return err
	}
	id, err := tx.insert("INSERT INTO reversals (entry_id, reason, recorded_at, recorded_by) VALUES (?, ?, ?, ?)", int64(e.ID), text, tx.stamp(), int64(by))
	if err != nil {
		return err
	}
	if err := tx.link(m.Home.ID, linkReversal, id); err != nil {
		return err
	}
	return tx.touch(e.Member)
}

// LastActivities returns the day of the latest activity of each organisation
// of the scope that held one.
func (v *View) LastActivities(scope access.Scope) (map[party.OrgID]calendar.Day, error) {
	where, args := scopeSQL(scope, false)
	var rows []struct {
		OrgID int64
		Last  day
	}
	err := v.all(&rows, "SELECT a.org_id, max(a.occurred_on) AS last FROM activities a JOIN orgs o ON o.id = a.org_id WHERE "+where+" GROUP BY a.org_id", args...)
	out := make(map[party.OrgID]calendar.Day, len(rows))
	for _, r := range rows {
		out[orgID(r.OrgID)] = calendar.Day(r.Last)
	}
	return out, err
}
