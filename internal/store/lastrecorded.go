package store

import (
	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// lastRecorded is the SQL for when the latest entry or activity of an
// organisation o was recorded that counts: no entry that was reversed or waits
// for somebody, no activity that was taken back. A chain has its rows in the
// order in which they were recorded, so that the first found is the latest.
const lastRecorded = `(SELECT coalesce(e.recorded_at, a.recorded_at) FROM chain_entries l
	LEFT JOIN entries e ON l.kind = 'entry' AND e.id = l.row_id
	LEFT JOIN activities a ON l.kind = 'activity' AND a.id = l.row_id
	WHERE l.chain_id = o.id AND l.kind IN ('entry', 'activity') AND (
		e.id IS NOT NULL AND (SELECT r.id FROM reversals r WHERE r.entry_id = e.id) IS NULL
			AND (e.request_id IS NULL OR (SELECT y.kind FROM request_steps y WHERE y.request_id = e.request_id
			AND y.rest = 0) = 'accept')
		OR EXISTS (SELECT 1 FROM attendance x WHERE x.activity_id = a.id AND x.status <> '撤销'
			AND x.id = (SELECT max(y.id) FROM attendance y WHERE y.activity_id = x.activity_id AND y.member_id = x.member_id)))
	ORDER BY l.seq DESC LIMIT 1)`

// LastRecorded returns the day on which each organisation of the scope at or below a
// path ("" for everywhere) last recorded an entry or an activity (最近录入), whatever day
// it happened on. What was taken back does not count; who recorded nothing is not there.
func (v *Snapshot) LastRecorded(scope access.Scope, below string) (map[domain.OrgID]calendar.Day, error) {
	where, args := scopeBelow(scope, below)
	var rows []struct {
		ID   int64
		Last *string
	}
	err := v.all(&rows, "SELECT o.id, "+lastRecorded+" AS last FROM orgs o WHERE "+where, args...)
	out := make(map[domain.OrgID]calendar.Day, len(rows))
	for _, r := range rows {
		if r.Last == nil {
			continue
		}
		day, err := v.dayOf(*r.Last)
		if err != nil {
			return nil, err
		}
		out[orgID(r.ID)] = day
	}
	return out, err
}
