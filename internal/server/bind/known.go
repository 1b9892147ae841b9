package bind

import (
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"jifen/internal/fault"
)

// Known refuses an address that asks for something of which no struct has the form name: what
// is misspelt and ignored would answer another question.
func Known(c *gin.Context, structs ...any) error {
	var names []string
	for _, s := range structs {
		names = append(names, namesOf(reflect.TypeOf(s))...)
	}
	for name := range c.Request.URL.Query() {
		if slices.ContainsFunc(names, func(n string) bool { return matches(n, name) }) {
			continue
		}
		f := fault.New(fault.Invalid, "地址里没有“%s”这一项", fault.Quote(name))
		if len(names) > 0 {
			f = f.WithHint("可写：%s", strings.Join(names, "、"))
		} else {
			f = f.WithHint("这个地址后面什么也不写")
		}
		f.Fields = map[string]string{name: "没有这一项"}
		return f
	}
	return nil
}

// carriedAlong lists the inputs that any form may have: the key by which a form that is sent
// twice is found, the password that is asked for again, and the name that a browser keeps a
// password under.
func carriedAlong() []string { return []string{"key", "proof", "username"} }

// knownInputs refuses inputs of a form that a struct does not know.
func knownInputs(values url.Values, into any) error {
	names := append(namesOf(reflect.TypeOf(into).Elem()), carriedAlong()...)
	for name := range values {
		if !slices.ContainsFunc(names, func(n string) bool { return matches(n, name) }) {
			f := fault.New(fault.Invalid, "这张表里没有“%s”这一项", fault.Quote(name)).WithHint("重新打开这一页再填一遍")
			f.Fields = map[string]string{name: "没有这一项"}
			return f
		}
	}
	return nil
}

// namesOf returns the form names of a struct's fields, those of structs in it too.
func namesOf(t reflect.Type) (out []string) {
	for i := range t.NumField() {
		field := t.Field(i)
		if name, _, _ := strings.Cut(field.Tag.Get("form"), ","); name != "" && name != "-" {
			out = append(out, name)
		} else if field.Anonymous && field.Type.Kind() == reflect.Struct {
			out = append(out, namesOf(field.Type)...)
		}
	}
	return out
}

// matches reports whether a form name takes an input; one that ends in * takes all that begin so.
func matches(form, input string) bool {
	if prefix, many := strings.CutSuffix(form, "*"); many {
		return strings.HasPrefix(input, prefix)
	}
	return form == input
}
