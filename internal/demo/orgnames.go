package demo

import "strconv"

const streetName = "潍州路街道"

// communityNames returns nine that the source names and one invented.
func communityNames() []string {
	return []string{"幸福街", "健康街", "潍柴", "星河", "道口", "北王", "东王", "西王", "黄家", "文化路"}
}

func marketNames() []string {
	return []string{"茶叶商会", "纺织品市场", "建材市场", "花卉市场", "旧书市场", "农贸市场"}
}

func twoNewNames() []string {
	return []string{
		"禾苗幼儿园", "麦田家政", "青砖物业", "木槿养老服务", "南窗书店", "双桥物流", "小满餐饮", "风筝文创", "石榴超市", "晴川软件", "半亩花艺",
		"谷雨培训", "竹影摄影", "白浪水务", "榆钱食品", "长亭快递", "灯塔会计", "溪口诊所", "木船电商", "春泥园林", "丁香社工",
	}
}

func functionalNames() []string {
	return []string{"和事老", "健康服务", "夕阳红", "平安巡逻", "助学帮困", "文艺宣传", "绿色家园", "法律服务", "志愿服务", "邻里互助", "民主议事"}
}

func onlineNames() []string {
	return []string{
		"异乡同行", "先锋讲堂", "青年创业", "楼道议事", "读书分享", "红色影音", "亲子课堂", "老兵故事", "便民问答", "平安在线", "健步走", "光影随拍",
		"巧手厨房", "求职互助", "法律问答", "乡音乡情", "环保打卡", "书法临帖", "电商互助", "司机之家", "快递驿站", "物业沟通", "医护问答", "文明养犬",
		"家电义修", "家庭菜园", "棋友会",
	}
}

// nth returns the i-th name of a pool (from 0), with an ordinal once the pool
// has been used up: a large street has several of everything.
func nth(pool []string, i int, suffix string) string {
	name := pool[i%len(pool)]
	if round := i / len(pool); round > 0 {
		name += "第" + numeral(round+1)
	}
	return name + suffix
}

// numeral writes 1 to 99 in Chinese, anything larger in digits.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[n])
	case n > 99:
		return strconv.Itoa(n)
	}
	s := "十"
	if n >= 20 {
		s = string(digits[n/10]) + s
	}
	if n%10 > 0 {
		s += string(digits[n%10])
	}
	return s
}
