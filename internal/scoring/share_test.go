package scoring_test

import (
	"testing"

	"jifen/internal/domain"
	"jifen/internal/scoring"
)

// attendance is a scheme whose amounts are shares and counts.
const attendance = `{到会: {来自: 会, 出勤: [到会, 迟到]}, 应到: {来自: 会},
  出勤率: {板块: 贡献, 自动: {每: 季, 于: 末日}, 分值: '本季次数("到会") / 本季次数("应到") * 10 否则 0'},
  走访: {记录: {户数: 0至20}},
  走访不足: {板块: 基础, 自动: {每: 季, 于: 末日, 当: 本季次数("走访") < 4}, 分值: '(本季次数("走访") - 4) * 2'},
  满勤: {板块: 贡献, 自动: {每: 年, 于: 末日}, 适用: '本年次数("到会") == 本年次数("应到") and 本年次数("应到") > 0', 分值: 1},
  任务: {板块: 贡献, 记录: {完成: 0至100, 任务: 0至100}, 分值: 完成 / 任务 * 3 否则 0},
  领办: {板块: 贡献, 记录: {完成: 0至10, 承诺: 1至10}, 分值: 1至6, 倍数: 完成 / 承诺}}`

func TestSharesAndCountsAsAmounts(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{"项目": attendance, "豁免": "", "板块": "{基础: {起点: 80}, 贡献: {}}"})
	r := someone(t, rb, "@党课 2026-01-10 到会", "@党课 2026-02-10 迟到", "@党课 2026-03-10 缺席", "@党课 2026-04-10 到会",
		"走访 2026-01-05 户数=3", "走访 2026-02-05 户数=3", "走访 2026-03-05 户数=3",
		"任务 2026-05-01 完成=2 任务=3", "任务 2026-05-02 完成=5 任务=0", "领办 2026-06-01 分值=5 完成=2 承诺=3")
	// First quarter: 2 of 3 meetings, 6.67 → 6.7; one visit short, −2. Second: 1 of
	// 1, 10; none of four, −8. Third and fourth: 0 of 0, which gives 0; −8 each.
	res := scored(rb, r, "2026-12-31")
	tells(t, res, "走访不足-2 到期自动记；本季走访 3 次 | 走访不足-8 到期自动记；本季走访 0 次 | 走访不足-8 到期自动记；本季走访 0 次 | 走访不足-8 到期自动记；本季走访 0 次 | "+
		"出勤率+6.7 到期自动记；本季到会 2 次，本季应到 3 次 | 任务+2 完成 2，任务 3 | 领办+3.3 完成 2，承诺 3；按 0.67 倍计 | 出勤率+10 到期自动记；本季到会 1 次，本季应到 1 次 | "+
		"不计 任务 完成 5，任务 0 | 不计 出勤率 到期自动记；本季到会 0 次，本季应到 0 次 | 不计 出勤率 到期自动记；本季到会 0 次，本季应到 0 次")
	wants(t, res, "76 基础54 贡献22 中")
	// A meeting recorded later for the quarter changes its share, and only that.
	r.Attendance = append(r.Attendance, domain.Attendance{Activity: "x", Kind: "党课", On: day("2026-03-20"), Status: "到会"})
	wants(t, scored(rb, r, "2026-12-31"), "76.8 基础54 贡献22.8 中") // 3 of 4: 7.5
}

func TestACounterInAnAmountSeesWhatIsRecordedUpToItsDay(t *testing.T) {
	t.Parallel()
	rb := one(t, `{提醒: {}, 拖延: {板块: 基础, 分值: {本年次数("提醒") >= 2: -3, 其余: -1}}, 服务: {记录: {时长: 0至24}},
  工时: {板块: 贡献, 自动: {每: 半年, 于: 末日}, 分值: '取整(本半年合计("服务.时长") / 8)', 限额: {半年: 3分}}}`)
	r := someone(t, rb, "提醒 2026-01-01", "拖延 2026-01-02", "拖延 2026-03-02", "提醒 2026-03-01", "服务 2026-04-01 时长=20.5",
		"服务 2026-05-01 时长=20", "服务 2026-07-01 时长=15.9")
	tells(t, scored(rb, r, "2026-12-31"), "拖延-1 | 拖延-3 | 工时+3 到期自动记；本半年服务的时长 40.5；限额每半年 3分 只余 +3，原应 +5 | 工时+1 到期自动记；"+
		"本半年服务的时长 15.9")
}

// TestWhoAgreesDependsOnWhatACounterMakesOfIt: 审批 by 分值 sees the counters.
func TestWhoAgreesDependsOnWhatACounterMakesOfIt(t *testing.T) {
	t.Parallel()
	rb := one(t, `{提醒: {}, 拖延: {板块: 基础, 分值: '0 - 本年次数("提醒") * 2', 审批: {分值 < -3: [社区党委], 其余: [支部委员会]}}}`)
	r := someone(t, rb, "提醒 2026-01-01")
	if a := scoring.Admit(rb, r, did(t, rb, "拖延 2026-03-02")); len(a.Approve) != 1 || a.Approve[0] != "支部委员会" {
		t.Error(a)
	}
	r = someone(t, rb, "提醒 2026-01-01", "提醒 2026-02-01", "提醒 2026-04-01")
	if a := scoring.Admit(rb, r, did(t, rb, "拖延 2026-03-02")); len(a.Approve) != 1 || a.Approve[0] != "社区党委" {
		t.Error(a)
	}
}

// TestWhoAgreesByDefaultDependsOnThePoints: 默认 may say it of every item, and an
// item without points is none that takes away.
func TestWhoAgreesByDefaultDependsOnThePoints(t *testing.T) {
	t.Parallel()
	rb := book(t, `办法: 分开批
编号: t
施行: 2026-01-01
周期: {考核: 年}
默认: {审批: {分值 < 0: [支部委员会], 其余: [支部委员会, 社区党委]}}
类别: {甲: {名称: 全体, 当: 其余}}
板块: {基础: {起点: 80}}
项目:
  好事: {板块: 基础, 分值: 2}
  拖延: {板块: 基础, 分值: -2}
  备查: {}
  自己: {板块: 基础, 分值: -2, 审批: [支部党员大会]}
`)
	r := someone(t, rb)
	for entry, steps := range map[string]int{"好事 2026-03-02": 2, "拖延 2026-03-02": 1, "备查 2026-03-02": 2,
		"自己 2026-03-02": 1} {
		if a := scoring.Admit(rb, r, did(t, rb, entry)); len(a.Approve) != steps {
			t.Error(entry, a)
		}
	}
}

// TestLatenessWeighs: an entry recorded within thirty days of its day counts in
// full, later by half, after a year not at all; how late it was is no matter of
// when it is asked.
func TestLatenessWeighs(t *testing.T) {
	t.Parallel()
	rb := one(t, `{好: {板块: 贡献, 分值: 4, 倍数: {迟报天数 <= 30: 1, 其余: 0.5}, 适用: 迟报天数 <= 365},
  逐日: {板块: 贡献, 分值: '3 - 迟报天数 * 0.1', 限额: {单笔: [3分, -1分]}}}`)
	r := someone(t, rb, "好 2026-01-01", "好 2026-02-01", "好 2026-02-02", "好 2026-01-02", "逐日 2026-03-01")
	for i, recorded := range []string{"", "2026-03-03", "2026-03-05", "2027-01-03", "2026-03-06"} {
		if recorded != "" {
			r.Entries[i].Recorded = day(recorded)
		}
	}
	// 30 days, 31 days; 366 days; 5 days.
	tells(t, scored(rb, r, "2026-12-31"), "好+4 | 好+4 | 好+2 按 0.5 倍计 | 逐日+2.5 | 不计 好 不适用于B类")
	r.Entries[0].Recorded = day("2025-12-01") // before it happened: on its day
	tells(t, scored(rb, r, "2026-12-31"), "好+4 | 好+4 | 好+2 按 0.5 倍计 | 逐日+2.5 | 不计 好 不适用于B类")
}

// TestChoiceBoundByACounter: what may be chosen hangs on what was recorded, at
// entry as in the score.
func TestChoiceBoundByACounter(t *testing.T) {
	t.Parallel()
	rb := one(t, `{提醒: {}, 酌情: {板块: 贡献, 分值: {本年次数("提醒") >= 2: 1至3, 其余: 1至9}}}`)
	free, bound := someone(t, rb, "提醒 2026-01-01"), someone(t, rb, "提醒 2026-01-01", "提醒 2026-02-01")
	if err := scoring.CheckEntry(rb, free, did(t, rb, "酌情 2026-03-01 分值=9")); err != nil {
		t.Error(err)
	}
	if err := scoring.CheckEntry(rb, bound, did(t, rb, "酌情 2026-03-01 分值=9")); err == nil {
		t.Error("9 of 3 was let in")
	}
	if err := scoring.CheckEntry(rb, bound, did(t, rb, "酌情 2026-01-31 分值=9")); err != nil {
		t.Error(err)
	}
}
