package ruleset

import (
	"slices"

	"jifen/internal/yamldoc"
)

// finish derives what the engine needs of the file as a whole.
func (l *loader) finish(root *yamldoc.Node) {
	lost := l.hurt["排名"] || l.file.Lost("排名")
	if a := root.Get("标杆"); a != nil && root.Get("排名").Get("范围") == nil && !lost {
		l.fail(a, "有标杆就要有排名", "加上 排名: {范围: [支部]}")
	}
	if len(l.book.Blocks) == 0 && root.Get("总分") != nil && root.Get("板块") == nil && !l.file.Lost("板块") {
		l.fail(root.Get("总分"), "没有板块，总分无从算起", "先写 板块")
	}
	for d := range l.dates {
		l.book.Dates = append(l.book.Dates, d)
	}
	slices.Sort(l.book.Dates)
	if l.book.Quotas && len(l.book.Ranking.Levels) == 0 && !lost {
		l.fail(root.Get("等次"), "按比例定等次，先要有排名", "加上 排名: {范围: [支部]}；名额: 写比例在哪一级算")
	}
	l.resolveReferences()
	l.alertUses()
	l.index()
	l.lintAll(root)
	l.runLaterChecks()
	l.reply(root)
}

// runLaterChecks makes the checks that were left until all of the file is read. Where
// what they look at is damaged, they find nothing; see sound.
func (l *loader) runLaterChecks() {
	for _, check := range l.later {
		check()
	}
}

func (l *loader) index() {
	b := l.book
	b.itemByName = make(map[string]int, len(b.Items))
	b.byKind = map[string][]int{}
	for i := range b.Items {
		b.itemByName[b.Items[i].Name] = i
		for _, former := range b.Items[i].Former {
			b.itemByName[former] = i
		}
		for _, k := range b.Items[i].Kinds {
			b.byKind[k] = append(b.byKind[k], i)
		}
	}
}
