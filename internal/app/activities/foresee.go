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
	"jifen/internal/store"
)

// unrecorded is the id of an activity that is not recorded yet: it comes after all
// that are.
const unrecorded = "9223372036854775807"

// foreseen is an activity that was judged, with what it does to the totals of its
// people, before it is written.
type foreseen struct {
	judged
	input  ActivityInput // with the numbers that the register has
	points domain.Points
	today  calendar.Day
	common store.Stamp
}

// foresee judges and scores an activity on a read, so that the writer has only to
// write it. It returns nil where it is refused: the transaction then judges it by what
// it finds.
func (s *Service) foresee(ctx context.Context, actor *access.Actor, m ActivityInput) (out *foreseen) {
	err := s.Read(ctx, actor, func(v *store.Snapshot) (err error) {
		if out, err = s.look(v, actor, m); err != nil {
			return err
		}
		out.common, err = v.CommonOf(out.members, out.branch.ID)
		return err
	}, access.Record)
	if err != nil {
		return nil
	}
	return out
}

// look judges an activity and scores its people with it and without it.
func (s *Service) look(v *store.Snapshot, actor *access.Actor, m ActivityInput) (*foreseen, error) {
	out := &foreseen{input: m, today: s.Today(v)}
	var err error
	if out.judged, err = s.judge(v, actor, &out.input); err != nil {
		return nil, err
	}
	before, err := v.Records(out.members)
	if err != nil {
		return nil, err
	}
	after := slices.Clone(before)
	for i, line := range out.lines(actor, unrecorded) {
		if line != nil {
			after[i].Attendance = append(slices.Clip(after[i].Attendance), *line)
		}
	}
	r, err := s.standings.Reckoner(v, out.today, out.members...)
	if err != nil {
		return nil, err
	}
	out.points, err = recording.Change(r, out.members, before, after, m.On, kindKnown(m.Kind))
	return out, err
}

// lines returns the lines of an activity as they count, in their order; nil for one
// that waits.
func (f *foreseen) lines(actor *access.Actor, activity string) []*domain.Attendance {
	out := make([]*domain.Attendance, len(f.members))
	for i, l := range f.input.Lines {
		if len(attendanceRoute(actor, &f.members[i])) == 0 {
			out[i] = &domain.Attendance{Activity: activity, Kind: f.input.Kind, On: f.input.On, Status: l.Status}
		}
	}
	return out
}

// unchanged reports whether a transaction finds what an activity was foreseen by, and
// has not answered under a key yet.
func (s *Service) unchanged(tx *store.Tx, actor *access.Actor, f *foreseen, key string) (bool, error) {
	if f == nil || s.Today(&tx.Snapshot) != f.today {
		return false, nil
	}
	same, err := tx.SameMembers(f.common, f.members, actor.ID(), key)
	if err != nil || !same {
		return false, err
	}
	// Another activity of the day raises the versions of its own people only.
	return f.checkAgain(&tx.Snapshot, actor, &f.input) == nil, nil
}

// record writes the activity with its attendance and tells the trail.
func (f *foreseen) record(tx *store.Tx, actor *access.Actor) (Receipt, error) {
	out, err := f.insert(tx, actor, &f.input)
	if err != nil {
		return out, err
	}
	out.Points = f.points
	detail := f.input.Kind + " " + f.input.On.String() + " " + strconv.Itoa(len(f.input.Lines)) + " 人"
	return out, audit.Record(tx, actor, audit.RecordedActivity, audit.What{Org: f.input.Org, Detail: detail})
}
