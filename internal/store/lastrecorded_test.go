package store

import (
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
)

// TestLastRecordedLooksAtWhenItWasPutIn: of each branch the day of the latest entry
// or activity that counts. A claim counts from the step that leaves nobody to ask; what
// was reversed and an activity of which every line was taken back do not; members
// who move leave behind what was recorded of them; a scope sees its own.
func TestLastRecordedLooksAtWhenItWasPutIn(t *testing.T) {
	t.Parallel()
	s := correct(t)
	says := func(when string, scope access.Scope, east, west string) {
		t.Helper()
		read(t, s.db, func(v *Snapshot) error {
			last, err := v.LastRecorded(scope, "")
			for id, want := range map[domain.OrgID]string{s.east.ID: east, s.west.ID: west, s.street.ID: ""} {
				got := ""
				if day, ok := last[id]; ok {
					got = day.String()
				}
				if got != want {
					t.Errorf("%s: %s last recorded on %q, want %q", when, id, got, want)
				}
			}
			return err
		})
	}
	days := func(n int) string { return noon().Add(time.Duration(n) * 24 * time.Hour).Format(time.DateOnly) }
	first := days(0)
	says("what the town has", everybody, first, first)
	says("nobody", access.Scope{}, "", "")
	east := s.secretary(s.east).Scope(access.SeeMembers)
	says("the east", east, first, "")

	s.hours.Store(48)
	s.post(t, "P1", domain.NewEntry{Entry: domain.Entry{Item: "表彰", On: on("2026-03-05")}, Route: domain.Route{"社区党委"}})
	says("a claim that waits", everybody, first, first)
	s.decide(t, 4, domain.RequestStep{Kind: domain.StepAccept, Organs: []string{"社区党委"}})
	says("agreed to", everybody, days(2), first)
	s.later(t, func(tx *Tx) error {
		return tx.InsertAffiliation(domain.Affiliation{Member: "P1", Kind: "home", Org: s.west.ID, From: on("2026-03-06")}, 0)
	})
	says("he moves", everybody, days(2), first)
	s.reverse(t, others+1, "记错了")
	says("reversed", everybody, first, first)
	s.reverse(t, again, "记错了")
	s.reverse(t, plain, "记错了")
	says("all that the east had", everybody, "", first)
	s.reverse(t, others, "记错了")
	says("the west has an activity yet", everybody, "", first)
	s.attend(t, domain.AttendanceInput{Status: domain.AttendanceReversed, Reason: "没有开"})
	says("taken back", everybody, "", "")
}
