package demo_test

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/demo"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

func street(t *testing.T, members int, seed uint64) *demo.Street {
	t.Helper()
	s, err := demo.New(demo.Options{Members: members, Seed: seed, Year: 2026})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// table is a table whose cells are read by column name.
type table struct {
	t    *testing.T
	head []string
	rows [][]string
}

func newTable(t *testing.T, rows [][]string) table {
	t.Helper()
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			t.Fatalf("row %d has %d cells, the header %d", i, len(row), len(rows[0]))
		}
	}
	return table{t, rows[0], rows[1:]}
}

func (s table) cell(row []string, column string) string {
	i := slices.Index(s.head, column)
	if i < 0 {
		s.t.Fatalf("no column %s", column)
	}
	return row[i]
}

func (s table) day(row []string, column string) calendar.Day {
	word := s.cell(row, column)
	if word == "" {
		return 0
	}
	d, err := calendar.Parse(word)
	if err != nil {
		s.t.Fatalf("%v: %v", row, err)
	}
	return d
}

func written(t *testing.T, s *demo.Street) string {
	t.Helper()
	var out strings.Builder
	w := csv.NewWriter(&out)
	members, entries, attendance := s.Tables()
	for _, rows := range [][][]string{members, entries, attendance} {
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprint(s.Orgs) + out.String()
}

func TestSameOptionsSameBytes(t *testing.T) {
	t.Parallel()
	first := written(t, street(t, 300, 7))
	if first != written(t, street(t, 300, 7)) {
		t.Error("the same options gave another street")
	}
	if first == written(t, street(t, 300, 8)) {
		t.Error("another seed gave the same street")
	}
}

func TestRefusesBadOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []demo.Options{
		{}, {Members: 49, Year: 2026}, {Members: 25001, Year: 2026}, {Members: -1, Year: 2026}, {Members: 50, Year: 1999},
		{Members: 50, Year: 2101},
	} {
		if s, err := demo.New(o); s != nil || fault.CodeOf(err) != fault.Invalid || !strings.Contains(err.Error(), "演示数据") {
			t.Errorf("%+v: got %v", o, err)
		}
	}
}

func TestOrganisationsAreThoseOfTheSource(t *testing.T) {
	t.Parallel()
	s := street(t, demo.FullSize, 1)
	counts := func(s *demo.Street) map[string]int {
		n := map[string]int{}
		seen := map[domain.OrgID]bool{"": true}
		for _, o := range s.Orgs {
			if seen[o.ID] || !seen[o.Parent] {
				t.Errorf("%v: its name is taken, or its parent comes later", o)
			}
			seen[o.ID] = true
			n[string(o.Kind)+string(o.Branch)]++
		}
		return n
	}
	got := counts(s)
	for kind, want := range map[string]int{
		"街道": 1, "社区": 10, "党支部市场": 3, "党支部两新": 21, "党支部功能型": 11, "党支部网络": 27, "楼栋党小组": 36, "党员中心户": 126,
	} {
		if got[kind] != want {
			t.Errorf("%s: %d, want %d", kind, got[kind], want)
		}
	}
	for _, members := range []int{50, 51, 77, 130, 400, 2000} {
		small := counts(street(t, members, 3))
		for kind := range got {
			if small[kind] == 0 {
				t.Errorf("%d members: no %s", members, kind)
			}
		}
	}
}

func TestHomeBranches(t *testing.T) {
	t.Parallel()
	for _, members := range []int{50, 51, 77, 130, 400, demo.FullSize} {
		s := street(t, members, 2)
		kinds := map[domain.OrgID]demo.Org{}
		for _, o := range s.Orgs {
			kinds[o.ID] = o
		}
		size := map[domain.OrgID]int{}
		for _, m := range s.Members {
			o := kinds[m.Home[domain.Branch]]
			size[o.ID]++
			if o.Kind != demo.KindBranch || !slices.Contains([]domain.BranchKind{"社区", "市场", "两新"}, o.Branch) ||
				o.Branch != m.Kind {
				t.Errorf("%s is at home in %v", m.ID, o)
			}
			if o.Parent != m.Home[domain.Community] || kinds[o.Parent].Parent != m.Home[domain.Street] {
				t.Errorf("%s: another line upwards than %v", m.ID, o)
			}
			for _, j := range m.Joins {
				if k := kinds[j].Branch; k != "功能型" && k != "网络" {
					t.Errorf("%s takes part in a branch of kind %q", m.ID, k)
				}
			}
			if m.Group != "" && kinds[m.Group].Parent != o.ID || m.Hub != "" && kinds[m.Hub].Parent != o.ID {
				t.Errorf("%s: group or hub of another branch", m.ID)
			}
		}
		for id, n := range size {
			if kinds[id].Branch == "社区" && (n < 25 || n > 50) || n < 5 {
				t.Errorf("%d members: %s has %d", members, id, n)
			}
		}
		if n := size["幸福街第一党支部"]; n == 0 || members == demo.FullSize && n != 40 {
			t.Errorf("%d members: 幸福街第一党支部 has %d", members, n)
		}
	}
}

// residence is the time for which somebody was a member.
type residence struct{ from, to calendar.Day }

func residences(t *testing.T, members table) map[string]residence {
	t.Helper()
	m := map[string]residence{}
	for _, row := range members.rows {
		id, on := members.cell(row, "编号"), members.day(row, "自")
		if on == 0 {
			if _, twice := m[id]; twice {
				t.Errorf("%s has two first rows", id)
			}
			s := residence{members.day(row, "加入"), calendar.Forever}
			if left := members.day(row, "离开"); left != 0 {
				s.to = left - 1
			}
			m[id] = s
			continue
		}
		s, known := m[id]
		if year, _, _ := on.Civil(); !known || year != 2026 || on < s.from || on > s.to {
			t.Errorf("%v: before the first row, or outside the residence or the year", row)
		}
	}
	return m
}

func TestEverythingLiesWithinAStay(t *testing.T) {
	t.Parallel()
	for _, members := range []int{50, 77, demo.FullSize} {
		m, e, a := street(t, members, 4).Tables()
		people := residences(t, newTable(t, m))
		if len(people) != members {
			t.Errorf("%d members, want %d", len(people), members)
		}
		for _, table := range []table{newTable(t, e), newTable(t, a)} {
			var last calendar.Day
			seen := map[string]bool{}
			for _, row := range table.rows {
				s, known := people[table.cell(row, "党员")]
				on := table.day(row, "日期")
				if year, _, _ := on.Civil(); !known || year != 2026 || on < s.from || on > s.to {
					t.Errorf("%v: nobody's, or outside the residence or the year", row)
				}
				if on < last {
					t.Errorf("%v: out of order", row)
				}
				// The id of an entry; for attendance, activity and member.
				key := row[0]
				if table.head[0] == "活动" {
					key += table.cell(row, "党员")
				}
				if seen[key] {
					t.Errorf("%v: twice", row)
				}
				seen[key], last = true, on
			}
		}
	}
}

func TestVolume(t *testing.T) {
	t.Parallel()
	_, entries, attendance := street(t, demo.FullSize, 5).Tables()
	if n := (len(entries) + len(attendance)) / demo.FullSize; n < 60 || n > 90 {
		t.Errorf("%d rows for each member", n)
	}
}

func TestBranchesAlwaysHaveACommittee(t *testing.T) {
	t.Parallel()
	s := street(t, demo.FullSize, 6)
	for month := 1; month <= 12; month++ {
		on := calendar.Of(2026, month, 28)
		sat := map[domain.OrgID]string{}
		for _, m := range s.Members {
			office := ""
			for _, f := range m.Facts { // in order of day: the last one holds
				if f.Attribute == "职务" && f.From <= on {
					office = f.Value.Text
				}
			}
			switch office {
			case "支部书记", "支部委员":
				sat[m.Home[domain.Branch]] += office[len("支部"):len("支部书")]
			case "社区书记", "社区委员":
				sat[m.Home[domain.Community]] += office[len("社区"):len("社区书")]
			}
		}
		for _, m := range s.Members {
			for _, id := range m.Home[:domain.Street] {
				if c := sat[id]; strings.Count(c, "书") != 1 || strings.Count(c, "委") != 2 {
					t.Fatalf("%v: %s has %s", on, id, c)
				}
			}
		}
	}
}

func TestAges(t *testing.T) {
	t.Parallel()
	for _, m := range street(t, demo.FullSize, 9).Members {
		birth := calendar.Day(m.Facts[0].Value.Number)
		young, old := calendar.Of(2026, 1, 1).YearsSince(birth), calendar.Of(2026, 12, 31).YearsSince(birth)
		if m.Facts[0].Attribute != "出生日期" || young < 19 || old > 96 {
			t.Errorf("%s is %d, then %d: %s", m.ID, young, old, strconv.Quote(m.Name))
		}
	}
}
