package store

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// InsertEntry records an entry, chained. points is kept only where a
// person chose them.
func (tx *Tx) InsertEntry(m *domain.Member, p domain.NewEntry, by domain.AccountID) (domain.EntryID, error) {
	e := &p.Entry
	request, err := tx.insertRequest(handing{kind: domain.EntryRequest, member: m, subject: e.Item, on: e.On,
		route: p.Route, follows: p.Follows}, by)
	if err != nil {
		return 0, err
	}
	text, err := tx.insertText(m.Home.ID, p.Note)
	if err != nil {
		return 0, err
	}
	open, free := encodeFields(e.Fields)
	said, err := tx.insertText(m.Home.ID, free)
	if err != nil {
		return 0, err
	}
	paper, err := tx.insertPaper(m.Home.ID, p.Paper)
	if err != nil {
		return 0, err
	}
	var points any
	if e.Chosen {
		points = int64(e.Points)
	}
	id, err := tx.record(m.Home.ID, kindEntry, string(m.ID), e.Item, e.On.String(), points, open, said, text,
		reference(request), paper, tx.stamp(), int64(by))
	if err != nil {
		return 0, err
	}
	return domain.EntryID(id), tx.touch(m.ID)
}

// field is one recorded value in an entry's JSON.
type field struct {
	Name   string `json:"name"`
	Text   string `json:"text,omitempty"`
	Number int64  `json:"number,omitempty"` // hundredths
	Free   bool   `json:"free,omitempty"`   // the text stands outside the hashed row
}

// encodeFields returns what of fields stands in the hashed row, and the list of the
// free texts that do not, "" where there are none.
func encodeFields(fields []domain.Field) (open, free string) {
	list, said := make([]field, len(fields)), []string{}
	for i, f := range fields {
		list[i] = field{Name: f.Name, Text: f.Value.Text, Number: f.Value.Number, Free: f.Free}
		if f.Free {
			list[i].Text, said = "", append(said, f.Value.Text)
		}
	}
	if len(said) > 0 {
		free = marshal(said)
	}
	return marshal(list), free
}

func marshal(list any) string {
	b, err := json.Marshal(list)
	if err != nil {
		return "[]" // strings and integers always marshal
	}
	return string(b)
}

// decodeFields reads what encodeFields wrote. Of an erased text every field says that it is.
func decodeFields(text string, free *string) ([]domain.Field, error) {
	var list []field
	var said []string
	err := json.Unmarshal([]byte(text), &list)
	erased := free != nil && *free != "" && !strings.HasPrefix(*free, "[")
	if err == nil && free != nil && *free != "" && !erased {
		err = json.Unmarshal([]byte(*free), &said)
	}
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "记录的内容读不出来")
	}
	if len(list) == 0 {
		return nil, nil
	}
	out := make([]domain.Field, len(list))
	for i, f := range list {
		switch {
		case f.Free && erased:
			f.Text = *free
		case f.Free && len(said) > 0:
			f.Text, said = said[0], said[1:]
		}
		out[i] = domain.Field{Name: f.Name, Value: domain.Value{Text: f.Text, Number: f.Number}, Free: f.Free}
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
	Words      *string
	Note       *string
	RequestID  *int64
	Ended      *string // the step that ended its request
	Decided    bool
	Paper      string
	RecordedAt string
	FirstAt    string
	RecordedBy int64
	ByName     string
	Reversed   bool
	Reason     *string
}

// entrySelect reads entries with the step that ended the request of each.
func entrySelect() string {
	return `SELECT e.id, e.member_id, e.item, e.occurred_on, e.points, e.fields, f.body AS words, n.body AS note,
		e.request_id, z.kind AS ended,
	EXISTS (SELECT 1 FROM request_steps y WHERE y.request_id = e.request_id) AS decided,
	coalesce(q.body, '') AS paper, e.recorded_at, ` + recordedFirst() + ` AS first_at,
	e.recorded_by, b.name AS by_name, r.id IS NOT NULL OR coalesce(z.kind, 'accept') <> 'accept' AS reversed,
	w.body AS reason
	FROM entries e JOIN members m ON m.id = e.member_id LEFT JOIN orgs o ON o.id = m.home_id
	JOIN accounts b ON b.id = e.recorded_by
	LEFT JOIN shown_texts n ON n.id = e.note LEFT JOIN shown_texts f ON f.id = e.words LEFT JOIN texts q ON q.id = e.paper
	LEFT JOIN reversals r ON r.entry_id = e.id LEFT JOIN shown_texts w ON w.id = r.reason` + ended("e.request_id")
}

func (r *entryRow) entry(v *Snapshot) (domain.RecordedEntry, error) {
	first, err := v.dayOf(r.FirstAt)
	if err != nil {
		return domain.RecordedEntry{}, err
	}
	fields, err := decodeFields(r.Fields, r.Words)
	e := domain.RecordedEntry{
		ID: domain.EntryID(r.ID), Member: domain.MemberID(r.MemberID), Claim: r.RequestID != nil && r.Ended == nil,
		Paper: r.Paper,
		By:    domain.AccountID(r.RecordedBy), ByName: r.ByName, At: r.RecordedAt,
		Reversed: r.Reversed, Decided: r.Decided, Note: text(r.Note), Reason: text(r.Reason),
		Entry: domain.Entry{ID: strconv.FormatInt(r.ID, 10), Item: r.Item, On: calendar.Day(r.OccurredOn), Recorded: first,
			Fields: fields},
	}
	if r.Points != nil {
		e.Entry.Points, e.Entry.Chosen = domain.Points(*r.Points), true
	}
	if r.RequestID != nil {
		e.Request = domain.RequestID(*r.RequestID)
	}
	return e, err
}

// Entry returns one entry, fault.NotFound outside the scope.
func (v *Snapshot) Entry(scope access.Scope, id domain.EntryID) (domain.RecordedEntry, error) {
	where, args := scopeSQL(scope, true)
	var r entryRow
	if err := v.get(&r, entrySelect()+" WHERE e.id = ? AND "+where, append([]any{int64(id)}, args...)...); err != nil {
		return domain.RecordedEntry{}, err
	}
	return r.entry(v)
}

// EntryOf returns the entry that a request is about. It has no scope: the request
// was read with one.
func (v *Snapshot) EntryOf(id domain.RequestID) (domain.RecordedEntry, error) {
	var r entryRow
	if err := v.get(&r, entrySelect()+" WHERE e.request_id = ?", int64(id)); err != nil {
		return domain.RecordedEntry{}, err
	}
	return r.entry(v)
}

// RequestOf returns the request of an entry, 0 for one that counted at once. It has
// no scope: whoever recorded it is told.
func (v *Snapshot) RequestOf(id domain.EntryID) (domain.RequestID, error) {
	var request *int64
	if err := v.get(&request, "SELECT request_id FROM entries WHERE id = ?", int64(id)); err != nil || request == nil {
		return 0, err
	}
	return domain.RequestID(*request), nil
}

// Batch returns what an account recorded from one entry to another: what a sheet
// wrote. There is one writer, so that the ids of what is recorded together follow
// each other. They are the asker's own work, and so have no scope.
func (v *Snapshot) Batch(by domain.AccountID, first, last domain.EntryID) ([]domain.RecordedEntry, error) {
	return v.entries(" WHERE e.id >= ? AND e.id <= ? AND e.recorded_by = ? ORDER BY e.id", int64(first), int64(last),
		int64(by))
}

// PaperEntries returns what was taken of some members from one paper record and stands,
// by member. It has no scope: who takes in the same record again is told.
func (v *Snapshot) PaperEntries(paper string, ids []domain.MemberID) (map[domain.MemberID][]domain.Entry, error) {
	out := map[domain.MemberID][]domain.Entry{}
	ids = slices.Clone(ids)
	slices.Sort(ids)
	err := chunks(slices.Compact(ids), func(marks string, args []any) error {
		list, err := v.entries(" WHERE e.member_id IN ("+marks+") AND e.paper IS NOT NULL AND q.body = ? AND r.id IS NULL "+
			"ORDER BY e.id", append(args, paper)...)
		for i := range list {
			out[list[i].Member] = append(out[list[i].Member], list[i].Entry)
		}
		return err
	})
	return out, err
}

// Entries returns the entries of one member, newest first, at most n.
func (v *Snapshot) Entries(scope access.Scope, member domain.MemberID, n int) ([]domain.RecordedEntry, error) {
	where, args := scopeSQL(scope, true)
	return v.entries(" WHERE e.member_id = ? AND "+where+" ORDER BY e.occurred_on DESC, e.id DESC LIMIT ?",
		append([]any{string(member)}, append(args, n)...)...)
}

func (v *Snapshot) entries(where string, args ...any) ([]domain.RecordedEntry, error) {
	var rows []entryRow
	if err := v.all(&rows, entrySelect()+where, args...); err != nil {
		return nil, err
	}
	out := make([]domain.RecordedEntry, len(rows))
	for i := range rows {
		e, err := rows[i].entry(v)
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

// InsertReversal takes an entry back for good; fault.Conflict if it already is.
func (tx *Tx) InsertReversal(e *domain.RecordedEntry, reason string, by domain.AccountID) error {
	m, err := tx.Member(access.System("the chain of the home branch"), e.Member)
	if err != nil {
		return err
	}
	text, err := tx.insertText(m.Home.ID, reason)
	if err != nil {
		return err
	}
	if _, err := tx.record(m.Home.ID, kindReversal, int64(e.ID), text, tx.stamp(), int64(by)); err != nil {
		return err
	}
	return tx.touch(e.Member)
}
