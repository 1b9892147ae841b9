package entries

import (
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// ItemGroup is items of one block, by the names that an entry says.
type ItemGroup struct {
	Name  string
	Items []string
}

// Asked holds the questions of an item to who records it.
type Asked struct {
	Item   string
	Worth  string  // what it gives, and by which clause, in words; "" for nothing to say
	Choice *Choice // where a person chooses the points; nil otherwise
	Fields []Field
}

// Choice is a range of points of which a person chooses.
type Choice struct {
	Low, High domain.Points
	Optional  bool // some cases have points of their own
}

// Field is one value that an item asks for.
type Field struct {
	Name     string
	Type     ruleset.AttributeType
	Unit     string   // 小时
	Options  []string // of ruleset.Options
	Hint     string   // what may be written, in words; "" for nothing to say
	Optional bool     // may stay empty
}

// gives reports whether an item may give points, or is for the record only: nobody
// is asked to report himself for a deduction.
func gives(it *ruleset.Item) bool { return it.Hi > 0 || it.Block < 0 }

// anyItem lets every item be chosen.
func anyItem(*ruleset.Item) bool { return true }

// itemGroups lists the items that people may record under several schemes, each
// item once: an entry counts in every scheme that has its item.
func itemGroups(schemes []*ruleset.RuleSet, offered func(*ruleset.Item) bool) []ItemGroup {
	out := groupsOf(schemes[0], offered)
	for i, scheme := range schemes[1:] {
		before := schemes[:i+1]
		more := groupsOf(scheme, func(it *ruleset.Item) bool { return offered(it) && first(before, it.Name) == nil })
		for k := range more {
			more[k].Name = scheme.Title + "：" + more[k].Name
		}
		out = append(out, more...)
	}
	return out
}

// groupsOf lists the items of one scheme that people may record, under its blocks.
func groupsOf(scheme *ruleset.RuleSet, offered func(*ruleset.Item) bool) (out []ItemGroup) {
	add := func(name string, block int) {
		g := ItemGroup{Name: name}
		for i := range scheme.Items {
			it := &scheme.Items[i]
			if it.Block == block && it.Auto == nil && len(it.Kinds) == 0 && offered(it) {
				g.Items = append(g.Items, it.Name)
			}
		}
		if len(g.Items) > 0 {
			out = append(out, g)
		}
	}
	for i := range scheme.Blocks {
		add(scheme.Blocks[i].Name, i)
	}
	add("备查", -1)
	return out
}

// first returns the first of some schemes that has an item, nil for none.
func first(schemes []*ruleset.RuleSet, item string) *ruleset.RuleSet {
	i := slices.IndexFunc(schemes, func(b *ruleset.RuleSet) bool { return b.Item(item) >= 0 })
	if i < 0 {
		return nil
	}
	return schemes[i]
}

// asked returns what an item asks for, by the first scheme that has it; nil where
// none has.
func asked(schemes []*ruleset.RuleSet, item string) *Asked {
	scheme := first(schemes, item)
	if scheme == nil {
		return nil
	}
	it := &scheme.Items[scheme.Item(item)]
	out := &Asked{Item: item, Worth: worth(scheme, it)}
	if lo, hi, free := it.Choice(); free {
		out.Choice = &Choice{lo, hi, it.HasFixedCase()}
	}
	for k := range it.Fields {
		f := &it.Fields[k]
		field := Field{Name: f.Name, Type: f.Type, Unit: f.Unit, Options: f.Options}
		if f.Type == ruleset.Decimal && f.Unit == "" {
			field.Hint = domain.Points(f.Lo).String() + " 至 " + domain.Points(f.Hi).String()
		}
		out.Fields = append(out.Fields, field)
	}
	if it.Highest {
		out.Fields = append(out.Fields, Field{
			Name: domain.MatterField, Type: ruleset.Text, Optional: true,
			Hint: "同一件事记了几笔的，各笔写同样的名称，只取最高的一笔；没有就空着",
		})
	}
	return out
}

// worth describes the points of an item, and the clause they are by.
func worth(scheme *ruleset.RuleSet, it *ruleset.Item) string {
	var words []string
	if it.Varies() {
		words = append(words, strings.Join(scheme.Ranges(it), "；")+" 分")
	}
	if it.Clause >= 0 && scheme.Clauses[it.Clause].Basis != "" {
		words = append(words, "依据"+scheme.Clauses[it.Clause].Basis)
	}
	return strings.Join(words, "，")
}
