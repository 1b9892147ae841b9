package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/standings"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// rankingCommand is jifen export ranking.
type rankingCommand struct {
	acting
	Org      string `required:"" placeholder:"组织" help:"哪个街道、社区或支部；名次是在它里面的名次"`
	Period   string `placeholder:"考核期" help:"哪一期，例如 2026；不写就是今天所在的一期"`
	Scheme   string `placeholder:"编号" help:"几份办法并行时，按哪一份；不写就是主要的一份"`
	Category string `placeholder:"类别" help:"只列这一类，写类别的代号，例如 A；名次仍是和全体比出来的"`
	Out      string `required:"" placeholder:"文件" help:"写到哪个 .xlsx 文件"`
}

// Help shows how it is used.
func (*rankingCommand) Help() string {
	return `和网站上导出的是同一张表。导出会记进审计。

例子：
  jifen export ranking --db data/jifen.db --as jiedao --org 示例街道 --out 排名.xlsx
  jifen export ranking --db data/jifen.db --as jiedao --org 幸福街第一党支部 --period 2026 --category B --out 排名.xlsx
`
}

// Run writes a ranking as a spreadsheet.
func (k *rankingCommand) Run(c *console) error {
	if err := freshBook(k.Out); err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		table, err := k.table(ctx, h, by)
		if err != nil {
			return err
		}
		columns := make([]spreadsheet.Column, len(table.Headings))
		for i, h := range table.Headings {
			columns[i] = spreadsheet.Column(h)
		}
		if err := writeBook(k.Out, table.Title, columns, table.Rows, table.Footer); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s：%d 人，写到 %s\n", table.Title, len(table.Rows), k.Out)
		return err
	})
}

// table asks for the ranking.
func (k *rankingCommand) table(ctx context.Context, h *house, by *access.Actor) (standings.RankingTable, error) {
	org, err := h.org(ctx, by, k.Org)
	if err != nil {
		return standings.RankingTable{}, err
	}
	_, table, err := h.standings.Export(ctx, by, standings.ListQuery{
		Org: org.ID, Category: k.Category, When: standings.When{Scheme: k.Scheme, Period: k.Period},
	})
	return table, err
}

// freshBook refuses a path of no workbook, and one where something is already.
func freshBook(path string) error {
	if !strings.EqualFold(filepath.Ext(path), ".xlsx") {
		return misused(fault.New(fault.Invalid, "“%s”不是 .xlsx 文件", path).WithHint("文件名以 .xlsx 结尾"))
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Conflict, "已经有 %s，没有动它", path).WithHint("换一个文件名")
	}
	return nil
}

// registerCommand is jifen export members.
type registerCommand struct {
	acting
	Org string `required:"" placeholder:"组织" help:"哪个街道、社区或支部"`
	Out string `required:"" placeholder:"文件" help:"写到哪个 .xlsx 文件"`
}

// Help shows how it is used.
func (*registerCommand) Help() string {
	return `每人一行：党员编号、姓名、支部，和办法里的每一项属性今天是什么；没有记的空着。没有身份证号和手机号。
补了、改了，再用 jifen import members 导入：按编号认人，空格不动，没有变的不写。导出会记进审计。

例子：
  jifen export members --db data/jifen.db --as jiedao --org 示例街道 --out 名册.xlsx
  jifen import members 名册.xlsx --db data/jifen.db --as jiedao
`
}

// Run writes a register as a spreadsheet.
func (k *registerCommand) Run(c *console) error {
	if err := freshBook(k.Out); err != nil {
		return err
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		org, err := h.org(ctx, by, k.Org)
		if err != nil {
			return err
		}
		table, err := h.members.Register(ctx, by, org.ID)
		if err != nil {
			return err
		}
		columns := make([]spreadsheet.Column, len(table.Columns))
		for i, heading := range table.Columns {
			columns[i] = spreadsheet.Column{Name: heading}
		}
		if err := writeBook(k.Out, table.Title, columns, table.Rows, nil); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s：%d 人，写到 %s\n", table.Title, len(table.Rows), k.Out)
		return err
	})
}

// writeBook writes a workbook that its owner alone may read, where there is no
// file yet.
func writeBook(path, title string, columns []spreadsheet.Column, rows [][]string, footer []string) error {
	return writeNew(path, func(f *os.File) error { return spreadsheet.WriteXLSX(f, title, columns, rows, footer) })
}

// writeNew writes a file that its owner alone may read, where there is none yet.
func writeNew(path string, write func(*os.File) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return unwritable(path, err)
	}
	err = write(f)
	if closed := f.Close(); err == nil && closed != nil {
		err = closed
	}
	if err == nil {
		return nil
	}
	_ = os.Remove(path)                      // half a file is of no use; why is being reported
	if fault.CodeOf(err) != fault.Internal { // the table's own fault, told already
		return err
	}
	return unwritable(path, err)
}
