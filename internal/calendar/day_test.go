package calendar

import "testing"

func TestADayIsScannedAsItIsStored(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stored any
		want   string
	}{{"2026-03-05", "2026-03-05"}, {"", ""}, {nil, ""}} {
		d := Forever
		if err := d.Scan(c.stored); err != nil || d != 0 && d.String() != c.want || d == 0 && c.want != "" {
			t.Errorf("%v: %d, %v, want %q", c.stored, d, err, c.want)
		}
	}
	var d Day
	if err := d.Scan("2026-02-30"); err == nil {
		t.Error("a day that is none was scanned")
	}
}
