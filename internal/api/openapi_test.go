package api_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"jifen/internal/api"
)

// document is openapi.yaml as far as the tests read it.
type document struct {
	root map[string]any
}

func readDocument(t testing.TB) *document {
	t.Helper()
	src, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	d := &document{}
	if err := yaml.Unmarshal(src, &d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

// at walks into nested maps, through references.
func (d *document) at(node any, keys ...string) any {
	node = d.resolve(node)
	for _, k := range keys {
		m, ok := node.(map[string]any)
		if !ok {
			return nil
		}
		node = d.resolve(m[k])
	}
	return node
}

func (d *document) resolve(node any) any {
	m, ok := node.(map[string]any)
	if !ok {
		return node
	}
	ref, ok := m["$ref"].(string)
	if !ok {
		return node
	}
	return d.at(d.root, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
}

// template finds the described path that a request's path is.
func (d *document) template(path string) string {
	path, _, _ = strings.Cut(path, "?")
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	paths, _ := d.at(d.root, "paths").(map[string]any)
	if _, ok := paths[path]; ok {
		return path
	}
	for p := range paths {
		if regexp.MustCompile("^" + placeholder.ReplaceAllString(p, "[^/]+") + "$").MatchString(path) {
			return p
		}
	}
	return ""
}

// check holds an answer to the schema that describes it.
func (d *document) check(t *testing.T, method, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	responses := d.at(d.root, "paths", d.template(path), strings.ToLower(method), "responses")
	response := d.at(responses, strconv.Itoa(w.Code))
	if response == nil {
		response = d.at(responses, "default")
	}
	kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	schema := d.at(response, "content", kind, "schema")
	if schema == nil {
		t.Errorf("%s %s: %d %s is not described", method, path, w.Code, kind)
		return
	}
	if !strings.Contains(kind, "json") {
		return
	}
	var body any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	for _, wrong := range d.mistakes(schema, body, "") {
		t.Errorf("%s %s: %s", method, path, wrong)
	}
}

// mistakes validates a value: what of JSON Schema the document uses.
func (d *document) mistakes(schema, value any, where string) (out []string) {
	s, _ := d.resolve(schema).(map[string]any)
	bad := func(format string, args ...any) { out = append(out, where+": "+fmt.Sprintf(format, args...)) }
	if list, ok := s["enum"].([]any); ok && !slices.Contains(list, value) {
		bad("%v is none of %v", value, list)
	}
	switch s["type"] {
	case "object":
		m, ok := value.(map[string]any)
		if !ok {
			bad("%T is no object", value)
			return out
		}
		required, _ := s["required"].([]any)
		for _, name := range required {
			if _, ok := m[fmt.Sprint(name)]; !ok {
				bad("no %v", name)
			}
		}
		properties, _ := s["properties"].(map[string]any)
		for name, v := range m {
			switch rest, open := s["additionalProperties"].(map[string]any); {
			case properties[name] != nil:
				out = append(out, d.mistakes(properties[name], v, where+"."+name)...)
			case open:
				out = append(out, d.mistakes(rest, v, where+"."+name)...)
			default:
				bad("%s is not described", name)
			}
		}
	case "array":
		list, ok := value.([]any)
		if !ok {
			bad("%T is no array", value)
		}
		for i, v := range list {
			out = append(out, d.mistakes(s["items"], v, fmt.Sprint(where, "[", i, "]"))...)
		}
	case "string":
		text, ok := value.(string)
		if !ok {
			bad("%T is no string", value)
		}
		if p, has := s["pattern"].(string); has && !regexp.MustCompile(p).MatchString(text) {
			bad("%q does not match %s", text, p)
		}
	case "integer":
		if n, ok := value.(float64); !ok || n != float64(int64(n)) {
			bad("%v is no integer", value)
		}
	case "boolean":
		if _, ok := value.(bool); !ok {
			bad("%T is no boolean", value)
		}
	default:
		bad("the schema has no type: %v", s)
	}
	return out
}

func TestTheDescriptionAndTheTableAreOne(t *testing.T) {
	t.Parallel()
	h := open(t)
	described := map[string]bool{}
	paths, _ := h.doc.at(h.doc.root, "paths").(map[string]any)
	for path, item := range paths {
		methods, _ := item.(map[string]any)
		for m, operation := range methods {
			described[strings.ToUpper(m)+" "+path] = true
			if h.doc.at(operation, "summary") == nil || h.doc.at(operation, "responses") == nil {
				t.Errorf("%s %s is described by nothing", m, path)
			}
		}
	}
	for _, r := range h.rows {
		key := r.Method + " " + strings.NewReplacer(":id", "{id}", ":session", "{session}", ":token",
			"{token}", ":change", "{change}", ":table", "{table}").Replace(strings.TrimPrefix(r.Path, api.Prefix))
		if !described[key] {
			t.Errorf("%s is not described", key)
		}
		delete(described, key)
		if !r.API {
			t.Errorf("%s answers a session", key)
		}
	}
	for key := range described {
		t.Errorf("%s is described and not there", key)
	}
}

// The validator itself must bite, or every answer would be as described.
func TestTheValidatorBites(t *testing.T) {
	t.Parallel()
	d := readDocument(t)
	schema := d.at(d.root, "components", "schemas", "Effect")
	for body, want := range map[string]string{
		`{"entry":"1","waiting":false,"granted":"1.5","wanted":"2"}`:         "",
		`{"entry":"1","waiting":false,"granted":1.5,"wanted":"2"}`:           ".granted: float64 is no string",
		`{"entry":"1","waiting":false,"granted":"1.555","wanted":"2"}`:       ".granted: \"1.555\" does not match",
		`{"entry":"1","granted":"1.5","wanted":"2"}`:                         ": no waiting",
		`{"entry":"1","waiting":false,"granted":"1.5","wanted":"2","odd":1}`: ": odd is not described",
	} {
		var v any
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(d.mistakes(schema, v, ""), "; ")
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}
