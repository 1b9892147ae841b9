package demo

import "jifen/internal/domain"

// Records returns what the engine is told of each member, in order of their
// ids: the same as the tables say.
func (s *Street) Records() []domain.MemberHistory {
	out := make([]domain.MemberHistory, len(s.Members))
	at := make(map[domain.MemberID]int, len(s.Members))
	for i := range s.Members {
		m := &s.Members[i]
		out[i] = domain.MemberHistory{Member: m.Membership, Facts: m.Facts}
		at[m.ID] = i
	}
	for i := range s.Entries {
		r := &out[at[s.Entries[i].Member]]
		r.Entries = append(r.Entries, s.Entries[i].Entry)
	}
	for i := range s.Activities {
		a := &s.Activities[i]
		for _, line := range a.Attendance {
			r := &out[at[line.Member]]
			r.Attendance = append(r.Attendance, domain.Attendance{Activity: a.ID, Kind: a.Kind, On: a.On, Status: line.Status})
		}
	}
	return out
}
