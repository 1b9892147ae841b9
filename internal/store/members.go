package store

import (
	"fmt"
	"reflect"
	"strings"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

type memberRow struct {
	ID       string
	Name     string
	Initials string
	Version  int64
	JoinedOn day
	LeftOn   day
	OrgID    *int64
	Path     *string
	Kind     *string
	OrgName  *string
}

const memberSelect = `SELECT m.id, m.name, m.initials, m.version, m.joined_on, m.left_on, o.id AS org_id, o.path,
	o.kind, o.name AS org_name
	FROM members m LEFT JOIN orgs o ON o.id = m.home_id`

func (r *memberRow) member() domain.Member {
	m := domain.Member{ID: domain.MemberID(r.ID), Name: r.Name, Initials: r.Initials, Version: r.Version,
		Joined: calendar.Day(r.JoinedOn), Left: calendar.Day(r.LeftOn)}
	if r.OrgID != nil {
		m.Home = domain.Org{ID: orgID(*r.OrgID), Path: *r.Path, Kind: domain.BranchKind(*r.Kind), Name: *r.OrgName}
	}
	return m
}

// InsertMember adds a member of whom nobody knows yet where he is to belong.
func (tx *Tx) InsertMember(id domain.MemberID, name, initials string) error {
	return tx.InsertMemberAt("", id, name, initials)
}

// InsertMemberAt adds a member, whose name stands in the chain of the street of a branch.
// That he belongs there is said by InsertAffiliation.
func (tx *Tx) InsertMemberAt(home domain.OrgID, id domain.MemberID, name, initials string) error {
	street, err := tx.streetOf(home)
	if err != nil {
		return err
	}
	chain := chainOfStreet(street)
	_, err = tx.exec("INSERT INTO members (id, name, initials) VALUES (?, ?, ?)", string(id), name, initials)
	if err != nil {
		return err
	}
	text, err := tx.insertText(chain, name)
	if err != nil {
		return err
	}
	_, err = tx.record(chain, kindMember, string(id), text, tx.stamp(), nil, nil, nil)
	return err
}

// Member returns one member, fault.NotFound outside the scope.
func (v *Snapshot) Member(scope access.Scope, id domain.MemberID) (domain.Member, error) {
	if v.held != nil {
		return v.held.of(scope, id)
	}
	where, args := scopeSQL(scope, true)
	var r memberRow
	err := v.get(&r, memberSelect+" WHERE m.id = ? AND "+where, append([]any{string(id)}, args...)...)
	return r.member(), err
}

// MembersOf returns those of some members that the scope holds, by id.
func (v *Snapshot) MembersOf(scope access.Scope, ids []domain.MemberID) (map[domain.MemberID]domain.Member, error) {
	where, args := scopeSQL(scope, true)
	out := make(map[domain.MemberID]domain.Member, len(ids))
	err := chunks(ids, func(marks string, of []any) error {
		var rows []memberRow
		err := v.all(&rows, memberSelect+" WHERE m.id IN ("+marks+") AND "+where, append(of, args...)...)
		for i := range rows {
			m := rows[i].member()
			out[m.ID] = m
		}
		return err
	})
	return out, err
}

// Members returns the members of the scope whose home lies at or below a path
// ("" for everywhere), by id; those who have left have their day.
func (v *Snapshot) Members(scope access.Scope, below string) ([]domain.Member, error) {
	where, args := scopeSQL(scope, true)
	if below != "" {
		from, to := subtree(below)
		where += " AND o.path >= ? AND o.path < ?"
		args = append(args, from, to)
	}
	var rows []memberRow
	err := v.all(&rows, memberSelect+" WHERE "+where+" ORDER BY m.id", args...)
	out := make([]domain.Member, len(rows))
	for i := range rows {
		out[i] = rows[i].member()
	}
	return out, err
}

// EverBelow returns the members of the scope of whom a home of whatever day lies at or
// below a path, by id.
func (v *Snapshot) EverBelow(scope access.Scope, path string) ([]domain.Member, error) {
	where, args := scopeSQL(scope, true)
	belonged, homes := belonged([]string{path})
	var rows []memberRow
	err := v.all(&rows, memberSelect+" WHERE m.id IN "+belonged+" AND "+where+" ORDER BY m.id", append(homes, args...)...)
	out := make([]domain.Member, len(rows))
	for i := range rows {
		out[i] = rows[i].member()
	}
	return out, err
}

// InsertAffiliation records where a member belongs from a day on; a home of ""
// says that he is not here from that day on. by is 0 for the program itself.
func (tx *Tx) InsertAffiliation(a domain.Affiliation, by domain.AccountID) error {
	m, err := tx.Member(access.System("the chain of the home branch"), a.Member)
	if err != nil {
		return err
	}
	var org any
	if a.Org != "" {
		org = orgKey(a.Org)
	}
	chain := a.Org
	if chain == "" {
		chain = m.Home.ID
	}
	said, err := tx.insertText(chain, a.Reason)
	if err != nil {
		return err
	}
	_, err = tx.record(chain, kindAffiliation, string(a.Member), string(a.Kind), org, a.From.String(), a.Ended, tx.stamp(),
		account(by), said)
	if err != nil {
		return err
	}
	if a.Kind == domain.Home {
		if err := tx.settleAt(&m); err != nil {
			return err
		}
	}
	return tx.touch(a.Member)
}

// settleAt keeps beside a member where his affiliations say that he is at home, from when
// and until when. His account goes with him into another street.
func (tx *Tx) settleAt(was *domain.Member) error {
	if was.Home.ID == "" {
		return tx.keepHome(was)
	}
	street, err := tx.streetOf(was.Home.ID)
	if err == nil {
		err = tx.alone(street) // he is taken out of it
	}
	if err != nil {
		return err
	}
	of, err := tx.AccountOf(was.ID)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return tx.keepHome(was)
	case err != nil:
		return err
	}
	return tx.moveRights(of.ID, func() error { return tx.keepHome(was) })
}

// keepHome is settleAt without the account.
func (tx *Tx) keepHome(was *domain.Member) error {
	// Steps may be recorded in another order than they happened.
	const step = "SELECT %s FROM affiliations a WHERE a.member_id = members.id AND a.kind = 'home' AND %s %s " +
		"ORDER BY a.from_on DESC, a.id DESC LIMIT 1"
	holds := affiliationNow("a")
	home, left := fmt.Sprintf(step, "a.org_id", holds, "AND a.org_id IS NOT NULL"),
		fmt.Sprintf(step, "CASE WHEN a.org_id IS NULL THEN a.from_on END", holds, "")
	first := "SELECT min(a.from_on) FROM affiliations a WHERE a.member_id = members.id AND a.kind = 'home' " +
		"AND a.org_id IS NOT NULL AND " + holds
	street := "SELECT o.street_id FROM orgs o WHERE o.id = (" + home + ")"
	if _, err := tx.exec("UPDATE members SET home_id = ("+home+"), street_id = coalesce(("+street+"), 0), "+
		"joined_on = ("+first+"), left_on = ("+left+") WHERE id = ?", string(was.ID)); err != nil {
		return err
	}
	return tx.follow(was)
}

// follow brings what is kept beside a member who was at home elsewhere into his street.
func (tx *Tx) follow(was *domain.Member) error {
	if was.Home.ID == "" {
		return nil
	}
	const street = " SET street_id = (SELECT m.street_id FROM members m WHERE m.id = ?) WHERE member_id = ?"
	for _, table := range [...]string{"sealed", "standings"} {
		if _, err := tx.exec("UPDATE "+table+street, string(was.ID), string(was.ID)); err != nil {
			return err
		}
	}
	return nil
}

// InsertFact records one attribute's value from a day on. by is 0 for the program
// itself.
func (tx *Tx) InsertFact(member domain.MemberID, f domain.Fact, by domain.AccountID) error {
	return tx.InsertFactRequest("", member, f, "", nil, by)
}

// InsertFactRequest records a fact that holds when the organs of a route have
// agreed to it as a request of a kind; no route = at once, whatever the kind. What
// waited before of the same attribute and day waits no more. A reason is for a fact that
// began longer ago than one may record (补录), "" for none.
func (tx *Tx) InsertFactRequest(kind domain.RequestKind, member domain.MemberID, f domain.Fact, reason string,
	route domain.Route, by domain.AccountID) error {
	m, err := tx.Member(access.System("the chain of the home branch"), member)
	if err != nil {
		return err
	}
	if err := tx.supersede(by, "SELECT f.request_id FROM facts f WHERE f.member_id = ? AND f.attribute = ? "+
		"AND f.from_on = ? AND f.request_id IS NOT NULL",
		string(member), f.Attribute, f.From.String()); err != nil {
		return err
	}
	option, free := f.Value.Text, ""
	if f.Free {
		option, free = "", option
	}
	said, err := tx.insertText(m.Home.ID, free)
	if err != nil {
		return err
	}
	why, err := tx.insertText(m.Home.ID, reason)
	if err != nil {
		return err
	}
	request, err := tx.insertRequest(handing{kind: kind, member: &m, subject: option, on: f.From,
		route: route}, by)
	if err != nil {
		return err
	}
	_, err = tx.record(m.Home.ID, kindFact, string(member), f.Attribute, f.From.String(), option, f.Value.Number, said,
		reference(request), tx.stamp(), account(by), why)
	if err != nil {
		return err
	}
	return tx.touch(member)
}

// touch raises a member's version: what was computed for him is behind.
func (tx *Tx) touch(member domain.MemberID) error {
	res, err := tx.exec("UPDATE members SET version = version + 1 WHERE id = ?", string(member))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return fault.Wrap(err, fault.NotFound, "没有这名党员")
	}
	return nil
}

// account is a recorded_by: NULL for the program itself.
func account(id domain.AccountID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

// chunkSizes are the numbers of ids that one query may ask for; a list is filled up
// with its last one to the next of them, so that a query has few
// forms and each stays prepared.
func chunkSizes() [4]int { return [...]int{1, 8, 50, 200} }

// chunks calls f with every chunk of ids as SQL arguments.
func chunks[T ~string | ~int64](ids []T, f func(marks string, args []any) error) error {
	for len(ids) > 0 {
		size := 0
		for _, size = range chunkSizes() {
			if size >= len(ids) {
				break
			}
		}
		part := ids[:min(size, len(ids))]
		args := make([]any, size)
		for i := range args {
			args[i] = argument(part[min(i, len(part)-1)])
		}
		if err := f(strings.Repeat("?, ", size-1)+"?", args); err != nil {
			return err
		}
		ids = ids[len(part):]
	}
	return nil
}

// argument returns an id as a value of SQL.
func argument[T ~string | ~int64](id T) any {
	if v := reflect.ValueOf(id); v.Kind() == reflect.String {
		return v.String()
	}
	return reflect.ValueOf(id).Int()
}
