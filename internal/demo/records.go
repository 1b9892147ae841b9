package demo

import "jifen/internal/party"

// Records returns what the engine is told of each member, in order of their
// ids: the same as the tables say.
func (s *Street) Records() []party.Record {
	out := make([]party.Record, len(s.Members))
	at := make(map[party.MemberID]int, len(s.Members))
	for i := range s.Members {
		m := &s.Members[i]
		out[i] = party.Record{Member: m.Member, Facts: m.Facts}
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
			r.Attendance = append(r.Attendance, party.Attendance{Activity: a.ID, Kind: a.Kind, On: a.On, Status: line.Status})
		}
	}
	return out
}
