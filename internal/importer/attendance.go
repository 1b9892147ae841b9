package importer

import (
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
)

// attendance is the table of attendance while it is read.
type attendance struct {
	*source
	register *register
	kind     ruleset.Attribute   // 种类
	held     map[string]activity // by 活动
	present  map[attendee]int    // lines
}

// activity holds what the first row of an activity stated.
type activity struct {
	on   calendar.Day
	kind string
	line int
}

// attendee is one member in one activity.
type attendee struct {
	activity string
	record   *domain.MemberHistory
}

func newAttendance(r *register, table *spreadsheet.Table, out *findings) *attendance {
	a := &attendance{
		source: newSource(table, out), register: r,
		kind: ruleset.Attribute{Name: kindColumn, Type: ruleset.Options},
		held: map[string]activity{}, present: make(map[attendee]int, len(table.Rows)),
	}
	a.also = attendanceSynonyms()
	for _, b := range r.files.Books() {
		for _, g := range b.Groups {
			for _, kind := range g.Kinds {
				if !slices.Contains(a.kind.Options, kind) {
					a.kind.Options = append(a.kind.Options, kind)
				}
			}
		}
	}
	return a
}

func (a *attendance) read() {
	if len(a.kind.Options) == 0 {
		a.fail("", "这份办法没有列出“活动”，不看出勤", "不用出勤表；要看出勤，先在办法里写“活动”")
		return
	}
	if a.headings([]string{"活动", "种类", "日期", "党员", "出勤"}, []string{"名称", "组织", "姓名"}, nil) {
		a.eachRow(a.row)
	}
}

func (a *attendance) row() {
	line := domain.Attendance{Activity: a.must("活动")}
	line.Kind = a.choice("种类", &a.kind)
	line.On, _ = a.mustDay("日期")
	rec := a.register.member(a.source)
	line.Status = a.attended()
	if line.Activity == "" {
		return
	}
	a.consistent(&line)
	if rec == nil {
		return
	}
	p := attendee{line.Activity, rec}
	if first, twice := a.present[p]; twice {
		a.fail("党员", "活动“"+fault.Quote(line.Activity)+"”里，“"+fault.Quote(string(rec.Member.ID))+"”在第 "+
			strconv.Itoa(first)+" 行已经记过",
			"一次活动一人只记一行；是另一次活动就换一个活动编号")
	}
	a.present[p] = a.line
	rec.Attendance = append(rec.Attendance, line)
}

// attended reads how somebody attended; "" after a problem.
func (s *source) attended() domain.AttendanceStatus {
	_, err := Status("")
	if s.lacks(statusColumn, fault.From(err).Hint) {
		return ""
	}
	status, err := Status(s.cell(statusColumn))
	if err != nil {
		s.refuse(statusColumn, err)
	}
	return status
}

// consistent makes sure that an activity has one day and one kind.
func (a *attendance) consistent(line *domain.Attendance) {
	m, again := a.held[line.Activity]
	if !again {
		a.held[line.Activity] = activity{line.On, line.Kind, a.line}
		return
	}
	first := "活动“" + fault.Quote(line.Activity) + "”在第 " + strconv.Itoa(m.line) + " 行"
	const advice = "改成一致；是另一次活动就换一个活动编号"
	if line.Kind != "" && m.kind != "" && line.Kind != m.kind {
		a.fail("种类", first+"是“"+fault.Quote(m.kind)+"”", advice)
	}
	if line.On != 0 && m.on != 0 && line.On != m.on {
		a.fail("日期", first+"是 "+m.on.String(), advice)
	}
}
