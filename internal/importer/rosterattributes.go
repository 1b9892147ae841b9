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
	value, err := cellValue(a, text)
	if err != nil {
		r.refuse(f, err)
		return
	}
	plain := a.Type == ruleset.YesNo && value.Number == 0 || a.BuiltIn && value.Text == domain.NoExemption ||
		a.Type == ruleset.Named && value.Text == domain.NoGroup
	p.Values = append(p.Values, AttributeValue{a.Name, a.Text(value), plain})
}
