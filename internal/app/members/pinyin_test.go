package members_test

import (
	"jifen/internal/app/members"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"示例甲": "slj", "赵示例": "zsl", "张例": "zl",
		// Surnames that are read otherwise than their character.
		"单示例": "ssl", "解示例": "xsl", "仇示例": "qsl", "查示例": "zsl", "区示例": "osl", "曾示例": "zsl", "翟示例": "zsl", "朴示例": "psl",
		"盖示例": "gsl",
		"种示例": "csl", "员示例": "ysl", "任示例": "rsl", "华示例": "hsl", "纪示例": "jsl", "缪示例": "msl", "阚示例": "ksl", "郇示例": "xsl hsl",
		"覃示例": "qsl tsl", "乐示例": "ysl lsl", "尉示例": "wsl", "秘示例": "bsl msl",
		// And the same characters within a name, or alone.
		"示解": "sj", "示查": "sc", "解": "j", "单": "d s",
		// Surnames of two characters; where the first is a surname too, both are meant.
		"尉迟示例": "ycsl wcsl", "万俟示": "mqs wqs", "长孙示例": "zssl cssl", "单于示": "cys sys", "欧阳示例": "oysl", "司马示": "sms",
		"诸葛例": "zgl", "皇甫示": "hfs", "令狐例": "lhl", "澹台示": "tts dts", "乐正示": "yzs lzs",
		"单于": "sy", "长孙": "cs zs",
		// Characters of today's names that are read in several ways.
		"吕示例": "lsl", "示重例": "szl scl", "示行": "sx sh", "示长乐": "scl scy szl szy", "重示例": "csl zsl", "示晟": "ss sc",
		"示茜": "sq sx",
		// Old readings of common characters are nobody's name.
		"示国强": "sgq", "示丽华": "slh", "示红": "sh", "示祖": "sz", "示叶": "sy", "示文": "sw",
		// Names from elsewhere, and signs that fonts lack.
		"阿依木尔·麦吉": "aymemj", "Anna·示例": "annasl", "示例2": "sl2", "Ａ示": "s", "䶮㛃": "yj", "雨䶮": "yy", "示𬭳": "sx", "〇示": "ls",
		"": "", "·": "", "　": "", "（）": "", "\xff": "", "示\U0003fffd": "s",
	} {
		got := members.Initials(name)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", name, got, want)
		}
	}
}

func TestInitialsAreBounded(t *testing.T) {
	t.Parallel()
	if got := members.Initials("单于乐重长行朝"); len(got) != 8 || got[0] != "cylzcxc" {
		t.Errorf("got %v", got)
	}
	if got := members.Initials(strings.Repeat("示", 1000)); len(got) != 1 || len(got[0]) != 20 {
		t.Errorf("got %v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching("[单长乐重行朝晟盛曾解\u4e00-\u9fff]{0,30}")).Draw(t, "name")
		got := members.Initials(name)
		if len(got) > 8 || !slices.Equal(got, members.Initials(name)) {
			t.Fatalf("%q: %v", name, got)
		}
		for i, s := range got {
			if s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || slices.Contains(got[:i], s) {
				t.Fatalf("%q: %v", name, got)
			}
		}
	})
}

// TestCommonNamesHaveOneReading: a list that offers eight spellings for
// everybody finds everybody.
func TestCommonNamesHaveOneReading(t *testing.T) {
	t.Parallel()
	for _, r := range "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严戴" {
		if got := members.Initials(string(r) + "示例"); len(got) != 1 {
			t.Errorf("%c: %v", r, got)
		}
	}
}
