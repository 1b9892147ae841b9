package store

import (
	"strings"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/testkit/expect"
)

func TestTakenBackIsWhatHadBeenTakenBackByThen(t *testing.T) {
	t.Parallel()
	s := correct(t)
	back := func(known int, by calendar.Day, n int) string {
		t.Helper()
		var words []string
		read(t, s.db, func(v *Snapshot) error {
			if known > 0 {
				v = v.KnownBy(noon().Add(time.Duration(known) * time.Hour))
			}
			list, err := v.TakenBack(everybody, "P1", by, n)
			for _, b := range list {
				if b.ByName != "示例干事" || b.At < hour(12) {
					t.Errorf("%+v", b)
				}
				words = append(words, strings.TrimSpace(b.Record.String()+" "+b.What+" "+b.On.String()+" "+b.Reason))
			}
			return err
		})
		return strings.Join(words, ", ")
	}
	end := on("2026-12-31")
	if got := back(0, end, 9); got != "" {
		t.Errorf("before anything was: %s", got)
	}
	last := int(s.hours.Load())
	s.reverse(t, again, "重复录入")
	s.attend(t, domain.AttendanceInput{Status: domain.AttendanceReversed})
	s.reverse(t, plain, "记错了人")
	const first, second, third = "entry.2 表彰 2026-03-01 重复录入", "activity.1 党课 2026-03-03", "entry.3 好事 2026-03-02 记错了人"
	for _, c := range []struct {
		known int
		by    calendar.Day
		n     int
		want  string
	}{
		{0, end, 9, third + ", " + second + ", " + first}, {0, end, 2, third + ", " + second},
		{0, on("2026-03-02"), 9, third + ", " + first}, {0, on("2026-02-28"), 9, ""},
		{last, end, 9, ""}, {last + 1, end, 9, first}, {last + 2, end, 9, second + ", " + first},
		{last + 3, end, 9, third + ", " + second + ", " + first},
	} {
		if got := back(c.known, c.by, c.n); got != c.want {
			t.Errorf("known by %d, of days to %s, %d of them: %s", c.known-last, c.by, c.n, got)
		}
	}
	// Attendance that was recorded again afterwards counts, and is not listed.
	s.attend(t, domain.AttendanceInput{Status: "到会"})
	expect.Equal(t, "back", back(0, end, 9), third+", "+first)
	if got := back(last+3, end, 9); !strings.Contains(got, second) {
		t.Errorf("as it was known: %s", got)
	}
}

func TestRecordIDsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]domain.SourceID{"entry.31": {Entry: 31}, "activity.2428": {Activity: 2428}} {
		if got, err := domain.ParseSourceID(text); err != nil || got != want || got.String() != text {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "entry", "entry.", "entry.0", "entry.-1", "entry.031", "entry.1.2", "attendance.1",
		"activity.x", "31", ".31", "entry.99999999999999999999"} {
		if got, err := domain.ParseSourceID(text); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	if (domain.SourceID{}).String() != "" {
		t.Error("none has a name")
	}
}
