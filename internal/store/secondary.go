package store

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// SecondaryMemberships returns where a member belongs beside his home on a day, as the view knows it,
// the oldest first. fault.NotFound outside the scope.
func (v *Snapshot) SecondaryMemberships(
	scope access.Scope, id domain.MemberID, on calendar.Day,
) ([]domain.SecondaryMembership, error) {
	if _, err := v.Member(scope, id); err != nil {
		return nil, err
	}
	var rows []struct {
		orgRow
		As     domain.AffiliationKind
		FromOn day
		Ended  bool
	}
	err := v.all(&rows, "SELECT "+orgColumns+`, a.kind AS "as", a.from_on, a.ended FROM affiliations a
		JOIN orgs o ON o.id = a.org_id
		WHERE a.member_id = ? AND a.kind <> 'home' AND a.from_on <= ? AND a.recorded_at <= ?
		AND `+affiliationHolds("a")+` ORDER BY a.from_on, a.id`, string(id), on.String(), v.knownBy(), v.knownBy())
	var out []domain.SecondaryMembership
	for i := range rows {
		r := &rows[i]
		at := slices.IndexFunc(out, func(t domain.SecondaryMembership) bool {
			return t.Kind == r.As && t.Org.ID == orgID(r.ID)
		})
		switch {
		case r.Ended && at >= 0:
			out = slices.Delete(out, at, at+1)
		case !r.Ended && at < 0:
			out = append(out, domain.SecondaryMembership{Kind: r.As, Org: r.org(), From: calendar.Day(r.FromOn)})
		}
	}
	return out, err
}

// Participants returns the members who belong to a branch beside their home on a day, as the
// view knows it, by id. Their names are on its sheet; their points are not.
func (v *Snapshot) Participants(scope access.Scope, org domain.OrgID, on calendar.Day) ([]domain.Member, error) {
	if _, err := v.Org(scope, org); err != nil {
		return nil, err
	}
	var rows []memberRow
	err := v.all(&rows, memberSelect+` WHERE m.id IN (SELECT a.member_id FROM affiliations a WHERE a.org_id = ?
		AND a.kind <> 'home' AND a.ended = 0
		AND a.id = (SELECT b.id FROM affiliations b WHERE b.member_id = a.member_id AND b.org_id = a.org_id
		AND b.kind = a.kind
			AND b.from_on <= ? AND b.recorded_at <= ? AND `+affiliationHolds("b")+`
			ORDER BY b.from_on DESC, b.id DESC LIMIT 1))
		ORDER BY m.id`, orgKey(org), on.String(), v.knownBy(), v.knownBy())
	out := make([]domain.Member, len(rows))
	for i := range rows {
		out[i] = rows[i].member()
	}
	return out, err
}

// Guest reports whether a member belongs elsewhere and yet to a branch of the
// scope on a day, as a guest (流入) or because he takes part there: whoever writes
// for that branch knows him by name.
func (v *Snapshot) Guest(scope access.Scope, member domain.MemberID, day calendar.Day) (bool, error) {
	where, args := scopeSQL(scope, false)
	var n int
	err := v.get(&n, `SELECT count(*) FROM affiliations a JOIN orgs o ON o.id = a.org_id WHERE a.member_id = ?
		AND a.kind <> 'home' AND a.ended = 0
		AND a.id = (SELECT b.id FROM affiliations b WHERE b.member_id = a.member_id AND b.org_id = a.org_id
		AND b.kind = a.kind
			AND b.from_on <= ? AND b.recorded_at <= ? AND `+affiliationHolds("b")+`
			ORDER BY b.from_on DESC, b.id DESC LIMIT 1)
			AND `+where, append([]any{string(member), day.String(), v.knownBy(), v.knownBy()}, args...)...)
	return n > 0, err
}
