package importer

import (
	"fmt"
	"slices"
	"strings"

	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// PaperActivity is one activity of a list from paper.
type PaperActivity struct {
	Org   domain.OrgID
	Kind  string
	On    calendar.Day
	Title string // as first written
	Lines []PaperLine
}

// PaperLine is a member in an activity.
type PaperLine struct {
	Line   int // in the file
	Member domain.MemberID
	Status domain.AttendanceStatus
	MadeUp calendar.Day
}

// PaperAttendance is a list of attendance from paper as it was read.
type PaperAttendance struct {
	Activities []PaperActivity
	Problems   []Problem // of rows that are in no activity
	Notes      []string  // Chinese: what was left out, and how a sign-in sheet was understood
}

// Occasions holds what a list of attendance is read by, and what a sign-in sheet does not say of
// itself.
type Occasions struct {
	People *People
	Kinds  []string // of activities, as the rules have them; nil where that is asked later
	Names  []string // of the organisations that a title may name
	// Org returns the organisation of a name; an error where none or more than one has it.
	Org    func(name string) (domain.OrgID, error)
	Branch string // of a sign-in sheet; "" where its title says it
	Kind   string // likewise
	Year   int    // likewise; 0 where it says it
}

// AttendanceHeader reports whether the headings of a sheet may be those of attendance.
func AttendanceHeader(header []string) bool {
	also := attendanceSynonyms()
	return hasColumn(header, memberColumn, also) && (hasColumn(header, statusColumn, also) || len(dayHeadings(header)) > 0)
}

// ReadPaperAttendance reads attendance from paper: a row for each member in each activity, or a
// sign-in sheet with names down and days across.
func ReadPaperAttendance(t *spreadsheet.Table, by *Occasions) (*PaperAttendance, error) {
	r := &paperAttendance{source: newSource(t, &findings{most: maxPaperProblems}), by: by, out: &PaperAttendance{},
		orgs:  map[string]meantOrg{},
		index: map[occasion]int{}, there: map[attended]int{}}
	r.also = attendanceSynonyms()
	must := mustColumns()
	r.understand(append(must, titleColumn, madeUpColumn))
	if _, listed := r.at[statusColumn]; !listed && len(dayHeadings(t.Header)) > 0 {
		return r.out, r.readMatrix()
	}
	const advice = "表头写 支部、种类、日期、党员、出勤，要时加 名称、补课日期"
	for _, column := range must {
		if _, has := r.at[column]; !has {
			return nil, fault.New(fault.Invalid, "%s 没有“%s”这一列", t.Name, column).WithHint(advice)
		}
	}
	for i, h := range t.Header {
		if plain := normal(h); !slices.Contains(append(must, titleColumn, madeUpColumn), plain) && !r.meant(i) &&
			!unread(plain) {
			return nil, fault.New(fault.Invalid, "%s 的“%s”这一列用不着", t.Name, fault.Quote(h)).WithHint("删去这一列；" + advice)
		}
	}
	r.eachRow(r.row)
	r.finish()
	return r.out, nil
}

// mustColumns are the columns in which every row says something.
func mustColumns() []string {
	return []string{branchColumn, kindColumn, dayColumn, memberColumn, statusColumn}
}

// paperAttendance is one call of ReadPaperAttendance.
type paperAttendance struct {
	*source
	by    *Occasions
	out   *PaperAttendance
	orgs  map[string]meantOrg // by what the table calls them
	index map[occasion]int    // of activities
	there map[attended]int    // lines
}

// meantOrg is the organisation that a name means, or why none.
type meantOrg struct {
	id  domain.OrgID
	err error
}

// occasion identifies an activity: rows that agree in it belong together.
type occasion struct {
	org   domain.OrgID
	kind  string
	on    calendar.Day
	title string // without blanks and quotes
}

// attended is a member in an activity.
type attended struct {
	activity int
	member   domain.MemberID
}

func (r *paperAttendance) finish() {
	r.out.Problems = r.source.out.list
	r.out.Notes = append(r.out.Notes, append(r.left(), r.table.Notes...)...)
}

// row reads one row, and everything that is wrong with it.
func (r *paperAttendance) row() {
	var empty []string
	spoilt := false
	for _, column := range mustColumns() {
		if r.spoilt(column) {
			spoilt = true
		} else if r.cell(column) == "" {
			empty = append(empty, "“"+column+"”")
		}
	}
	if len(empty) > 0 {
		r.fail("", strings.Join(empty, "、")+"是空的", "每一行都写全，和上一行一样的也写")
	}
	if len(empty) > 0 || spoilt {
		return
	}
	check := func(column string, err error) {
		if err != nil {
			r.refuse(column, err)
		}
	}
	a := PaperActivity{Kind: option(r.cell(kindColumn), r.by.Kinds), Title: r.cell(titleColumn)}
	line := PaperLine{Line: r.line}
	var err error
	a.Org, err = r.org(r.cell(branchColumn))
	check(branchColumn, err)
	a.On, _ = r.mustDay(dayColumn)
	line.Member, err = r.by.People.Find(r.cell(memberColumn))
	check(memberColumn, err)
	line.Status, err = Status(r.cell(statusColumn))
	check(statusColumn, err)
	line.MadeUp, _ = r.day(madeUpColumn)
	if !r.bad {
		r.put(a, line)
	}
}

// org finds an organisation by what the table calls it, each name once.
func (r *paperAttendance) org(name string) (domain.OrgID, error) {
	m, known := r.orgs[name]
	if !known {
		m.id, m.err = r.by.Org(name)
		r.orgs[name] = m
	}
	return m.id, m.err
}

// put puts a line to its activity.
func (r *paperAttendance) put(a PaperActivity, line PaperLine) {
	which := occasion{a.Org, a.Kind, a.On, domain.PlainTitle(a.Title)}
	i, known := r.index[which]
	if !known {
		i = len(r.out.Activities)
		r.index[which] = i
		r.out.Activities = append(r.out.Activities, a)
	}
	who := attended{i, line.Member}
	if first, twice := r.there[who]; twice {
		r.fail("", fmt.Sprintf("这次活动里，这名党员在第 %d 行已经写过", first), "一次活动一个人只写一行；真是另一次，写上不同的名称")
		return
	}
	r.there[who] = line.Line
	r.out.Activities[i].Lines = append(r.out.Activities[i].Lines, line)
}
