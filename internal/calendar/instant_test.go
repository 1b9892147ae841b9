package calendar_test

import (
	"testing"
	"time"

	"jifen/internal/calendar"
)

func TestInstantsSortAsTextAndAreReadBack(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 1, 0, 30, 0, 7_000_000, time.FixedZone("UTC+8", 8*60*60))
	text := calendar.Instant(at)
	if text != "2026-05-31T16:30:00.007Z" {
		t.Errorf("%v is written %s", at, text)
	}
	if later := calendar.Instant(at.Add(time.Millisecond)); later <= text {
		t.Errorf("%s sorts before %s", later, text)
	}
	if back, err := calendar.ParseInstant(text); err != nil || !back.Equal(at) {
		t.Errorf("%s is read as %v, %v", text, back, err)
	}
	for _, bad := range []string{"", "2026-05-31", "2026-05-31T16:30:00Z+8"} {
		if _, err := calendar.ParseInstant(bad); err == nil {
			t.Errorf("%q is read as an instant", bad)
		}
	}
}
