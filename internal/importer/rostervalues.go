package importer

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jifen/internal/fault"
)

// mustBe refuses a value that is none of a closed list.
func mustBe(text, list string) error {
	return fault.New(fault.Invalid, "不认得“%s”", fault.Quote(text)).WithHint("填%s", list)
}

func genders(text string) (Gender, error) {
	switch strings.TrimSuffix(text, "性") {
	case "男", "1":
		return Male, nil
	case "女", "2":
		return Female, nil
	case "0", "9", "未知的", "未知", "未说明的":
		return "", nil
	}
	return "", mustBe(text, "男或女")
}

func membership(text string) (MembershipKind, error) {
	switch strings.Map(onlyHan, text) {
	case "正式党员", "正式", "中共正式党员", "中共党员":
		return Full, nil
	case "预备党员", "预备", "中共预备党员":
		return Probationary, nil
	case "发展对象", "入党积极分子", "积极分子", "入党申请人", "共青团员", "群众":
		return "", fault.New(fault.Invalid, "“%s”还不是党员", fault.Quote(text)).WithHint("名册里只放正式党员和预备党员，这一行删去")
	}
	return "", mustBe(text, "正式党员或预备党员")
}

// political reads 政治面貌, which says more of strangers than of members: 中共党员 is a full
// one, 党员 alone does not tell.
func political(text string) (MembershipKind, error) {
	switch plain := strings.Map(onlyHan, text); {
	case plain == "党员" || strings.TrimSpace(text) == "":
		return "", nil
	case plain == "中共党员" || plain == "中共正式党员" || plain == "正式党员" || text == "01":
		return Full, nil
	case plain == "中共预备党员" || plain == "预备党员" || text == "02":
		return Probationary, nil
	}
	return "", fault.New(fault.Invalid, "政治面貌是“%s”，还不是党员", fault.Quote(text)).
		WithHint("名册里只放正式党员和预备党员，这一行删去")
}

// floating reads whether a member is away, and words that say where.
func floating(text string) (bool, error) {
	if yes, ok := YesNo(text); ok {
		return yes, nil
	}
	switch first, _, _ := strings.Cut(strings.NewReplacer(",", "，", "(", "，", "（", "，", ":", "，", "：", "，", "、",
		"，").Replace(text), "，"); first {
	case "是", "流出", "流动":
		return true, nil
	case "否", "未流动":
		return false, nil
	}
	return false, mustBe(text, "是或否")
}

func onlyHan(r rune) rune {
	if unicode.Is(unicode.Han, r) {
		return r
	}
	return -1
}

func whether(text string) (bool, error) {
	if yes, ok := YesNo(text); ok {
		return yes, nil
	}
	return false, mustBe(text, "是或否")
}

func suspended(text string) (bool, error) {
	switch text {
	case "正常", "在册", "在党", "1", "保留党籍", "恢复党籍", "10", "11":
		return false, nil
	case "停止党籍", "12":
		return true, nil
	case "开除党籍", "13", "出党", "死亡", "除名", "退党", "自行脱党", "取消预备党员资格":
		return false, fault.New(fault.Invalid, "党籍状态是“%s”，已经不是党员", fault.Quote(text)).WithHint("这一行删去")
	}
	return false, mustBe(text, "正常或停止党籍")
}

// words reads a short text in one line.
func words(text string) (string, error) {
	text = strings.Join(strings.FieldsFunc(text,
		func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }), "")
	if utf8.RuneCountInString(text) > maxWords {
		return "", fault.New(fault.Invalid, "“%s”太长", fault.Quote(text)).WithHint("最多 %d 字", maxWords)
	}
	return text, nil
}

// phone reads one number; what it was is never told.
func phone(text string) (string, error) {
	plain := strings.Map(narrow, text)
	number := strings.NewReplacer(" ", "", "\u00a0", "", "\u3000", "", "-", "", "—", "", "(", "", ")", "").Replace(plain)
	for _, country := range [...]string{"+86", "0086", "86"} {
		if rest, ok := strings.CutPrefix(number, country); ok && len(rest) == 11 {
			number = rest
			break
		}
	}
	switch {
	case !allDigits(number) && len(number) > 11:
		return "", fault.New(fault.Invalid, "联系电话不止一个，或者写了别的字").WithHint("只留一个手机号")
	case !allDigits(number), len(number) < 7, len(number) > 12, number[0] == '1' && len(number) != 11:
		return "", fault.New(fault.Invalid, "联系电话的位数或写法不对").WithHint("写 11 位的手机号；没有手机的写固定电话，如 0536-8000000")
	}
	return number, nil
}

// months reads a correction of the Party standing.
func months(text string) (int, error) {
	plain := strings.TrimSuffix(strings.TrimSuffix(strings.Map(narrow, text), "月"), "个")
	n, err := strconv.Atoi(strings.TrimSpace(plain))
	if err != nil || n < -1200 || n > 1200 {
		return 0, fault.New(fault.Invalid, "党龄校正值“%s”不对", fault.Quote(text)).WithHint("写月数，如 12 或 -6；不用校正的写 0")
	}
	return n, nil
}

// nation reads an ethnic group by name, with or without 族, or by its number in
// GB/T 3304.
func nation(text string) (string, error) {
	list := nations()
	if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(list) {
		return list[n-1], nil
	}
	for _, people := range [...]string{"穿青人", "亻革家人", "僜人", "夏尔巴人"} { // as identity cards have it
		if text == people {
			return people, nil
		}
	}
	for short, full := range map[string]string{"维": "维吾尔族", "哈": "哈萨克族", "蒙": "蒙古族", "朝": "朝鲜族"} {
		if text == short+"族" {
			return full, nil
		}
	}
	for _, name := range [...]string{text, text + "族"} {
		if slices.Contains(list, name) {
			return name, nil
		}
	}
	switch text {
	case "其他", "其它", "57", "97":
		return "其他", nil
	case "外国血统中国籍", "外国血统中国籍人士", "58", "98":
		return "外国血统中国籍人士", nil
	}
	return "", fault.New(fault.Invalid, "没有“%s”这个民族", fault.Quote(text)).WithHint("照身份证填，如汉族")
}

func nations() []string {
	return []string{
		"汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族", "满族", "侗族", "瑶族", "白族", "土家族",
		"哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族", "佤族", "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族",
		"土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族", "普米族", "塔吉克族", "怒族", "乌孜别克族",
		"俄罗斯族", "鄂温克族", "德昂族", "保安族", "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族",
	}
}

// education reads a level as a label, or by its code; other labels are taken as
// they are, for there are many lists.
func education(text string) (string, error) {
	for _, level := range [...]struct{ code, label string }{
		{"11", "博士研究生"}, {"12", "硕士研究生"}, {"13", "硕士生班"}, {"1A", "中央党校研究生"}, {"1B", "省（区、市）委党校研究生"},
		{"21", "大学"}, {"22", "大专"}, {"23", "大学普通班"}, {"24", "第二学士学位班"},
		{"2A", "中央党校大学"}, {"2B", "省委党校大学"}, {"2C", "中央党校大专"}, {"2D", "省委党校大专"},
		{"41", "中等专科"}, {"44", "职业高中"}, {"47", "技工学校"}, {"61", "普通高中"}, {"71", "初中"}, {"81", "小学"}, {"9", "其他"},
	} {
		if strings.EqualFold(text, level.code) {
			return level.label, nil
		}
	}
	return words(text)
}
