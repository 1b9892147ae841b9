package importer

import (
	"slices"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// attribute reads the cell under the name of an attribute of the rules. What another field
// gives is read there.
func (r *rosterReader) attribute(a *ruleset.Attribute, p *Person) {
	f := Field(a.Name)
	if _, has := r.at[f]; !has || f.kept() || insteadOf(a.Type) != "" {
		return
	}
	text := r.text(f)
	if text == "" || blank(text) && !slices.Contains(a.Options, text) {
		return
	}
	value, err := rosterValue(a, text)
	if err != nil {
		r.refuse(f, err)
		return
	}
	plain := a.Type == ruleset.YesNo && value.Number == 0 || a.BuiltIn && value.Text == domain.NoExemption ||
		a.Type == ruleset.Named && value.Text == domain.NoGroup
	p.Values = append(p.Values, AttributeValue{a.Name, a.Text(value), plain})
}

// rosterValue is Attribute.Parse for yes and no, days and words in the forms that registers
// have.
func rosterValue(a *ruleset.Attribute, text string) (domain.Value, error) {
	switch a.Type {
	case ruleset.YesNo:
		if yes, ok := yesNo(text); ok {
			text = map[bool]string{true: "是", false: "否"}[yes]
		}
	case ruleset.DayFact:
		d, err := parseRosterDay(text)
		return domain.Value{Number: int64(d)}, err
	case ruleset.Text:
	default:
		plain, err := words(text)
		if err != nil {
			return domain.Value{}, err
		}
		text = plain
	}
	return a.Parse(text)
}
