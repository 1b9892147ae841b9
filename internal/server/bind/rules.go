package bind

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// maxID bounds the number of a member or an organisation, in runes.
const maxID = 100

// declared checks structs by their binding tags.
type declared struct{ checker *validator.Validate }

// rules are our tags beside those of the library: what a value must be, as text.
//
//	day      2026-03-05
//	points   a decimal number of at most two decimals; blanks around it do not count
//	member   the number of a member: written, not at length, in one line
//	org      the id of an organisation, likewise
//	runes=N  at most N characters, blanks around them not counted
func rules() map[string]func(text, limit string) bool {
	id := func(text, _ string) bool {
		text = strings.TrimSpace(text)
		return text != "" && utf8.RuneCountInString(text) <= maxID && !strings.ContainsFunc(text, unicode.IsControl)
	}
	return map[string]func(text, limit string) bool{
		"day": func(text, _ string) bool {
			_, err := calendar.Parse(text)
			return err == nil
		},
		"points": func(text, _ string) bool {
			_, ok := domain.ParseHundredths(strings.TrimSpace(text))
			return ok
		},
		"member": id,
		"org":    id,
		"runes": func(text, limit string) bool {
			most, err := strconv.Atoi(limit)
			return err == nil && utf8.RuneCountInString(strings.TrimSpace(text)) <= most
		},
	}
}

// newDeclared makes the program's validator.
func newDeclared() declared {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.SetTagName("binding")
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		for _, key := range []string{"json", "form"} {
			if name, _, _ := strings.Cut(f.Tag.Get(key), ","); name != "" {
				return name
			}
		}
		return f.Name
	})
	for tag, holds := range rules() {
		// The only error is that of a tag without name or rule.
		_ = v.RegisterValidation(tag, func(l validator.FieldLevel) bool {
			return l.Field().Kind() == reflect.String && holds(l.Field().String(), l.Param())
		})
	}
	return declared{v}
}

// Engine implements binding.StructValidator.
func (d declared) Engine() any { return d.checker }

// ValidateStruct implements binding.StructValidator. It returns a fault that
// says what is wrong with every field; its message is about the first.
func (d declared) ValidateStruct(of any) error {
	var wrong validator.ValidationErrors
	switch err := d.checker.Struct(of); {
	case err == nil:
		return nil
	case !errors.As(err, &wrong):
		return err // what is bound is no struct: ours to mend
	}
	var out *fault.Error
	fields := map[string]string{}
	for _, w := range wrong {
		f, words := tell(w, fieldOf(reflect.TypeOf(of), w.StructNamespace()))
		_, path, _ := strings.Cut(w.Namespace(), ".")
		fields[path] = words
		if out == nil {
			out = f
		}
	}
	out.Fields = fields
	return out
}

// fieldOf returns the field of a struct that a path such as meeting.Lines[2].Member
// names.
func fieldOf(t reflect.Type, path string) (f reflect.StructField) {
	steps := strings.Split(path, ".")
	for _, step := range steps[1:] {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		name, _, _ := strings.Cut(step, "[")
		var ok bool
		if t.Kind() != reflect.Struct {
			return f
		}
		if f, ok = t.FieldByName(name); !ok {
			return f
		}
		t = f.Type
	}
	return f
}

// tell returns what is wrong with a field, and the words that stand beside it.
func tell(w validator.FieldError, f reflect.StructField) (out *fault.Error, words string) {
	text := fmt.Sprint(w.Value())
	label := f.Tag.Get("label")
	if label == "" {
		label = w.Field()
	}
	invalid := func(format string, args ...any) *fault.Error { return fault.New(fault.Invalid, format, args...) }
	switch w.Tag() {
	case "required":
		out = invalid("要写%s", label)
	case "day":
		out = wrongDay(text)
	case "points":
		out = invalid("%s写了“%s”，不是分值", label, fault.Quote(text)).WithHint("写 1.5、-2 这样的数，最多两位小数")
		if half := strings.TrimSpace(domain.Narrow(text)); half != text {
			if _, ok := domain.ParseHundredths(half); ok {
				out = out.WithHint("写成 %s，不写单位和别的符号", half)
			}
		}
	case "member", "org":
		what := map[string]string{"member": "党员", "org": "组织"}[w.Tag()]
		if out = invalid("%s编号写了“%s”，不是编号", what, fault.Quote(text)); strings.TrimSpace(text) == "" {
			out = invalid("没有写%s编号", what)
		}
		out = out.WithHint("照名册写")
	case "runes":
		out = invalid("%s太长", label).WithHint("最多 %s 字", w.Param())
	case "oneof":
		out = invalid("%s 写了“%s”", label, fault.Quote(text)).WithHint("写 %s", strings.ReplaceAll(w.Param(), " ", " 或 "))
		return out, out.Hint
	default:
		out = invalid("%s写得不对", label)
	}
	if hint := f.Tag.Get("hint"); hint != "" {
		out = out.WithHint("%s", hint)
	}
	return out, out.Message
}

// wrongDay returns what is wrong with a day.
func wrongDay(text string) *fault.Error {
	_, err := calendar.Parse(text)
	if text == "" || err == nil {
		return fault.New(fault.Invalid, "没有填日期").WithHint("写成 2026-03-05 这样的年-月-日")
	}
	f := *fault.From(err)
	return &f
}
