package scoring_test

import "testing"

// TestNoAlertOfAWindowThatEndedBeforeHeWasRecorded: whoever is taken in with a day of months
// ago is asked about from the first window that was still open then.
func TestNoAlertOfAWindowThatEndedBeforeHeWasRecorded(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"预警": `{久: {每: 月, 当: 加分次数 == 0, 连续: {2: 提醒, 3: 警示}, 建议: 谈心, 负责: 支部书记, 限期: 7天}}`})
	r := someone(t, rb)
	r.Member.Joined = day("2025-12-01")
	for recorded, want := range map[string]string{
		"2025-12-01": "久 2026-01-31 2 提醒; 久 2026-02-28 3 警示; 久 2026-03-31 4 警示",
		"2026-01-31": "久 2026-02-28 2 提醒; 久 2026-03-31 3 警示",
		"2026-02-01": "久 2026-03-31 2 提醒",
		"2026-03-31": "",
	} {
		r.Member.Recorded = day(recorded)
		if got := alerts(scored(rb, r, "2026-03-31")); got != want {
			t.Errorf("recorded on %s: got %s, want %s", recorded, got, want)
		}
	}
}
