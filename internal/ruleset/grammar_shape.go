package ruleset

func text() Shape { return Shape{Form: FormText} }

func word(of ...string) Shape { return Shape{Form: FormWord, Words: of} }

func words(of ...string) Shape { return Shape{Form: FormWords, Words: of} }

func section(name string) Shape { return Shape{Form: FormSection, Section: name} }

func condition() Shape { return Shape{Form: FormCondition, Cases: true} }

func computed() Shape { return Shape{Form: FormFormula, Cases: true} }

func points() Shape { return Shape{Form: FormNumber, Cases: true} }

func table(row Shape) Shape { return Shape{Form: FormTable, Row: &row} }

func inOrder(row Shape) Shape { return Shape{Form: FormTable, Row: &row, Ordered: true} }

func valued(s Shape) Shape { s.Cases = true; return s }

func short(s, in Shape, key string) Shape {
	s.Short, s.For = &in, key
	return s
}

func limitShape() Shape {
	row := valued(Shape{Form: FormEither})
	return Shape{Form: FormTable, Row: &row, Words: limitWords(), Cases: true}
}

func units() []string { return []string{"年", "半年", "季", "月"} }

// windowUnits are those by which something is looked at again and again.
func windowUnits() []string { return append(units(), "周") }

// limitWords are the windows of 限额.
func limitWords() []string {
	return []string{"单笔", "日", "周", "月", "季", "半年", "年", "终身"}
}
