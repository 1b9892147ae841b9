package bind

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
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
//	day        2026-03-05
//	instant    2026-06-30T18:00:00+08:00
//	period     2026, 2026H1, 2026Q3 or 2026-09
//	points     a decimal number of at most two decimals; blanks around it do not count
//	whole=A~B  a whole number from A to B
//	member     the number of a member: written, not at length, in one line
//	org        the id of an organisation, likewise
//	button=A B the name of one of the buttons by which a form is sent
//	runes=N    at most N characters, blanks around them not counted
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
		"instant": func(text, _ string) bool {
			_, err := time.Parse(time.RFC3339, text)
			return err == nil
		},
		"period": func(text, _ string) bool {
			_, err := calendar.ParsePeriod(text)
			return err == nil
		},
		"whole": func(text, bounds string) bool {
			low, high, err := Bounds(bounds)
			n, bad := strconv.ParseInt(text, 10, 64)
			return err == nil && bad == nil && low <= n && n <= high
		},
		"points": func(text, _ string) bool {
			_, ok := domain.ParseHundredths(strings.TrimSpace(text))
			return ok
		},
		"member": id,
		"org":    id,
		"button": func(text, names string) bool { return slices.Contains(strings.Fields(names), text) },
		"runes": func(text, limit string) bool {
			most, err := strconv.Atoi(limit)
			return err == nil && utf8.RuneCountInString(strings.TrimSpace(text)) <= most
		},
	}
}

// Bounds reads what the rule whole=A~B says.
func Bounds(param string) (low, high int64, err error) {
	from, to, _ := strings.Cut(param, "~")
	low, err = strconv.ParseInt(from, 10, 64)
	if err == nil {
		high, err = strconv.ParseInt(to, 10, 64)
	}
	return low, high, err
}

// newDeclared makes the program's validator.
func newDeclared() declared {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.SetTagName("binding")
	v.RegisterTagNameFunc(nameOf)
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
		field, path := fieldOf(reflect.TypeOf(of), w.StructNamespace())
		f, words := tell(w, field)
		fields[path] = words
		if out == nil {
			out = f
		}
	}
	out.Fields = fields
	return out
}

// fieldOf returns the field of a struct that a path such as meeting.Lines[2].Member
// names, and the path as who sent it knows it: lines[2].member, or status.E2 of
// an input that a map took.
func fieldOf(t reflect.Type, path string) (f reflect.StructField, told string) {
	var words []string
	for _, step := range strings.Split(path, ".")[1:] {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		name, index, _ := strings.Cut(step, "[")
		if t.Kind() != reflect.Struct {
			break
		}
		next, ok := t.FieldByName(name)
		if !ok {
			break
		}
		f, t = next, next.Type
		if f.Anonymous {
			continue
		}
		word := nameOf(f)
		if prefix, ok := strings.CutSuffix(word, "*"); ok {
			_, key, _ := strings.Cut(path, "[")
			return f, strings.Join(append(words, prefix+strings.TrimSuffix(key, "]")), ".")
		}
		if index != "" {
			word += "[" + index
		}
		words = append(words, word)
	}
	return f, strings.Join(words, ".")
}

// nameOf returns the name by which who sends a request knows a field.
func nameOf(f reflect.StructField) string {
	for _, key := range []string{"json", "form"} {
		if name, _, _ := strings.Cut(f.Tag.Get(key), ","); name != "" {
			return name
		}
	}
	return f.Name
}

// tell returns what is wrong with a field, and the words that stand beside it.
func tell(w validator.FieldError, f reflect.StructField) (out *fault.Error, words string) {
	text := fmt.Sprint(w.Value())
	label := labelOf(w, f)
	invalid := func(format string, args ...any) *fault.Error { return fault.New(fault.Invalid, format, args...) }
	switch w.Tag() {
	case "required", "required_if", "required_unless":
		out = invalid("要写%s", strings.TrimSpace(label))
		if w.Kind() == reflect.Pointer {
			out = invalid("没有选%s", label)
		}
	case "day":
		out = wrongDay(text)
	case "period":
		_, err := calendar.ParsePeriod(text)
		f := *fault.From(err)
		out = &f
	case "instant":
		out = invalid("“%s”不是时刻", fault.Quote(text)).WithHint("写成 2026-06-30T18:00:00+08:00")
	case "datetime":
		out = invalid("“%s”不是时刻", fault.Quote(text)).WithHint("写成 %s", w.Param())
	case "whole":
		low, high, _ := strings.Cut(w.Param(), "~")
		out = invalid("%s写了“%s”", label, fault.Quote(text)).WithHint("写 %s 至 %s", low, high)
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
		out = invalid("%s太长", strings.TrimSpace(label)).WithHint("最多 %s 字", w.Param())
	case "button":
		out = invalid("不知道按的是哪个按钮").WithHint("回上一页再按一次")
	case "oneof":
		out = invalid("%s写了“%s”", label, fault.Quote(text)).WithHint("写 %s", strings.ReplaceAll(w.Param(), " ", " 或 "))
		if f.Tag.Get("hint") == "" {
			return out, out.Hint
		}
	default:
		out = invalid("%s写得不对", strings.TrimSpace(label))
	}
	if hint := f.Tag.Get("hint"); hint != "" {
		out = out.WithHint("%s", hint)
	}
	return out, out.Message
}

// labelOf returns what a sentence calls a field: its label, of an input that a
// map took the rest of its name, else its name, set off from Chinese.
func labelOf(w validator.FieldError, f reflect.StructField) string {
	if _, key, ok := strings.Cut(w.Field(), "*["); ok {
		return "“" + fault.Quote(strings.TrimSuffix(key, "]")) + "”"
	}
	if label := f.Tag.Get("label"); label != "" {
		return label
	}
	return w.Field() + " "
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
