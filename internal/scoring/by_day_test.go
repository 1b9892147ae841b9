package scoring_test

import (
	"strings"
	"testing"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/scoring"
)

const blocksOfD = "{基础: {起点: {D: 70, 其余: 80}}, 贡献: {}}\n总分: "

// TestFormulasByCategoryAndDate: which formula holds is read on the standing's
// day, by the category that 起点 is read by.
func TestFormulasByCategoryAndDate(t *testing.T) {
	t.Parallel()
	sections := map[string]string{"板块": blocksOfD +
		"{公式: {D: 基础 + 贡献 * 0.5, B: {自 2025-01-01: 基础 + 贡献, 自 2026-07-01: {值: 基础 * 0.5 + 贡献, 依据: 修订}}}}"}
	rb := frame(t, sections)
	r := someone(t, rb, "好事 2026-02-01", "好事 2026-03-01", "流动=是 2026-10-01")
	wants(t, scored(rb, r, "2026-06-30"), "84 基础80 贡献4 好")
	wants(t, scored(rb, r, "2026-07-01"), "44 基础80 贡献4 差") // 80 × 0.5 + 4
	wants(t, scored(rb, r, "2026-10-01"), "72 基础70 贡献4 中") // 70 + 4 × 0.5
	a := scored(rb, r, "2026-07-01").Statement()
	line := a.Total.Children[len(a.Total.Children)-1]
	if line.Kind != domain.LineFormula || line.Value != -4000 || line.Note != "基础 * 0.5 + 贡献" ||
		rb.Clauses[line.Clause].Path != "总分.公式.B" || rb.Clauses[line.Clause].Basis != "修订" {
		t.Errorf("%+v %+v", line, rb.Clauses[line.Clause])
	}
	if until := scored(rb, r, "2026-06-01").StableUntil; until != day("2026-06-30") {
		t.Errorf("stable until %s", until)
	}
	// By days: 181 days as D, 184 as B. 起点 (70 × 181 + 80 × 184) / 365 = 75.04;
	// D: 75 + 2 = 77, B: 75 + 4 = 79, (77 × 181 + 79 × 184) / 365 = 78.008.
	sections = map[string]string{"周期": "{考核: 年, 起点按: 天数}", "板块": blocksOfD + "{公式: {D: 基础 + 贡献 * 0.5, B: 基础 + 贡献}}"}
	rb = frame(t, sections)
	r = someone(t, rb, "好事 2026-02-01", "好事 2026-03-01", "流动=是 2026-01-01", "流动=否 2026-07-01")
	wants(t, scored(rb, r, "2026-12-31"), "78 基础75 贡献4 中")
}

func TestAnAwardMayLastForGood(t *testing.T) {
	t.Parallel()
	rb := one(t, "{奖: {板块: 贡献, 记录: {级别: [国家, 省]}, 分值: 3, 有效: {国家: 长期, 其余: 1年}}}")
	r := someone(t, rb, "奖 2025-03-01 级别=国家", "奖 2025-03-01 级别=省")
	wants(t, scored(rb, r, "2026-02-01"), "86 基础80 贡献6 好")
	for year := 2026; year < 2060; year += 11 {
		p := calendar.Year.Of(calendar.Of(year, 12, 31))
		wants(t, scoring.Member(scoring.Under(rb), r, p, p.Last), "83 基础80 贡献3 好")
	}
}

// TestAJoinersStartIsCut: 起点 × months or days of the period on which he is
// scored ÷ those of the period, as far as they have shown themselves.
func TestAJoinersStartIsCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		by, day, want, note string
		joined              string
		facts               []string
	}{
		"from the start":              {"月", "2026-06-30", "80", "", "2020-01-01", nil},
		"in July, by months":          {"月", "2026-12-31", "40", "折算：80 × 6 ÷ 12 个月", "2026-07-01", nil},
		"the month of joining counts": {"月", "2026-07-31", "40", "折算：80 × 6 ÷ 12 个月", "2026-07-31", nil},
		// 40.33
		"in July, by days": {"天", "2026-12-31", "40.3", "折算：80 × 184 ÷ 365 天", "2026-07-01", nil},
		// 33.75
		"a day of July": {"天", "2026-08-31", "33.8", "折算：80 × 154 ÷ 365 天", "2026-07-31", nil},
		// April
		"exempt in spring, by months": {"月", "2026-12-31", "73.3", "折算：80 × 11 ÷ 12 个月", "2020-01-01",
			[]string{"豁免=停 2026-03-15", "豁免=无 2026-05-02"}},
		// 17 + 30 + 1 days
		"exempt in spring, by days": {"天", "2026-12-31", "69.5", "折算：80 × 317 ÷ 365 天", "2020-01-01",
			[]string{"豁免=停 2026-03-15", "豁免=无 2026-05-02"}},
		"before the exemption": {"天", "2026-03-14", "80", "", "2020-01-01",
			[]string{"豁免=停 2026-03-15", "豁免=无 2026-05-02"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rb := frame(t, map[string]string{"板块": "{基础: {起点: 80, 折算: " + c.by + "}, 贡献: {}}"})
			r := someone(t, rb, c.facts...)
			r.Member.Joined = day(c.joined)
			res := scored(rb, r, c.day)
			if got := res.Standing.Blocks[0].Value.String(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			a := res.Statement()
			if note := a.Total.Children[0].Children[0].Note; !strings.HasSuffix(note, c.note) ||
				(c.note == "") != !strings.Contains(note, "折算") {
				t.Errorf("note %q", note)
			}
		})
	}
	// In a part the part's days are the whole; days before the scheme are nobody's.
	rb := frame(t, map[string]string{"施行": "2026-02-15", "板块": "{基础: {起点: 90, 折算: 天, 每: 季, 取: 合计}, 贡献: {}}"})
	r := someone(t, rb)
	r.Member.Joined = day("2026-02-25") // 35 of the 45 days to 31 March
	wants(t, scored(rb, r, "2026-03-31"), "70 基础70 贡献0 中")
	wants(t, scored(rb, r, "2026-04-01"), "160 基础160 贡献0 好")
}
