package api_test

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gin-gonic/gin/binding"

	"jifen/internal/api"
	"jifen/internal/server/bind"
)

// limits are the words of JSON Schema by which a value is refused.
func limits() []string {
	return []string{"type", "minLength", "maxLength", "pattern", "format", "enum", "minimum", "maximum", "default"}
}

// The patterns of texts whose rule is more than a length.
const (
	dayPattern    = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
	periodPattern = "^[0-9]{4}(H[12]|Q[1-4]|-(0[1-9]|1[0-2]))?$"
	pointsPattern = `^-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,2})?$`
)

// declared returns what the tags of a text field say in JSON Schema, and whether
// the field must be sent.
func declared(t *testing.T, f reflect.StructField) (schema map[string]any, must bool) {
	t.Helper()
	schema = map[string]any{"type": "string"}
	rules := strings.Split(f.Tag.Get("binding"), ",")
	optional := slices.Contains(rules, "omitempty")
	for _, rule := range rules {
		name, param, _ := strings.Cut(rule, "=")
		switch name {
		case "", "omitempty", "dive":
			continue
		case "required_if": // by another field, which the words say
			optional = true
			continue
		case "required":
			schema["minLength"] = 1
		case "day":
			schema["pattern"] = dayPattern
		case "period":
			schema["pattern"] = periodPattern
		case "points":
			schema["pattern"] = pointsPattern
		case "instant":
			schema["format"] = "date-time"
		case "member", "org":
			schema["maxLength"] = 100
			if !optional {
				schema["minLength"] = 1
			}
		case "runes":
			n, err := strconv.Atoi(param)
			if err != nil {
				t.Fatal(err)
			}
			schema["maxLength"] = n
			continue
		case "oneof":
			schema["enum"] = strings.Fields(param)
		case "whole":
			low, high, err := bind.Bounds(param)
			if err != nil {
				t.Fatal(err)
			}
			schema["type"], schema["minimum"], schema["maximum"] = "integer", low, high
		default:
			t.Errorf("%s has the rule %s, which this test does not know", f.Name, name)
		}
		must = !optional
	}
	if _, usual, ok := strings.Cut(f.Tag.Get("form"), "default="); ok {
		schema["default"], must = usual, false
	}
	return schema, must
}

// stated returns the limits that a schema states.
func stated(schema any) map[string]any {
	out := map[string]any{}
	m, _ := schema.(map[string]any)
	for _, word := range limits() {
		if v, ok := m[word]; ok {
			out[word] = v
		}
	}
	return out
}

// fields returns the fields of a struct by the name under which they are sent,
// those of embedded structs among them.
func fields(of reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for i := range of.NumField() {
		f := of.Field(i)
		if f.Anonymous {
			maps.Copy(out, fields(f.Type))
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json")+f.Tag.Get("form"), ",")
		out[name] = f
	}
	return out
}

// compare holds a schema to the tags of a struct, and everything inside.
func (d *document) compare(t *testing.T, of reflect.Type, schema any, where string) {
	t.Helper()
	required, _ := d.at(schema, "required").([]any)
	properties, _ := d.at(schema, "properties").(map[string]any)
	taken := fields(of)
	for name := range properties {
		if _, ok := taken[name]; !ok {
			t.Errorf("%s.%s is described and not taken", where, name)
		}
	}
	for name, f := range taken {
		property := d.at(schema, "properties", name)
		if property == nil {
			t.Errorf("%s.%s is taken and not described", where, name)
			continue
		}
		inner := f.Type
		switch {
		case inner.Kind() == reflect.Slice && inner.Elem().Kind() == reflect.String:
			if want, _ := declared(t, f); fmt.Sprint(stated(d.at(property, "items"))) != fmt.Sprint(want) {
				t.Errorf("%s.%s[] is described as %v, its tags say %v", where, name, stated(d.at(property, "items")), want)
			}
			continue
		case inner.Kind() == reflect.Slice:
			d.compare(t, inner.Elem(), d.at(property, "items"), where+"."+name+"[]")
			continue
		case inner.Kind() == reflect.Pointer:
			d.compare(t, inner.Elem(), property, where+"."+name)
			continue
		case inner.Kind() != reflect.String:
			continue // maps are judged by the rules, numbers by their type
		}
		want, must := declared(t, f)
		if got := stated(property); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s.%s is described as %v, its tags say %v", where, name, got, want)
		}
		if must && !slices.Contains(required, any(name)) {
			t.Errorf("%s.%s must be sent and is not described as required", where, name)
		}
	}
}

// What the description says of bodies is what their tags say, length by length.
func TestTheDescriptionStatesWhatBodiesMustBe(t *testing.T) {
	t.Parallel()
	d := readDocument(t)
	bodies := api.Bodies()
	paths, _ := d.at(d.root, "paths").(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method, operation := range methods {
			body := d.at(operation, "requestBody", "content", "application/json", "schema")
			name := strings.ToUpper(method) + " " + path
			if (body != nil) != (bodies[name] != nil) {
				t.Errorf("%s: described with a body %t, takes one %t", name, body != nil, bodies[name] != nil)
			} else if body != nil {
				d.compare(t, reflect.TypeOf(bodies[name]), body, name)
			}
		}
	}
}

// What the description says of addresses is what their tags say.
func TestTheDescriptionStatesWhatAddressesMayAsk(t *testing.T) {
	t.Parallel()
	d := readDocument(t)
	queries := api.Queries()
	paths, _ := d.at(d.root, "paths").(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for method, operation := range methods {
			name := strings.ToUpper(method) + " " + path
			properties := map[string]any{}
			list, _ := d.at(operation, "parameters").([]any)
			for _, p := range list {
				if d.at(p, "in") == "query" {
					properties[fmt.Sprint(d.at(p, "name"))] = d.at(p, "schema")
				}
			}
			switch q := queries[name]; {
			case q == nil && len(properties) > 0:
				t.Errorf("%s is described with %v and reads nothing of its address", name, properties)
			case q != nil:
				d.compare(t, reflect.TypeOf(q), map[string]any{"properties": properties}, name)
			}
		}
	}
}

// The patterns let through what the rules of the tags let through, as it is
// written without blanks.
func TestPatternsAgreeWithTheRules(t *testing.T) {
	t.Parallel()
	type day struct {
		Text string `binding:"day"`
	}
	type period struct {
		Text string `binding:"period"`
	}
	type points struct {
		Text string `binding:"points"`
	}
	samples := []string{
		"", "0", "-0", "1.5", "-2", "010", "1.555", "1.", ".5", "+1", "1e2", "1234567890", "123456789.99",
		"2026", "2026H1", "2026H3", "2026Q4", "2026Q5", "2026-09", "2026-13", "2026-00", "26", "2026-W01",
		"2026-05-07", "2026-5-7", "２０２６-05-07",
	}
	for pattern, rule := range map[string]func(string) any{
		dayPattern:    func(s string) any { return &day{s} },
		periodPattern: func(s string) any { return &period{s} },
		pointsPattern: func(s string) any { return &points{s} },
	} {
		for _, text := range samples {
			passes := binding.Validator.ValidateStruct(rule(text)) == nil
			if fits := regexp.MustCompile(pattern).MatchString(text); fits != passes {
				t.Errorf("%q: fits %s %t, passes the rule %t", text, pattern, fits, passes)
			}
		}
	}
}
