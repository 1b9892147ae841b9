package bind_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// sample declares one field of every rule.
type sample struct {
	On     string  `json:"on" form:"on" binding:"day"`
	Until  string  `json:"until" form:"until" binding:"omitempty,day"`
	Points string  `json:"points" form:"points" binding:"omitempty,points" label:"分值"`
	Member string  `json:"member" form:"member" binding:"member"`
	Org    string  `json:"org" form:"org" binding:"org"`
	Note   string  `json:"note" form:"note" binding:"runes=3" label:"备注"`
	Reason string  `json:"reason" form:"reason" binding:"required" label:"理由" hint:"例如：重复录入"`
	Do     string  `json:"do" form:"do" binding:"oneof=同意 退回"`
	Paper  *paper  `json:"paper" form:"-"`
	Lines  []paper `json:"lines" form:"-" binding:"dive"`
	Step   int     `json:"step" form:"-"`
}

type paper struct {
	On string `json:"on" binding:"day"`
}

// right returns what every rule lets through, with some of it replaced.
func right(replaced ...string) map[string]string {
	out := map[string]string{
		"on": "2026-05-07", "points": "-1.5", "member": "E2", "org": "3", "note": "长长长", "reason": "重", "do": "同意",
	}
	for i := 0; i+1 < len(replaced); i += 2 {
		out[replaced[i]] = replaced[i+1]
	}
	return out
}

// body returns fields as JSON, with more of it behind them.
func body(fields map[string]string, more string) string {
	var out []string
	for name, value := range fields {
		out = append(out, `"`+name+`":"`+value+`"`)
	}
	return "{" + strings.Join(out, ",") + more + "}"
}

func byJSON(text, kind string, limit int64) (in sample, err error) {
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("POST", "/", strings.NewReader(text))
	c.Request.Header.Set("Content-Type", kind)
	err = bind.JSON(c, &in, limit, "/api")
	return in, err
}

func byForm(fields map[string]string, query string) (in sample, err error) {
	v := url.Values{}
	for name, value := range fields {
		v.Set(name, value)
	}
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("POST", "/?"+query, strings.NewReader(v.Encode()))
	c.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	err = bind.Form(c, &in)
	return in, err
}

func TestWhatIsRightPasses(t *testing.T) {
	t.Parallel()
	text := body(right("until", "", "note", " 长长长 ", "points", " 2 "), "")
	in, err := byJSON(text, "application/json; charset=utf-8", 1<<20)
	if err != nil || in.Note != " 长长长 " || in.Points != " 2 " {
		t.Errorf("by JSON: %v, %+v", err, in)
	}
	if in, err := byForm(right("points", ""), "note=from+the+address"); err != nil || in.Note != "长长长" || in.Do != "同意" {
		t.Errorf("by a form: %v, %+v", err, in)
	}
}

// Every rule refuses at its field, in the same words whatever the request is.
func TestWhatIsWrongIsToldByField(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ field, value, want string }{
		{"on", "", "没有填日期（写成 2026-03-05 这样的年-月-日）"},
		{"on", "2026-13-01", "“2026-13-01”不是日期（写成 2026-03-05 这样的年-月-日）"},
		{"on", "２０２６-03-05", "“２０２６-03-05”不是日期（写成 2026-03-05 这样的年-月-日）"},
		{"until", "后天", "“后天”不是日期（写成 2026-03-05 这样的年-月-日）"},
		{"points", "1e2", "分值写了“1e2”，不是分值（写 1.5、-2 这样的数，最多两位小数）"},
		{"points", "1.555", "分值写了“1.555”，不是分值（写 1.5、-2 这样的数，最多两位小数）"},
		{"points", "１．５", "分值写了“１．５”，不是分值（写成 1.5，不写单位和别的符号）"},
		{"member", " ", "没有写党员编号（照名册写）"},
		{"member", strings.Repeat("9", 101), "党员编号写了“" + strings.Repeat("9", 30) + "…”，不是编号（照名册写）"},
		{"org", "", "没有写组织编号（照名册写）"},
		{"note", "长长长长", "备注太长（最多 3 字）"},
		{"reason", "", "要写理由（例如：重复录入）"},
		{"do", "随便", "do 写了“随便”（写 同意 或 退回）"},
	} {
		_, one := byJSON(body(right(x.field, x.value), ""), "application/json", 1<<20)
		_, other := byForm(right(x.field, x.value), "")
		for by, err := range map[string]error{"JSON": one, "a form": other} {
			f := fault.From(err)
			if f.Code != fault.Invalid || f.Error() != x.want {
				t.Errorf("%s %q by %s: %s %s, want %s", x.field, x.value, by, f.Code, f, x.want)
			}
			if len(f.Fields) != 1 || f.Fields[x.field] == "" {
				t.Errorf("%s %q by %s is told at %v", x.field, x.value, by, f.Fields)
			}
		}
	}
}

// What is wrong is told all at once, where it is inside other things by its path.
func TestEveryFieldIsToldWithItsPath(t *testing.T) {
	t.Parallel()
	more := `,"paper":{"on":"昨天"},"lines":[{"on":"2026-05-07"},{"on":"明天"}]`
	_, err := byJSON(body(right("on", "去年"), more), "application/json", 1<<20)
	f := fault.From(err)
	for field, want := range map[string]string{"on": "去年", "paper.on": "昨天", "lines[1].on": "明天"} {
		if got := f.Fields[field]; got != "“"+want+"”不是日期" {
			t.Errorf("%s: %q among %v", field, got, f.Fields)
		}
	}
	if len(f.Fields) != 3 || !strings.HasPrefix(f.Message, "“去年”") {
		t.Errorf("%s at %v", f, f.Fields)
	}
}

func TestJSONIsReadStrictly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		body(right(), `,"nte":"x"`):  "没有“nte”这个字段（字段见 /api）",
		body(right(), `,"step":1e2`): "“step”的类型不对",
		body(right(), `,"step":"1"`): "“step”的类型不对",
		body(right(), "") + "{}":     "JSON 后面还有别的内容",
		`{"on":`:                     "读不懂这段 JSON",
		`[]`:                         "类型不对",
		body(right("note", strings.Repeat("长", 1<<20)), ""): "内容太大（最多 1 MB，分几次发）",
	} {
		_, err := byJSON(text, "application/json", 1<<20)
		if fault.CodeOf(err) != fault.Invalid || !strings.Contains(fault.From(err).Error(), want) {
			t.Errorf("%.60s: %v, want %s", text, err, want)
		}
	}
	_, err := byJSON(body(right(), ""), "text/plain", 1<<20)
	if !strings.Contains(fault.From(err).Error(), "内容要是 JSON") {
		t.Errorf("text/plain: %v", err)
	}
}
