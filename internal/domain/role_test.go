package domain_test

import (
	"testing"

	"jifen/internal/domain"
)

func TestRolesAreStoredAsCodesAndShownByTitles(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range domain.Roles() {
		title := r.String()
		if title == string(r) || seen[title] {
			t.Errorf("%q is shown as %q", string(r), title)
		}
		seen[title] = true
		for _, text := range []string{title, string(r)} {
			if got := domain.ParseRole(text); got != r {
				t.Errorf("%q is read as %q, want %q", text, string(got), string(r))
			}
		}
	}
	if got := domain.ParseRole("书记"); got != "书记" || got.OverOrg() {
		t.Errorf("an unknown role is read as %q", string(got))
	}
}
