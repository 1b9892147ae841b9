package importer

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/spreadsheet"
)

// PaperEntry is one row of a ledger from paper.
type PaperEntry struct {
	Line   int // in the file
	Member domain.MemberID
	Item   string
	On     calendar.Day
	Points string            // as RuleSet.Entry reads them; "" where none are written
	Fields map[string]string // by name, as RuleSet.Entry reads them
	Note   string
}

// maxPaperProblems bounds the problems of a file from paper: more than its rows can have.
const maxPaperProblems = 1_000_000

// PaperEntries is a ledger from paper as it was read.
type PaperEntries struct {
	Entries  []PaperEntry
	Problems []Problem // of rows that are not among the entries
	Notes    []string  // Chinese: what was left out
}

// EntryHeader reports whether the headings of a sheet may be those of entries.
func EntryHeader(header []string) bool {
	return hasColumn(header, memberColumn, entrySynonyms()) && hasColumn(header, itemColumn, entrySynonyms())
}

// hasColumn reports whether a header has a column, however its heading is written.
func hasColumn(header []string, column string, also map[string][]string) bool {
	return slices.ContainsFunc(header, func(h string) bool {
		return normal(h) == column || slices.Contains(also[column], normal(h))
	})
}

// ReadPaperEntries reads a ledger from paper of some people under the rules in force. A heading
// that no item asks for, or one that is missing, is fault.Invalid.
func ReadPaperEntries(
	t *spreadsheet.Table, people *People, books []*ruleset.RuleSet,
) (*PaperEntries, error) {
	r := &paperEntries{source: newSource(t, &findings{most: maxPaperProblems}), people: people, books: books,
		out:  &PaperEntries{},
		seen: map[string]int{}}
	r.also = entrySynonyms()
	if err := r.columns(); err != nil {
		return nil, err
	}
	r.eachRow(r.row)
	r.out.Problems = r.source.out.list
	r.out.Notes = append(r.left(), t.Notes...)
	return r.out, nil
}

// paperEntries is one call of ReadPaperEntries.
type paperEntries struct {
	*source
	people *People
	books  []*ruleset.RuleSet
	fields []string // headings that are fields of items
	out    *PaperEntries
	seen   map[string]int // lines by content
}

// columns refuses headings that no item of the rules knows.
func (r *paperEntries) columns() error {
	must := []string{memberColumn, itemColumn, dayColumn}
	known := append(slices.Clone(must), pointsColumn, noteColumn, domain.MatterField)
	for _, b := range r.books {
		for i := range b.Items {
			for k := range b.Items[i].Fields {
				known = append(known, b.Items[i].Fields[k].Name)
			}
		}
	}
	slices.Sort(known)
	known = slices.Compact(known)
	r.understand(known)
	for _, column := range must {
		if _, has := r.at[column]; !has {
			return fault.New(fault.Invalid, "%s 没有“%s”这一列", r.table.Name, column).
				WithHint("表头写 党员、项目、日期，要时加 分值、说明，和项目要记的")
		}
	}
	for i, h := range r.table.Header {
		switch plain := normal(h); {
		case slices.Contains(known, plain):
			if !slices.Contains(append(must, pointsColumn, noteColumn), plain) {
				r.fields = append(r.fields, plain)
			}
		case !r.meant(i) && !unread(plain):
			return fault.New(fault.Invalid, "%s 的“%s”这一列，办法里没有项目要记", r.table.Name, fault.Quote(h)).
				WithHint("可写：%s", strings.Join(known, "、"))
		}
	}
	return nil
}

// row reads one row; with any problem it is not among the entries.
func (r *paperEntries) row() {
	e := PaperEntry{Line: r.line, Item: r.cell(itemColumn), Note: r.cell(noteColumn), Fields: map[string]string{}}
	var err error
	if e.Member, err = r.people.Find(r.cell(memberColumn)); err != nil && !r.spoilt(memberColumn) {
		r.refuse(memberColumn, err)
	}
	e.On, _ = r.mustDay(dayColumn)
	item := r.item(&e.Item)
	if e.Points, err = Points(r.cell(pointsColumn)); err != nil {
		r.refuse(pointsColumn, err)
	}
	for _, name := range r.fields {
		text := r.cell(name)
		if text == "" {
			continue
		}
		if i := fieldOfItem(item, name); i >= 0 {
			if text, err = cellText(&item.Fields[i], text); err != nil {
				r.refuse(name, err)
			}
		}
		e.Fields[name] = text
	}
	if r.bad {
		return
	}
	same := fmt.Sprint(e.Member, e.Item, e.On, e.Points, e.Fields)
	if line, twice := r.seen[same]; twice {
		r.fail("", fmt.Sprintf("和第 %d 行一样", line), "真是两回事，另取一个台账名称再导入")
		return
	}
	r.seen[same] = r.line
	r.out.Entries = append(r.out.Entries, e)
}

// item returns the item that a cell names, and its name as the rules write it; nil where none
// has the name, which is for the rules of the day to refuse.
func (r *paperEntries) item(name *string) *ruleset.Item {
	for _, b := range r.books {
		if b.Item(*name) < 0 {
			if known := option(*name, b.ItemNames()); b.Item(known) >= 0 {
				*name = known
			}
		}
		if i := b.Item(*name); i >= 0 {
			return &b.Items[i]
		}
	}
	return nil
}

// fieldOfItem returns which field of an item has a name, -1 for none.
func fieldOfItem(item *ruleset.Item, name string) int {
	if item == nil {
		return -1
	}
	return slices.IndexFunc(item.Fields, func(a ruleset.Attribute) bool { return a.Name == name })
}

// left returns which columns and rows of a table were passed over.
func (s *source) left() []string {
	var out, columns []string
	for i, h := range s.table.Header {
		if unread(normal(h)) && !s.meant(i) {
			columns = append(columns, h)
		}
	}
	if len(columns) > 0 {
		out = append(out, "没有读的列："+strings.Join(columns, "、"))
	}
	var lines []int
	for i := range s.table.Rows {
		if footer(s.table.Rows[i].Cells) {
			lines = append(lines, s.table.Rows[i].Line)
		}
	}
	if len(lines) > 0 {
		out = append(out, linesOf(lines)+"是合计、签名或说明，没有读")
	}
	return out
}
