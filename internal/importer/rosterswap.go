package importer

import "strings"

// Swap proposes to read two columns under each other's heading: the program
// that exports the provincial register writes some of them the wrong way round.
type Swap struct{ One, Other Column }

// Apply returns a copy of a mapping that exchanges the two columns.
func (s Swap) Apply(m Mapping) Mapping {
	out := Mapping{}
	for h, f := range m {
		if plain := normal(h); plain != normal(s.One.Heading) && plain != normal(s.Other.Heading) {
			out[h] = f
		}
	}
	out[s.One.Heading], out[s.Other.Heading] = s.Other.Field, s.One.Field
	return out
}

// crossCheck looks whether values belong under the headings that are known to
// be exchanged. What is in doubt is taken from neither column.
func (r *rosterReader) crossCheck() {
	for _, pair := range [...][2]Field{{FieldPost, FieldStratum}, {FieldMigrant, FieldTitle}} {
		one, other := pair[0], pair[1]
		straight := r.looking(one, one) + r.looking(other, other)
		if crossed := r.looking(one, other) + r.looking(other, one); crossed <= straight {
			continue
		}
		r.withheld[one], r.withheld[other] = true, true
		i, has1 := r.at[one]
		j, has2 := r.at[other]
		switch {
		case has1 && has2:
			s := Swap{r.preview.Columns[i], r.preview.Columns[j]}
			r.preview.Swaps = append(r.preview.Swaps, s)
			r.warn(s.One.Heading, "“"+s.One.Heading+"”与“"+s.Other.Heading+"”两列的内容像是对调了", "看一看，是的话按对调来读；确认之前这两列都不取")
		case has1 && one.kept():
			r.warn(r.preview.Columns[i].Heading, "这一列的内容像是“"+string(other)+"”", "给这一列另选对应；确认之前不取")
		}
	}
}

// looking counts the values in one field's column that look like another's.
func (r *rosterReader) looking(in, like Field) int {
	i, has := r.at[in]
	if !has {
		return 0
	}
	n := 0
	for k := range r.table.Rows {
		if v := r.table.Rows[k].Cells[i]; !blank(v) && looks(v, like) {
			n++
		}
	}
	return n
}

func looks(v string, like Field) bool {
	switch like {
	case FieldMigrant:
		_, is := YesNo(v)
		return is
	case FieldTitle:
		_, is := YesNo(v)
		return !is
	case FieldStratum:
		return strataWord(v) != ""
	default: // a post is whatever is no stratum; free professions are both
		w := strataWord(v)
		return w == "" || w == "自由职业"
	}
}

// strataWord returns the word by which a value belongs to the list of new
// social strata, "" for none.
func strataWord(v string) string {
	for _, w := range [...]string{"民营科技", "受聘于外资", "外资企业管理", "个体劳动者", "私营企业主", "中介组织", "自由职业", "不属于", "非新社会阶层"} {
		if strings.Contains(v, w) {
			return w
		}
	}
	return ""
}
