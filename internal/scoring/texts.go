package scoring

import (
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
)

// Text is a rulebook with the first day on which it holds for a member: from
// then on what is recorded is admitted and valued by it.
type Text struct {
	From calendar.Day
	Book *ruleset.RuleSet  // nil: the member's branch has no scheme from that day on
	Kind domain.BranchKind // of the branch that the member is in then; "" = that of the member
}

// Texts are the rulebooks that hold for a member one after the other: a scheme
// whose text changed, or the schemes of the branches that he was in. What was
// earned under one of them lands in the block of the same name of the one that
// holds on the standing's day. They are never changed after NewTexts and may be
// used from many goroutines.
type Texts struct {
	list    []text
	seasons bool // a text has an item that belongs to the period before (归期)
	pairs   map[[2]*ruleset.RuleSet]*indexMap
}

type text struct {
	Text
	first   calendar.Day     // the first day of its stretch; 0 = since ever
	last    calendar.Day     // the last day of its stretch
	gaps    []dayRange       // days of its stretch on which the branch had no scheme
	merged  *ruleset.RuleSet // with the clauses of the earlier texts behind its own
	offsets []int            // where the clauses of each text begin in merged
}

// dayRange is a run of days, from the first on and before the end.
type dayRange struct{ from, end calendar.Day }

// indexMap maps the indexes of one text to those of another; −1
// where the other has none of that name.
type indexMap struct{ items, blocks, grades []int }

// Under returns the texts of who was under one rulebook all the time.
func Under(book *ruleset.RuleSet) *Texts { return NewTexts([]Text{{Book: book}}) }

// NewTexts puts texts one after the other. They ascend by From; the first one
// also holds on all days before. At least one must have a Book.
func NewTexts(list []Text) *Texts {
	t := &Texts{list: make([]text, 0, len(list))}
	var waiting []calendar.Day // days since which no text has held, before the first one
	for i := range list {
		n := len(t.list)
		switch {
		case list[i].Book == nil && n == 0:
			waiting = append(waiting, list[i].From)
		case list[i].Book == nil:
			last := &t.list[n-1]
			last.gaps = append(last.gaps, dayRange{list[i].From, calendar.Forever})
		case n > 0 && t.list[n-1].Book == list[i].Book && t.list[n-1].Kind == list[i].Kind:
			t.list[n-1].endGap(list[i].From)
		default:
			if n > 0 {
				t.list[n-1].endGap(list[i].From)
				t.list[n-1].last = list[i].From - 1
			}
			next := text{Text: list[i], last: calendar.Forever}
			if n > 0 {
				next.first = list[i].From
			}
			if len(waiting) > 0 {
				next.gaps, waiting = []dayRange{{0, list[i].From}}, nil
			}
			t.list = append(t.list, next)
		}
	}
	t.translate()
	t.seasons = slices.ContainsFunc(t.list, func(x text) bool { return x.Book.Seasons })
	return t
}

// endGap ends a gap that has no end yet.
func (t *text) endGap(day calendar.Day) {
	if n := len(t.gaps); n > 0 && t.gaps[n-1].end == calendar.Forever {
		t.gaps[n-1].end = day
	}
}

// translate finds for every two texts what one calls by which index and the
// other by which, and puts the clauses of the earlier texts behind those of
// each.
func (t *Texts) translate() {
	for k := range t.list {
		to := &t.list[k]
		to.merged, to.offsets = to.Book, make([]int, len(t.list))
		if len(t.list) == 1 {
			return
		}
		if t.pairs == nil {
			t.pairs = map[[2]*ruleset.RuleSet]*indexMap{}
		}
		for j := range t.list {
			from := &t.list[j]
			key := [2]*ruleset.RuleSet{from.Book, to.Book}
			if _, known := t.pairs[key]; !known {
				t.pairs[key] = translationOf(from.Book, to.Book)
			}
			if j < k {
				to.merge(t.list[:k], j)
			}
		}
	}
}

// merge puts the clauses of an earlier text behind those of this one, once for
// each rulebook.
func (t *text) merge(earlier []text, j int) {
	book := earlier[j].Book
	if book == t.Book {
		return
	}
	if i := slices.IndexFunc(earlier[:j], func(e text) bool { return e.Book == book }); i >= 0 {
		t.offsets[j] = t.offsets[i]
		return
	}
	merged := *t.merged
	t.offsets[j] = len(merged.Clauses)
	merged.Clauses = slices.Clone(merged.Clauses)
	for _, c := range book.Clauses {
		if c.File == "" {
			c.File = book.Code + " " + book.From.String()
		}
		merged.Clauses = append(merged.Clauses, c)
	}
	t.merged = &merged
}

// clauseOwner returns which text has a clause that is cited behind those of this one,
// the k-th, and which clause it is there.
func (t *text) clauseOwner(k, clause int) (text, index int) {
	text = k
	if clause < len(t.Book.Clauses) {
		return k, clause
	}
	for j, offset := range t.offsets[:k] {
		if offset <= clause && offset >= t.offsets[text] {
			text = j
		}
	}
	return text, clause - t.offsets[text]
}

func translationOf(from, to *ruleset.RuleSet) *indexMap {
	tr := &indexMap{
		items: make([]int, len(from.Items)), blocks: make([]int, len(from.Blocks)), grades: make([]int, len(from.GradeNames)),
	}
	for i := range from.Items {
		tr.items[i] = to.Item(from.Items[i].Name)
	}
	for i := range from.Blocks {
		tr.blocks[i] = slices.IndexFunc(to.Blocks, func(b ruleset.Block) bool { return b.Name == from.Blocks[i].Name })
	}
	for i, name := range from.GradeNames {
		tr.grades[i] = slices.Index(to.GradeNames, name)
	}
	return tr
}

// Book returns the rulebook that a standing of a day is read by, with the
// clauses of the earlier texts behind its own: what the lines of a statement
// cite.
func (t *Texts) Book(day calendar.Day) *ruleset.RuleSet { return t.list[t.at(day)].merged }

// On returns the rulebook that an entry of a day is admitted and valued by; ok
// is false where the member's branch had no scheme then.
func (t *Texts) On(day calendar.Day) (book *ruleset.RuleSet, ok bool) {
	x := &t.list[t.at(day)]
	return x.Book, !x.gap(day)
}

// Since returns the first day that the first of the texts counts from.
func (t *Texts) Since() calendar.Day { return t.list[0].Book.Since }

// Version tells one sequence of texts from another: what was computed under
// another one is stale.
func (t *Texts) Version() string {
	if len(t.list) == 1 && len(t.list[0].gaps) == 0 {
		return t.list[0].Book.Version()
	}
	v := ""
	for i := range t.list {
		v += t.list[i].first.String() + "=" + t.list[i].Book.Version() + string(t.list[i].Kind)
		for _, g := range t.list[i].gaps {
			v += "-" + strconv.Itoa(int(g.from)) + "-" + strconv.Itoa(int(g.end))
		}
		v += ";"
	}
	return v
}

// at returns the index of the text whose stretch holds a day.
func (t *Texts) at(day calendar.Day) int {
	k := len(t.list) - 1
	for k > 0 && t.list[k].first > day {
		k--
	}
	return k
}

// between returns what one text's indexes are in another.
func (t *Texts) between(from, to int) *indexMap {
	return t.pairs[[2]*ruleset.RuleSet{t.list[from].Book, t.list[to].Book}]
}

// gap reports whether the member's branch had no scheme on a day of the text's
// stretch.
func (t *text) gap(day calendar.Day) bool {
	for _, g := range t.gaps {
		if g.from <= day && day < g.end {
			return true
		}
	}
	return false
}
