package store

import (
	"slices"

	"jifen/internal/access"
	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// homeSteps are the steps of where one member had his home, by day.
type homeSteps []homeStep

type homeStep struct {
	from calendar.Day
	home *domain.Org // nil: not here from that day on
}

// on returns the home on a day: for one who had left by then the last one, with
// the day. ok is false for who was not here yet.
func (s homeSteps) on(day calendar.Day) (home domain.Org, joined, left calendar.Day, ok bool) {
	for _, step := range s {
		switch {
		case step.from > day:
			return home, joined, left, ok
		case step.home == nil:
			left = step.from
		default:
			if !ok {
				joined = step.from
			}
			home, left, ok = *step.home, 0, true
		}
	}
	return home, joined, left, ok
}

// elsewhere returns the steps of those of whom some home lies in a scope and at or
// below a path, and whose home on a day, as the view knows it, may be another one than
// members keep: somebody moved, joined or left after that day, or that was recorded or
// taken back after the view's instant.
func (v *Snapshot) elsewhere(
	scope access.Scope, below string, day calendar.Day,
) (map[domain.MemberID]homeSteps, error) {
	const since = "SELECT DISTINCT a.member_id FROM affiliations a WHERE a.kind = 'home' AND "
	ids, err := v.belonging(scope, below, since+"a.from_on > ?", "", day.String())
	if err == nil && v.Past() {
		var later []domain.MemberID
		later, err = v.belonging(scope, below, since+`(a.recorded_at > ? OR
			(SELECT z.id FROM change_reversals z WHERE z.affiliation_id = a.id AND z.recorded_at > ?) IS NOT NULL)`, "",
			v.known, v.known)
		ids = append(ids, later...)
	}
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	slices.Sort(ids)
	return v.homes(slices.Compact(ids))
}

// belonging returns the members whom a question about affiliations a finds, in order,
// of those only of whom a home of whatever day lies in a scope and at or below a path
// ("" for everywhere). It reads the affiliations of nobody else.
func (v *Snapshot) belonging(
	scope access.Scope, below, question, behind string, args ...any,
) (ids []domain.MemberID, err error) {
	ask := func(condition string, more ...any) error {
		var found []domain.MemberID
		err := v.all(&found, question+condition+behind, append(slices.Clip(args), more...)...)
		ids = append(ids, found...)
		return err
	}
	paths := scope.Subtrees()
	if below != "" {
		paths = []string{below}
	} else if scope.All() {
		return ids, ask("")
	}
	if len(paths) > 0 {
		list, homes := belonged(paths)
		err = ask(" AND a.member_id IN "+list, homes...)
	}
	if some := scope.Members(); err == nil && below == "" && len(some) > 0 {
		err = ask(" AND a.member_id IN ("+questions(len(some))+")", idsOf(some)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// belonged returns the list of the members of whom a home of whatever day lies at or
// below one of some paths.
func belonged(paths []string) (list string, args []any) {
	where, args := atOrBelow("p", paths)
	return `(SELECT b.member_id FROM orgs p JOIN affiliations b ON b.org_id = p.id AND b.kind = 'home'
		AND b.org_id IS NOT NULL WHERE ` + where + ")", args
}

// homes returns the steps of members that the view knows.
func (v *Snapshot) homes(ids []domain.MemberID) (map[domain.MemberID]homeSteps, error) {
	out := make(map[domain.MemberID]homeSteps, len(ids))
	for _, id := range ids {
		out[id] = nil
	}
	err := chunks(ids, func(marks string, args []any) error {
		var rows []struct {
			MemberID domain.MemberID
			FromOn   day
			OrgID    *int64
			Path     *string
			Kind     *string
			Name     *string
		}
		err := v.all(&rows, `SELECT a.member_id, a.from_on, o.id AS org_id, o.path, o.kind, o.name FROM affiliations a
			LEFT JOIN orgs o ON o.id = a.org_id
			WHERE a.kind = 'home' AND a.member_id IN (`+marks+") AND a.recorded_at <= ? AND "+affiliationHolds("a")+
			" ORDER BY a.member_id, a.from_on, a.id", append(args, v.knownBy(), v.knownBy())...)
		for _, r := range rows {
			step := homeStep{from: calendar.Day(r.FromOn)}
			if r.OrgID != nil {
				step.home = &domain.Org{ID: orgID(*r.OrgID), Path: *r.Path, Kind: domain.BranchKind(*r.Kind), Name: *r.Name}
			}
			out[r.MemberID] = append(out[r.MemberID], step)
		}
		return err
	})
	return out, err
}

// HomeOn sets a member's home, and from when to when he is here, to what they were
// on a day, as the view knows it. It changes nothing for who was not here yet.
func (v *Snapshot) HomeOn(m *domain.Member, day calendar.Day) error {
	steps, err := v.homes([]domain.MemberID{m.ID})
	if err != nil {
		return err
	}
	if home, joined, left, ok := steps[m.ID].on(day); ok {
		m.Moved = home.ID != m.Home.ID
		m.Home, m.Joined, m.Left = home, joined, left
	}
	return nil
}
