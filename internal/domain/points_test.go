package domain

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPointsPrintAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := Points(rapid.Int64Range(-1_000_000_00, 1_000_000_00).Draw(t, "p"))
		n, ok := ParseHundredths(p.String())
		if !ok || Points(n) != p {
			t.Fatalf("%d prints as %s, which reads as %d, %v", p, p, n, ok)
		}
	})
}

func TestParseHundredthsRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "-", ".5", "5.", "1.234", "+1", "1e3", "010", "1,000", "１", "0x1", " 1", "1234567890",
		"--1", "1.2.3", "1_0"} {
		if n, ok := ParseHundredths(s); ok {
			t.Errorf("%q read as %d", s, n)
		}
	}
	for s, want := range map[string]int64{"0": 0, "0.5": 50, "-0.05": -5, "80": 8000, "123456789.99": 12345678999} {
		if n, ok := ParseHundredths(s); !ok || n != want {
			t.Errorf("%q read as %d, %v; want %d", s, n, ok, want)
		}
	}
}

func TestLeavesAddUp(t *testing.T) {
	t.Parallel()
	l := Line{Value: 9, Children: []Line{{Value: 4}, {Value: 5, Children: []Line{{Value: 7}, {Value: -2}}}}}
	if got := l.Leaves(); got != 9 {
		t.Fatalf("leaves add up to %d", got)
	}
	if p := Points(-250); p.String() != "-2.5" || p.Signed() != "-2.5" || Points(5).Signed() != "+0.05" {
		t.Fatal(p.String(), p.Signed())
	}
}
