package ruleset

import (
	"jifen/internal/domain"
)

func whole() Section {
	kinds := words()
	return Section{"规则文件", []Key{
		{Name: "办法", Help: "办法的名称", Must: true, Shape: text()},
		{Name: "编号", Help: "代号；换年份、改条款都不换", Must: true, Shape: text()},
		{Name: "施行", Help: "从哪一天起施行", Must: true, Shape: Shape{Form: FormDay}},
		{Name: "首次施行", Help: "办法最早从哪一天起施行；换了文本、从前的记录接着算时才写", Shape: Shape{Form: FormDay}},
		{Name: "依据", Help: "根据哪个文件", Shape: text()},
		{Name: "适用", Help: "管哪些种类的支部；不写就都管", Shape: kinds},
		{Name: "机构", Help: "文件里别的机构相当于哪一级：支部、社区、街道；系统以外的写 外部", Shape: table(word(domain.OrganPlaces()...))},
		{Name: "周期", Help: "多长算一期，类别和起点按哪天的", Must: true, Shape: section("周期")},
		{Name: "小数", Help: "乘除得出的数留几位，怎样舍入", Shape: section("小数")},
		{Name: "公示", Help: "一种公示起一个名称：多久一次，公示几天，几天内可以提异议，几天内答复", Shape: table(section("公示"))},
		{Name: "默认", Help: "各项目没有另写时都照这个", Shape: section("默认")},
		{Name: "活动", Help: "记一次活动时可选的种类，归成组", Shape: table(words())},
		{Name: "属性", Help: "要知道党员的什么，都从某天起算", Shape: table(Shape{Form: FormEither, Section: "属性"})},
		{Name: "豁免", Help: "代码，不写缘由；免什么，谁批", Shape: table(section("豁免"))},
		{Name: "类别", Help: "自上而下，先符合者为准；末行是 其余", Must: true, Shape: inOrder(section("类别"))},
		{Name: "板块", Help: "板块成树，根是总分", Must: true, Shape: table(section("板块"))},
		{Name: "总分", Help: "总分怎样由板块得出；不写就是相加", Shape: section("总分")},
		{Name: "项目", Help: "什么事记多少分", Must: true, Shape: table(short(section("项目"), text(), "分值"))},
		{Name: "红线", Help: "最后作用，不再受上下限", Shape: table(section("红线"))},
		{Name: "排名", Help: "在哪几层排名，怎样比", Shape: section("排名")},
		{Name: "等次", Help: "自上而下，先符合者为准；末行是 其余", Shape: valued(inOrder(short(section("等次"), condition(), "当")))},
		{Name: "预警", Help: "只提建议，不作处置", Shape: table(section("预警"))},
		{Name: "标杆", Help: "前几名里符合条件的", Shape: table(section("标杆"))},
		{Name: "授权", Help: "哪一级组织可以自设项目，多少、多大",
			Shape: Shape{Form: FormTable, Row: rowOf(section("授权")), Words: levelWords()}},
		{Name: "停用", Help: "以前有、这一版没有了的项目", Shape: words()},
		{Name: "说明", Help: "对提醒的答复：哪一处（如 项目.志愿服务），为什么确需这样", Shape: table(text())},
	}}
}

func rowOf(s Shape) *Shape { return &s }

func supplementFile() Section {
	s := Section{"补充文件", []Key{
		{Name: "补充", Help: "补充哪一份办法，写它的编号", Must: true, Shape: text()},
		{Name: "施行", Help: "从哪一天起", Must: true, Shape: Shape{Form: FormDay}},
		{Name: "依据", Help: "根据哪次会议、哪个文件", Shape: text()},
	}}
	for _, w := range levelWords() {
		s.Keys = append(s.Keys, Key{Name: w, Help: "是哪个" + w + "补充的", Shape: text()})
	}
	s.Keys = append(s.Keys, Key{Name: "项目", Help: "自设的项目，只用 分值、记录、限额、依据", Must: true,
		Shape: table(short(section("项目"), text(), "分值"))})
	return s
}

func cycleSection() Section {
	return Section{"周期", []Key{
		{Name: "考核", Help: "多长算一期", Must: true, Shape: word(units()...)},
		{Name: "类别按", Help: "一笔记录按哪天的类别", Usual: "当日", Shape: word("期初", "当日", "期末")},
		{Name: "起点按", Help: "起点和上下限按哪天的类别；天数 是按各类别的天数折算", Shape: word("期初", "期末", "天数")},
	}}
}

func decimalsSection() Section {
	return Section{"小数", []Key{
		{Name: "位数", Help: "留几位：0、1、2", Usual: "2", Shape: word("0", "1", "2")},
		{Name: "舍入", Help: "怎样舍入", Usual: "四舍五入", Shape: word("四舍五入", "舍去", "四舍六入五成双")},
	}}
}

func noticeSection() Section {
	return Section{"公示", []Key{
		{Name: "每", Help: "多久公示一次", Must: true, Shape: word(units()...)},
		{Name: "天数", Help: "公示几天：5天，或 5个工作日", Must: true, Shape: text()},
		{Name: "提出", Help: "从公示那天起，几天以内可以提异议；不写就是公示期间", Shape: text()},
		{Name: "答复", Help: "从提出那天起，几天以内要答复", Shape: text()},
		{Name: "范围", Help: "贴在哪一层", Usual: "支部", Shape: word(levelWords()...)},
		{Name: "列", Help: "公示哪几样；不写就是姓名、总分、等次", Shape: words(columnWords()...)},
	}}
}

// workflowKeys are the keys that say who enters and approves.
func workflowKeys() []Key {
	return []Key{
		{Name: "录入", Help: "谁来记", Shape: words()},
		{Name: "审批", Help: "谁来批，按先后写", Shape: valued(words())},
		{Name: "证明", Help: "要不要证明材料", Usual: "否", Shape: word("是", "否")},
		{Name: "补录", Help: "事后多久以内可以补记，如 30天、1个月", Shape: text()},
	}
}

func usualSection() Section {
	return Section{"默认", append(workflowKeys(),
		Key{Name: "有效", Help: "一笔记录管多久：本期、12个月、2年、长期", Usual: "本期", Shape: valued(text())},
		Key{Name: "同一事项", Help: "写了同一个事项的几笔，各计还是只取最高", Usual: "各计", Shape: word("各计", "取最高")})}
}

func derivedSection() Section {
	return Section{"属性", []Key{{Name: "推算", Help: "由出生日期推算周岁，由转正日期推算党龄", Must: true, Shape: word("周岁", "党龄")}}}
}

func exemptionSection() Section {
	return Section{"豁免", []Key{
		{Name: "效果", Help: "不计分，或不排名", Shape: word("不计分", "不排名")},
		{Name: "免", Help: "只免这几个项目", Shape: words()},
		{Name: "审批", Help: "谁来批，按先后写", Shape: words()},
	}}
}

func categorySection() Section {
	return Section{"类别", []Key{
		{Name: "名称", Help: "印在表上的名称", Shape: text()},
		{Name: "当", Help: "什么样的人；末行写 其余", Must: true, Shape: condition()},
		{Name: "计分", Help: "这一类计不计分", Usual: "是", Shape: word("是", "否")},
		{Name: "排名", Help: "这一类排不排名", Usual: "是", Shape: word("是", "否")},
	}}
}

func blockSection() Section {
	return Section{"板块", []Key{
		{Name: "属于", Help: "上级板块；不写就在总分下面", Shape: text()},
		{Name: "起点", Help: "开头就有的分", Usual: "0", Shape: points()},
		{Name: "公式", Help: "怎样由下级板块得出；不写就是相加", Shape: computed()},
		{Name: "折算", Help: "只在考核期里计分一部分时间的人，起点按月还是按天折算", Shape: word("月", "天")},
		{Name: "下限", Help: "合计最低到几分", Shape: points()},
		{Name: "上限", Help: "合计最高到几分", Shape: points()},
		{Name: "限额", Help: "单笔的限额：10分 管加分，-10分 管扣分，3次 都管", Shape: limitShape()},
		{Name: "每", Help: "分成多长的几段，各自算起", Shape: word("月", "季", "半年")},
		{Name: "取", Help: "各段怎样合起来：平均、合计、末期、最高3期", Shape: text()},
		{Name: "空期", Help: "取平均、最高几期的：没有记录的一段和没完的一段，不计，还是照起点算（记零）", Usual: "不计", Shape: word("不计", "记零")},
	}}
}

func totalSection() Section {
	return Section{"总分", []Key{
		{Name: "公式", Help: "怎样由板块得出；不写就是相加", Shape: computed()},
		{Name: "下限", Help: "最低到几分", Shape: points()},
		{Name: "上限", Help: "最高到几分", Shape: points()},
		{Name: "限额", Help: "单笔的限额", Shape: limitShape()},
	}}
}

func itemSection() Section {
	return Section{"项目", append([]Key{
		{Name: "依据", Help: "办法第几条", Shape: text()},
		{Name: "记录", Help: "这个项目要填什么：数 小时、0至100、是否、[选项, 选项]、文字、日期", Shape: table(Shape{Form: FormEither})},
		{Name: "板块", Help: "算在哪个板块", Shape: text()},
		{Name: "来自", Help: "随哪些活动的出勤产生", Shape: Shape{Form: FormEither}},
		{Name: "出勤", Help: "哪几种出勤", Shape: words()},
		{Name: "自动", Help: "到哪天条件成立就自动记一笔", Shape: section("自动")},
		{Name: "适用", Help: "只对这些人记：[类别, 类别] 或条件", Shape: valued(Shape{Form: FormEither})},
		{Name: "分值", Help: "多少分：数、范围、算式、累计档或分段", Shape: valued(Shape{Form: FormAmount})},
		{Name: "倍数", Help: "什么情形乘几倍：数或算式", Shape: computed()},
		{Name: "重复", Help: "再犯加倍：在多久以内，各次乘几", Shape: section("重复")},
		{Name: "有效", Help: "管多久：本期、12个月、2年、长期；从发生那天算起", Shape: valued(text())},
		{Name: "限额", Help: "这一项的限额：10分 管加分，-10分 管扣分，3次 都管", Shape: limitShape()},
		{Name: "归期", Help: "上期：于 里的日子发生的，算在上一期的最后一天", Shape: word("上期")},
		{Name: "于", Help: "归上期的是哪些日子，如 [1月1日, 3月31日]", Shape: words()},
		{Name: "同一事项", Help: "写了同一个事项的几笔，各计还是只取最高", Shape: word("各计", "取最高")},
		{Name: "解除", Help: "这一笔解除哪几条红线", Shape: words()},
		{Name: "原名", Help: "以前的版本里叫什么", Shape: words()},
	}, workflowKeys()...)}
}

func autoSection() Section {
	return Section{"自动", []Key{
		{Name: "每", Help: "多长看一次", Must: true, Shape: word(windowUnits()...)},
		{Name: "于", Help: "哪一天：首日、末日、25日、12月10日；每周写 周一 至 周日", Must: true, Shape: text()},
		{Name: "当", Help: "到那天什么条件成立", Shape: condition()},
	}}
}

func repeatSection() Section {
	return Section{"重复", []Key{
		{Name: "在", Help: "多久以内算再犯：12个月、有效期、本期、本年、本半年、本季、本月", Must: true, Shape: text()},
		{Name: "倍数", Help: "第一次、第二次……各乘几；后面照最后一个", Shape: Shape{Form: FormList, Row: &Shape{Form: FormNumber}}},
		{Name: "每", Help: "几次一轮，如 3次：没写倍数的，满一轮才扣一次；写了倍数的，一轮完了从头再来", Shape: text()},
	}}
}

func stepsSection() Section {
	return Section{"分值", []Key{
		{Name: "数量", Help: "按什么累计", Must: true, Shape: text()},
		{Name: "每", Help: "多长累计一次；不写就各笔单算", Shape: word("周", "月", "季", "半年", "年", "终身")},
		{Name: "达到", Help: "累计到哪一档就是哪一档的分，不相加", Shape: Shape{Form: FormTable, Row: &Shape{Form: FormNumber}}},
		{Name: "分段", Help: "每一段里满一个“每”记一次分，各段相加", Shape: Shape{Form: FormList, Row: rowOf(section("分段"))}},
	}}
}

func bandSection() Section {
	return Section{"分段", []Key{
		{Name: "至", Help: "这一段到哪里为止；末段不写", Shape: Shape{Form: FormNumber}},
		{Name: "每", Help: "满多少记一次", Must: true, Shape: Shape{Form: FormNumber}},
		{Name: "得", Help: "记一次是几分", Usual: "1", Shape: Shape{Form: FormNumber}},
	}}
}

func redLineSection() Section {
	return Section{"红线", []Key{
		{Name: "依据", Help: "办法第几条", Shape: text()},
		{Name: "当", Help: "什么情形", Must: true, Shape: condition()},
		{Name: "则", Help: "后果：总分或板块定为几分、等次、最高等次、加分暂停或作废", Must: true, Shape: section("则")},
		{Name: "直到", Help: "解除：条件在才管；期末：本期有过就管到期末", Must: true, Shape: word("解除", "期末")},
	}}
}

// effectSection is read by effects; besides these keys it has the blocks'.
func effectSection() Section {
	return Section{"则", []Key{
		{Name: "总分", Help: "总分定为几分", Shape: Shape{Form: FormNumber}},
		{Name: "等次", Help: "直接定为哪一等", Shape: text()},
		{Name: "最高等次", Help: "最高评到哪一等", Shape: text()},
		{Name: "加分", Help: "暂停：解除后恢复；作废：不再恢复", Shape: word("暂停", "作废")},
	}}
}

func gradeSection() Section {
	return Section{"等次", []Key{
		{Name: "当", Help: "什么条件；末行写 其余", Shape: condition()},
		{Name: "占", Help: "这一等自己占的比例，如 10%、1/3；最后几等写 至少 5%，名次在最后这么多的，最好评这一等", Shape: text()},
	}}
}

func rankingSection() Section {
	return Section{"排名", []Key{
		{Name: "范围", Help: "在哪几层排", Shape: words(levelWords()...)},
		{Name: "再比", Help: "总分相同比哪些板块", Shape: words()},
		{Name: "人群", Help: "分开排的人群，自上而下；末行是 其余", Shape: inOrder(condition())},
		{Name: "名额", Help: "按比例定等次在哪一层算", Shape: word(levelWords()...)},
		{Name: "压线", Help: "名次相同、正好压在比例线上的", Usual: "同进", Shape: word("同进", "同退")},
		{Name: "取整", Help: "比例乘人数怎样取整", Usual: "四舍五入", Shape: word("四舍五入", "舍去", "进一")},
		{Name: "至少", Help: "少于几人不评，如 5人", Shape: text()},
	}}
}

func alertSection() Section {
	return Section{"预警", []Key{
		{Name: "依据", Help: "办法第几条", Shape: text()},
		{Name: "每", Help: "多长看一次；实时 是随时看", Must: true, Shape: word("实时", "周", "月", "季", "半年", "年")},
		{Name: "当", Help: "什么条件", Must: true, Shape: condition()},
		{Name: "连续", Help: "连着几期才提醒：2，或 {3: 提醒, 4: 警示, 6: 红}", Shape: Shape{Form: FormAny}},
		{Name: "级别", Help: "提醒、警示、红", Shape: word(alertLevels()...)},
		{Name: "建议", Help: "建议怎么办", Must: true, Shape: text()},
		{Name: "负责", Help: "谁来办", Must: true, Shape: text()},
		{Name: "限期", Help: "几天以内办，如 7天", Must: true, Shape: text()},
	}}
}

func benchmarkSection() Section {
	return Section{"标杆", []Key{
		{Name: "范围", Help: "在哪一层选", Must: true, Shape: word(levelWords()...)},
		{Name: "前", Help: "前几名：10%、1/3 或 3人", Must: true, Shape: text()},
		{Name: "当", Help: "还要符合什么", Shape: condition()},
	}}
}

func grantSection() Section {
	return Section{"授权", []Key{
		{Name: "板块", Help: "自设的项目记在哪个板块", Must: true, Shape: text()},
		{Name: "加分", Help: "加分的最多几项，如 5项", Shape: text()},
		{Name: "扣分", Help: "扣分的最多几项，如 5项", Shape: text()},
		{Name: "单笔", Help: "一笔最多几分，如 2分", Must: true, Shape: text()},
		{Name: "审批", Help: "谁来批", Must: true, Shape: words()},
	}}
}

func basedSection() Section {
	return Section{"带依据的值", []Key{
		{Name: "依据", Help: "根据哪一条改的", Shape: text()},
		{Name: "值", Help: "改成什么", Must: true, Shape: Shape{Form: FormAny, Cases: true}},
	}}
}
