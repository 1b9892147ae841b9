package domain

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jifen/internal/fault"
)

// Group (党小组) and Hub (党员中心户) name the facts by which a branch divides its members. They
// are its own, whatever its rules ask for, and decide no points. NoGroup is the value that ends
// one.
const (
	Group   = "党小组"
	Hub     = "党员中心户"
	NoGroup = "无"
)

// Groupings lists the facts by which a branch divides its members.
func Groupings() []string { return []string{Group, Hub} }

// maxGroupName limits the name of a group, in characters.
const maxGroupName = 20

// Grouping holds in which group and at which hub of the home branch a member is; "" for none.
type Grouping struct{ Group, Hub string }

// Of returns the name under one of Groupings.
func (g Grouping) Of(attribute string) string {
	switch attribute {
	case Group:
		return g.Group
	case Hub:
		return g.Hub
	default:
		return ""
	}
}

// GroupNames holds what the groups and hubs of a branch are called, by Groupings, in order.
type GroupNames map[string][]string

// ParseGroupName reads the name of a group or hub as it was typed; NoGroup is one.
func ParseGroupName(attribute, text string) (string, error) {
	name, err := Name(attribute+"的名称", text, maxGroupName)
	switch {
	case err != nil:
		return "", err
	case strings.ContainsAny(name, "/、，,;；|"):
		return "", fault.New(fault.Invalid, "%s的名称里有“/”或顿号、逗号、分号", attribute).WithHint("一个人在一个组，只写名称")
	}
	return name, nil
}

// plainGroupName returns the form in which names of groups are compared: digits in Chinese,
// without 第 and what every group or hub is called.
func plainGroupName(name string) string {
	name = strings.NewReplacer("0", "零", "1", "一", "2", "二", "3", "三", "4", "四", "5", "五", "6", "六", "7", "七", "8", "八",
		"9", "九").Replace(PlainOrgName(name))
	for _, suffix := range [...]string{"党员中心户", "中心户", "党小组", "小组", "组", "户"} {
		if rest, ok := strings.CutSuffix(name, suffix); ok && rest != "" {
			name = rest
			break
		}
	}
	return strings.TrimPrefix(name, "第")
}

// GroupOrder returns by what names of groups are put in order: numbers by their value, Chinese
// ones and others alike.
func GroupOrder(name string) string {
	var out strings.Builder
	number, digit, any := 0, 0, false
	end := func() {
		if any {
			fmt.Fprintf(&out, "%06d", min(number+digit, 999999))
		}
		number, digit, any = 0, 0, false
	}
	for _, r := range PlainOrgName(name) {
		at := slices.Index([]rune("零一二三四五六七八九"), r)
		switch {
		case r >= '0' && r <= '9':
			at = int(r - '0')
			digit, any = min(digit*10+at, 999999), true
		case at >= 0:
			digit, any = at, true
		case r == '十':
			number, digit, any = number+max(digit, 1)*10, 0, true
		case r == '百' && any:
			number, digit = number+digit*100, 0
		default:
			end()
			out.WriteRune(r)
		}
	}
	end()
	return out.String()
}

// NearGroupName reports whether one name of a group may be another way to write a second: the
// same but for digits and what every group is called, or the end of it.
func NearGroupName(a, b string) bool {
	const least = 2 // characters that a name has in common with the end of another
	a, b = plainGroupName(a), plainGroupName(b)
	if len(a) > len(b) {
		a, b = b, a
	}
	if a == b {
		return true
	}
	rest, ends := strings.CutSuffix(b, a)
	last, _ := utf8.DecodeLastRuneInString(rest)
	return ends && utf8.RuneCountInString(a) >= least && !strings.ContainsRune("零一二三四五六七八九十百", last)
}
