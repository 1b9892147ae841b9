package ruleset

import "jifen/internal/domain"

// Groupings returns the attributes by which branches divide their members, beside those of the
// rules. No rule reads them. They say nothing of what is asked for; a rule file that has an
// attribute of one of their names asks for its own.
func Groupings() []Attribute {
	var out []Attribute
	for _, name := range domain.Groupings() {
		out = append(out, Attribute{Name: name, Type: Named, Options: []string{domain.NoGroup}, BuiltIn: true})
	}
	return out
}

// Grouping returns one of Groupings by its name, nil for any other.
func Grouping(name string) *Attribute {
	list := Groupings()
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}
