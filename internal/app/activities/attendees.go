package activities

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// maxStrangers limits the people of an activity who are neither the writer's nor guests of
// the branch.
const maxStrangers = 20

// linesError holds the errors of lines of an activity, by their index; never empty.
// Whoever asks about the whole is told the first.
type linesError map[int]error

// Error returns what is wrong with the first.
func (e linesError) Error() string { return e.Unwrap().Error() }

// Unwrap returns the error of the first, with what is wrong with every line by the
// number in it.
func (e linesError) Unwrap() error {
	first := e[e.wrong()[0]]
	var f *fault.Error
	if !errors.As(first, &f) {
		return first
	}
	all := *f
	all.Fields = map[string]string{}
	for _, i := range e.wrong() {
		if errors.As(e[i], &f) {
			maps.Copy(all.Fields, f.Fields)
		}
	}
	return &all
}

// ofLine returns a fault as one about the line of a number.
func ofLine(id domain.MemberID, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	c := *f
	c.Fields = map[string]string{string(id): f.Message}
	return &c
}

// wrong lists the indexes, in order.
func (e linesError) wrong() []int { return slices.Sorted(maps.Keys(e)) }

// meantLines returns lines with the numbers that the register has.
func meantLines(v *store.Snapshot, lines []Line) ([]Line, error) {
	typed := make([]domain.MemberID, len(lines))
	for i, l := range lines {
		typed[i] = l.Member
	}
	numbers, err := v.NumbersMeant(typed)
	out := slices.Clone(lines)
	for i := range out {
		out[i].Member = cmp.Or(numbers[out[i].Member], out[i].Member)
	}
	return out, err
}

// attendees reads the members of an activity's lines, in their order, and refuses
// lines that cannot be, as a linesError. Whoever attended is found wherever he
// belongs: that he does not belong to the writer's branch is what makes his line
// a claim.
func (s *Service) attendees(v *store.Snapshot, actor *access.Actor, m *ActivityInput) ([]domain.Member, error) {
	ids, out := make([]domain.MemberID, len(m.Lines)), make([]domain.Member, len(m.Lines))
	for i, l := range m.Lines {
		ids[i] = l.Member
	}
	known, err := v.MembersOf(access.System("guests of an activity are found wherever they belong"), ids)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		out[i] = known[id]
	}
	presence, err := v.Presence(out)
	if err != nil {
		return nil, err
	}
	wrong, seen, today := linesError{}, make(map[domain.MemberID]bool, len(m.Lines)), s.Today(v)
	for i, l := range m.Lines {
		err := checkLine(l, m.On, today)
		switch {
		case err != nil:
		case seen[l.Member]:
			err = fault.New(fault.Invalid, "编号 %s 的党员记了两次", l.Member)
		case out[i].ID == "":
			err = fault.Hidden(nil, "编号 "+string(l.Member)+" 的党员")
		default:
			err = recording.CheckHere(actor, &presence[i], out[i].Home.Path, m.On)
		}
		if err == nil && m.Paper != "" {
			err = recording.CheckPaper(actor, l.Member, out[i].Home.Path)
		}
		if seen[l.Member] = true; err != nil {
			wrong[i] = ofLine(l.Member, err)
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	return out, checkStrangers(v, actor, m, out)
}

// checkStrangers refuses an activity with too many people whom the writer does not look
// after and who are no guests of the branch on its day: each of them is asked about in
// the queue of somebody else.
func checkStrangers(v *store.Snapshot, actor *access.Actor, m *ActivityInput, members []domain.Member) error {
	scope := actor.Scope(access.Record)
	var strangers []domain.MemberID
	for i := range members {
		if x := &members[i]; !actor.IsMember(x.ID) && !scope.Sees(x.ID, x.Home.Path) {
			strangers = append(strangers, x.ID)
		}
	}
	if len(strangers) <= maxStrangers {
		return nil
	}
	guests, err := v.Participants(scope, m.Org, m.On)
	if err != nil {
		return err
	}
	strangers = slices.DeleteFunc(strangers, func(id domain.MemberID) bool {
		return slices.ContainsFunc(guests, func(g domain.Member) bool { return g.ID == id })
	})
	if len(strangers) <= maxStrangers {
		return nil
	}
	return fault.New(fault.TooMany, "这次活动里有 %d 名别的支部、又没有登记在这里参加活动的党员，一次最多 %d 名",
		len(strangers), maxStrangers).WithHint("请他们自己的支部登记他们在这里参加活动，再记；或者由上级党组织来记")
}

// checkLine refuses a way to attend that there is not, and a day of 补课 that
// cannot be one.
func checkLine(l Line, on, today calendar.Day) error {
	switch {
	case !slices.Contains(domain.AttendanceStatuses(), l.Status):
		return fault.New(fault.Invalid, "没有“%s”这种出勤", l.Status).WithHint("写 到会、迟到、早退、请假、补课 或 缺席")
	case l.MadeUpOn == 0:
		return nil
	case l.Status != domain.MadeUp:
		return fault.New(fault.Invalid, "“%s”不写补课的日期", l.Status).WithHint("这一格留空")
	case l.MadeUpOn < on:
		return fault.New(fault.Invalid, "补课在 %s，比活动的 %s 还早", l.MadeUpOn, on).WithHint("写补课那一天")
	case l.MadeUpOn > today:
		return fault.New(fault.Invalid, "补课的 %s 还没有到", l.MadeUpOn).WithHint("补了课再记")
	}
	return nil
}
