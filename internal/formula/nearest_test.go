package formula

import "testing"

// A hint is what was meant, by sense or by spelling, and never the opposite.
func TestNearestIsNeverTheOpposite(t *testing.T) {
	t.Parallel()
	status := []string{"到会", "迟到", "早退", "请假", "补课", "缺席"}
	bodies := []string{"本人申请", "支部书记", "支部委员会", "支部党员大会", "党小组", "党总支", "社区党委", "街道党工委"}
	for _, c := range []struct {
		word string
		list []string
		want string
	}{
		{"出席", status, "到会"}, {"出席", []string{"缺席", "迟到"}, ""}, {"缺勤", status, "缺席"}, {"旷会", status, "缺席"},
		{"到席", status, "到会"},
		{"早到", []string{"迟到"}, ""}, {"事假", status, "请假"}, {"迟道", status, "迟到"}, {"未请假", []string{"请假"}, ""},
		{"领导小组", bodies, ""}, {"支委会", bodies, "支部委员会"}, {"党员大会", bodies, "支部党员大会"}, {"党工委", bodies, "街道党工委"},
		{"支部书纪", bodies, "支部书记"},
		{"镇党委", bodies, ""}, {"加分", []string{"扣分"}, ""}, {"上限", []string{"下限"}, ""}, {"上线", []string{"上限", "下限"}, "上限"},
		{"封顶", []string{"上限", "下限"}, "上限"},
		{"不计分", []string{"计分"}, ""}, {"期初", []string{"期末"}, ""}, {"最高", []string{"最低"}, ""}, {"在职", []string{"离职"}, ""},
		{"总份", []string{"总分", "基础"}, "总分"},
		{"志愿服物", []string{"志愿服务"}, "志愿服务"},
	} {
		if got := Nearest(c.word, c.list); got != c.want {
			t.Errorf("%s among %v: %q, want %q", c.word, c.list, got, c.want)
		}
	}
}
