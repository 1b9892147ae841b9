package web_test

import (
	"net/url"
	"testing"

	"jifen/internal/testkit"
	"jifen/internal/testkit/pgtest"
)

// TestABrowserSeesWhatItWroteWhileTheReplicaIsLate stops a replica from replaying: the
// cookie brings whoever wrote to the primary, another browser is shown an older instant,
// and the pages for machines say how the replica stands.
func TestABrowserSeesWhatItWroteWhileTheReplicaIsLate(t *testing.T) {
	t.Parallel()
	primary := pgtest.NewCluster(t, "")
	kit := testkit.At(t, primary.Database("town"))
	replica := pgtest.NewReplica(t, primary)
	w := openWith(t, kit.Reading(t, replica.Address("owner", "town")))
	clerk, second, admin := w.visit(t, "clerk"), w.visit(t, "second"), w.visit(t, "admin")
	testkit.Follow(t, w.Town, replica, primary)
	answered := func(path string, by *visitor, replicas bool, words ...string) {
		t.Helper()
		before := w.DB.Stats().Replica.Answered
		by.opens(path).Shows(words...)
		if got := w.DB.Stats().Replica.Answered > before; got != replicas {
			t.Errorf("%s: answered by the replica: %t, want %t", path, got, replicas)
		}
	}
	answered("/members/E2", clerk, true, "80")
	answered("/members/E2", second, true, "80")

	replica.Run("town", "SELECT pg_wal_replay_pause()")
	form := url.Values{"member": {"E2"}, "item": {"酌情"}, "day": {"2026-05-20"}, "points": {"-2.5"}, "do": {"save"},
		"key": {"1"}, "branch": {string(w.East.ID)}}
	clerk.sends("/entries", form).LeadsTo("/entries/new?branch=" + string(w.East.ID)).Must()
	answered("/members/E2", clerk, false, "77.5")
	answered("/members/E2", second, true, "80")
	answered("/health", admin, true, "只读副本", "落后")
	w.visit(t, "").opens("/readyz").Shows("ok", "副本落后")

	replica.Stop()
	w.DB.LookAtReplica(t.Context())
	answered("/members/E2", second, false, "77.5")
	answered("/health", admin, false, "连不上副本")
	w.visit(t, "").opens("/readyz").Shows("ok", "副本没有用")
}
