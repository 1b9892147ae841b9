package importer

import (
	"cmp"
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleversions"
)

// readMove reads where a member is from a day on; an empty cell says nothing. What
// is above a branch may be left out where another row says it.
func (r *register) readMove(m *domain.Membership, from calendar.Day) {
	home := r.home()
	branch, community, street := home[domain.Branch], home[domain.Community], home[domain.Street]
	kind := domain.BranchKind("")
	if r.cell("支部类型") != "" {
		kind = domain.BranchKind(r.choice("支部类型", &r.kind))
	}
	if branch == "" && community == "" && street == "" && kind == "" {
		return
	}
	there := domain.Membership{Home: home, Kind: kind}
	if branch == "" {
		there.Home[domain.Branch] = m.Home[domain.Branch]
	}
	r.checkHome(&there)
	r.residences[m.ID] = append(r.residences[m.ID], ruleversions.Residence{From: from, Home: there.Home, Kind: there.Kind})
}

// completeHomes puts the residences of every member in order and fills in, once all rows
// are read, what is above a branch and of which kind it is.
func (r *register) completeHomes() {
	for i, rec := range r.records {
		residences := r.residences[rec.Member.ID]
		slices.SortStableFunc(residences, func(a, b ruleversions.Residence) int { return cmp.Compare(a.From, b.From) })
		for k := 1; k < len(residences); k++ {
			s, before := &residences[k], &residences[k-1]
			r.line = r.changes[change{i, s.From}]
			kind := domain.OrgID(s.Kind)
			r.fillHome("支部类型", orgProperty{domain.Branch, s.Home[domain.Branch], "支部类型"}, &kind, domain.OrgID(before.Kind),
				before)
			s.Kind = domain.BranchKind(kind)
			r.fillHome("社区", orgProperty{domain.Branch, s.Home[domain.Branch], "社区"}, &s.Home[domain.Community],
				before.Home[domain.Community], before)
			r.fillHome("街道", orgProperty{domain.Community, s.Home[domain.Community], "街道"}, &s.Home[domain.Street],
				before.Home[domain.Street], before)
		}
	}
}

// fillHome takes an empty cell from what other rows say of the same organisation,
// or from before if the member is still in it.
func (r *register) fillHome(column string, about orgProperty, cell *domain.OrgID, was domain.OrgID,
	before *ruleversions.Residence) {
	if *cell != "" || was == "" {
		return
	}
	if told, ok := r.seats[about]; ok {
		*cell = domain.OrgID(told.value)
		return
	}
	if about.org == before.Home[about.level] {
		*cell = was
		return
	}
	r.fail(column, "不知道“"+fault.Quote(string(about.org))+"”的"+column, "支部变了，这一行的“"+column+"”也要填")
}

// readReturn reads 加入 and 离开 of a further row: who had left came back, and may
// have left again. Whoever did not leave has nothing to say there.
func (r *register) readReturn(i int, from calendar.Day) {
	m := &r.records[i].Member
	joined, ok := r.day("加入")
	left, fine := r.day("离开")
	if !ok || !fine {
		return
	}
	first := strconv.Itoa(r.lines[i])
	if joined == 0 || joined == m.Joined {
		if left != 0 && left != m.Left {
			r.fail("离开", "这里的“离开”与前面的行不同", "离开的日子写在第 "+first+" 行；又回来的，另起一行写“加入”")
		}
		return
	}
	switch {
	case m.Left == 0:
		r.fail("加入", "这里的“加入”与第 "+first+" 行不同", "离开过又回来的，先在前面的行写“离开”的日子")
	case joined < m.Left:
		r.fail("加入", "回来的日子（"+joined.String()+"）比离开的日子（"+m.Left.String()+"）还早", "查一查这两个日期；几次离开、回来的，按先后写")
	case joined != from:
		r.fail("加入", "“加入”和“自”不是同一天", "回来的那一行，两格写同一天")
	case left != 0 && left < joined:
		r.fail("离开", "离开的日子（"+left.String()+"）比加入的日子（"+joined.String()+"）还早", "查一查这两个日期")
	default:
		m.Away = append(m.Away, domain.Absence{From: m.Left, Back: joined})
		m.Left = left
	}
}
