package ruleset

import (
	"regexp"
	"slices"
	"strings"

	"jifen/internal/yamldoc"
)

// bannedKind is a kind of thing that must not be what members are assessed by, with
// the words by which names and units betray it, and the text that says so. A
// warning that a second person confirms: names do not prove meaning, and old
// schemes must remain transcribable.
type bannedKind struct {
	what   string
	words  []string
	source string
}

const (
	relief = "中办、国办《整治形式主义为基层减负若干规定》（2024年）"
	screen = "中央网信办《关于防治“指尖上的形式主义”的若干意见》"
	tracks = "国办函〔2026〕12号第二条"
)

func bannedKinds() []bannedKind {
	return []bannedKind{
		{"拿笔记、心得、留痕当考核", []string{"笔记", "心得", "截图", "拍照", "会议次数", "开会次数"}, relief},
		{"打卡、签到、登录", []string{"打卡", "签到", "登录", "登陆", "活跃度"}, screen},
		{"学习平台的积分和时长", []string{"学习强国", "学习积分", "在线时长", "在线学习时长", "学习时长", "阅读时长", "阅读量", "观看时长", "阅读分钟", "观看分钟", "阅读秒",
			"观看秒", "自测"}, screen},
		{"点赞、转发、收藏", []string{"点赞", "转发", "收藏", "跟帖"}, screen},
		{"装手机应用", []string{"APP", "App", "app", "小程序", "下载安装"}, screen},
		{"定位、步数、轨迹、回执", []string{"定位", "步数", "轨迹", "回执"}, tracks},
	}
}

// bannedUnit returns what is barred of a number by its unit: steps, and how much
// was read or watched.
func bannedUnit(item, field, unit string) (b bannedKind, ok bool) {
	switch unit {
	case "步":
		return bannedKind{"定位、步数、轨迹、回执", []string{unit}, tracks}, true
	case "分钟", "秒", "篇", "集", "分钟数":
		if regexp.MustCompile("阅读|观看|浏览|在线|网上学习|收看").MatchString(item + field) {
			return bannedKind{"学习平台的积分和时长", []string{unit}, screen}, true
		}
	}
	return b, false
}

// lintBannedItem warns of what the rules against formalism bar, by an item's name.
func (l *loader) lintBannedItem(key *yamldoc.Node) {
	if l.lintBannedWord(key, "项目“"+key.Text+"”", key.Text) {
		return
	}
	for _, w := range []string{"家属", "家人", "配偶", "子女"} {
		if strings.Contains(key.Text, w) {
			l.warn(key, "项目“"+key.Text+"”像是按家人的行为给党员记分（“"+w+"”）", "请第二个人确认确需保留")
			return
		}
	}
}

// lintBannedWord warns of the first barred word in a text.
func (l *loader) lintBannedWord(at *yamldoc.Node, what, text string) bool {
	for _, b := range bannedKinds() {
		if i := slices.IndexFunc(b.words, func(w string) bool { return strings.Contains(text, w) }); i >= 0 {
			l.warn(at, what+"像是整治形式主义规定不许作为考核的内容（“"+b.words[i]+"”："+b.what+"）", "请第二个人确认确需保留；见"+b.source)
			return true
		}
	}
	return false
}

// lintBannedFields warns of fields whose name or unit is barred, where the item's
// own name has not been told of.
func (l *loader) lintBannedFields(items *yamldoc.Node) {
	for i := range pairsOf(items) {
		p := &items.Pairs[i]
		if slices.ContainsFunc(bannedKinds(), func(b bannedKind) bool {
			return slices.ContainsFunc(b.words, func(w string) bool { return strings.Contains(p.Key.Text, w) })
		}) {
			continue
		}
		for _, f := range pairsOf(p.Value.Get("记录")) {
			what := "项目“" + p.Key.Text + "”要填的“" + f.Key.Text + "”"
			if l.lintBannedWord(f.Key, what, f.Key.Text) {
				continue
			}
			for _, option := range f.Value.Items {
				if l.lintBannedWord(option, what+"可选“"+option.Text+"”", option.Text) {
					break
				}
			}
			number, unit, _ := strings.Cut(f.Value.Text, " ")
			if b, ok := bannedUnit(p.Key.Text, f.Key.Text, strings.TrimSpace(unit)); ok && number == "数" {
				l.warn(f.Value, what+"像是整治形式主义规定不许作为考核的内容（单位“"+b.words[0]+"”："+b.what+"）", "请第二个人确认确需保留；见"+b.source)
			}
		}
	}
}

// lintBannedActivities warns of kinds of activity that are barred.
func (l *loader) lintBannedActivities(groups *yamldoc.Node) {
	for _, g := range pairsOf(groups) {
		for _, kind := range g.Value.Items {
			l.lintBannedWord(kind, "活动“"+kind.Text+"”", kind.Text)
		}
	}
}

// pairsOf returns the pairs of a node; none where it is no map.
func pairsOf(n *yamldoc.Node) []yamldoc.Pair {
	if n == nil {
		return nil
	}
	return n.Pairs
}

// disposal finds words for what only an organisation may decide, by its own
// procedure: the program proposes, it disposes of nobody.
var disposal = regexp.MustCompile(`劝其退党|劝退|除名|开除|取消预备|清退|退党|脱党|清除出党|清出党|停止党籍|限期改正|不合格党员处置`)

// procedure finds words that leave the decision where it belongs.
var procedure = regexp.MustCompile(`研究|按程序|按规定程序|建议.*讨论`)

// lintDisposals warns of alerts and red lines that are named like a disposal, or
// advise one.
func (l *loader) lintDisposals(root *yamldoc.Node) {
	for _, section := range []string{"预警", "红线"} {
		for _, p := range pairsOf(root.Get(section)) {
			if w := disposal.FindString(p.Key.Text); w != "" && !procedure.MatchString(p.Key.Text) {
				l.warn(p.Key, section+"“"+p.Key.Text+"”用了“"+w+"”作名称，像是程序就能处置党员",
					"换一个说情形的名称，例如 "+map[string]string{"预警": "长期不起作用", "红线": "严重违纪"}[section]+
						"；处置写进 建议: 由社区党委按程序研究")
			}
			advice := p.Value.Get("建议")
			if advice == nil || advice.Kind != yamldoc.Scalar {
				continue
			}
			if w := disposal.FindString(advice.Text); w != "" && !procedure.MatchString(advice.Text) {
				l.warn(advice, "预警“"+p.Key.Text+"”建议“"+w+"”：处置只能由党组织按程序决定", "写成：由社区党委按程序研究")
			}
		}
	}
	for _, p := range pairsOf(root.Get("等次")) {
		if w := disposal.FindString(p.Key.Text); w != "" {
			l.warn(p.Key, "等次“"+p.Key.Text+"”用了“"+w+"”：等次只说分数，处置由党组织按程序决定", "换一个名称，例如 不合格")
		}
	}
}
