// Package bind reads what a request carries into a struct whose tags declare
// what it must be, and says in Chinese, by field, what it is not. A struct
// gives its fields json or form names, binding tags (rules.go has ours), and
// where a sentence speaks of a field, its label and a hint.
package bind

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gin-gonic/gin/binding"

	"jifen/internal/calendar"
	"jifen/internal/fault"
)

// init makes the one validator of the program Gin's. It is set while packages
// are loaded, before anybody could bind.
func init() { binding.Validator = newDeclared() }

// maxFormMemory bounds what of a form is held in memory; the rest of an upload
// is on disk.
const maxFormMemory = 32 << 20

// JSON reads a body of at most limit bytes into a struct. What it does not know,
// it refuses: a misspelt field that is ignored would be points that nobody gets.
// The described path is named to who misspells.
func JSON(c *gin.Context, into any, limit int64, described string) error {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	return c.ShouldBindWith(into, strictJSON{described})
}

// Form reads the fields of a form that was sent, and nothing of the address,
// into a struct. A field form:"status.*" of map[string]string takes every input
// whose name begins so, by the rest of the name; a *multipart.FileHeader takes a
// file. What was typed stands in the struct even when it is refused. An input that the struct
// does not know is refused.
func Form(c *gin.Context, into any) error { return c.ShouldBindWith(into, sentForm{}) }

// Query reads what the address asks for into a struct, by its form names.
func Query(c *gin.Context, into any) error { return c.ShouldBindWith(into, address{}) }

// Given reports whether the address gives something of a name; "" is no name.
func Given(c *gin.Context, name string) bool { return name != "" && c.Query(name) != "" }

// Day returns the day of a text that the rule "day" let through, 0 for "".
func Day(text string) calendar.Day {
	d, err := calendar.Parse(text)
	if err != nil {
		return 0
	}
	return d
}

// Whole returns the number of a text that the rule "whole" let through, 0 for "".
func Whole(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// strictJSON is a binding of JSON that lets nothing unknown pass.
type strictJSON struct{ described string }

// Name implements binding.Binding.
func (strictJSON) Name() string { return "json" }

// Bind implements binding.Binding.
func (b strictJSON) Bind(r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != binding.MIMEJSON {
		return fault.New(fault.Invalid, "内容要是 JSON").WithHint("请求头写 Content-Type: application/json")
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil && d.Decode(new(json.RawMessage)) != io.EOF {
		return fault.New(fault.Invalid, "JSON 后面还有别的内容").WithHint("一次只发一个对象")
	}
	if err != nil {
		return b.misread(err)
	}
	return binding.Validator.ValidateStruct(into)
}

// misread says in Chinese what the decoder said in English.
func (b strictJSON) misread(err error) error {
	var wrong *json.UnmarshalTypeError
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return fault.Wrap(err, fault.Invalid, "内容太大").WithHint("最多 %d MB，分几次发", big.Limit>>20)
	case errors.As(err, &wrong):
		f := fault.Wrap(err, fault.Invalid, "“%s”的类型不对", wrong.Field).WithHint("分值、日期、编号都写成带引号的文字")
		f.Fields = map[string]string{wrong.Field: "类型不对"}
		return f
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		name = fault.Quote(strings.Trim(name, `"`))
		f := fault.Wrap(err, fault.Invalid, "没有“%s”这个字段", name).WithHint("字段见 %s", b.described)
		f.Fields = map[string]string{name: "没有这个字段"}
		return f
	}
	return fault.Wrap(err, fault.Invalid, "读不懂这段 JSON").WithHint("检查引号、逗号和括号")
}

// sentForm is a binding of the body of a form.
type sentForm struct{}

// Name implements binding.Binding.
func (sentForm) Name() string { return "form" }

// Bind implements binding.Binding.
func (sentForm) Bind(r *http.Request, into any) error {
	err := r.ParseForm() // alone tells of a body that is too large or torn
	if err == nil {
		err = r.ParseMultipartForm(maxFormMemory)
	}
	var big *http.MaxBytesError
	switch {
	case err == nil || errors.Is(err, http.ErrNotMultipart):
	case errors.As(err, &big):
		return fault.Wrap(err, fault.Invalid, "交来的内容太大").WithHint("最多 %d MB", big.Limit>>20)
	default:
		return unread(err)
	}
	if err := binding.MapFormWithTag(into, r.PostForm, "form"); err != nil {
		return unread(err)
	}
	gather(r.PostForm, r.MultipartForm, into)
	if err := knownInputs(r.PostForm, into); err != nil {
		return err
	}
	return binding.Validator.ValidateStruct(into)
}

// unread tells a person of a form that cannot be read at all.
func unread(err error) error {
	return fault.Wrap(err, fault.Invalid, "这张表读不了").WithHint("回上一页再填一遍")
}

// gather fills in what Gin does not: maps of inputs with a common prefix, and
// files.
func gather(values url.Values, files *multipart.Form, into any) {
	v := reflect.ValueOf(into).Elem()
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		name := v.Type().Field(i).Tag.Get("form")
		switch field := v.Field(i).Addr().Interface().(type) {
		case *map[string]string:
			*field = map[string]string{}
			for input, texts := range values {
				if rest, ok := strings.CutPrefix(input, strings.TrimSuffix(name, "*")); ok && len(texts) > 0 {
					(*field)[rest] = texts[0]
				}
			}
		case **multipart.FileHeader:
			*field = nil
			if files != nil && len(files.File[name]) > 0 {
				*field = files.File[name][0]
			}
		}
	}
}

// address is a binding of the query of an address.
type address struct{}

// Name implements binding.Binding.
func (address) Name() string { return "query" }

// Bind implements binding.Binding.
func (address) Bind(r *http.Request, into any) error {
	if err := binding.MapFormWithTag(into, r.URL.Query(), "form"); err != nil {
		return fault.Wrap(err, fault.Invalid, "地址不对").WithHint("从页面上的链接再点一次")
	}
	gather(r.URL.Query(), nil, into)
	return binding.Validator.ValidateStruct(into)
}
