package regulation

// notices is the article on what is posted, and on objections.
func (t *setter) notices() Article {
	a := Article{Title: "公示和异议", Anchor: "公示", Columns: []string{"名称", "多久一次", "公示多久", "范围", "公示什么", "异议在几天内提出", "几天内答复", "其他"}}
	usual := "姓名、总分"
	if t.root.node.Get("等次") != nil {
		usual += "、等次"
	}
	for _, p := range pairs(t.root.take("公示")) {
		k := tell("公示", p.Value)
		a.Rows = append(a.Rows, Row{"公示." + p.Key.Text, []string{p.Key.Text, "每" + k.word("每"), k.word("天数"), k.usually("范围"),
			orElse(k.said("列"), usual), orElse(k.word("提出"), "公示期间"), k.word("答复"), k.rest()}})
	}
	if len(a.Rows) > 0 {
		a.Text = []string{"提出的期限从公示那天算起，答复的期限从提出那天算起。"}
	}
	return a
}
