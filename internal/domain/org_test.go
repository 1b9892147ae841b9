package domain_test

import (
	"testing"

	"jifen/internal/domain"
)

func TestAncestorsCountFromTheBranch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		branch string
		level  domain.Level
		want   string
	}{
		{"1.3.12.", domain.Branch, "1.3.12."},
		{"1.3.12.", domain.Community, "1.3."},
		{"1.3.12.", domain.Street, "1."},
		{"1.3.12.", domain.District, ""},
		{"1.2.3.12.", domain.Community, "1.2.3."},
		{"1.2.3.12.", domain.Street, "1.2."},
		{"1.2.3.12.", domain.District, "1."},
		{"", domain.Branch, ""},
		{"", domain.Street, ""},
	} {
		if got := domain.Ancestor(c.branch, c.level); got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.level, c.branch, got, c.want)
		}
	}
}

func TestADistrictIsNoLevelOfRules(t *testing.T) {
	t.Parallel()
	if _, ok := domain.LevelOf("区"); ok {
		t.Error("members are not ranked in a district")
	}
	for level := domain.Branch; level <= domain.District; level++ {
		if got, ok := domain.OrgLevelOf(level.String()); !ok || got != level {
			t.Errorf("%s is %s, %v", level, got, ok)
		}
	}
	if _, ok := domain.OrgLevelOf("市"); ok {
		t.Error("a level that there is not")
	}
}
