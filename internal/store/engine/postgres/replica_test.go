package postgres

import (
	"database/sql"
	"testing"
	"time"

	"jifen/internal/fault"
)

// TestALateReplicaIsNotReadFrom judges replicas by how they stand beside their primary.
func TestALateReplicaIsNotReadFrom(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) sql.NullTime { return sql.NullTime{Time: now.Add(-d), Valid: true} }
	there := standing{System: "1", Base: 5, At: 100_000, Timeline: 3, Now: now}
	for name, c := range map[string]struct {
		here   standing
		caught time.Time
		used   bool
		lag    time.Duration
		bytes  int64
	}{
		"it has all": {standing{At: 100_000, ReplayedAt: ago(time.Hour)}, time.Time{}, true, 0, 0},
		"two seconds late": {standing{At: 99_000, ReplayedAt: ago(2 * time.Second)}, time.Time{}, true,
			2 * time.Second, 1000},
		"31 seconds late": {standing{At: 99_000, ReplayedAt: ago(31 * time.Second)}, time.Time{}, false,
			31 * time.Second, 1000},
		"the first after a night": {standing{At: 99_000, ReplayedAt: ago(9 * time.Hour)}, now.Add(-time.Second), true,
			time.Second, 1000},
		"just started":            {standing{At: 99_000}, time.Time{}, false, 0, 1000},
		"started, and once there": {standing{At: 99_000}, now.Add(-time.Second), true, time.Second, 1000},
		"paused since it was there": {standing{At: 99_000, ReplayedAt: ago(time.Hour)}, now.Add(-time.Minute), false,
			time.Minute, 1000},
	} {
		here := c.here
		here.System, here.Base, here.Standby, here.Timeline, here.Now = "1", 5, true, 3, now
		s := sight{primary: there.position(), caught: c.caught}
		s.judge("r", &there, &here)
		if (s.why == nil) != c.used || s.lag != c.lag || s.bytes != c.bytes {
			t.Errorf("%s: %v, %v and %d bytes late; want it used: %t, %v and %d", name, s.why, s.lag, s.bytes, c.used, c.lag,
				c.bytes)
		}
	}
	for name, c := range map[string]struct {
		change func(there, here *standing)
		code   fault.Code
	}{
		"another cluster":                {func(_, here *standing) { here.System = "2" }, fault.Invalid},
		"another database of it":         {func(_, here *standing) { here.Base = 6 }, fault.Invalid},
		"a primary":                      {func(_, here *standing) { here.Standby = false }, fault.Unavailable},
		"of the time before a promotion": {func(_, here *standing) { here.Timeline = 2 }, fault.Unavailable},
		"of a primary that is none":      {func(there, _ *standing) { there.Standby = true }, fault.Unavailable},
	} {
		first := there
		here := standing{System: "1", Base: 5, Standby: true, At: 100_000, Timeline: 3, Now: now, ReplayedAt: ago(0)}
		c.change(&first, &here)
		var s sight
		if s.judge("r", &first, &here); fault.CodeOf(s.why) != c.code {
			t.Errorf("%s: %v, want %s", name, s.why, c.code)
		}
	}
}

// TestAPositionAtTheHeadOfAPageIsTheEndBefore: nothing is replayed to the end of an
// empty page's head.
func TestAPositionAtTheHeadOfAPageIsTheEndBefore(t *testing.T) {
	t.Parallel()
	for at, want := range map[int64]uint64{8192: 8192, 8192 + 24: 8192, 8192 + 40: 8192, 8192 + 48: 8192 + 48,
		8191: 8191} {
		s := standing{At: at, Timeline: 1}
		if got := s.position().At; got != want {
			t.Errorf("position of %d is %d, want %d", at, got, want)
		}
	}
}
