package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// InsertTransferRequest records that a member is to belong to another branch from a day on,
// once the organs of a route agree. He belongs there only by InsertAffiliation. reason is ""
// where none is asked for.
func (tx *Tx) InsertTransferRequest(
	m *domain.Member, to *domain.Org, from calendar.Day, reason string, route domain.Route, by domain.AccountID,
) (domain.RequestID, error) {
	id, err := tx.insertRequest(handing{kind: domain.TransferRequest, member: m, subject: to.Name, on: from, route: route,
		to: to.ID, reason: reason}, by)
	if err != nil {
		return 0, err
	}
	return id, tx.touch(m.ID)
}

// eitherSide is the condition under which a request is of a scope: by the home of its member
// or, of a transfer, by the branch that is to be it. Each side is found by its index.
func eitherSide(scope access.Scope) (where string, args []any) {
	paths := scope.Subtrees()
	if scope.All() || len(paths) == 0 {
		return scopeSQL(scope, true)
	}
	home, args := atOrBelow("h", paths)
	to, more := atOrBelow("g", paths)
	where = `q.id IN (SELECT r.id FROM orgs h JOIN members n ON n.home_id = h.id JOIN requests r ON r.member_id = n.id
		WHERE ` + home + ` UNION ALL SELECT r.id FROM orgs g JOIN requests r ON r.org_id = g.id WHERE r.org_id IS NOT NULL
		AND ` + to
	args = append(args, more...)
	if some := scope.Members(); len(some) > 0 {
		where += " UNION ALL SELECT r.id FROM requests r WHERE r.member_id IN (" + questions(len(some)) + ")"
		args = append(args, idsOf(some)...)
	}
	return where + ")", args
}
