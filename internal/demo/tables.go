package demo

import (
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
)

// attributes returns the columns of the members' table that hold dated facts.
func attributes() []string {
	return []string{"出生日期", "人员类别", "处分", "豁免", "照顾", "流动", "职务", "就业"}
}

// fields returns the columns of the entries' table that hold recorded fields.
func fields() []string {
	return []string{"得分", "时长", "金额", "级别", "媒体报道", "事由"}
}

// Tables returns the street as three tables with a header row each: members
// (one row per member, then one per day on which facts changed), entries, and
// attendance (one row per member and activity).
func (s *Street) Tables() (members, entries, attendance [][]string) {
	return s.memberTable(), s.entryTable(), s.attendanceTable()
}

func (s *Street) memberTable() [][]string {
	head := []string{"编号", "姓名", "支部", "支部类型", "社区", "街道", "加入", "离开", "自"}
	facts := len(head)
	head = append(append(head, attributes()...), "党小组", "党员中心户", "参加支部")
	rows := [][]string{head}
	for i := range s.Members {
		m := &s.Members[i]
		row := make([]string, len(head))
		copy(row[2:], []string{
			string(m.Home[domain.Branch]), string(m.Kind), string(m.Home[domain.Community]), string(m.Home[domain.Street]),
			m.Joined.String(), m.Left.String(),
		})
		copy(row[facts+len(attributes()):], []string{string(m.Group), string(m.Hub), joined(m.Joins)})
		var day calendar.Day
		for _, f := range m.Facts {
			if f.From != day {
				rows = append(rows, row)
				row, day = make([]string, len(head)), f.From
				row[facts-1] = day.String()
			}
			row[0], row[1] = string(m.ID), m.Name
			row[facts+slices.Index(attributes(), f.Attribute)] = cell(f.Attribute, f.Value)
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *Street) entryTable() [][]string {
	head := append([]string{"编号", "党员", "项目", "日期", "分值"}, fields()...)
	rows := make([][]string, 0, len(s.Entries)+1)
	rows = append(rows, head)
	for i := range s.Entries {
		e := &s.Entries[i]
		row := make([]string, len(head))
		copy(row, []string{e.ID, string(e.Member), e.Item, e.On.String()})
		if e.Chosen {
			row[4] = e.Points.String()
		}
		for _, f := range e.Fields {
			row[5+slices.Index(fields(), f.Name)] = cell(f.Name, f.Value)
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *Street) attendanceTable() [][]string {
	n := 1
	for i := range s.Activities {
		n += len(s.Activities[i].Attendance)
	}
	rows := make([][]string, 0, n)
	rows = append(rows, []string{"活动", "名称", "组织", "种类", "日期", "党员", "出勤"})
	for i := range s.Activities {
		a := &s.Activities[i]
		title, on := a.Title(), a.On.String()
		for _, line := range a.Attendance {
			rows = append(rows, []string{a.ID, title, string(a.Org), a.Kind, on, string(line.Member), string(line.Status)})
		}
	}
	return rows
}

// cell writes a value as a person writes it into a sheet.
func cell(name string, v domain.Value) string {
	switch name {
	case "出生日期":
		return calendar.Day(v.Number).String()
	case "照顾", "流动", "媒体报道":
		if v.Number == 1 {
			return "是"
		}
		return "否"
	case "得分", "时长", "金额":
		return domain.Points(v.Number).String()
	default:
		return v.Text
	}
}

func joined(ids []domain.OrgID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = string(id)
	}
	return strings.Join(words, "、")
}
