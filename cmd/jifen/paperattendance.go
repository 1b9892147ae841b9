package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
	"jifen/internal/store"
)

// attendanceCommand is jifen import attendance.
type attendanceCommand struct{ paperwork }

// Help shows how it is used.
func (*attendanceCommand) Help() string {
	return `支部活动的签到表、出勤表从这里进来，一行是一个人在一次活动里的出勤。
表头写 支部、种类、日期、党员、出勤，要时加 名称、补课日期；支部、种类、日期、名称都一样的是同一次活动。
支部写全名，同名的写成 社区/支部；党员写编号，没有重名的也可以写姓名；出勤写 到会、迟到、早退、请假、补课 或 缺席。
纸上已经定过，不再审批，来参加的外支部党员也一样，也不受补录天数限制；每次活动都记着出自哪一份记录。
有一行不对就一行也不写，哪一行、为什么，都说出来。办法施行以前的日子不记，已经记过的活动不记第二遍。

例子：
  jifen import attendance 签到表.xlsx --db data/jifen.db --paper 2025年签到册 --as jiedao
  jifen import attendance 签到表.xlsx --db data/jifen.db --paper 2025年签到册 --as jiedao --write
`
}

// The columns of a table of attendance, beside those of every table from paper.
const (
	branchColumn = "支部"
	kindColumn   = "种类"
	titleColumn  = "名称"
	statusColumn = "出勤"
	madeUpColumn = "补课日期"
)

// Run previews an import of attendance lists, and does it when told to.
func (k *attendanceCommand) Run(c *console) error {
	table, err := k.table()
	if err != nil {
		return err
	}
	if err := k.columns(table); err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		var lists *roll
		err := h.db.LongRead(ctx, func(v *store.Snapshot) error {
			people, err := k.people(v, actor)
			if err != nil {
				return err
			}
			orgs, err := v.Orgs(actor.Scope(access.Import), "")
			if err != nil {
				return err
			}
			former, err := v.FormerNames(actor.Scope(access.Import))
			if err != nil {
				return err
			}
			lists, err = readRoll(table, people, orgs, former)
			return err
		})
		if err != nil {
			return err
		}
		return k.take(ctx, c, h, actor, lists)
	})
}

// columns refuses a table that lacks a column, or has one that means nothing.
func (k *attendanceCommand) columns(table *spreadsheet.Table) error {
	const advice = "表头写 支部、种类、日期、党员、出勤，要时加 名称、补课日期"
	for _, must := range mustColumns() {
		if !slices.Contains(table.Header, must) {
			return fault.New(fault.Invalid, "%s 没有“%s”这一列", k.Path, must).WithHint(advice)
		}
	}
	for _, heading := range table.Header {
		if !slices.Contains(append(mustColumns(), titleColumn, madeUpColumn), heading) {
			return fault.New(fault.Invalid, "%s 的“%s”这一列用不着", k.Path, heading).WithHint("删去这一列；" + advice)
		}
	}
	return nil
}

// mustColumns are the columns in which every row says something.
func mustColumns() []string {
	return []string{branchColumn, kindColumn, dayColumn, memberColumn, statusColumn}
}

// take hands the meetings to the ledger and says what became of them.
func (k *attendanceCommand) take(ctx context.Context, c *console, h *house, actor *access.Actor, lists *roll) error {
	var r activities.ImportReceipt
	if len(lists.activities) > 0 || lists.wrong.rows == 0 {
		var err error
		if r, err = h.activities.Import(ctx, actor, k.Paper, lists.activities, !k.Write || lists.wrong.rows > 0); err != nil {
			return answered(err)
		}
	}
	for _, f := range r.Refused {
		lines := lists.lines[f.Activity]
		if f.Line >= 0 {
			lines = lines[f.Line : f.Line+1]
		}
		lists.wrong.add(f.Why, lines...)
	}
	return k.finish(c, &lists.wrong, fmt.Sprintf("%d 次活动、%d 人次", r.Activities, r.People))
}

// roll is a table of attendance, read: the meetings, and what is wrong with rows
// that could not be read.
type roll struct {
	activities []activities.ActivityInput
	lines      [][]int // where the lines of each meeting stand in the file
	wrong      complaints

	table  *spreadsheet.Table
	people register
	orgs   []domain.Org              // those that the table may name
	former map[domain.OrgID][]string // what they were called before
	named  map[string]meant          // by what it calls them
	at     map[occasion]int          // the index of a meeting
	there  map[present]int           // where a member's line of a meeting stands
}

// meant holds the organisation that a name means, or why none.
type meant struct {
	org domain.Org
	err error
}

// occasion identifies a meeting: rows that agree in it belong together.
type occasion struct {
	org   domain.OrgID
	kind  string
	on    calendar.Day
	title string
}

// present is a member in a meeting.
type present struct {
	activity int
	member   domain.MemberID
}

// readRoll reads a table of attendance of some people and organisations.
func readRoll(
	table *spreadsheet.Table, people register, orgs []domain.Org, former map[domain.OrgID][]string,
) (*roll, error) {
	r := &roll{
		table: table, people: people, orgs: orgs, former: former,
		named: map[string]meant{}, at: map[occasion]int{}, there: map[present]int{},
	}
	for _, row := range table.Rows {
		which, line, why := r.row(row.Cells)
		var said []string
		for _, err := range why {
			if c := fault.CodeOf(err); c != fault.Invalid && c != fault.NotFound {
				return nil, err
			}
			said = append(said, fault.From(err).Error())
		}
		if len(said) > 0 {
			r.wrong.add(strings.Join(said, "；"), row.Line)
			continue
		}
		r.put(which, line, row.Line)
	}
	return r, nil
}

// row reads one row, and everything that is wrong with it.
func (r *roll) row(cells []string) (which occasion, line activities.Line, wrong []error) {
	said := map[string]string{}
	for i, heading := range r.table.Header {
		said[heading] = cells[i]
	}
	var empty []string
	for _, must := range mustColumns() {
		if said[must] == "" {
			empty = append(empty, "“"+must+"”")
		}
	}
	if len(empty) > 0 {
		return which, line, []error{fault.New(fault.Invalid, "%s是空的", strings.Join(empty, "、")).WithHint("每一行都写全，和上一行一样的也写")}
	}
	check := func(err error) {
		if err != nil {
			wrong = append(wrong, err)
		}
	}
	org, err := r.org(said[branchColumn])
	check(err)
	which = occasion{org: org.ID, kind: said[kindColumn], title: said[titleColumn]}
	which.on, err = calendar.Parse(said[dayColumn])
	check(err)
	line.Status = domain.AttendanceStatus(said[statusColumn])
	line.Member, err = r.people.member(said[memberColumn])
	check(err)
	if text := said[madeUpColumn]; text != "" {
		line.MadeUpOn, err = calendar.Parse(text)
		check(err)
	}
	return which, line, wrong
}

// org finds an organisation by what the table calls it, each name once.
func (r *roll) org(name string) (domain.Org, error) {
	n, known := r.named[name]
	if !known {
		n.org, n.err = orgNamed(r.orgs, r.former, name)
		r.named[name] = n
	}
	return n.org, n.err
}

// put puts a line to its meeting.
func (r *roll) put(which occasion, line activities.Line, stands int) {
	i, known := r.at[which]
	if !known {
		i = len(r.activities)
		r.at[which] = i
		r.activities = append(r.activities, activities.ActivityInput{Org: which.org, Kind: which.kind, On: which.on,
			Title: which.title})
		r.lines = append(r.lines, nil)
	}
	who := present{i, line.Member}
	if first, twice := r.there[who]; twice {
		r.wrong.add(fmt.Sprintf("这次活动里，这名党员在第 %d 行已经写过（一次活动一个人只写一行；真是另一次，写上不同的名称）", first), stands)
		return
	}
	r.there[who] = stands
	r.activities[i].Lines = append(r.activities[i].Lines, line)
	r.lines[i] = append(r.lines[i], stands)
}
