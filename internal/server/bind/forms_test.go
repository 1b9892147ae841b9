package bind_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"jifen/internal/fault"
	"jifen/internal/server/bind"
)

// upload declares what a form may carry beside single texts.
type upload struct {
	Do     string                `form:"do" binding:"button=save edit"`
	Status map[string]string     `form:"status.*" binding:"dive,keys,member,endkeys,runes=3"`
	Ticked []string              `form:"tick" binding:"dive,runes=5"`
	Rules  *multipart.FileHeader `form:"rules" binding:"required" label:"规则文件" hint:"请选一个 .yaml 文件"`
	Cases  *multipart.FileHeader `form:"cases"`
}

// sent returns a form with files, as a browser sends it.
func sent(t *testing.T, fields url.Values, files ...string) *gin.Context {
	t.Helper()
	var b bytes.Buffer
	parts := multipart.NewWriter(&b)
	for name, values := range fields {
		for _, value := range values {
			if err := parts.WriteField(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, name := range files {
		w, err := parts.CreateFormFile(name, name+".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := parts.Close(); err != nil {
		t.Fatal(err)
	}
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodPost, "/?do=edit", &b)
	c.Request.Header.Set("Content-Type", parts.FormDataContentType())
	return c
}

func TestAFormCarriesListsAndFiles(t *testing.T) {
	t.Parallel()
	var in upload
	fields := url.Values{
		"do": {"save"}, "status.E1": {"到会", "缺席"}, "status.E.2": {"迟到"}, "tick": {"E1", "E2"}, "key": {"x"},
	}
	if err := bind.Form(sent(t, fields, "rules"), &in); err != nil {
		t.Fatal(err)
	}
	if len(in.Status) != 2 || in.Status["E1"] != "到会" || in.Status["E.2"] != "迟到" {
		t.Errorf("the inputs of a prefix: %v", in.Status)
	}
	if len(in.Ticked) != 2 || in.Rules == nil || in.Rules.Filename != "rules.yaml" || in.Cases != nil {
		t.Errorf("ticked %v, rules %v, cases %v", in.Ticked, in.Rules, in.Cases)
	}
}

// An input that the struct does not know is refused by its name.
func TestAFormWithWhatNobodyKnowsIsRefused(t *testing.T) {
	t.Parallel()
	var in upload
	err := bind.Form(sent(t, url.Values{"do": {"save"}, "status": {"x"}}, "rules"), &in)
	if f := fault.From(err); f.Code != fault.Invalid || f.Fields["status"] == "" {
		t.Errorf("an input that nobody knows: %v", err)
	}
}

// What is wrong with an input is told at its name, and what was typed is kept.
func TestAnInputOfAListIsToldByItsName(t *testing.T) {
	t.Parallel()
	var in upload
	fields := url.Values{
		"do": {"x"}, "status.E.2": {"长长长长"}, "status. ": {"到会"}, "tick": {"E1", "长长长长长长"},
		"rules": {"no file"},
	}
	f := fault.From(bind.Form(sent(t, fields, "cases"), &in))
	want := map[string]string{
		"do": "不知道按的是哪个按钮", "status.E.2": "“E.2”太长", "status. ": "没有写党员编号", "tick[1]": "tick[1]太长",
		"rules": "没有选规则文件",
	}
	for name, words := range want {
		if f.Fields[name] != words {
			t.Errorf("%s: %q, want %q", name, f.Fields[name], words)
		}
	}
	if len(f.Fields) != len(want) || f.Error() != "不知道按的是哪个按钮（回上一页再按一次）" {
		t.Errorf("%s at %v", f, f.Fields)
	}
	if in.Status["E.2"] != "长长长长" || in.Cases == nil {
		t.Errorf("what was typed is lost: %v", in)
	}
}

func TestAFormThatCannotBeReadIsToldAsOne(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"do=%zz": "这张表读不了（回上一页再填一遍）",
		"do=save&x=" + strings.Repeat("y", 2<<20): "交来的内容太大（最多 1 MB）",
	} {
		w := httptest.NewRecorder()
		c, _ := gin.CreateTestContext(w)
		c.Request = httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		c.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		c.Request.Body = http.MaxBytesReader(w, c.Request.Body, 1<<20)
		if err := bind.Form(c, new(upload)); fault.CodeOf(err) != fault.Invalid || fault.From(err).Error() != want {
			t.Errorf("%.20s: %v, want %s", body, err, want)
		}
	}
}

// asked declares what an address may ask for.
type asked struct {
	viewTime
	Limit string `form:"limit,default=100" binding:"whole=1~500"`
}

type viewTime struct {
	Period string `form:"period" binding:"omitempty,period"`
	Known  string `form:"known_by" binding:"omitempty,datetime=2006-01-02T15:04" hint:"写成 2026-06-30T18:00"`
}

func TestAnAddressIsReadByItsTags(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                               "",
		"limit=&period=&known_by=":       "",
		"limit=500&period=2026Q3&odd=1":  "",
		"known_by=2026-06-30T18:00":      "",
		"limit=501":                      "limit: limit 写了“501”（写 1 至 500）",
		"limit=1e2":                      "limit: limit 写了“1e2”（写 1 至 500）",
		"period=2026Q5":                  "period: “2026Q5”不是考核期（年写 2026，半年写 2026H1，季写 2026Q3，月写 2026-09）",
		"known_by=2026-06-30":            "known_by: “2026-06-30”不是时刻（写成 2026-06-30T18:00）",
		"known_by=2026-06-30T18:00+0800": "known_by: “2026-06-30T18:00 0800”不是时刻（写成 2026-06-30T18:00）",
	} {
		var in asked
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodPost, "/?"+query, strings.NewReader("limit=7"))
		err := bind.Query(c, &in)
		got := ""
		if err != nil {
			f := fault.From(err)
			for name := range f.Fields {
				got += name + ": " + f.Error()
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
		if query == "" && bind.Whole(in.Limit) != 100 {
			t.Errorf("without a limit: %q", in.Limit)
		}
	}
}
