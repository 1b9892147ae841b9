package domain_test

import (
	"testing"

	"jifen/internal/domain"
)

func TestNamesOfOrganisationsAreComparedInOneForm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b       string
		same, near bool
	}{
		{"东关社区（退休）党支部", "东关社区(退休) 党支部", true, true},
		{"东关社区第一党支部", "东关社区第1支部", true, true},
		{"东关社区第十二支部", "东关社区第１２党支部", true, true},
		{"东关社区第二十支部", "东关社区第20支部", true, true},
		{"东关社区第123支部", "东关社区第一百二十三支部", false, false},
		{"中共东关社区第一支部委员会", "东关社区第一党支部", true, true},
		{"潍州路街道东关社区第一党支部", "东关社区第一支部", false, true},
		{"东关社区第一党支部", "东关社区第二党支部", false, false},
		{"第一支部", "东关社区第一支部", false, false},
		{"东关", "西园", false, false},
	} {
		if got := domain.SameOrgName(c.a, c.b); got != c.same {
			t.Errorf("%s and %s are one: %v", c.a, c.b, got)
		}
		if got := domain.NearOrgName(c.a, c.b); got != c.near || domain.NearOrgName(c.b, c.a) != c.near {
			t.Errorf("%s and %s are near: %v", c.a, c.b, got)
		}
	}
}
