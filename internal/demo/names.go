package demo

// name invents the name of member number n. A few places in the row are fixed
// for names that trip programs up: long ones with a middle dot, and characters
// that old fonts and encodings lack.
func name(d dice, n, age int) string {
	switch {
	case n%211 == 17:
		first, last, k := minorityFirst(), minorityLast(), n/211
		return first[k%len(first)] + "·" + last[k%len(last)]
	case n%397 == 41:
		return one(d, surnames()) + one(d, []string{"䶮", "㛃", "雨䶮", "㛃禾"})
	}
	family := one(d, surnames())
	if d.chance(15) {
		family = one(d, []string{"欧阳", "诸葛", "上官", "司徒"})
	}
	switch {
	case d.chance(110):
		return family + one(d, singles())
	case age > 55 || age > 40 && d.chance(500):
		return family + one(d, oldFirst()) + one(d, oldLast())
	default:
		return family + one(d, youngFirst()) + one(d, youngLast())
	}
}

// surnames lists the commonest several times, so that they come up more often.
func surnames() []string {
	return []string{
		"王", "李", "张", "刘", "陈", "王", "李", "张", "刘", "王", "李", "张", "王", "孙", "赵", "杨", "于",
		"黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧",
		"程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜",
		"戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金", "陆", "郝", "孔", "白", "崔", "康", "邱",
		"秦", "江", "史", "顾", "侯", "邵", "孟", "龙", "万", "段", "雷", "钱", "汤", "尹", "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文",
	}
}

// The given names are put together from fields, trees and waters: they sound
// like names, and nobody in particular bears them.
func oldFirst() []string {
	return []string{"麦", "禾", "谷", "桑", "槐", "榆", "柏", "泉", "岭", "坡", "桥", "犁", "棉", "粟", "井", "苇", "椿", "杏"}
}

func oldLast() []string {
	return []string{"丰", "茂", "根", "田", "川", "原", "坤", "堂", "满", "顺", "香", "芝", "莲", "枝", "兰", "秋"}
}

func youngFirst() []string {
	return []string{"砚", "屿", "澍", "芃", "霁", "汀", "溪", "漪", "槿", "棠", "葭", "栩", "珩", "淞", "禾", "筱", "沐", "砺", "榕", "茗"}
}

func youngLast() []string {
	return []string{"舟", "穗", "苒", "澄", "宁", "蓝", "乔", "然", "一", "安", "白", "渡", "遥", "棋", "笛", "墨", "岸", "帆"}
}

func singles() []string {
	return []string{"澍", "砚", "屿", "芃", "霁", "棠", "葭", "栩", "珩", "淞", "砺", "榕", "穗", "苒"}
}

func minorityFirst() []string {
	return []string{"阿依木尔", "巴特仁", "古丽夏", "苏布青", "格桑央", "叶尔禾", "努尔岭"}
}

func minorityLast() []string {
	return []string{"麦吉", "孟和朗", "艾山泉", "白音谷", "次多", "哈森麦"}
}
