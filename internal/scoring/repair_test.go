package scoring_test

import "testing"

// TestARepairThatDoesNotActIsSaid: what is recorded to lift a red line and does
// not lift it says so.
func TestARepairThatDoesNotActIsSaid(t *testing.T) {
	t.Parallel()
	rb := frame(t, map[string]string{
		"项目": "{整改: {板块: 基础, 分值: -2, 同一事项: 取最高, 解除: [处分]}, 通报: {板块: 基础, 分值: -5, 同一事项: 取最高}, 好事: {板块: 贡献, 分值: 2}}",
		"红线": "{处分: {当: '处分 == \"警告\"', 则: {最高等次: 中}, 直到: 解除}}", "豁免": "{停: {效果: 不计分}}", "活动": "",
	})
	for _, c := range []struct {
		want  string
		lines []string
	}{
		{"", []string{"整改 2026-05-01"}},
		{"这一天不计分：豁免：停，红线“处分”不因这一笔解除", []string{"整改 2026-05-01", "豁免=停 2026-04-01"}},
		{"同一事项只取最高，已有更高的，红线“处分”不因这一笔解除", []string{"整改 2026-05-01", "通报 2026-04-01"}},
	} {
		r := someone(t, rb, append(c.lines, "处分=警告 2026-03-01")...)
		for i := range r.Entries {
			about("甲", r, i)
			if r.Entries[i].Item == "整改" {
				r.Entries[i].ID = "z"
			}
		}
		if got := scored(rb, r, "2026-12-31").IdleRepair("z"); got != c.want {
			t.Errorf("%v:\n got  %s\n want %s", c.lines, got, c.want)
		}
	}
}
