package importer

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/scoring"
	"jifen/internal/spreadsheet"
)

// entries is the table of entries while it is read.
type entries struct {
	*source
	register *register
	fields   []string          // headings that are fields of items
	values   map[string]string // of the current row, by field
	ids      map[string]int    // lines by id
	unknown  map[unknown]error // what was said of items that a rulebook has not
	chosen   []chosen
}

// unknown is an item that a rulebook has not.
type unknown struct {
	book *ruleset.RuleSet
	item string
}

// chosen is an entry that may hold chosen points: what may be chosen is known
// when all is read of the member.
type chosen struct {
	line  int
	rec   *domain.MemberHistory
	book  *ruleset.RuleSet
	entry domain.Entry
}

func newEntries(r *register, table *spreadsheet.Table, out *findings) *entries {
	return &entries{source: newSource(table, out), register: r, values: map[string]string{}, ids: map[string]int{},
		unknown: map[unknown]error{}}
}

func (e *entries) read() {
	required := []string{memberColumn, itemColumn, dayColumn}
	others := []string{"编号", "分值", ruleset.RecordedWord, "姓名", branchColumn}
	var fields []string
	for _, book := range e.register.files.Books() {
		for i := range book.Items {
			for k := range book.Items[i].Fields {
				fields = append(fields, book.Items[i].Fields[k].Name)
			}
		}
	}
	fields = append(fields, domain.MatterField)
	slices.Sort(fields)
	fields = slices.Compact(fields)
	for _, h := range e.table.Header {
		if h = normal(h); slices.Contains(fields, h) && !slices.Contains(required, h) && !slices.Contains(others, h) {
			e.fields = append(e.fields, h)
		}
	}
	e.also = entrySynonyms()
	if e.headings(required, slices.Concat(others, fields), nil) {
		first := len(e.out.list)
		e.eachRow(e.row)
		e.checkChosen()
		slices.SortStableFunc(e.out.list[first:], func(a, b Problem) int { return cmp.Compare(a.Row, b.Row) })
	}
}

// checkChosen refuses chosen points that the rules of their day do not leave open.
func (e *entries) checkChosen() {
	for _, c := range e.chosen {
		if err := scoring.CheckEntry(c.book, c.rec, c.entry); err != nil {
			e.line = c.line
			e.refuse("分值", err)
		}
	}
}

func (e *entries) row() {
	id := e.id()
	rec := e.register.member(e.source)
	on, _ := e.mustDay("日期")
	book := e.register.rulesOn(rec, on)
	entry, ok := e.entry(book, rec, on)
	if rec == nil || !ok {
		return // told; with any problem there is no roll, so nothing need be kept
	}
	if on != 0 {
		if err := book.InSeason(entry.Item, on); err != nil {
			e.refuse("日期", err)
			return
		}
	}
	entry.ID, entry.On = id, on
	entry.Recorded, _ = e.day(ruleset.RecordedWord)
	if entry.Recorded != 0 && entry.Recorded < on {
		e.fail(ruleset.RecordedWord, "“录入日”早于“日期”", "录入日是哪一天记进来的，不早于事情发生的那天；当天记的可以不填")
	}
	rec.Entries = append(rec.Entries, entry)
	if on != 0 && book.Items[book.Item(entry.Item)].Varies() {
		e.chosen = append(e.chosen, chosen{e.line, rec, book, entry})
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
		e.fail("编号", "编号“"+fault.Quote(id)+"”在第 "+strconv.Itoa(line)+" 行已经用过", "换一个编号；是同一笔就删去一行")
	}
	e.ids[id] = e.line
	return id
}

// rulesOn returns the rulebook by which what a member did on a day is read: that
// of the branch in which he was; the text of the day where he is not known.
func (r *register) rulesOn(rec *domain.MemberHistory, on calendar.Day) *ruleset.RuleSet {
	if rec == nil {
		return r.files.Book(on)
	}
	texts := r.texts[rec]
	if texts == nil {
		texts = r.files.Texts(r.residences[rec.Member.ID])
		r.texts[rec] = texts
	}
	book, _ := texts.On(on)
	return book
}

// added returns whose supplement an item is that a rulebook has not.
func (r *register) added(book *ruleset.RuleSet, item string) string {
	if book.Item(item) >= 0 {
		return ""
	}
	return r.files.Added(item)
}

// entry reads item, points and fields.
func (e *entries) entry(book *ruleset.RuleSet, rec *domain.MemberHistory, on calendar.Day) (domain.Entry, bool) {
	item := e.cell("项目")
	if book.Item(item) < 0 {
		item = option(item, book.ItemNames())
	}
	if item == "" {
		e.fail("项目", "“项目”没有填", "照办法里的项目名写")
		return domain.Entry{}, false
	}
	if err := e.unknown[unknown{book, item}]; err != nil {
		e.refuse("项目", err) // under the wrong book every row is, and each search for the nearest name takes a while
		return domain.Entry{}, false
	}
	clear(e.values)
	for _, f := range e.fields {
		if text := e.cell(f); text != "" {
			e.values[f] = text
		}
	}
	if org := e.register.added(book, item); org != "" {
		who := "这个人"
		if rec != nil {
			who = rec.Member.Name
		}
		e.fail("项目", "“"+fault.Quote(item)+"”是"+org+"补充的项目，"+on.String()+" "+who+"不在那里", "查一查日期，或者那一天他在哪个支部")
		return domain.Entry{}, false
	}
	if !e.normalise(book, item) {
		return domain.Entry{}, false
	}
	points, err := Points(e.cell("分值"))
	if err != nil {
		e.refuse("分值", err)
		return domain.Entry{}, false
	}
	entry, problems := book.Entry(item, points, e.values)
	if len(problems) == 0 {
		return entry, true
	}
	columns := slices.SortedFunc(maps.Keys(problems), func(a, b string) int {
		return cmp.Or(cmp.Compare(e.column(a), e.column(b)), cmp.Compare(a, b))
	})
	for _, c := range columns {
		e.refuse(c, problems[c])
	}
	if book.Item(item) < 0 {
		e.unknown[unknown{book, item}] = problems["项目"]
	}
	return entry, false
}

// normalise rewrites the fields in the one form that the rulebook reads. What cannot be told
// is left for the rulebook to refuse, but for cells that tell why; ok is false then.
func (e *entries) normalise(book *ruleset.RuleSet, item string) (ok bool) {
	i := book.Item(item)
	if i < 0 {
		return true
	}
	ok = true
	for k := range book.Items[i].Fields {
		f := &book.Items[i].Fields[k]
		if e.values[f.Name] == "" {
			continue
		}
		plain, err := cellText(f, e.values[f.Name])
		if err != nil {
			e.refuse(f.Name, err)
			ok = false
			continue
		}
		e.values[f.Name] = plain
	}
	return ok
}

// column orders headings as the table has them, absent ones last.
func (e *entries) column(heading string) int {
	if i, ok := e.at[heading]; ok {
		return i
	}
	return len(e.at)
}
