package accounts

import "strings"

// calling holds what a browser or a system says of itself, and what it is called.
type calling struct{ mark, words string }

// browsers lists browsers, those first that call themselves others too.
func browsers() []calling {
	return []calling{
		{"MicroMessenger/", "微信"}, {"DingTalk/", "钉钉"}, {"QQBrowser/", "QQ 浏览器"}, {"360SE", "360 浏览器"},
		{"360EE", "360 浏览器"}, {"UBrowser/", "UC 浏览器"}, {"UCBrowser/", "UC 浏览器"}, {"HuaweiBrowser/", "华为浏览器"},
		{"MiuiBrowser/", "小米浏览器"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"},
		{"Safari/", "Safari"}, {"Trident/", "IE"}, {"MSIE ", "IE"},
	}
}

// systems lists systems, those first that call themselves others too.
func systems() []calling {
	return []calling{
		{"OpenHarmony", "鸿蒙"}, {"HarmonyOS", "鸿蒙"}, {"iPhone", "苹果手机"}, {"iPad", "苹果平板"}, {"Android", "安卓"},
		{"Windows", "Windows 电脑"}, {"Macintosh", "苹果电脑"}, {"UOS", "统信电脑"}, {"Kylin", "麒麟电脑"}, {"Linux", "Linux 电脑"},
	}
}

// Browser returns in plain words which browser a request says that it comes from.
func Browser(agent string) string {
	first := func(list []calling, none string) string {
		for _, n := range list {
			if strings.Contains(agent, n.mark) {
				return n.words
			}
		}
		return none
	}
	browser, system := first(browsers(), "不认得的浏览器"), first(systems(), "")
	if system == "" {
		return browser
	}
	return browser + "，" + system
}
