package members

import (
	"slices"
	"strings"
	"unicode"

	"github.com/mozillazg/go-pinyin"
)

// Limits on what a name gives.
const (
	maxReadings = 8
	maxInitials = 20 // characters of a name that are looked at
)

// Initials returns the first letters of a name's pinyin, in lower case, as a
// person types them to find somebody: zgq for 张国强. A character that is read
// in several ways gives several strings, the likeliest first, eight at most.
// Surnames are read as surnames. Latin letters and digits stand for themselves;
// other signs, and characters that nobody has a reading for, are left out. A
// name of such alone gives none.
func Initials(name string) []string {
	signs := []rune(name)
	signs = signs[:min(len(signs), maxInitials)]
	found := spell(nil, readings(signs))
	if len(signs) > 2 {
		if double := compound(string(signs[:2])); double != "" { // 单于海 is 单于·海 or 单·于海
			letters := append([]string{double[:1], double[1:]}, given(signs[2:])...)
			found = spell(spell(nil, letters), readings(signs))
		}
	}
	return found
}

// readings lists for each sign the letters that may stand for it; the first
// sign is a surname.
func readings(signs []rune) []string {
	if len(signs) == 0 {
		return nil
	}
	first := surname(signs[0])
	if first == "" || len(signs) == 1 {
		first = letters(signs[0])
	}
	return append([]string{first}, given(signs[1:])...)
}

func given(signs []rune) []string {
	out := make([]string, len(signs))
	for i, r := range signs {
		out[i] = letters(r)
	}
	return out
}

// letters returns the letters that may stand for a sign within a given name.
func letters(r rune) string {
	if several := living(r); several != "" {
		return several
	}
	if r < unicode.MaxASCII {
		if r = unicode.ToLower(r); r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return string(r)
		}
		return ""
	}
	args := pinyin.Args{Style: pinyin.FirstLetter} // the first reading: the others are mostly of old books
	for _, l := range pinyin.SinglePinyin(r, args) {
		if len(l) == 1 && l[0] >= 'a' && l[0] <= 'z' {
			return l
		}
	}
	return ""
}

// spell adds to what was found every string that takes one letter of each sign,
// as far as the bound allows.
func spell(found, signs []string) []string {
	words := []string{""}
	for _, alternatives := range signs {
		if alternatives == "" {
			continue
		}
		var longer []string
		for _, w := range words {
			for _, l := range alternatives {
				longer = append(longer, w+string(l))
			}
		}
		words = longer[:min(len(longer), maxReadings)]
	}
	for _, w := range words {
		if w != "" && !slices.Contains(found, w) && len(found) < maxReadings {
			found = append(found, w)
		}
	}
	return found
}

// surname returns the letters of a character as a surname, where they are other
// ones than within a name; "" where they are not.
func surname(r rune) string {
	return after(r, "单s 解x 仇q 查z 区o 曾z 翟z 种c 重cz 折sz 乐yl 覃qt 句g 召sz 祭z 隗wk 秘bm 谌cs 晟c 颉x 臧z 能n 郇xh 乜n 逄p 郗xc 长cz 繁p "+
		"贲b 费fb 藏zc 佴n 朴p 阚k 还h 车c 炅g 郄q 尉w 石s 盛s 朝c 行xh 参s 省x 那n 葛g 缪m 员y 黑h 会k 洗x 降j")
}

// living returns the letters of a character that is read in several ways in
// names of today; "" for all others.
func living(r rune) string {
	return after(r, "长cz 重zc 乐ly 朝cz 行xh 晟sc 传cz 茜qx 参cs 省sx 校xj 禅cs 厦xs 屏pb 系xj 纤xq 伽jqg 莘sx 会hk 靓lj 粘zn 泷ls 纶lg 莞gw "+
		"降jx 调td "+
		"曾zc 藏cz 车cj 角j 炅jg 尉wy 率sl 嬛xh 蔚wy 镐hg 荨qx 桧gh 钿dt 泌mb 渑ms 筠yj 峤qj 侗dt 鹄hg 峙zs 枞zc 隗wk 秘mb 种zc 盛sc 单ds 石s 澄cd 强q 娜n")
}

// after returns what follows a character in a list.
func after(r rune, list string) string {
	_, rest, found := strings.Cut(list, string(r))
	if !found || unicode.IsSpace(r) || r < unicode.MaxASCII {
		return ""
	}
	letters, _, _ := strings.Cut(rest, " ")
	return letters
}

// compound returns the two letters of a surname of two characters whose
// readings cannot be told from each of them; "" for all others.
func compound(two string) string {
	switch two {
	case "尉迟":
		return "yc"
	case "万俟":
		return "mq"
	case "长孙":
		return "zs"
	case "单于":
		return "cy"
	case "澹台":
		return "tt"
	case "乐正":
		return "yz"
	}
	return ""
}
