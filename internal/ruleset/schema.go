package ruleset

import (
	"encoding/json"

	"jifen/internal/fault"
)

// schemaID is the dialect of the JSON Schema.
const schemaID = "https://json-schema.org/draft/2020-12/schema"

// Schema returns the JSON Schema (2020-12) of rule files and supplements,
// written from Grammar, so that editors complete keys, show what they mean and
// mark a wrong shape while it is typed. What a text says is checked by Load.
func Schema() ([]byte, error) {
	defs := map[string]any{}
	for _, s := range Grammar() {
		defs[s.Name] = sectionSchema(s)
	}
	out, err := json.MarshalIndent(map[string]any{
		"$schema":     schemaID,
		"title":       "党员积分办法",
		"description": "规则文件或补充文件；写法见 rules/README.md",
		"if":          map[string]any{"required": []string{"补充"}},
		"then":        ref("补充文件"),
		"else":        ref("规则文件"),
		"$defs":       defs,
	}, "", "  ")
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "模式写不出来")
	}
	return append(out, '\n'), nil
}

func ref(section string) map[string]any { return map[string]any{"$ref": "#/$defs/" + section} }

func sectionSchema(s Section) map[string]any {
	properties, must := map[string]any{}, []string{}
	for i := range s.Keys {
		k := &s.Keys[i]
		p := shapeSchema(k.Shape)
		p["description"] = k.Help
		if k.Usual != "" {
			p["default"] = k.Usual
		}
		properties[k.Name] = p
		if k.Must {
			must = append(must, k.Name)
		}
	}
	out := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if s.Name == "则" { // besides these it has the names of blocks
		out["additionalProperties"] = scalarSchema()
	}
	if len(must) > 0 {
		out["required"] = must
	}
	return out
}

// scalarSchema is one value as an editor's YAML understands it: our profile
// keeps every scalar as text.
func scalarSchema() map[string]any {
	return map[string]any{"type": []string{"string", "number", "boolean"}}
}

func shapeSchema(s Shape) map[string]any {
	plain := plainSchema(s)
	if s.Short != nil {
		plain = either(plain, shapeSchema(*s.Short))
	}
	if !s.Cases {
		return plain
	}
	// A value: plain, by case, or dated; cases nest. What has the keys of a
	// section is meant as one.
	names := SectionOf(s.Section).names()
	if s.Form == FormAmount {
		names = SectionOf("分值").names()
	}
	if s.Short != nil && s.Short.Cases {
		names = append(names, SectionOf(s.Section).names()...)
	}
	cases := map[string]any{"type": "object", "minProperties": 1, "additionalProperties": anything()}
	if len(names) > 0 {
		cases["propertyNames"] = map[string]any{"not": map[string]any{"enum": names}}
	}
	cases["if"], cases["then"] = map[string]any{"required": []string{"值"}}, ref("带依据的值")
	return either(plain, cases)
}

func anything() map[string]any {
	return map[string]any{"type": []string{"string", "number", "boolean", "object", "array"}}
}

func either(a, b map[string]any) map[string]any { return map[string]any{"anyOf": []any{a, b}} }

func plainSchema(s Shape) map[string]any {
	list := func(row map[string]any) map[string]any {
		return map[string]any{"type": "array", "minItems": 1, "items": row}
	}
	switch s.Form {
	case FormDay:
		return map[string]any{"type": "string", "pattern": `^\d{4}-\d{2}-\d{2}$`}
	case FormWord:
		return wordSchema(s.Words)
	case FormWords:
		return list(wordSchema(s.Words))
	case FormNumber:
		return either(map[string]any{"type": "number"}, map[string]any{"type": "string", "pattern": `^-?\d+(\.\d{1,2})?分?$`})
	case FormSection:
		return ref(s.Section)
	case FormTable:
		out := map[string]any{"type": "object", "minProperties": 1, "additionalProperties": shapeSchema(*s.Row)}
		if len(s.Words) > 0 {
			out["propertyNames"] = map[string]any{"enum": s.Words}
		}
		return out
	case FormList:
		return list(shapeSchema(*s.Row))
	case FormAmount:
		return either(scalarSchema(), ref("分值"))
	case FormEither:
		out := []any{scalarSchema(), list(scalarSchema())}
		if s.Section != "" {
			out = append(out, ref(s.Section))
		}
		return map[string]any{"anyOf": out}
	case FormAny:
		return anything()
	default: // texts and conditions
		return scalarSchema()
	}
}

// wordSchema takes what an editor's YAML makes of a word: 2 is a number there.
func wordSchema(of []string) map[string]any {
	if len(of) == 0 {
		return scalarSchema()
	}
	options := make([]any, 0, len(of))
	for _, w := range of {
		options = append(options, w)
		if n := json.Number(w); isNumber(w) {
			options = append(options, n)
		}
	}
	return map[string]any{"enum": options}
}
