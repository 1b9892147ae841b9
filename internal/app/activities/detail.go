package activities

import (
	"context"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// Detail is an activity with who attended and what it did to their points.
type Detail struct {
	domain.Activity
	Branch      domain.Org
	Scheme      string       // the title of the main one on its day
	Today       calendar.Day // the latest day of 补课
	Lines       []Attended
	Effect      domain.Points       // on everybody together whom the actor sees
	Corrections []domain.Correction // the latest first
	Undone      *domain.Correction  // by whom, when and why it was reversed; nil while it stands
	MayRecord   bool                // the actor records for the branch
	Fresh       bool                // his own work of today, reversed with a word
}

// Attended is one member who attended, with what that did to his points.
type Attended struct {
	Member   domain.MemberID
	Name     string
	Status   domain.AttendanceStatus
	MadeUpOn calendar.Day // of 补课; 0 = not said
	Waiting  bool         // a request: it does not count yet
	Guest    bool         // of another branch, with no points told
	Scored   bool
	Total    domain.Points // with this activity
	Change   domain.Points // what it did to the total
	Remark   string        // why not scored, or whose he is
}

// Detail returns an activity as who looks after the branch sees it; fault.NotFound
// outside his scope. Of people outside the scope it tells that they were there, and
// nothing of their points. It leaves a line in the trail.
func (s *Service) Detail(ctx context.Context, actor *access.Actor, id domain.ActivityID) (*Detail, error) {
	var out *Detail
	err := s.Look(ctx, actor, func(v *store.Snapshot) (audit.Action, audit.What, error) {
		var err error
		if out, err = s.detail(v, actor, id); err != nil {
			return "", audit.What{}, fault.Hide(err, "这次活动")
		}
		told := func(l Attended) bool { return !l.Guest && !actor.IsMember(l.Member) }
		if !slices.ContainsFunc(out.Lines, told) {
			return "", audit.What{}, nil // of nobody else is anything told
		}
		return audit.ReadActivity, audit.What{Org: out.Org, Detail: out.Kind + " " + out.On.String()}, nil
	}, access.SeeMembers)
	return out, err
}

func (s *Service) detail(v *store.Snapshot, actor *access.Actor, id domain.ActivityID) (*Detail, error) {
	scope := actor.Scope(access.SeeMembers)
	a, err := v.Activity(scope, id)
	if err != nil {
		return nil, err
	}
	out := &Detail{Activity: a, Today: s.Today(v)}
	if out.Branch, err = v.Org(scope, a.Org); err != nil {
		return nil, err
	}
	book, err := s.standings.Book(v, out.Branch.Path, a.On)
	if err != nil {
		return nil, err
	}
	out.Scheme, out.MayRecord = book.Title, actor.Scope(access.Record).Covers(out.Branch.Path)
	if out.Corrections, err = v.Corrections(scope, id); err != nil {
		return nil, err
	}
	everybody := access.System("who was there is told to whom the activity is shown; their points only in the scope")
	lines, err := v.Attendance(everybody, id)
	if err != nil {
		return nil, err
	}
	out.Fresh = out.MayRecord && s.fresh(v, actor, &a, lines)
	if len(lines) == 0 {
		undone, err := v.Undone(id)
		switch {
		case err == nil:
			out.Undone = &undone
		case fault.CodeOf(err) != fault.NotFound: // every line of it was returned
			return nil, err
		}
	}
	return out, s.effects(v, scope, lines, out)
}

// effects fills in what an activity did to everybody who attended: the total with
// it and without it.
func (s *Service) effects(v *store.Snapshot, scope access.Scope, lines []domain.PresentLine, out *Detail) error {
	ids := make([]domain.MemberID, len(lines))
	for i := range lines {
		ids[i] = lines[i].Member
	}
	seen, err := v.MembersOf(scope, ids)
	if err != nil {
		return err
	}
	members := make([]domain.Member, len(lines))
	for i := range lines {
		if members[i] = seen[lines[i].Member]; members[i].ID == "" {
			members[i].ID = lines[i].Member // nothing is recorded of him that may be told here
		}
	}
	records, err := v.Records(members)
	if err != nil {
		return err
	}
	reckoner, err := s.standings.Reckoner(v, out.Today, members...)
	if err != nil {
		return err
	}
	id, knows := strconv.FormatInt(int64(out.ID), 10), kindKnown(out.Kind)
	for i := range lines {
		l := &lines[i]
		row := Attended{Member: l.Member, Name: l.Name, Status: l.Status, MadeUpOn: l.MadeUpOn, Waiting: l.Claim}
		if _, ok := seen[l.Member]; !ok {
			row.Guest, row.Remark = true, "别的支部的，分记在那边"
			if row.Name, err = recording.Stranger(v, scope, l.Member, l.Name, out.On); err != nil {
				return err
			}
			out.Lines = append(out.Lines, row)
			continue
		}
		text, err := reckoner.Of(&members[i], out.On, knows)
		if err != nil {
			return err
		}
		without := records[i]
		of := func(x domain.Attendance) bool { return x.Activity == id }
		without.Attendance = slices.DeleteFunc(slices.Clone(without.Attendance), of)
		st, before := text.Member(&records[i]).Standing, text.Member(&without).Standing
		row.Scored, row.Total, row.Change = st.Scored, st.Total, st.Total-before.Total
		if !row.Scored {
			row.Remark = st.Why
		}
		out.Effect += row.Change
		out.Lines = append(out.Lines, row)
	}
	return nil
}
