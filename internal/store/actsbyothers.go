package store

import (
	"slices"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// InsertActsSeen records that what others did to what a branch had recorded was seen there, up
// to an instant.
func (tx *Tx) InsertActsSeen(branch domain.OrgID, until string, by domain.AccountID) error {
	_, err := tx.record(branch, kindActsSeen, orgKey(branch), until, tx.stamp(), account(by))
	return err
}

// ActsSeen returns up to which instant a branch has seen what others did, "" for not at all.
func (v *Snapshot) ActsSeen(branch domain.OrgID) (until string, err error) {
	err = v.get(&until, `SELECT coalesce((SELECT s.until_at FROM acts_seen s WHERE s.org_id = ?
		ORDER BY s.id DESC LIMIT 1), '')`,
		orgKey(branch))
	return until, err
}

// What others may have done to what people of a branch had recorded. Each takes the branch's
// accounts by officersOf, and the instant after which it was done; the placeholders are given
// by actsArgs.
const (
	officersOf = "(SELECT s.account_id FROM assignments s WHERE s.org_id = ?)"

	entriesReversedByOthers = `SELECT '撤销' AS did, '记录' AS subject, e.member_id, e.item AS what,
		e.occurred_on AS on_day, e.id AS entry_id, CAST(NULL AS BIGINT) AS activity_id, e.recorded_by AS first_by,
		e.recorded_at AS first_at, r.recorded_by, r.recorded_at, r.reason
		FROM reversals r JOIN entries e ON e.id = r.entry_id
		WHERE r.street_id = ? AND r.recorded_at > ? AND e.recorded_by IN ` + officersOf

	changesReversedByOthers = `SELECT '撤销', CASE WHEN f.id IS NULL THEN '组织关系' ELSE '情况' END, r.member_id,
		coalesce(f.attribute, o.name, '转出'), coalesce(f.from_on, h.from_on), NULL, NULL,
		coalesce(f.recorded_by, h.recorded_by), coalesce(f.recorded_at, h.recorded_at), r.recorded_by, r.recorded_at, r.reason
		FROM change_reversals r LEFT JOIN facts f ON f.id = r.fact_id LEFT JOIN affiliations h ON h.id = r.affiliation_id
		LEFT JOIN orgs o ON o.id = h.org_id
		WHERE r.street_id = ? AND r.recorded_at > ? AND coalesce(f.recorded_by, h.recorded_by) IN ` + officersOf

	// Of one attribute and day the later fact holds: it corrects the earlier.
	factsCorrectedByOthers = `SELECT '更正', '情况', g.member_id, g.attribute, g.from_on, NULL, NULL, f.recorded_by,
		f.recorded_at, g.recorded_by, g.recorded_at, g.reason
		FROM facts f JOIN facts g ON g.member_id = f.member_id AND g.from_on = f.from_on AND g.attribute = f.attribute
			AND g.id > f.id
		WHERE f.street_id = ? AND g.recorded_at > ? AND f.recorded_by IN ` + officersOf + `
		AND f.member_id IN (SELECT a.member_id FROM affiliations a WHERE a.kind = 'home' AND a.org_id = ?)`

	attendanceChangedByOthers = `SELECT CASE WHEN x.status = '撤销' THEN '撤销' ELSE '更正' END, '出勤', x.member_id, a.kind,
		a.occurred_on, NULL, a.id, a.recorded_by, a.recorded_at, x.recorded_by, x.recorded_at, x.reason
		FROM attendance x JOIN activities a ON a.id = x.activity_id
		WHERE x.street_id = ? AND x.reason IS NOT NULL AND x.recorded_at > ? AND a.recorded_by IN ` + officersOf + `
		AND a.org_id = ?`

	// That a claim was agreed to is what was asked for; what moves somebody is told.
	requestsDecidedByOthers = `SELECT CASE WHEN s.kind = 'accept' THEN '同意' ELSE '退回' END, '申报', q.member_id,
		q.subject, q.happened_on, NULL, NULL, q.recorded_by, q.recorded_at, s.recorded_by, s.recorded_at, s.reason
		FROM requests q JOIN request_steps s ON s.request_id = q.id
		WHERE q.street_id = ? AND s.rest = 0 AND (s.kind = 'return' OR s.kind = 'accept' AND q.kind = 'transfer')
		AND s.recorded_at > ? AND q.recorded_by IN ` + officersOf
)

type actRow struct {
	Did, Subject, MemberID, What, OnDay string
	EntryID, ActivityID                 *int64
	FirstBy, RecordedBy                 *int64
	FirstAt, RecordedAt                 string
	Reason                              *string
	MemberName, FirstName, ByName, Home *string
}

// ActsByOthers returns what was done after an instant, by people without an office in a branch,
// to what its people had recorded; the latest first. Who held an office when is judged by that
// time.
func (v *Snapshot) ActsByOthers(branch domain.OrgID, after string) ([]domain.ActByOthers, error) {
	street, err := v.streetOf(branch)
	if err != nil {
		return nil, err
	}
	key := orgKey(branch)
	rows := []actRow{}
	err = v.all(&rows, `SELECT x.did, x.subject, x.member_id, x.what, x.on_day, x.entry_id, x.activity_id, x.first_by,
		x.first_at, x.recorded_by, x.recorded_at, t.body AS reason, m.name AS member_name, fb.name AS first_name,
		b.name AS by_name, o.path AS home
		FROM (`+entriesReversedByOthers+" UNION ALL "+changesReversedByOthers+" UNION ALL "+factsCorrectedByOthers+
		" UNION ALL "+attendanceChangedByOthers+" UNION ALL "+requestsDecidedByOthers+`) x
		JOIN members m ON m.id = x.member_id LEFT JOIN orgs o ON o.id = m.home_id
		LEFT JOIN shown_texts t ON t.id = x.reason LEFT JOIN accounts fb ON fb.id = x.first_by
		LEFT JOIN accounts b ON b.id = x.recorded_by ORDER BY x.recorded_at DESC, x.member_id`,
		street, after, key, street, after, key, street, after, key, key, street, after, key, key, street, after, key)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	offices, err := v.officesOf(rows)
	if err != nil {
		return nil, err
	}
	var out []domain.ActByOthers
	for i := range rows {
		r := &rows[i]
		if !offices.at(r.FirstBy, r.FirstAt, key) || offices.at(r.RecordedBy, r.RecordedAt, key) {
			continue
		}
		act := r.act()
		act.Offices = offices.names(r.RecordedBy, r.RecordedAt)
		if last := len(out) - 1; last >= 0 && wholeActivity(&out[last], &act) {
			out[last].Subject, out[last].Member, out[last].Name, out[last].Home = "活动", "", "", ""
			continue
		}
		out = append(out, act)
	}
	return out, nil
}

// wholeActivity reports whether two lines were taken back together, with their activity.
func wholeActivity(a, b *domain.ActByOthers) bool {
	return a.Did == "撤销" && b.Did == a.Did && a.Record.Activity != 0 && a.Record == b.Record && a.At == b.At
}

func (r *actRow) act() domain.ActByOthers {
	out := domain.ActByOthers{Did: r.Did, Subject: r.Subject, Member: domain.MemberID(r.MemberID),
		Name: text(r.MemberName), Home: text(r.Home), What: r.What,
		First: text(r.FirstName), FirstBy: accountOf(r.FirstBy), FirstAt: r.FirstAt,
		ByName: text(r.ByName), By: accountOf(r.RecordedBy), At: r.RecordedAt, Reason: text(r.Reason)}
	out.On, _ = calendar.Parse(r.OnDay) // 一直 has no day
	if r.EntryID != nil {
		out.Record.Entry = domain.EntryID(*r.EntryID)
	}
	if r.ActivityID != nil {
		out.Record.Activity = domain.ActivityID(*r.ActivityID)
	}
	return out
}

// tenure is a role that an account held over an organisation for some time.
type tenure struct {
	AccountID int64
	Role      string
	OrgID     int64
	OrgName   string
	Ended     bool
	Since     string // recorded_at
	Until     string // recorded_at of the next about the same; "" = none
	FromOn    *string
	UntilOn   *string
}

// tenures holds those of some accounts, with the zone in which a day is.
type tenures struct {
	view *Snapshot
	list []tenure
}

// officesOf reads which offices those who recorded some rows held, and when.
func (v *Snapshot) officesOf(rows []actRow) (*tenures, error) {
	var ids []int64
	for i := range rows {
		for _, by := range []*int64{rows[i].FirstBy, rows[i].RecordedBy} {
			if by != nil && !slices.Contains(ids, *by) {
				ids = append(ids, *by)
			}
		}
	}
	out := &tenures{view: v}
	err := chunks(ids, func(marks string, args []any) error {
		var some []tenure
		err := v.all(&some, `SELECT s.account_id, s.role, s.org_id, o.name AS org_name, s.ended, s.recorded_at AS since,
			'' AS until, s.from_on, s.until_on FROM assignments s JOIN orgs o ON o.id = s.org_id
			WHERE s.waits IS NULL AND s.account_id IN (`+marks+") ORDER BY s.account_id, s.role, s.org_id, s.id", args...)
		out.list = append(out.list, some...)
		return err
	})
	for i := 1; i < len(out.list); i++ {
		a, b := &out.list[i-1], &out.list[i]
		if a.AccountID == b.AccountID && a.Role == b.Role && a.OrgID == b.OrgID {
			a.Until = b.Since
		}
	}
	return out, err
}

// during reports whether an account held it at an instant.
func (t *tenure) during(by *int64, at, day string) bool {
	return by != nil && t.AccountID == *by && !t.Ended && t.Since <= at && (t.Until == "" || at < t.Until) &&
		(t.FromOn == nil || *t.FromOn <= day) && (t.UntilOn == nil || day <= *t.UntilOn)
}

// day returns the day of an instant.
func (t *tenures) day(at string) string {
	when, err := ParseInstant(at)
	if err != nil { // of a row that was tampered with, which is told elsewhere
		return ""
	}
	return calendar.FromTime(when.In(t.view.now.Location())).String()
}

// at reports whether an account held an office of an organisation at an instant.
func (t *tenures) at(by *int64, at string, org int64) bool {
	day := t.day(at)
	return slices.ContainsFunc(t.list, func(x tenure) bool { return x.OrgID == org && x.during(by, at, day) })
}

// names returns the offices of an account at an instant, in words.
func (t *tenures) names(by *int64, at string) (out []string) {
	day := t.day(at)
	for i := range t.list {
		if x := &t.list[i]; x.during(by, at, day) {
			out = append(out, domain.Role(x.Role).String()+"（"+x.OrgName+"）")
		}
	}
	return out
}
