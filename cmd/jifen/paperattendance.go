package main

import (
	"context"
	"fmt"

	"jifen/internal/access"
	"jifen/internal/app/activities"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/importer"
	"jifen/internal/store"
)

// attendanceCommand is jifen import attendance.
type attendanceCommand struct {
	paperwork
	Branch string `placeholder:"支部" help:"签到表是哪个支部的；标题里写着的不用写"`
	Kind   string `placeholder:"种类" help:"签到表是哪种活动；标题、列名里写着的不用写"`
	Year   int    `placeholder:"年份" help:"签到表是哪一年；标题、列名里写着的不用写"`
}

// Help shows how it is used.
func (*attendanceCommand) Help() string {
	return `支部活动的签到表、出勤表从这里进来，一行是一个人在一次活动里的出勤。
表头写 支部、种类、日期、党员、出勤，要时加 名称、补课日期；支部、种类、日期、名称都一样的是同一次活动。
支部写全名，同名的写成 社区/支部；党员写编号，没有重名的也可以写姓名；出勤写 到会、迟到、早退、请假、补课 或 缺席，√、× 也认得。
也可以就是签到表：一列姓名，后面一列是一次活动的日子（3月5日、3月5日上午），格里写 √、×、请假……；
支部、种类、年份从标题里看，标题里没有的用 --branch、--kind、--year 写明。
纸上已经定过，不再审批，来参加的外支部党员也一样，也不受补录天数限制；每次活动都记着出自哪一份记录。
有一行不对就一行也不写，哪一行、为什么，都说出来。办法施行以前的日子不记，已经记过的活动不记第二遍。

例子：
  jifen import attendance 签到表.xlsx --db data/jifen.db --paper 2025年签到册 --as jiedao
  jifen import attendance 签到表.xlsx --db data/jifen.db --paper 2025年签到册 --as jiedao --write
`
}

// Run previews an import of attendance lists, and does it when told to.
func (k *attendanceCommand) Run(c *console) error {
	table, err := k.table(importer.AttendanceHeader)
	if err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		var read *importer.PaperAttendance
		err := h.db.LongRead(ctx, func(v *store.Snapshot) error {
			by, err := k.occasions(h, v, actor)
			if err != nil {
				return err
			}
			read, err = importer.ReadPaperAttendance(table, by)
			return err
		})
		if err != nil {
			return err
		}
		return k.take(ctx, c, h, actor, read)
	})
}

// occasions returns what a list is read by: the people, organisations and kinds of activities
// for which an actor may import.
func (k *attendanceCommand) occasions(
	h *house, v *store.Snapshot, actor *access.Actor,
) (*importer.Occasions, error) {
	people, err := k.people(v, actor)
	if err != nil {
		return nil, err
	}
	scope := actor.Scope(access.Import)
	orgs, err := v.Orgs(scope, "")
	if err != nil {
		return nil, err
	}
	former, err := v.FormerNames(scope)
	if err != nil {
		return nil, err
	}
	books, err := h.allSchemes(v, scope, calendar.FromTime(today()))
	if err != nil {
		return nil, err
	}
	out := &importer.Occasions{People: people, Branch: k.Branch, Kind: k.Kind, Year: k.Year,
		Org: func(name string) (domain.OrgID, error) {
			o, err := orgNamed(orgs, former, name)
			return o.ID, err
		}}
	for _, o := range orgs {
		if o.Level == domain.Branch {
			out.Names = append(out.Names, o.Name)
		}
	}
	for _, b := range books {
		for _, g := range b.Groups {
			out.Kinds = append(out.Kinds, g.Kinds...)
		}
	}
	return out, nil
}

// take hands the activities to the ledger and says what became of them.
func (k *attendanceCommand) take(
	ctx context.Context, c *console, h *house, actor *access.Actor, read *importer.PaperAttendance,
) error {
	wrong := &complaints{}
	wrong.read(read.Problems)
	list := make([]activities.ActivityInput, len(read.Activities))
	for i := range read.Activities {
		a := &read.Activities[i]
		list[i] = activities.ActivityInput{Org: a.Org, Kind: a.Kind, On: a.On, Title: a.Title}
		for _, l := range a.Lines {
			list[i].Lines = append(list[i].Lines, activities.Line{Member: l.Member, Status: l.Status, MadeUpOn: l.MadeUp})
		}
	}
	var r activities.ImportReceipt
	if len(list) > 0 || wrong.rows == 0 {
		var err error
		if r, err = h.activities.Import(ctx, actor, k.Paper, list, !k.Write || wrong.rows > 0); err != nil {
			return answered(err)
		}
	}
	for _, f := range r.Refused {
		lines := read.Activities[f.Activity].Lines
		if f.Line >= 0 {
			lines = lines[f.Line : f.Line+1]
		}
		at := make([]int, len(lines))
		for i := range lines {
			at[i] = lines[i].Line
		}
		wrong.add(f.Why, at...)
	}
	return k.finish(c, wrong, read.Notes, fmt.Sprintf("%d 次活动、%d 人次", r.Activities, r.People))
}
