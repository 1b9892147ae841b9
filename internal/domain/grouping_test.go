package domain_test

import (
	"slices"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/testkit/expect"
)

func TestNamesOfGroupsAreReadWithCare(t *testing.T) {
	for text, want := range map[string]string{
		" 第一小组 ": "第一小组", "3号楼党小组": "3号楼党小组", "无": "无",
		"": "", "一组、二组": "", "一组/二组": "", strings.Repeat("组", 21): "", "一\u200b组": "",
	} {
		got, err := domain.ParseGroupName(domain.Group, text)
		expect.Equal(t, text+" is read as", got, want)
		expect.Equal(t, text+" is refused", err != nil, want == "")
	}
}

func TestNearNamesOfGroups(t *testing.T) {
	for _, c := range []struct {
		a, b string
		near bool
	}{
		{"第一小组", "第1小组", true}, {"第一小组", "一组", true}, {"第一党小组", "第一小组", true}, {"第一小组", "第一小组", true},
		{"3号楼", "3号楼党小组", true}, {"幸福里3号楼党小组", "三号楼党小组", true}, {"1号党员中心户", "一号中心户", true},
		{"第一小组", "第二小组", false}, {"一组", "十一组", false}, {"3号楼", "13号楼", false}, {"三号楼党小组", "十三号楼党小组", false},
		{"东院", "西院", false}, {"红旗小组", "旗小组", false},
	} {
		expect.Equal(t, c.a+" is near "+c.b, domain.NearGroupName(c.a, c.b), c.near)
		expect.Equal(t, c.b+" is near "+c.a, domain.NearGroupName(c.b, c.a), c.near)
	}
}

func TestGroupsStandInTheOrderOfTheirNumbers(t *testing.T) {
	names := []string{"第十一小组", "第二小组", "10号楼", "第一小组", "2号楼", "第二十小组", "第3小组", "东院"}
	slices.SortFunc(names, func(a, b string) int {
		return strings.Compare(domain.GroupOrder(a), domain.GroupOrder(b))
	})
	expect.Equal(t, "the order", strings.Join(names, " "), "2号楼 10号楼 东院 第一小组 第二小组 第3小组 第十一小组 第二十小组")
}
