package ui

import (
	"fmt"
	"html"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jifen/internal/calendar"
)

// samples returns one filled view of every kind: written by hand where a test looks for
// its words, else filled field by field.
func samples() []View {
	out := written()
	for _, v := range views() {
		if !slices.ContainsFunc(out, func(w View) bool { return reflect.TypeOf(w) == reflect.TypeOf(v) }) {
			filled, _ := fill(v, true)
			out = append(out, filled)
		}
	}
	return out
}

// fill returns a copy of a view with something in every field, two of every list, each
// yes/no as told, and the texts that it put in, by the place of their field.
func fill(v View, yes bool) (View, map[string]string) {
	out := reflect.New(reflect.TypeOf(v)).Elem()
	f := filler{yes: yes, texts: map[string]string{}}
	f.fill(out, out.Type().Name())
	out.FieldByName("Frame").Set(reflect.ValueOf(administrator("/")))
	return out.Interface().(View), f.texts
}

// filler fills values, and holds the texts by their place.
type filler struct {
	yes   bool
	texts map[string]string
}

func (f *filler) fill(v reflect.Value, place string) {
	switch v.Kind() {
	case reflect.String:
		text := fmt.Sprintf("示例%d字", len(f.texts)+1)
		if strings.HasSuffix(place, "Path") {
			text = fmt.Sprintf("%s?at=%d", HomePath, len(f.texts)+1)
		}
		v.SetString(text)
		f.texts[place] = text
	case reflect.Bool:
		v.SetBool(f.yes)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(int64(calendar.Of(2026, 9, 28))) // a day, a number, points
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "Frame" {
				f.fill(v.Field(i), place+"."+field.Name)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			f.fill(v.Index(i), fmt.Sprintf("%s[%d]", place, i))
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem(), place)
	default: // maps are of refused forms: a text for a field that the page may not have
	}
}

// TestEveryTextOfAViewIsShown looks for what a view holds and its template leaves out.
// The views with a sample written by hand are looked at by their words.
func TestEveryTextOfAViewIsShown(t *testing.T) {
	t.Parallel()
	p, byHand := pages(t), written()
	for _, v := range views() {
		if slices.ContainsFunc(byHand, func(w View) bool { return reflect.TypeOf(w) == reflect.TypeOf(v) }) {
			continue
		}
		shown := map[string]bool{}
		for _, yes := range []bool{true, false} {
			filled, texts := fill(v, yes)
			page := rendered(t, p, filled)
			for place, text := range texts {
				shown[place] = shown[place] || strings.Contains(page, html.EscapeString(text))
			}
		}
		for place, ok := range shown {
			if !ok {
				t.Errorf("%s.html does not show %s", v.Template(), place)
			}
		}
	}
}
