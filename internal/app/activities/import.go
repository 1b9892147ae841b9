package activities

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/kernel"
	"jifen/internal/app/recording"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// ImportReceipt counts what was taken from a paper record.
type ImportReceipt struct {
	Activities int
	People     int       // of all of them together, each counted once for every activity
	Refused    []Refusal // with any, nothing was written
}

// Refusal names an activity, or one of its lines, that is not taken, and the reason.
type Refusal struct {
	Activity int // its index
	Line     int // the line's index in it; -1 for the whole activity
	Why      string
}

// Import takes attendance lists from paper: what stands there was agreed to on
// paper, so nothing holds it up. Everybody on a list counts at once, wherever he
// belongs; the line of who imports it is for somebody else. It writes all or nothing;
// with try it writes nothing, and tells what would become of it. An
// activity that is there already, from this record or another or recorded as it
// happened, is refused.
func (s *Service) Import(
	ctx context.Context, actor *access.Actor, paper string, list []ActivityInput, try bool,
) (ImportReceipt, error) {
	var out ImportReceipt
	people := 0
	for i := range list {
		people += len(list[i].Lines)
	}
	paper, err := recording.PaperName(actor, paper, people)
	if err != nil {
		return out, err
	}
	if try {
		err = s.DB.LongRead(ctx, func(v *store.Snapshot) (err error) {
			out, err = s.tryImport(v, actor, paper, list)
			return err
		})
		return out, err
	}
	err = s.DB.Exclusive(kernel.InStreets(ctx, actor), func(tx *store.Tx) error {
		out, err = takeLists(paper, list, func(m ActivityInput) (Receipt, error) { return s.RecordTx(tx, actor, m) })
		if err != nil {
			return err
		}
		if len(out.Refused) > 0 {
			return kernel.ErrStop
		}
		detail := strconv.Itoa(out.Activities) + " 次活动 " + strconv.Itoa(out.People) + " 人次"
		return audit.Record(tx, actor, audit.Imported, audit.What{Detail: detail})
	})
	if err == kernel.ErrStop { //nolint:errorlint // it is ours, and comes back as it went
		err = nil
	}
	return out, err
}

// tryImport judges every list as Import does, each with those before it, and writes
// nothing.
func (s *Service) tryImport(
	v *store.Snapshot, actor *access.Actor, paper string, list []ActivityInput,
) (ImportReceipt, error) {
	var taken []foreseen
	return takeLists(paper, list, func(m ActivityInput) (out Receipt, err error) {
		v.Yield()
		next := foreseen{input: m}
		if next.judged, err = s.judge(v, actor, &next.input); err != nil {
			return out, err
		}
		for i := range taken {
			if err := taken[i].again(&next); err != nil {
				return out, err
			}
		}
		taken = append(taken, next)
		for i := range next.members {
			if len(attendanceRoute(actor, &next.members[i])) == 0 {
				out.Posted++
			}
		}
		return out, nil
	})
}

// again refuses an activity that is this one: see checkAgain.
func (f *foreseen) again(next *foreseen) error {
	m, n := &f.input, &next.input
	if m.Org != n.Org || m.Kind != n.Kind || m.On != n.On || domain.PlainTitle(m.Title) != domain.PlainTitle(n.Title) {
		return nil
	}
	both := slices.DeleteFunc(slices.Clone(f.members), func(x domain.Member) bool {
		return !slices.ContainsFunc(n.Lines, func(l Line) bool { return l.Member == x.ID })
	})
	if len(both) == 0 {
		return nil
	}
	first := slices.MinFunc(both, func(a, b domain.Member) int { return cmp.Compare(a.ID, b.ID) })
	return recordedAlready(&f.branch, n, first.Name)
}

// takeLists takes attendance lists one by one, and tells what is refused.
func takeLists(
	paper string, list []ActivityInput, take func(ActivityInput) (Receipt, error),
) (out ImportReceipt, err error) {
	for i, m := range list {
		m.Paper = paper
		r, err := take(m)
		refused, err := refusals(i, err)
		if err != nil {
			return out, err
		}
		if out.Refused = append(out.Refused, refused...); len(refused) == 0 {
			out.Activities, out.People = out.Activities+1, out.People+r.Posted
		}
	}
	return out, nil
}

// refusals tells refusals, which were judged before anything was written, from other
// errors.
func refusals(activity int, err error) ([]Refusal, error) {
	var lines linesError
	if errors.As(err, &lines) {
		var out []Refusal
		for _, i := range lines.wrong() {
			out = append(out, Refusal{activity, i, kernel.Reason(lines[i])})
		}
		return out, nil
	}
	switch fault.CodeOf(err) {
	case fault.Invalid, fault.NotFound, fault.Forbidden, fault.Conflict, fault.TooMany:
		return []Refusal{{activity, -1, kernel.Reason(err)}}, nil
	}
	return nil, err
}
