package members

import (
	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// lockedResult holds how a member stood at the end of a period that is locked in the branch that
// was his home then.
type lockedResult struct {
	branch string
	period calendar.Period
	day    calendar.Day
	stands []standings.PeriodStatement
}

// lockedResults returns the results of a member that are locked and may become others by what
// begins on a day: what is recorded lasts, and reaches into later periods.
func (s *Recorder) lockedResults(v *store.Snapshot, m *domain.Member, from calendar.Day) ([]lockedResult, error) {
	items, err := v.History(access.System("what became of whom the actor changed"), m.ID)
	if err != nil {
		return nil, err
	}
	var out []lockedResult
	asked, today := map[domain.OrgID]bool{}, s.Today(v)
	for i := range items {
		x := &items[i]
		if x.Kind != domain.Home || x.OrgID == "" || asked[x.OrgID] {
			continue
		}
		asked[x.OrgID] = true
		keys, err := v.LockedPeriods(x.OrgID)
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			p, err := calendar.ParsePeriod(key)
			if err != nil || p.Last < from { // or of a row that was tampered with
				continue
			}
			r := lockedResult{branch: x.Org, period: p, day: min(p.Last, today)}
			then := *m
			if err := v.HomeOn(&then, r.day); err != nil {
				return nil, err
			}
			if then.Home.ID != x.OrgID {
				continue
			}
			if r.stands, err = s.standings.Statements(v, m, r.day, r.day); err != nil {
				return nil, err
			}
			out = append(out, r)
		}
	}
	return out, nil
}

// keepLocked refuses what makes a locked result another one.
func (s *Recorder) keepLocked(v *store.Snapshot, m *domain.Member, locked []lockedResult) error {
	for i := range locked {
		r := &locked[i]
		now, err := s.standings.Statements(v, m, r.day, r.day)
		if err != nil {
			return err
		}
		if len(standings.Consequences(r.stands, now)) > 0 {
			return fault.New(fault.Forbidden, "这样登记，%s 在“%s”已经锁定的%s的结果也会变，不能登记", m.Name, r.branch, r.period.Label()).
				WithHint("从锁定以后的一天起登记；要补改，请街道党工委重开这一期")
		}
	}
	return nil
}
