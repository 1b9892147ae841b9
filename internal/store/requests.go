package store

import (
	"time"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// PendingOf returns what the policy needs to tell who decides next.
func PendingOf(q *domain.Request) access.Pending {
	out := access.Pending{Member: q.Member.ID, Home: q.Member.Home.Path, By: q.Author, Waits: q.Route, To: q.To.Path}
	for i := range q.Steps {
		out.Took = append(out.Took, q.Steps[i].Author)
		out.Waits = q.Route[max(0, len(q.Route)-q.Steps[i].Rest):]
	}
	return out
}

// ended joins the step that ended the request of a row as z; every column of it
// is NULL while the request waits, and for a row without one.
func ended(request string) string {
	return " LEFT JOIN request_steps z ON z.request_id = " + request + " AND z.rest = 0 "
}

// counting is the condition under which a row counts as the view knows it: nobody
// had to agree, or everybody has. It takes v.knownBy as its argument. The step is asked
// for by its key for each row: of EXISTS a server may make one list of all steps there are.
func counting(request string) string {
	return "(" + request + " IS NULL OR (SELECT y.kind FROM request_steps y WHERE y.request_id = " + request +
		" AND y.rest = 0 AND y.recorded_at <= ?) = 'accept')"
}

// supposition is a request that counts as if everybody had agreed to it.
type supposition struct {
	one domain.RequestID
	all bool // every one that waits
}

// supposing adds to a condition what the view supposes.
func (v *Snapshot) supposing(request, counting string) string {
	switch {
	case v.supposed.all:
		return "(" + counting + " OR (SELECT y.id FROM request_steps y WHERE y.request_id = " + request +
			" AND y.rest = 0) IS NULL)"
	case v.supposed.one != 0:
		return "(" + counting + " OR " + request + " = ?)"
	default:
		return counting
	}
}

// counts are the arguments of supposing.
func (v *Snapshot) counts() []any {
	if v.supposed.one != 0 {
		return []any{v.knownBy(), int64(v.supposed.one)}
	}
	return []any{v.knownBy()}
}

// Supposing returns the view under which entries and attendance of a request count
// as if everybody had agreed to it.
func (v *Snapshot) Supposing(id domain.RequestID) *Snapshot {
	supposed := *v
	supposed.supposed = supposition{one: id}
	return &supposed
}

// SupposingAll is Supposing for every request that waits.
func (v *Snapshot) SupposingAll() *Snapshot {
	supposed := *v
	supposed.supposed = supposition{all: true}
	return &supposed
}

type requestRow struct {
	ID         int64
	Kind       string
	Subject    string
	HappenedOn day
	Route      string
	Follows    *int64
	TakenUp    bool
	FirstAt    string
	RecordedAt string
	RecordedBy int64
	ByName     string
	ByPerson   *domain.MemberID
	Ended      *string
	Replaced   bool
	Taken      int // steps
	ToID       *int64
	ToPath     *string
	ToName     *string
	Reason     *string
	memberRow  `db:"m"`
}

// requestMember are the columns of memberRow under the prefix that sqlx nests by.
const requestMember = `m.id AS "m.id", m.name AS "m.name", m.initials AS "m.initials", m.version AS "m.version",
	m.joined_on AS "m.joined_on", m.left_on AS "m.left_on", o.id AS "m.org_id", o.path AS "m.path", o.kind AS "m.kind",
	o.name AS "m.org_name"`

// replaced is the condition under which another request was handed in in the place
// of a request q, and was not returned.
const replaced = `EXISTS (SELECT 1 FROM requests n WHERE n.replaces = q.id AND NOT EXISTS (SELECT 1 FROM request_steps y
	WHERE y.request_id = n.id AND y.rest = 0 AND y.kind IN ('return', 'withdraw')))`

// waits is the condition under which a request q waits, z being the step that ended
// it.
const waits = "z.id IS NULL AND NOT " + replaced

// requestSelect reads requests q with the step that ended each.
const requestSelect = `SELECT q.id, q.kind, q.subject, q.happened_on, q.route, q.follows, q.first_at, q.recorded_at,
	q.recorded_by, t.id AS to_id, t.path AS to_path, t.name AS to_name, why.body AS reason,
	b.name AS by_name, coalesce(b.member_id, b.person) AS by_person,
	z.kind AS ended, ` + replaced + ` AS replaced, (SELECT count(*) FROM request_steps y
	WHERE y.request_id = q.id) AS taken,
	EXISTS (SELECT 1 FROM requests n WHERE n.follows = q.id AND NOT EXISTS (SELECT 1 FROM request_steps y
		WHERE y.request_id = n.id AND y.kind = 'withdraw')) AS taken_up, ` + requestMember + `
	FROM requests q JOIN members m ON m.id = q.member_id LEFT JOIN orgs o ON o.id = m.home_id
	JOIN accounts b ON b.id = q.recorded_by
	LEFT JOIN orgs t ON t.id = q.org_id LEFT JOIN shown_texts why ON why.id = q.reason
	LEFT JOIN request_steps z ON z.request_id = q.id AND z.rest = 0`

func (v *Snapshot) requests(where string, args ...any) ([]domain.Request, error) {
	var rows []requestRow
	if err := v.all(&rows, requestSelect+where, args...); err != nil {
		return nil, err
	}
	out := make([]domain.Request, len(rows))
	for i := range rows {
		r := &rows[i]
		out[i] = domain.Request{
			ID: domain.RequestID(r.ID), Kind: domain.RequestKind(r.Kind), Member: r.member(), Subject: r.Subject,
			On:    calendar.Day(r.HappenedOn),
			State: stateOf(r.Ended), By: domain.AccountID(r.RecordedBy),
			Author: domain.PersonOf(domain.AccountID(r.RecordedBy), r.ByPerson), ByName: r.ByName, At: r.RecordedAt,
			Route: domain.ParseRoute(r.Route), TakenUp: r.TakenUp, FirstAt: r.FirstAt,
		}
		if r.Replaced && r.Ended == nil {
			out[i].State = domain.RequestWithdrawn
		}
		if r.ToID != nil {
			out[i].To = domain.Org{ID: orgID(*r.ToID), Path: *r.ToPath, Name: *r.ToName, Level: domain.Branch}
			out[i].Reason = text(r.Reason)
		}
		if r.Follows != nil {
			out[i].Follows = domain.RequestID(*r.Follows)
		}
		if r.Taken > 0 {
			var err error
			if out[i].Steps, err = v.requestSteps(out[i].ID); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// stateOf is the state of a request by the kind of the step that ended it.
func stateOf(end *string) domain.RequestState { return domain.StateAfter(domain.StepKind(text(end))) }

// WaitingRequests returns every request of the scope that waits, oldest first.
// There are as many as people left undecided; who decides which is for
// access.Pending.
func (v *Snapshot) WaitingRequests(scope access.Scope) ([]domain.Request, error) {
	where, args := eitherSide(scope)
	return v.requests(" WHERE "+waits+" AND "+where+" ORDER BY q.recorded_at, q.id", args...)
}

// RequestsOf returns the requests about one member, whatever became of them, the
// latest first, at most n. fault.NotFound outside the scope.
func (v *Snapshot) RequestsOf(scope access.Scope, member domain.MemberID, n int) ([]domain.Request, error) {
	if _, err := v.Member(scope, member); err != nil {
		return nil, err
	}
	return v.requests(" WHERE q.member_id = ? ORDER BY q.recorded_at DESC, q.id DESC LIMIT ?", string(member), n)
}

// WaitingOf returns the requests about one member that wait, the latest first.
// fault.NotFound outside the scope.
func (v *Snapshot) WaitingOf(scope access.Scope, member domain.MemberID) ([]domain.Request, error) {
	if _, err := v.Member(scope, member); err != nil {
		return nil, err
	}
	return v.requests(" WHERE q.member_id = ? AND "+waits+" ORDER BY q.recorded_at DESC, q.id DESC", string(member))
}

// HandedIn returns the requests that an account handed in and that wait, or were
// returned at or after an instant, the latest first, at most n. They are the
// asker's own work, and so have no scope.
func (v *Snapshot) HandedIn(by domain.AccountID, returned time.Time, n int) ([]domain.Request, error) {
	return v.requests(" WHERE q.recorded_by = ? AND ("+waits+" OR (z.kind = 'return' AND z.recorded_at >= ?)) "+
		"ORDER BY q.recorded_at DESC, q.id DESC LIMIT ?", int64(by), Instant(returned), n)
}

// Request returns one request, whatever became of it; fault.NotFound outside the
// scope.
func (v *Snapshot) Request(scope access.Scope, id domain.RequestID) (domain.Request, error) {
	where, args := eitherSide(scope)
	out, err := v.requests(" WHERE q.id = ? AND "+where, append([]any{int64(id)}, args...)...)
	if err == nil && len(out) == 0 {
		err = fault.New(fault.NotFound, "没有这条申报")
	}
	if err != nil {
		return domain.Request{}, err
	}
	return out[0], nil
}

// requestSteps returns the steps taken of a request, in order.
func (v *Snapshot) requestSteps(id domain.RequestID) ([]domain.RequestStep, error) {
	var rows []struct {
		Seq        int
		Kind       string
		Organs     string
		Rest       int
		Body       *string
		Document   string
		DocumentOn day
		RecordedBy *int64
		ByName     *string
		ByPerson   *domain.MemberID
		RecordedAt string
	}
	err := v.all(&rows, `SELECT s.seq, s.kind, s.organs, s.rest, t.body, s.document, s.document_on, s.recorded_by,
		b.name AS by_name, coalesce(b.member_id, b.person) AS by_person, s.recorded_at
		FROM request_steps s LEFT JOIN accounts b ON b.id = s.recorded_by LEFT JOIN shown_texts t ON t.id = s.reason
		WHERE s.request_id = ? ORDER BY s.seq`, int64(id))
	out := make([]domain.RequestStep, len(rows))
	for i, r := range rows {
		out[i] = domain.RequestStep{
			Seq: r.Seq, Kind: domain.StepKind(r.Kind), Organs: domain.SplitLines[string](r.Organs), Rest: r.Rest,
			Reason:   text(r.Body),
			Document: domain.Document{Number: r.Document, On: calendar.Day(r.DocumentOn)}, ByName: text(r.ByName),
			At: r.RecordedAt,
		}
		if r.RecordedBy != nil {
			out[i].By = domain.AccountID(*r.RecordedBy)
			out[i].Author = domain.PersonOf(out[i].By, r.ByPerson)
		}
	}
	return out, err
}

// handing is a request to be recorded.
type handing struct {
	kind    domain.RequestKind
	member  *domain.Member
	subject string
	on      calendar.Day
	route   domain.Route
	follows domain.RequestID

	replaces domain.RequestID // waits no more, unless this is returned
	to       domain.OrgID     // of a transfer
	reason   string           // of a transfer
}

// insertRequest records a request; 0 where nobody has to agree.
func (tx *Tx) insertRequest(h handing, by domain.AccountID) (domain.RequestID, error) {
	if len(h.route) == 0 {
		if h.follows != 0 { // its first day would be lost
			return 0, fault.New(fault.Invalid, "这一笔现在不用等谁同意，不接着退回的那一条报").WithHint("直接记一笔新的")
		}
		return 0, nil
	}
	if err := tx.takePlace(&h, by); err != nil {
		return 0, err
	}
	first := tx.stamp()
	if h.follows != 0 {
		at, err := tx.firstHandedIn(h.follows, h.on)
		if err != nil {
			return 0, err
		}
		if at != "" {
			first = at
		}
	}
	var to any
	if h.to != "" {
		to = orgKey(h.to)
	}
	reason, err := tx.insertText(h.member.Home.ID, h.reason)
	if err != nil {
		return 0, err
	}
	id, err := tx.record(h.member.Home.ID, kindRequest, string(h.kind), string(h.member.ID), h.subject, h.on.String(),
		h.route.String(), reference(h.follows), reference(h.replaces), first, tx.stamp(), int64(by), to,
		reason)
	return domain.RequestID(id), err
}

// What one author may have waiting, so that nobody fills the queue of another.
const (
	maxWaiting      = 200  // of everybody
	maxWaitingOfOne = 50   // of one member
	waitingAmong    = 2000 // of the latest that he handed in, so that the count has an end
)

// handedIn counts what one author has waiting.
type handedIn struct {
	all int
	of  map[domain.MemberID]int
}

// takePlace counts a request among what its author has waiting; fault.TooMany where that is
// enough already. What waits is asked for once in a transaction.
func (tx *Tx) takePlace(h *handing, by domain.AccountID) error {
	n, err := tx.handedInBy(by)
	if err != nil {
		return err
	}
	const hint = "等前面的办完，或者撤回不要的，再报"
	switch same := n.of[h.member.ID]; {
	case same >= maxWaitingOfOne:
		return fault.New(fault.TooMany, "同一名党员的，您报了还没有办的已有 %d 条，先不再收", same).WithHint(hint)
	case n.all >= maxWaiting:
		return fault.New(fault.TooMany, "您报了还没有办的已有 %d 条，先不再收", n.all).WithHint(hint)
	}
	n.all++
	n.of[h.member.ID]++
	return nil
}

func (tx *Tx) handedInBy(by domain.AccountID) (*handedIn, error) {
	if n := tx.waiting[by]; n != nil {
		return n, nil
	}
	var rows []struct {
		Member string
		N      int
	}
	err := tx.all(&rows, `SELECT q.member_id AS member, count(*) AS n
		FROM (SELECT r.id, r.member_id FROM requests r WHERE r.recorded_by = ? ORDER BY r.id DESC LIMIT ?) q
		LEFT JOIN request_steps z ON z.request_id = q.id AND z.rest = 0 WHERE `+waits+` GROUP BY q.member_id`,
		int64(by), waitingAmong)
	if err != nil {
		return nil, err
	}
	out := &handedIn{of: make(map[domain.MemberID]int, len(rows))}
	for _, r := range rows {
		out.of[domain.MemberID(r.Member)] = r.N
		out.all += r.N
	}
	if tx.waiting == nil {
		tx.waiting = map[domain.AccountID]*handedIn{}
	}
	tx.waiting[by] = out
	return out, nil
}

// reference is the id of a request in another row, NULL for none.
func reference(id domain.RequestID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

// InsertRequestStep records a step of a request; fault.Conflict if that step is
// taken already, or the request has ended. by is 0 for the program itself.
func (tx *Tx) InsertRequestStep(q *domain.Request, s domain.RequestStep, by domain.AccountID) error {
	reason, err := tx.insertText(q.Member.Home.ID, s.Reason)
	if err != nil {
		return err
	}
	var on any
	if s.Document.On != 0 {
		on = s.Document.On.String()
	}
	_, err = tx.record(q.Member.Home.ID, kindRequestStep, int64(q.ID), int64(s.Seq), string(s.Kind),
		domain.JoinLines(s.Organs), int64(s.Rest), reason, s.Document.Number, on, tx.stamp(), account(by))
	if err != nil {
		return err
	}
	return tx.touch(q.Member.ID)
}

// supersede ends the requests that wait among those a query finds: something is
// recorded in their place.
func (tx *Tx) supersede(by domain.AccountID, query string, args ...any) error {
	list, err := tx.requests(" WHERE z.id IS NULL AND q.id IN ("+query+") ORDER BY q.id", args...)
	for i := range list {
		if err == nil {
			err = tx.InsertRequestStep(&list[i], domain.RequestStep{Seq: len(list[i].Steps) + 1, Kind: domain.StepSupersede}, by)
		}
	}
	return err
}
