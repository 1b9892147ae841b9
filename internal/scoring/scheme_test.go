package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
)

// about gives entries a matter: "好事 2026-03-01" about "甲".
func about(matter string, r *domain.MemberHistory, entries ...int) *domain.MemberHistory {
	for _, i := range entries {
		r.Entries[i].Fields = append(r.Entries[i].Fields,
			domain.Field{Name: domain.MatterField, Value: domain.Value{Text: matter}})
	}
	return r
}

func TestOfOneMatterTheHighestCounts(t *testing.T) {
	t.Parallel()
	rb := one(t, `{表彰: {板块: 贡献, 记录: {级别: [省, 市, 县]}, 分值: {省: 9, 市: 6, 县: 3}, 同一事项: 取最高, 有效: 1年, 限额: {年: 10分}},
  通报: {板块: 基础, 分值: -4, 同一事项: 取最高}, 处理: {板块: 基础, 分值: -6, 同一事项: 取最高, 重复: {在: 12个月, 倍数: [1, 2]}}, 另计: {板块: 贡献, 分值: 1}}`)
	r := about("甲", someone(t, rb, "表彰 2026-01-10 级别=县", "表彰 2026-02-10 级别=县", "表彰 2026-03-10 级别=省", "表彰 2026-04-10 级别=市",
		"通报 2026-05-01", "处理 2026-05-02", "通报 2026-05-03", "另计 2026-06-01"), 0, 1, 2, 3, 4, 5, 6, 7)
	r.Entries = append(r.Entries, did(t, rb, "表彰 2026-05-10 级别=县"), did(t, rb, "处理 2026-09-01"))
	// The county's 3 give back their room when the province's 9 take over, so of
	// ten a year one is left for the other matter. The second 处理 is a second
	// occurrence; the beaten 通报 is none of anything.
	tells(t, scored(rb, r, "2026-12-31"), "处理-6 事项“甲” | 处理-12 第 2 次，按 2 倍计 | 表彰+9 级别 省；事项“甲” | 表彰+1 级别 县；"+
		"限额每年 10分 只余 +1，原应 +3 | 另计+1 | "+
		"不计 表彰 同一事项只取最高，2026-03-10 起由更高的代替；级别 县；事项“甲” | 不计 表彰 同一事项只取最高，已有更高的；级别 县；事项“甲” | 不计 表彰 同一事项只取最高，已有更高的；级别 市；事项“甲” | "+
		"不计 通报 同一事项只取最高，2026-05-02 起由更高的代替；事项“甲” | 不计 通报 同一事项只取最高，已有更高的；事项“甲”")
	tells(t, scored(rb, r, "2026-03-09"), "表彰+3 级别 县；事项“甲” | 不计 表彰 同一事项只取最高，已有更高的；级别 县；事项“甲”")
	// What has expired does not come back, and holds its matter for good: no
	// county award counts for what a province's counted for.
	r = about("甲", someone(t, rb, "表彰 2025-01-10 级别=省", "表彰 2026-02-01 级别=县"), 0, 1)
	tells(t, scored(rb, r, "2026-12-31"), "不计 表彰 已经到期；级别 省；事项“甲” | 不计 表彰 同一事项只取最高，已有更高的；级别 县；事项“甲”")
	// Under 本期 each period is anew.
	r = about("甲", someone(t, rb, "通报 2025-05-01", "处理 2025-06-01", "通报 2026-05-01"), 0, 1, 2)
	tells(t, scored(rb, r, "2026-12-31"), "通报-4 事项“甲”")
}

// punished is a scheme whose red line stops additions.
func punished(t *testing.T, effect, until string) *ruleset.RuleSet {
	t.Helper()
	return frame(t, map[string]string{
		"项目": "{好事: {板块: 贡献, 分值: 2}, 整改: {板块: 基础, 分值: -10, 解除: [受处分]}}",
		"红线": "{受处分: {当: '处分 == \"留党察看\"', 则: {总分: 0, 加分: " + effect + "}, 直到: " + until + "}}", "豁免": "", "活动": "",
	})
}

func TestAdditionsWaitOrAreLostUnderARedLine(t *testing.T) {
	t.Parallel()
	lines := []string{"处分=留党察看 2026-03-01", "处分=无 2026-09-01", "好事 2026-02-01", "好事 2026-04-01", "好事 2026-10-01"}
	for name, c := range map[string]struct{ effect, until, april, december, told string }{
		"wait while it acts": {"暂停", "解除", "0 基础80 贡献2 差 本为好 红线受处分", "86 基础80 贡献6 好", "好事+2 | 好事+2 | 好事+2"},
		"wait to the end": {"暂停", "期末", "0 基础80 贡献2 差 本为好 红线受处分", "0 基础80 贡献2 差 本为好 红线受处分",
			"好事+2 | 不计 好事 红线在，加分暂停，解除后再计 | 不计 好事 红线在，加分暂停，解除后再计"},
		"lost while it acts": {"作废", "解除", "0 基础80 贡献2 差 本为好 红线受处分", "84 基础80 贡献4 好", "好事+2 | 好事+2 | 不计 好事 红线期间的加分作废，原应 +2"},
		"lost to the end": {"作废", "期末", "0 基础80 贡献2 差 本为好 红线受处分", "0 基础80 贡献2 差 本为好 红线受处分",
			"好事+2 | 不计 好事 红线期间的加分作废，原应 +2 | 不计 好事 红线期间的加分作废，原应 +2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rb := punished(t, c.effect, c.until)
			r := someone(t, rb, lines...)
			wants(t, scored(rb, r, "2026-04-30"), c.april)
			wants(t, scored(rb, r, "2026-12-31"), c.december)
			tells(t, scored(rb, r, "2026-12-31"), c.told)
		})
	}
}

func TestARepairedRedLineStrikesOnlyAgain(t *testing.T) {
	t.Parallel()
	rb := punished(t, "暂停", "期末")
	r := someone(t, rb, "处分=留党察看 2026-03-01", "好事 2026-04-01", "整改 2026-05-01")
	wants(t, scored(rb, r, "2026-04-30"), "0 基础80 贡献0 差 本为好 红线受处分")
	wants(t, scored(rb, r, "2026-05-01"), "72 基础70 贡献2 中")
	again := someone(t, rb, "处分=留党察看 2026-03-01", "好事 2026-04-01", "整改 2026-05-01", "处分=无 2026-06-01",
		"处分=留党察看 2026-07-01")
	wants(t, scored(rb, again, "2026-06-30"), "72 基础70 贡献2 中")
	wants(t, scored(rb, again, "2026-07-01"), "0 基础70 贡献2 差 本为中 红线受处分")
}

// monthly is a scheme whose 月评 is settled by months.
func monthly(t *testing.T, take string) *ruleset.RuleSet {
	t.Helper()
	if take == "平均" || strings.HasPrefix(take, "最高") {
		take += ", 空期: 记零"
	}
	return frame(t, map[string]string{
		"板块": "{月评: {每: 月, 取: " + take + ", 起点: {D: 70, 其余: 80}, 下限: 0, 上限: 100}, 学习: {属于: 月评, 上限: 5}, 评议: {上限: 20}}",
		"项目": "{好: {板块: 月评, 分值: 27}, 差: {板块: 月评, 分值: -2}, 学: {板块: 学习, 分值: 4}, 久: {板块: 月评, 分值: -10, 有效: 2个月}, 评: {板块: 评议, " +
			"分值: 10}}",
		"红线": "{受处分: {当: '处分 == \"警告\"', 则: {月评: 0}, 直到: 解除}}", "排名": "", "豁免": "{停: {效果: 不计分}}", "活动": "",
		"预警": "{月低: {每: 月, 当: 月评 < 75, 级别: 提醒, 建议: 谈, 负责: 支部书记, 限期: 7天}}",
	})
}

func TestABlockIsSettledByItsParts(t *testing.T) {
	t.Parallel()
	lines := []string{"好 2026-01-10", "差 2026-01-20", "学 2026-02-01", "学 2026-02-02", "久 2026-02-20", "评 2026-02-21"}
	// January 80 + 27 − 2 = 105, at most 100. February 80 + 5 − 10 = 75. March
	// 80, and the deduction of 20 February runs to 20 April, so it counts on
	// 31 March: 70. April 80.
	for take, want := range map[string]string{
		"平均": "91.3 月评81.3 学习0 评议10 好", "合计": "335 月评325 学习0 评议10 好", "末期": "90 月评80 学习0 评议10 好",
		"最高2期": "100 月评90 学习0 评议10 好",
	} {
		t.Run(take, func(t *testing.T) {
			t.Parallel()
			rb := monthly(t, take)
			res := scored(rb, someone(t, rb, lines...), "2026-04-30")
			wants(t, res, want)
			if got := alerts(res); got != "月低 2026-03-31 1 提醒" {
				t.Errorf("alerts %q", got)
			}
			a := res.Statement()
			if err := provesItself(rb, &a); err != nil {
				t.Error(err)
			}
			var parts []string
			for _, l := range a.Total.Children[0].Children {
				parts = append(parts, fmt.Sprint(l.Name, l.Value, l.Note))
			}
			if got := strings.Join(parts[:4], " "); got != "2026年1月100 2026年2月75 2026年3月70 2026年4月80" {
				t.Error(got)
			}
		})
	}
	rb := monthly(t, "平均")
	// the running part counts as it stands
	wants(t, scored(rb, someone(t, rb, "好 2026-01-10"), "2026-02-10"), "90 月评90 学习0 评议0 好")
	// Exempt all of February: left out. From mid-March on: March has scored days.
	away := someone(t, rb, "豁免=停 2026-01-31", "豁免=无 2026-03-01", "好 2026-01-10", "流动=是 2026-03-15")
	wants(t, scored(rb, away, "2026-03-31"), "85 月评85 学习0 评议0 好")
	// A red line on the block acts in the parts in which it holds.
	hit := someone(t, rb, "处分=警告 2026-01-20", "处分=无 2026-02-15")
	wants(t, scored(rb, hit, "2026-02-28"), "40 月评40 学习0 评议0 差 本为好")
}

func TestTheCycleBeforeEarnsInTheNext(t *testing.T) {
	t.Parallel()
	rb := one(t, `{好事: {板块: 贡献, 分值: 2}, 错事: {板块: 基础, 分值: -5},
  上年五星: {板块: 贡献, 自动: {每: 年, 于: 首日, 当: '上期.等次 == "好" and 上期.总分 >= 84'}, 分值: 5},
  结转: {板块: 基础, 自动: {每: 年, 于: 首日, 当: 上期.总分 < 80}, 分值: (上期.总分 - 80) * 0.5}}`)
	wants(t, scored(rb, someone(t, rb, "好事 2025-03-01", "好事 2025-04-01"), "2026-01-01"), "85 基础80 贡献5 好")
	wants(t, scored(rb, someone(t, rb, "好事 2025-03-01"), "2026-01-01"), "80 基础80 贡献0 好")
	wants(t, scored(rb, someone(t, rb, "错事 2025-03-01"), "2026-01-01"), "77.5 基础77.5 贡献0 中")
	// A chain: 2025 ends at 75, 2026 begins with −2.5, 2027 with half of what
	// that leaves below 80.
	res := scoring.Member(scoring.Under(rb), someone(t, rb, "错事 2025-03-01"), rb.Cycle.Unit.Of(day("2027-06-01")),
		day("2027-06-01"))
	wants(t, res, "78.7 基础78.7 贡献0 中") // 80 − 1.25, half away from zero at one place
}

func TestStartByDays(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"周期": "{考核: 年, 起点按: 天数}"})
	r := someone(t, rb, "流动=是 2026-01-31", "豁免=停 2026-02-10", "豁免=无 2026-02-20")
	wants(t, scored(rb, r, "2026-01-30"), "80 基础80 贡献0 好")
	// 30 days at 80, 20 scored days of the category at 70: 3800 / 50 = 76.
	wants(t, scored(rb, r, "2026-03-01"), "76 基础76 贡献0 中")
}

func TestItemsKnowTheirFormerNames(t *testing.T) {
	t.Parallel()
	rb := one(t, "{好人好事: {板块: 贡献, 分值: 2, 原名: [好事]}}\n停用: [拍照]")
	r := someone(t, rb, "好事 2026-03-01")
	r.Entries = append(r.Entries, domain.Entry{ID: "2", Item: "拍照", On: day("2026-03-02")},
		domain.Entry{ID: "3", Item: "没有的", On: day("2026-03-03")})
	tells(t, scored(rb, r, "2026-12-31"), "好人好事+2 | 不计 拍照 此项目已停用 | 不计 没有的 现行办法没有此项目")
}

// ranked scores people of one branch and places them.
func ranked(t *testing.T, rb *ruleset.RuleSet, people [][]string) ([]domain.Standing, []scoring.RankResult) {
	t.Helper()
	standings := make([]domain.Standing, len(people))
	candidates := make([]scoring.Candidate, len(people))
	for i, lines := range people {
		standings[i] = scored(rb, someone(t, rb, lines...), "2026-12-31").Standing
		candidates[i] = scoring.Candidate{Home: [domain.Levels]domain.OrgID{"b", "c", "s"}, Standing: &standings[i]}
	}
	return standings, scoring.Rank(rb, candidates)
}

// crowd is n people with totals that fall by one, the first at 80.
func crowd(n int) [][]string {
	out := make([][]string, n)
	for i := range out {
		for range i {
			out[i] = append(out[i], "错 2026-03-01")
		}
	}
	return out
}

func TestGradesByShare(t *testing.T) {
	t.Parallel()
	quota := func(rank string) *ruleset.RuleSet {
		return frame(t, map[string]string{
			"项目": "{错: {板块: 基础, 分值: -1}, 好: {板块: 贡献, 分值: 1}}", "豁免": "{停: {效果: 不计分}, 不排: {效果: 不排名}}", "活动": "",
			"等次": "{五星: {占: 10%}, 四星: {占: 30%, 当: 扣分次数 <= 12}, 三星: {占: 30%}, 二星: {占: 20%}, 一星: 其余}",
			"红线": "{受处分: {当: '处分 == \"警告\"', 则: {最高等次: 三星}, 直到: 解除}, 开除: {当: '处分 == \"开除党籍\"', 则: {等次: 一星}, 直到: 解除}}",
			"排名": rank,
		})
	}
	count := func(ps []scoring.RankResult) string {
		n := map[string]int{}
		for _, p := range ps {
			n[p.Grade]++
		}
		return fmt.Sprint(n["五星"], n["四星"], n["三星"], n["二星"], n["一星"], n[domain.Unplaced])
	}
	// Vector 18: 37 members. 10 %, 40 %, 70 %, 90 % of 37 are 3.7, 14.8, 25.9,
	// 33.3: places up to 4, 15, 26, 33. Who has more than twelve deductions falls
	// from four stars to three, and the place is not filled again.
	_, ps := ranked(t, quota("{范围: [支部, 街道], 名额: 街道}"), crowd(37))
	if got := count(ps); got != "4 9 13 7 4 0" || ps[13].Grade != "三星" || ps[36].Grade != "一星" {
		t.Error(got)
	}
	_, ps = ranked(t, quota("{范围: [支部], 取整: 舍去}"), crowd(37))
	if got := count(ps); got != "3 10 12 8 4 0" {
		t.Error(got)
	}
	_, ps = ranked(t, quota("{范围: [支部], 取整: 进一}"), crowd(37))
	if got := count(ps); got != "4 9 13 8 3 0" {
		t.Error(got)
	}
	same := [][]string{{}, {"好 2026-02-01"}, {}, {}, {}, {}, {}, {}, {}, {}}
	_, ps = ranked(t, quota("{范围: [支部]}"), same)
	if got := count(ps); got != "1 9 0 0 0 0" { // equals across the boundary are all in
		t.Error(got)
	}
	_, ps = ranked(t, quota("{范围: [支部], 压线: 同退}"), same)
	if got := count(ps); got != "1 0 0 0 9 0" {
		t.Error(got)
	}
	_, ps = ranked(t, quota("{范围: [支部], 至少: 11人}"), same)
	if got := count(ps); got != "0 0 0 0 0 10" {
		t.Error(got)
	}
	_, ps = ranked(t, quota("{范围: [支部]}"),
		[][]string{{"处分=警告"}, {"错 2026-01-01", "处分=开除党籍"}, {"豁免=不排"}, {"豁免=停"}, {"错 2026-01-01", "错 2026-01-02"}})
	got := fmt.Sprint(ps[0].Grade, ps[1].Grade, ps[2].Grade, ps[3].Grade, ps[4].Grade, ps[0].Places[0].Of)
	if got != "三星一星未评二星3" {
		t.Error(got)
	}
}

func TestGroupsAreRankedApartAndTheLastAreTold(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{错: {板块: 基础, 分值: -1}}", "豁免": "", "活动": "",
		"排名": "{范围: [支部], 人群: {班子: '职务 != \"无\"', 党员: 其余}}",
		"预警": "{末位: {每: 年, 当: 倒数名次 <= 2 and 总分 < 79 and 人数 >= 4, 级别: 提醒, 建议: 谈, 负责: 支部书记, 限期: 7天}}",
	})
	people := append(crowd(5), []string{"职务=书记", "错 2026-01-01"}, []string{"职务=书记"})
	for i := range people[:5] {
		people[i] = append(people[i], "职务=无")
	}
	standings, ps := ranked(t, rb, people)
	var got []string
	for i, p := range ps {
		line := fmt.Sprint(p.Places[0].Group, p.Places[0].Place, "/", p.Places[0].Of)
		if len(p.Alerts) > 0 {
			line += "!"
		}
		if len(standings[i].Alerts) > 0 {
			t.Errorf("%d is told before the places are known", i)
		}
		got = append(got, line)
	}
	if want := "党员1/5 党员2/5 党员3/5 党员4/5! 党员5/5! 班子2/2 班子1/2"; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}
