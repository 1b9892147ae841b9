package machine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/machine"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
)

// seenBy returns whose streets stand in the lines that somebody sees, how many of them, and
// whom they name.
func seenBy(t *testing.T, s *machine.Service, who *access.Actor, q machine.TrailQuery) (out []string) {
	t.Helper()
	list, err := s.Trail(t.Context(), who, q, 100)
	expect.NoError(t, "the trail", err)
	for i := range list.Lines {
		l := &list.Lines[i]
		out = append(out, fmt.Sprint(l.Action, " ", l.Name, " ", list.Orgs[l.Org], " ", l.Member, " ", l.Count))
	}
	slices.Sort(out)
	return out
}

// TestAnAuditorOfAStreetSeesItsTrailAlone: its lines, those of its accounts, its months, and
// exports no other; a member of another street who stands in one of its lines is not named.
func TestAnAuditorOfAStreetSeesItsTrailAlone(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	s := machine.New(town.DB, testkit.Zone())
	ours, theirs := town.AuditorOf(t, "ours", &town.Street), town.AuditorOf(t, "theirs", &town.Neighbours.Street)
	record := func(by *access.Actor, action audit.Action, what audit.What) {
		t.Helper()
		expect.NoError(t, string(action), town.DB.Write(t.Context(), func(tx *store.Tx) error {
			return audit.Record(tx, by, action, what)
		}))
	}
	record(town.Clerk, audit.ReadMember, audit.What{Org: town.East.ID, Member: "E2"})
	record(town.Clerk, audit.Denied, audit.What{Org: town.East.ID, Member: "N1"})
	record(town.Neighbours.Clerk, audit.ReadMember, audit.What{Org: town.Neighbours.Branch.ID, Member: "N1"})
	record(town.Clerk, audit.SignedOut, audit.What{})
	record(town.Admin, audit.SignedOut, audit.What{})
	expect.Equal(t, "of the street", fmt.Sprint(seenBy(t, s, ours, machine.TrailQuery{})), fmt.Sprint([]string{
		"查看个人明细 clerk 东支部 E2 1", "被拒绝 clerk 东支部  1", "退出 clerk   0"}))
	expect.Equal(t, "of the other", fmt.Sprint(seenBy(t, s, theirs, machine.TrailQuery{})), fmt.Sprint([]string{
		"查看个人明细 neighbour 邻支部 N1 1"}))
	expect.Equal(t, "of the other about one of ours",
		len(seenBy(t, s, theirs, machine.TrailQuery{About: "E2"})), 0)
	expect.Equal(t, "of both, and of none", len(seenBy(t, s, town.Auditor, machine.TrailQuery{})), 5)
	for who, streets := range map[*access.Actor]string{ours: "[示例街道]", theirs: "[邻街道]",
		town.Auditor: "[ 示例街道 邻街道]"} {
		months, err := s.Months(t.Context(), who)
		expect.NoError(t, "the months", err)
		var names []string
		for i := range months {
			names = append(names, months[i].Name)
		}
		slices.Sort(names)
		expect.Equal(t, "the months of "+who.Name, fmt.Sprint(names), streets)
	}
	file, err := s.ExportTrail(t.Context(), theirs, machine.TrailQuery{})
	expect.NoError(t, "the export", err)
	expect.Len(t, "the lines of the file", file.Rows, 1)
	expect.Equal(t, "who is told of it", fmt.Sprint(seenBy(t, s, theirs, machine.TrailQuery{Action: "导出审计"})),
		"[导出审计 theirs   0]")
	expect.Equal(t, "who is not", len(seenBy(t, s, ours, machine.TrailQuery{Action: "导出审计"})), 0)
}

// TestAnAuditorOfAStreetAsksForItsMonthsAlone to be dropped.
func TestAnAuditorOfAStreetAsksForItsMonthsAlone(t *testing.T) {
	t.Parallel()
	town := testkit.NewInDistrict(t)
	s := machine.New(town.DB, testkit.Zone())
	ours := town.AuditorOf(t, "ours", &town.Street)
	for range 2 {
		expect.NoError(t, "a line of each", town.DB.Write(t.Context(), func(tx *store.Tx) error {
			for _, org := range []domain.OrgID{town.Street.ID, town.Neighbours.Street.ID, ""} {
				if err := audit.Record(tx, town.Admin, audit.ChangedOrg, audit.What{Org: org}); err != nil {
					return err
				}
			}
			return nil
		}))
		town.Later(220 * 24 * time.Hour)
	}
	sign := func(*domain.TrailMonth, time.Time) (string, error) { return "signed", nil }
	for _, street := range []domain.OrgID{town.Neighbours.Street.ID, ""} {
		_, err := s.DropMonth(t.Context(), ours, town.Security, street, "2026-06", sign)
		expect.Fault(t, err, fault.NotFound)
	}
	_, err := s.DropMonth(t.Context(), ours, town.Security, town.Street.ID, "2026-06", sign)
	expect.NoError(t, "his own street's", err)
}

// TestWhoSeesNoTrail: neither who keeps machine or accounts nor who is over points, whatever he
// asks.
func TestWhoSeesNoTrail(t *testing.T) {
	t.Parallel()
	town := testkit.New(t)
	s := machine.New(town.DB, testkit.Zone())
	for _, who := range []*access.Actor{town.Admin, town.Security, town.Clerk, town.Community, town.Secretary,
		town.Recorder, town.Officer, town.Member, nil} {
		_, err := s.Trail(t.Context(), who, machine.TrailQuery{}, 10)
		expect.Fault(t, err, fault.Forbidden)
		_, err = s.ExportTrail(t.Context(), who, machine.TrailQuery{})
		expect.Fault(t, err, fault.Forbidden)
		expect.NoError(t, "the lines", town.DB.Read(t.Context(), func(v *store.Snapshot) error {
			list, err := audit.Lines(v, who, domain.AuditFilter{}, 10)
			expect.Len(t, "the lines of "+who.Roles(), list, 0)
			return err
		}))
	}
}
