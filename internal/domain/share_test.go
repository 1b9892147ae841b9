package domain

import "testing"

func TestSharesAreExact(t *testing.T) {
	t.Parallel()
	third, _ := ShareOf(1, 3)
	tenth, _ := ShareOf(10_00, 100_00)
	if third.String() != "1/3" || tenth.String() != "10%" || tenth != (Share{1, 10}) {
		t.Error(third, tenth)
	}
	sum := Share{}
	for range 3 {
		var ok bool
		if sum, ok = sum.Plus(third); !ok {
			t.Fatal("three thirds are too much")
		}
	}
	if sum != (Share{1, 1}) || sum.String() != "100%" {
		t.Error(sum)
	}
	if _, ok := sum.Plus(tenth); ok {
		t.Error("more than the whole is taken")
	}
	if !third.Above(33_33, 100_00) || third.Above(1, 3) {
		t.Error("a third is more than 33.33 % and not more than a third")
	}
	for _, bad := range [][2]int64{{0, 3}, {-1, 3}, {4, 3}, {1, 0}, {1, 1_000_001}} {
		if s, ok := ShareOf(bad[0], bad[1]); ok {
			t.Errorf("%v is taken as %v", bad, s)
		}
	}
	fine, _ := ShareOf(1, 999_983)
	if _, ok := fine.Plus(third); ok {
		t.Error("a sum too fine is taken")
	}
}
