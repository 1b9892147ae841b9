package formula

import (
	"slices"
	"strings"
)

// Nearest returns the word of a vocabulary that a misspelt one most likely
// meant, "" if none is near: one that means the same, else one that is spelt
// nearly so, with at most one change for short words and two for words of four
// characters and more. Never its opposite, nor the name of another body.
func Nearest(word string, vocabulary []string) string {
	w := []rune(word)
	best, bestCost := "", 1+len(w)/4+1
	if len(w) > 50 {
		return ""
	}
	for _, same := range synonyms() {
		if !slices.Contains(same, word) {
			continue
		}
		for _, v := range same {
			if v != word && slices.Contains(vocabulary, v) {
				return v
			}
		}
	}
	for _, v := range vocabulary {
		if len(v) > 150 || opposite(word, v) {
			continue
		}
		if cost := distance(w, []rune(v)); cost < bestCost && cost < len([]rune(v)) {
			best, bestCost = v, cost
		}
	}
	return best
}

// synonyms lists words that mean the same where points are kept.
func synonyms() [][]string {
	return [][]string{
		{"到会", "出席", "出勤", "参加", "参会", "到场", "签到", "正常", "实到"},
		{"缺席", "缺勤", "未到", "未参加", "旷会", "旷课", "无故缺席", "不到"},
		{"请假", "事假", "病假", "公假", "告假"},
		{"迟到", "晚到"}, {"早退", "早走", "提前离会"}, {"补课", "补学"},
		{"支部委员会", "支委会", "支委"}, {"支部党员大会", "党员大会", "支部大会"}, {"支部书记", "党支部书记", "书记"},
		{"街道党工委", "党工委", "街道"}, {"社区党委", "社区"},
		{"上限", "封顶", "最高分"}, {"下限", "保底", "最低分"}, {"起点", "基础分", "底分", "基准分"}, {"分值", "得分", "分数", "积分", "加分分值"},
		{"限额", "限次", "次数限制", "最多"}, {"倍数", "系数", "权重"}, {"有效", "有效期"}, {"审批", "审核", "批准"}, {"录入", "登记", "申报"},
		{"证明", "佐证", "证明材料", "材料"}, {"依据", "来源", "出处"}, {"编号", "代号", "代码"}, {"施行", "生效", "实施", "起始"},
		{"当", "条件", "如果"}, {"建议", "措施", "处理"}, {"负责", "负责人", "责任人"}, {"限期", "期限", "时限"},
		{"是", "有", "yes", "true", "对"}, {"否", "无", "no", "false", "不"},
		{"年", "年度", "每年"}, {"季", "季度", "每季"}, {"月", "月度", "每月"}, {"周", "每周", "星期"}, {"半年", "每半年"},
	}
}

// opposite reports whether of two words one is the opposite of the other, or
// they name bodies that only sound alike.
func opposite(a, b string) bool {
	for _, pair := range [...][2]string{
		{"出", "缺"}, {"到", "缺"}, {"加", "扣"}, {"加", "减"}, {"增", "减"}, {"上", "下"}, {"高", "低"}, {"多", "少"}, {"大", "小"},
		{"进", "退"}, {"迟", "早"}, {"前", "后"}, {"初", "末"}, {"有", "无"}, {"正", "负"}, {"正", "反"}, {"优", "劣"}, {"奖", "惩"},
		{"奖", "罚"}, {"男", "女"}, {"入", "出"}, {"城", "乡"}, {"开", "停"}, {"在", "离"}, {"已", "未"}, {"应", "实"},
		{"领导小组", "党小组"}, {"领导小组", "小组"}, {"党委", "党组"}, {"党委", "支委"}, {"机关", "社区"}, {"市", "县"}, {"镇", "街道"},
	} {
		for _, p := range [...][2]string{pair, {pair[1], pair[0]}} {
			if strings.Contains(a, p[0]) && strings.Contains(b, p[1]) && strings.Replace(a, p[0], p[1], 1) == b {
				return true
			}
		}
	}
	for _, p := range [...]string{"不", "未", "无", "非", "没"} {
		if a == p+b || b == p+a {
			return true
		}
	}
	return false
}

func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
