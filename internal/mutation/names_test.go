package mutation

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/yamldoc"
)

// names holds the names that a rule file declares, by kind.
type names struct {
	items, blocks, categories, grades, reds, groups, kinds, flags, exemptions []string

	options [][]string // each list of options
}

func declared(root *yamldoc.Node) names {
	var out names
	keys := func(n *yamldoc.Node) (list []string) {
		if n != nil {
			for _, p := range n.Pairs {
				list = append(list, p.Key.Text)
			}
		}
		return list
	}
	out.items, out.blocks, out.categories = keys(root.Get("项目")), keys(root.Get("板块")), keys(root.Get("类别"))
	out.reds, out.groups, out.exemptions = keys(root.Get("红线")), keys(root.Get("活动")), keys(root.Get("豁免"))
	for g := root.Get("等次"); g != nil && len(g.Pairs) > 0; g = g.Pairs[len(g.Pairs)-1].Value {
		out.grades = keys(g) // of a ladder by case the last one
	}
	for _, p := range pairs(root.Get("活动")) {
		out.kinds = append(out.kinds, texts(p.Value)...)
	}
	for _, p := range pairs(root.Get("属性")) {
		if p.Value.Text == "是否" {
			out.flags = append(out.flags, p.Key.Text)
		}
		out.options = append(out.options, texts(p.Value))
	}
	out.options = append(out.options, out.grades, []string{"正式党员", "预备党员"},
		[]string{"无", "警告", "严重警告", "撤销党内职务", "留党察看", "开除党籍"})
	for _, item := range pairs(root.Get("项目")) {
		for _, p := range pairs(item.Value.Get("记录")) {
			out.options = append(out.options, texts(p.Value))
		}
	}
	return out
}

func pairs(n *yamldoc.Node) []yamldoc.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

func texts(n *yamldoc.Node) []string {
	var out []string
	for _, i := range n.Items {
		out = append(out, i.Text)
	}
	return out
}

// next returns the name after one in its list, the first after the last; none if
// it is not in the list or alone.
func next(list []string, name string) []string {
	i := slices.Index(list, name)
	if i < 0 || len(list) < 2 {
		return nil
	}
	return []string{list[(i+1)%len(list)]}
}

// others returns what else might stand in quotes in a condition.
func (n *names) others(name, before string, _ []string) []string {
	if strings.HasSuffix(before, "(") {
		return next(n.items, name)
	}
	for _, list := range n.options {
		if other := next(list, name); other != nil {
			return other
		}
	}
	return nil
}

// bare returns what else might stand for a name without quotes in a condition or
// formula.
func (n *names) bare(word, raw string, path []string) []string {
	if word == raw && !slices.Contains([]string{"当", "公式"}, path[len(path)-1]) {
		return nil
	}
	return slices.Concat(next(n.flags, word), next(n.blocks, word))
}

// whole returns what else might be named by a whole text.
func (n *names) whole(name string, path []string) []string {
	switch key := path[len(path)-1]; {
	case key == "板块", key == "属于":
		return next(n.blocks, name)
	case key == "来自" && slices.Contains(n.groups, name):
		return next(n.groups, name)
	case key == "来自":
		return next(n.kinds, name)
	case key == "解除":
		return next(n.reds, name)
	case key == "免":
		return next(n.items, name)
	case key == "适用" && slices.Contains(n.categories, name):
		return next(n.categories, name)
	case key == "出勤":
		return next([]string{"到会", "迟到", "早退", "请假", "补课", "缺席"}, name)
	case key == "等次" || key == "最高等次":
		return next(n.grades, name)
	}
	return nil
}

// keyOther returns by which key another may be taken.
func keyOther(path []string) map[string]string {
	if len(path) > 0 && path[len(path)-1] == "限额" {
		out := map[string]string{}
		for _, w := range []string{"单笔", "日", "周", "月", "季", "半年", "年", "终身"} {
			out[w] = window(w)
		}
		return out
	}
	return map[string]string{"上限": "下限", "下限": "上限", "最高等次": "等次", "等次": "最高等次", "达到": "分段"}
}

func window(w string) string {
	return map[string]string{
		"单笔": "日", "日": "周", "周": "月", "月": "季", "季": "月", "半年": "年", "年": "半年", "终身": "年", "实时": "月",
	}[w]
}

// windowOther returns the window that may be taken for the one a word names.
func windowOther(word, key string, path []string) string {
	if key == "每" || key == "考核" {
		if !slices.Contains(path, "分段") && !slices.Contains(path, "重复") {
			return window(word)
		}
	}
	for _, w := range []string{"半年", "周", "月", "季", "年"} {
		for _, what := range []string{"次数", "合计"} {
			if word == "本"+w+what {
				return "本" + window(w) + what
			}
		}
	}
	return map[string]string{
		"加分次数": "扣分次数", "扣分次数": "加分次数", "名次": "倒数名次", "倒数名次": "名次",
		"累计次数": "本年次数", "累计合计": "本年合计",
		"本周": "本月", "本月": "本季", "本季": "本月", "本半年": "本年", "本年": "本半年",
	}[word]
}

// wordOther returns the words that may be taken for a whole text.
func wordOther(text string, path []string) []string {
	key := path[len(path)-1]
	cycle := func(words ...string) []string { return next(words, text) }
	switch key {
	case "直到":
		return cycle("解除", "期末")
	case "加分":
		return cycle("暂停", "作废")
	case "同一事项":
		return cycle("取最高", "各计")
	case "取":
		return cycle("平均", "合计", "末期")
	case "空期":
		return cycle("不计", "记零")
	case "压线":
		return cycle("同进", "同退")
	case "舍入":
		return cycle("四舍五入", "舍去")
	case "取整":
		return cycle("四舍五入", "舍去", "进一")
	case "类别按":
		return cycle("期初", "当日", "期末")
	case "起点按":
		return cycle("期初", "期末", "天数")
	case "于":
		return cycle("首日", "末日")
	case "效果":
		return cycle("不计分", "不排名")
	case "计分", "排名":
		return cycle("是", "否")
	case "推算":
		return cycle("周岁", "党龄")
	case "范围", "名额":
		return cycle("支部", "社区", "街道")
	case "级别":
		return cycle(domain.Texts(domain.AlertLevels())...)
	case "有效":
		return append(cycle("本期", "1年"), map[string]string{"长期": "本期"}[text])
	case "在":
		return cycle("有效期", "本期")
	}
	if len(path) > 1 && path[len(path)-2] == "限额" {
		return []string{swapUnit(text)}
	}
	if len(path) > 1 && path[len(path)-2] == "连续" {
		return cycle(domain.Texts(domain.AlertLevels())...)
	}
	return nil
}

// swapUnit takes points for times and times for points.
func swapUnit(limit string) string {
	if rest, found := strings.CutSuffix(limit, "次"); found {
		return rest + "分"
	}
	return strings.TrimSuffix(limit, "分") + "次"
}
