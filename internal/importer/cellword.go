package importer

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
)

// YesNo reads a yes or no as forms have it; ok is false for any other text.
func YesNo(text string) (yes, ok bool) {
	switch strings.ToUpper(plainNumber(unprotected(text))) {
	case "是", "有", "对", "√", "✓", "✔", "☑", "✅", "○", "〇", "1", "Y", "YES", "TRUE":
		return true, true
	case "否", "不是", "无", "没有", "不", "×", "✕", "✗", "✘", "☒", "❌", "X", "0", "N", "NO", "FALSE":
		return false, true
	}
	return false, false
}

// cellText rewrites what a cell says of an attribute, or of a field of an item, in the one form
// that Attribute.Parse reads. What it cannot tell comes back as it stands, for Parse to refuse.
func cellText(a *ruleset.Attribute, text string) (string, error) {
	switch a.Type {
	case ruleset.YesNo:
		if yes, ok := YesNo(text); ok {
			return map[bool]string{true: "是", false: "否"}[yes], nil
		}
	case ruleset.DayFact:
		d, err := ParseDay(text)
		return d.String(), err
	case ruleset.Decimal:
		return Number(text, a.Unit)
	case ruleset.Options:
		return option(text, a.Options), nil
	}
	return text, nil
}

// cellValue reads a cell as Attribute.Parse does, in whatever form people write it.
func cellValue(a *ruleset.Attribute, text string) (domain.Value, error) {
	plain, err := cellText(a, text)
	if err != nil {
		return domain.Value{}, err
	}
	return a.Parse(plain)
}

// option returns the option that a text means but for blanks and width, the text itself where
// it means none.
func option(text string, options []string) string {
	if slices.Contains(options, text) {
		return text
	}
	plain := domain.PlainTitle(text)
	for _, o := range options {
		if domain.PlainTitle(o) == plain {
			return o
		}
	}
	return text
}

// Status reads how somebody attended, in the program's words and those of sign-in sheets. A
// sign that means one thing here and another there is fault.Invalid, and so is any other word.
func Status(text string) (domain.AttendanceStatus, error) {
	plain := strings.ToUpper(domain.PlainTitle(unprotected(text)))
	for _, s := range domain.AttendanceStatuses() {
		if plain == string(s) {
			return s, nil
		}
	}
	for _, known := range [...]struct {
		status domain.AttendanceStatus
		words  []string
	}{
		{domain.Present, []string{"√", "✓", "✔", "☑", "✅", "到", "已到", "到场", "出席", "出勤", "参会", "参加", "已参加", "签到", "已签到",
			"是", "1", "Y"}},
		{domain.Absent, []string{"×", "✕", "✗", "✘", "☒", "❌", "X", "未到", "没到", "未出席", "未参加", "缺", "缺勤", "旷会", "无故缺席", "否",
			"0", "N"}},
		{domain.Excused, []string{"假", "请", "事假", "病假", "公假", "已请假", "请事假", "请病假"}},
		{domain.Late, []string{"迟", "晚到"}},
		{domain.Left, []string{"早走"}},
		{domain.MadeUp, []string{"补", "已补课", "补学"}},
	} {
		if slices.Contains(known.words, plain) {
			return known.status, nil
		}
	}
	words := make([]string, 0, len(domain.AttendanceStatuses()))
	for _, s := range domain.AttendanceStatuses() {
		words = append(words, string(s))
	}
	list := strings.Join(words[:len(words)-1], "、") + " 或 " + words[len(words)-1]
	if strings.ContainsAny(plain, "○〇△▲◇※☆★●") {
		return "", fault.New(fault.Invalid, "“%s”各处意思不一样，看不出是到会、请假还是缺席", fault.Quote(text)).WithHint("写 %s", list)
	}
	return "", fault.New(fault.Invalid, "没有“%s”这种出勤", fault.Quote(text)).WithHint("写 %s", list)
}
