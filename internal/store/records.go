package store

import (
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// Records returns everything the engine is told of these members, in their
// order; one who is named twice is there twice, with the same slices. Who may ask
// was decided when the members were read.
func (v *Snapshot) Records(members []domain.Member) ([]domain.MemberHistory, error) {
	switch {
	case v.held != nil:
		return v.held.records(members)
	case v.memory != nil && !v.Past() && v.supposed == supposition{}:
		return v.remembered(members)
	}
	return v.readRecords(members)
}

func (v *Snapshot) readRecords(members []domain.Member) ([]domain.MemberHistory, error) {
	at, ids := blank(members)
	err := chunks(ids, func(marks string, args []any) error {
		v.Yield()
		if err := v.presence(at, marks, args); err != nil {
			return err
		}
		if err := v.facts(at, marks, args); err != nil {
			return err
		}
		if err := v.posted(at, marks, args); err != nil {
			return err
		}
		return v.attended(at, marks, args)
	})
	out := make([]domain.MemberHistory, len(members))
	for i := range members {
		out[i] = *at[members[i].ID]
	}
	return out, err
}

// blank are records of members with nothing in them yet, by id, and the ids, each
// once.
func blank(members []domain.Member) (at map[domain.MemberID]*domain.MemberHistory, ids []domain.MemberID) {
	at = make(map[domain.MemberID]*domain.MemberHistory, len(members))
	for i := range members {
		m := &members[i]
		if at[m.ID] == nil {
			at[m.ID] = &domain.MemberHistory{Member: domain.Membership{ID: m.ID, Name: m.Name, Home: Line(m.Home.Path),
				Kind: m.Home.Kind}}
			ids = append(ids, m.ID)
		}
	}
	return at, ids
}

// Presence returns of members, in their order, from when to when they are here,
// and nothing else that is recorded of them.
func (v *Snapshot) Presence(members []domain.Member) ([]domain.Membership, error) {
	at, ids := blank(members)
	err := chunks(ids, func(marks string, args []any) error { return v.presence(at, marks, args) })
	out := make([]domain.Membership, len(members))
	for i := range members {
		out[i] = at[members[i].ID].Member
	}
	return out, err
}

// presence reads from when to when a member is here. What was taken back says nothing of that,
// but that somebody had recorded him.
func (v *Snapshot) presence(at map[domain.MemberID]*domain.MemberHistory, marks string, args []any) error {
	byProgram := map[string]bool{}
	return v.each(func(rows *sqlx.Rows) error {
		var id, recorded string
		var org, by *int64
		var from day
		var holds bool
		if err := rows.Scan(&id, &org, &from, &recorded, &by, &holds); err != nil {
			return err
		}
		m := &at[domain.MemberID(id)].Member
		if on, err := v.dayOf(recorded); err != nil {
			return err
		} else if org != nil && by == nil {
			byProgram[id], m.Recorded = true, 0
		} else if org != nil && !byProgram[id] && (m.Recorded == 0 || on < m.Recorded) {
			m.Recorded = on
		}
		switch {
		case !holds:
		case org == nil && m.Left != 0: // went away before, and has not come back
		case org == nil:
			m.Left = calendar.Day(from)
		case m.Joined == 0:
			m.Joined, m.Left = calendar.Day(from), 0
		default: // came back, or changed the branch
			if m.Left != 0 && m.Left < calendar.Day(from) {
				m.Away = append(m.Away, domain.Absence{From: m.Left, Back: calendar.Day(from)})
			}
			m.Left = 0
		}
		return nil
	}, "SELECT a.member_id, a.org_id, a.from_on, a.recorded_at, a.recorded_by, "+affiliationHolds("a")+
		" AS holds FROM affiliations a WHERE a.kind = 'home' AND a.member_id IN ("+marks+") "+
		"AND a.recorded_at <= ? ORDER BY a.member_id, a.from_on, a.id",
		append(append([]any{v.knownBy()}, args...), v.knownBy())...)
}

// facts reads what holds of members: what was recorded and, where somebody had to
// agree, agreed to.
func (v *Snapshot) facts(at map[domain.MemberID]*domain.MemberHistory, marks string, args []any) error {
	return v.each(func(rows *sqlx.Rows) error {
		var id string
		var from day
		var f domain.Fact
		if err := rows.Scan(&id, &f.Attribute, &from, &f.Value.Text, &f.Value.Number, &f.Free); err != nil {
			return err
		}
		f.From = calendar.Day(from)
		r := at[domain.MemberID(id)]
		// Of one day's values the latest recorded holds.
		for i := len(r.Facts) - 1; i >= 0 && r.Facts[i].From == f.From; i-- {
			if r.Facts[i].Attribute == f.Attribute {
				r.Facts[i] = f
				return nil
			}
		}
		r.Facts = append(r.Facts, f)
		return nil
	}, `SELECT f.member_id, f.attribute, f.from_on, coalesce(w.body, f.text), f.number, f.words IS NOT NULL
		FROM facts f LEFT JOIN shown_texts w ON w.id = f.words WHERE f.member_id IN (`+marks+`) AND f.recorded_at <= ?
		AND `+counting("f.request_id")+` AND `+factHolds("f")+` ORDER BY f.member_id, f.from_on, f.id`,
		append(args, v.knownBy(), v.knownBy(), v.knownBy())...)
}

// posted reads the entries that exist for the engine: accepted, not reversed.
func (v *Snapshot) posted(at map[domain.MemberID]*domain.MemberHistory, marks string, args []any) error {
	return v.each(func(rows *sqlx.Rows) (err error) {
		var member, fields string
		var id int64
		var on day
		var points *int64
		var words *string
		var recorded string
		var e domain.Entry
		if err := rows.Scan(&id, &member, &e.Item, &on, &points, &fields, &words, &recorded); err != nil {
			return err
		}
		if e.Recorded, err = v.dayOf(recorded); err != nil {
			return err
		}
		if e.Fields, err = decodeFields(fields, words); err != nil {
			return err
		}
		e.ID, e.On = strconv.FormatInt(id, 10), calendar.Day(on)
		if points != nil {
			e.Points, e.Chosen = domain.Points(*points), true
		}
		r := at[domain.MemberID(member)]
		r.Entries = append(r.Entries, e)
		return nil
	}, `SELECT e.id, e.member_id, e.item, e.occurred_on, e.points, e.fields, f.body, `+recordedFirst()+`
		FROM entries e LEFT JOIN shown_texts f ON f.id = e.words
		WHERE e.member_id IN (`+marks+`) AND e.recorded_at <= ?
		AND `+v.supposing("e.request_id", counting("e.request_id"))+`
		AND (SELECT r.id FROM reversals r WHERE r.entry_id = e.id AND r.recorded_at <= ?) IS NULL
		ORDER BY e.member_id, e.occurred_on, e.id`, append(append(append(args, v.knownBy()), v.counts()...), v.knownBy())...)
}

// attended reads, of every activity, the member's latest line that is no
// waiting or refused claim. Rows come by member and activity as their index
// has them; which is the latest is seen in passing.
func (v *Snapshot) attended(at map[domain.MemberID]*domain.MemberHistory, marks string, args []any) error {
	var r *domain.MemberHistory
	latest, withdrawn := "", map[*domain.MemberHistory]bool{}
	err := v.each(func(rows *sqlx.Rows) error {
		var member, status, kind string
		var activity int64
		var on day
		if err := rows.Scan(&member, &activity, &status, &kind, &on); err != nil {
			return err
		}
		a := domain.Attendance{Activity: strconv.FormatInt(activity, 10), Kind: kind, On: calendar.Day(on),
			Status: domain.AttendanceStatus(status)}
		if next := at[domain.MemberID(member)]; next != r {
			r, latest = next, ""
		}
		if a.Activity == latest {
			r.Attendance[len(r.Attendance)-1] = a
		} else {
			r.Attendance = append(r.Attendance, a)
		}
		latest = a.Activity
		if a.Status == domain.AttendanceReversed {
			withdrawn[r] = true
		}
		return nil
	}, `SELECT x.member_id, x.activity_id, x.status, a.kind, a.occurred_on FROM attendance x
		JOIN activities a ON a.id = x.activity_id
		WHERE x.member_id IN (`+marks+`) AND x.recorded_at <= ?
		AND `+v.supposing("x.request_id", counting("x.request_id"))+` ORDER BY x.member_id, x.activity_id, x.id`,
		append(append(args, v.knownBy()), v.counts()...)...)
	for r := range withdrawn {
		r.Attendance = slices.DeleteFunc(r.Attendance,
			func(a domain.Attendance) bool { return a.Status == domain.AttendanceReversed })
	}
	return err
}
