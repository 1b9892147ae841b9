package intake

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"jifen/internal/party"
	"jifen/internal/rulebook"
	"jifen/internal/scoring"
	"jifen/internal/sheet"
)

// entries is the table of entries while it is read.
type entries struct {
	*source
	register *register
	fields   []string          // headings that are fields of items
	values   map[string]string // of the current row, by field
	ids      map[string]int    // lines by id
	unknown  map[string]error  // what was said of items that the book has not
	chosen   []chosen
}

// chosen is an entry that may hold chosen points: what may be chosen is known
// when all is read of the member.
type chosen struct {
	line  int
	rec   *party.Record
	entry party.Entry
}

func newEntries(r *register, table *sheet.Table, out *findings) *entries {
	return &entries{source: newSource(table, out), register: r, values: map[string]string{}, ids: map[string]int{}, unknown: map[string]error{}}
}

func (e *entries) read() {
	required, others := []string{"党员", "项目", "日期"}, []string{"编号", "分值", rulebook.RecordedWord}
	var fields []string
	for i := range e.register.book.Items {
		for k := range e.register.book.Items[i].Fields {
			fields = append(fields, e.register.book.Items[i].Fields[k].Name)
		}
	}
	fields = append(fields, party.MatterField)
	slices.Sort(fields)
	fields = slices.Compact(fields)
	for _, h := range e.table.Header {
		if slices.Contains(fields, h) && !slices.Contains(required, h) && !slices.Contains(others, h) {
			e.fields = append(e.fields, h)
		}
	}
	if e.headings(required, slices.Concat(others, fields), nil) {
		first := len(e.out.list)
		e.eachRow(e.row)
		e.suit()
		slices.SortStableFunc(e.out.list[first:], func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	}
}

// suit refuses chosen points that the rules of their day do not leave open.
func (e *entries) suit() {
	for _, c := range e.chosen {
		if err := scoring.Suits(e.register.book, c.rec, c.entry); err != nil {
			e.line = c.line
			e.refuse("分值", err)
		}
	}
}

func (e *entries) row() {
	id := e.id()
	rec := e.register.member(e.source)
	on, _ := e.mustDay("日期")
	entry, ok := e.entry()
	if rec == nil || !ok {
		return // told; with any problem there is no roll, so nothing need be kept
	}
	if on != 0 {
		if err := e.register.book.InSeason(entry.Item, on); err != nil {
			e.refuse("日期", err)
			return
		}
	}
	entry.ID, entry.On = id, on
	entry.Recorded, _ = e.day(rulebook.RecordedWord)
	if entry.Recorded != 0 && entry.Recorded < on {
		e.fail(rulebook.RecordedWord, "“录入日”早于“日期”", "录入日是哪一天记进来的，不早于事情发生的那天；当天记的可以不填")
	}
	rec.Entries = append(rec.Entries, entry)
	if on != 0 && e.register.book.Items[e.register.book.Item(entry.Item)].Varies() {
		e.chosen = append(e.chosen, chosen{e.line, rec, entry})
	}
}

// id returns the entry's id; without one the row's place in the file serves,
// so that an account can point at it.
func (e *entries) id() string {
	id := e.word("编号")
	if id == "" {
		id = "第" + strconv.Itoa(e.line) + "行"
	}
	if line, twice := e.ids[id]; twice {
		e.fail("编号", "编号“"+clip(id)+"”在第 "+strconv.Itoa(line)+" 行已经用过", "换一个编号；是同一笔就删去一行")
	}
	e.ids[id] = e.line
	return id
}

// entry reads item, points and fields.
func (e *entries) entry() (party.Entry, bool) {
	item := e.cell("项目")
	if item == "" {
		e.fail("项目", "“项目”没有填", "照办法里的项目名写")
		return party.Entry{}, false
	}
	if err := e.unknown[item]; err != nil {
		e.refuse("项目", err) // under the wrong book every row is, and each search for the nearest name takes a while
		return party.Entry{}, false
	}
	clear(e.values)
	for _, f := range e.fields {
		if text := e.cell(f); text != "" {
			e.values[f] = text
		}
	}
	e.normalise(item)
	entry, problems := e.register.book.Entry(item, e.cell("分值"), e.values)
	if len(problems) == 0 {
		return entry, true
	}
	columns := slices.SortedFunc(maps.Keys(problems), func(a, b string) int {
		return cmp.Or(cmp.Compare(e.column(a), e.column(b)), cmp.Compare(a, b))
	})
	for _, c := range columns {
		e.refuse(c, problems[c])
	}
	if e.register.book.Item(item) < 0 {
		e.unknown[item] = problems["项目"]
	}
	return entry, false
}

// normalise rewrites the days among the fields in the one form that the
// rulebook reads. What is no day is left for the rulebook to refuse.
func (e *entries) normalise(item string) {
	i := e.register.book.Item(item)
	if i < 0 {
		return
	}
	for k := range e.register.book.Items[i].Fields {
		f := &e.register.book.Items[i].Fields[k]
		if f.Type != rulebook.DayFact {
			continue
		}
		if d, err := parseDay(e.values[f.Name]); err == nil {
			e.values[f.Name] = d.String()
		}
	}
}

// column orders headings as the table has them, absent ones last.
func (e *entries) column(heading string) int {
	if i, ok := e.at[heading]; ok {
		return i
	}
	return len(e.at)
}
