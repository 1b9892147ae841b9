// Package importer turns tables into records (党员记录) under the rule files of one
// scheme: who the members are, where they are and what is known of them from
// which day on, what was logged for them, and how they attended. It also reads
// registers of members (党员名册) as they come from elsewhere; who of them is there
// already is asked by those who keep members.
//
// Nothing doubtful becomes a record. Every mistake is reported with file, row
// and column, and with any mistake there is no roll at all: points over half a
// table would look like points.
package importer

import (
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleversions"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
)

// Limits on what people write; every one is far above a real street.
const (
	maxMembers  = 1_000_000
	maxWord     = 100 // characters of an id or a name
	maxProblems = 200 // the rest is counted
)

// Roll is the register of members (名册) with everything recorded of each.
type Roll struct {
	Records    []*domain.MemberHistory // in the order in which the table introduces them
	files      *ruleversions.Versions
	residences map[domain.MemberID][]ruleversions.Residence
}

// Texts returns what holds for a member of the roll, one after the other.
func (r *Roll) Texts(id domain.MemberID) *scoring.Texts { return r.files.Texts(r.residences[id]) }

// SettleOn puts every member where he is on a day, which is where he is ranked.
func (r *Roll) SettleOn(day calendar.Day) {
	for _, rec := range r.Records {
		residence := ruleversions.On(r.residences[rec.Member.ID], day)
		rec.Member.Home, rec.Member.Kind = residence.Home, residence.Kind
	}
}

// Find returns the member with an id (编号) or else every member of that name.
func (r *Roll) Find(who string) []*domain.MemberHistory {
	var named []*domain.MemberHistory
	for _, rec := range r.Records {
		if string(rec.Member.ID) == who {
			return []*domain.MemberHistory{rec}
		}
		if rec.Member.Name == who {
			named = append(named, rec)
		}
	}
	return named
}

// InBranch returns the members whose home branch (支部) is the one named.
func (r *Roll) InBranch(branch string) []*domain.MemberHistory {
	var home []*domain.MemberHistory
	for _, rec := range r.Records {
		if string(rec.Member.Home[domain.Branch]) == branch {
			home = append(home, rec)
		}
	}
	return home
}

// Read makes a Roll of the tables of members, entries (记录) and attendance
// (出勤); the latter two may be nil. Headings are Chinese, as the example street
// writes them. With any Problem the Roll is nil; problems come in the order of
// members, entries, attendance, by row.
func Read(files *ruleversions.Versions, members, entries, attendance *spreadsheet.Table) (*Roll, []Problem) {
	return read(files, members, entries, attendance, maxMembers)
}

func read(files *ruleversions.Versions, members, entries, attendance *spreadsheet.Table, most int) (*Roll, []Problem) {
	if members == nil {
		return nil, []Problem{{Message: "没有党员表", Advice: "给出写有 编号、姓名、支部 的表"}}
	}
	out := &findings{}
	reg := newRegister(files, members, out)
	reg.read(most)
	if entries != nil {
		newEntries(reg, entries, out).read()
	}
	if attendance != nil {
		newAttendance(reg, attendance, out).read()
	}
	if problems := out.all(); len(problems) > 0 {
		return nil, problems
	}
	return &Roll{Records: reg.records, files: files, residences: reg.residences}, nil
}
