package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/exports"
	"jifen/internal/app/standings"
	"jifen/internal/calendar"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
)

// tableCommand is jifen export table.
type tableCommand struct {
	acting
	Table  string `arg:"" name:"表" placeholder:"表" help:"哪张表，例如 记录、得分明细；下面列着都有哪些"`
	Org    string `required:"" placeholder:"组织" help:"哪个街道、社区或支部"`
	Period string `placeholder:"考核期" help:"哪一期，例如 2026；不写就是那一天所在的一期"`
	Scheme string `placeholder:"编号" help:"几份办法并行时，按哪一份；不写就是主要的一份"`
	AsOf   string `placeholder:"日期" help:"算到哪一天为止，例如 2026-06-30；不写就是今天"`
	Known  string `placeholder:"时刻" help:"只算这以前登记的，例如 2026-06-30T18:00"`
	Out    string `required:"" placeholder:"文件" help:"写到哪个 .xlsx 或 .csv 文件"`
}

// Help shows how it is used.
func (*tableCommand) Help() string {
	return `和网站“导出”页上的是同一张表。导出会记进审计，写明多少行。
可以导出：排名、名册、党员和变动、记录、出勤、申报、得分、得分明细、预警。
“党员和变动”“记录”“出勤”三张存成 CSV，交给 jifen score 可以重算一遍。

例子：
  jifen export table 记录 --db data/jifen.db --as jiedao --org 示例街道 --out 记录.csv
  jifen export table 得分明细 --db data/jifen.db --as jiedao --org 幸福街第一党支部 --as-of 2026-06-30 --out 明细.xlsx
`
}

// Run writes a table to a file.
func (k *tableCommand) Run(c *console) error {
	ext := strings.ToLower(filepath.Ext(k.Out))
	if ext != ".csv" && ext != ".xlsx" {
		return misused(fault.New(fault.Invalid, "“%s”不是 .xlsx 或 .csv 文件", k.Out).WithHint("文件名以 .xlsx 或 .csv 结尾"))
	}
	if _, err := os.Lstat(k.Out); !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Conflict, "已经有 %s，没有动它", k.Out).WithHint("换一个文件名")
	}
	when, err := k.when()
	if err != nil {
		return misused(err)
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		org, err := h.org(ctx, by, k.Org)
		if err != nil {
			return err
		}
		table, err := h.exports.Export(ctx, by, exports.Kind(k.Table), standings.ListQuery{Org: org.ID, When: when})
		if err != nil {
			return err
		}
		columns, header := make([]spreadsheet.Column, len(table.Columns)), make([]string, len(table.Columns))
		for i := range columns {
			columns[i], header[i] = spreadsheet.Column(table.Columns[i]), table.Columns[i].Name
		}
		if ext == ".csv" {
			err = writeNew(k.Out, func(f *os.File) error { return spreadsheet.WriteCSV(f, header, table.Rows) })
		} else {
			err = writeBook(k.Out, table.Title, columns, table.Rows, table.Footer)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s：%d 行，写到 %s\n", table.Title, len(table.Rows), k.Out)
		return err
	})
}

// when reads of which day and moment the table is to be.
func (k *tableCommand) when() (w standings.When, err error) {
	w = standings.When{Scheme: k.Scheme, Period: k.Period}
	if k.AsOf != "" {
		if w.AsOf, err = calendar.Parse(k.AsOf); err != nil {
			return w, err
		}
	}
	if k.Known != "" {
		if w.AsKnownAt, err = time.ParseInLocation("2006-01-02T15:04", k.Known, zone()); err != nil {
			return w, fault.New(fault.Invalid, "--known 写得不对：“%s”", k.Known).WithHint("写成 2026-06-30T18:00")
		}
	}
	return w, nil
}
