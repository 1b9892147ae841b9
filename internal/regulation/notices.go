package regulation

import (
	"strings"

	"jifen/internal/rulebook"
)

// notices is the article on what is posted, and on objections.
func (t *setter) notices() Article {
	a := Article{Title: "公示和异议", Anchor: "公示", Columns: []string{"名称", "多久一次", "公示多久", "范围", "公示什么", "异议在几天内提出", "几天内答复"}}
	for i, p := range pairs(t.root.Get("公示")) {
		v := &t.book.Notices[i]
		a.Rows = append(a.Rows, Row{"公示." + v.Name, []string{v.Name, "每" + word(p.Value, "每"), v.Stands.String(), v.Level.String(), columns(v.Columns),
			orElse(v.Object.String(), "公示期间"), v.Answer.String()}})
	}
	if len(a.Rows) > 0 {
		a.Text = []string{"提出的期限从公示那天算起，答复的期限从提出那天算起。"}
	}
	return a
}

func columns(list []rulebook.Column) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = string(c)
	}
	return strings.Join(words, "、")
}
