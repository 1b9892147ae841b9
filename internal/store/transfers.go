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
// or, of a transfer, by the branch that is to be it.
func eitherSide(scope access.Scope) (where string, args []any) {
	where, args = scopeSQL(scope, true)
	paths := scope.Subtrees()
	if scope.All() || len(paths) == 0 {
		return where, args
	}
	to, more := atOrBelow("t", paths)
	return "(" + where + " OR q.org_id IS NOT NULL AND " + to + ")", append(args, more...)
}
