package ruledoc

// notices is the article on what is posted, and on objections.
func (t *setter) notices() Article {
	a := Article{Title: "公示和异议", Anchor: "公示",
		Columns: []string{"名称", "多久一次", "公示多久", "范围", "公示什么", "异议在几天内提出", "几天内答复", "其他"}}
	usual := "姓名、总分"
	if t.root.node.Get("等次") != nil {
		usual += "、等次"
	}
	for _, p := range pairs(t.root.take("公示")) {
		k := sectionTextOf("公示", p.Value)
		a.Rows = append(a.Rows, Row{"公示." + p.Key.Text,
			[]string{p.Key.Text, "每" + k.word("每"), k.word("天数"), k.usualText("范围"),
				orElse(k.text("列"), usual), orElse(k.word("提出"), "公示期间"), k.word("答复"), k.rest()}})
	}
	if len(a.Rows) > 0 {
		a.Text = []string{"提出的期限从公示那天算起，答复的期限从提出那天算起。"}
	}
	return a
}

// bodies is the article on the organs that the regulation names as its own.
func (t *setter) bodies() Article {
	a := Article{Title: "机构", Anchor: "机构", Columns: []string{"机构", "怎样办"}}
	for _, p := range pairs(t.root.take("机构")) {
		how := "办" + p.Value.Text + "一级的事"
		if p.Value.Text == "外部" {
			how = "在系统以外，由前一步的组织照它的文件记文号和日期"
		}
		a.Rows = append(a.Rows, Row{"机构." + p.Key.Text, []string{p.Key.Text, how}})
	}
	return a
}
