package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"jifen/internal/access"
	"jifen/internal/app/standings"
)

// formCommand is jifen export form.
type formCommand struct {
	acting
	Form   string `arg:"" placeholder:"表样" help:"上级的表样，.xlsx，要填的格子里写着名称加花括号"`
	Org    string `required:"" placeholder:"组织" help:"哪个街道、社区或支部"`
	Period string `placeholder:"考核期" help:"哪一期，例如 2026；不写就是今天所在的一期"`
	Scheme string `placeholder:"编号" help:"几份办法并行时，按哪一份；不写就是主要的一份"`
	Out    string `required:"" placeholder:"文件" help:"写到哪个 .xlsx 文件"`
}

// Help shows how it is used.
func (*formCommand) Help() string {
	return `表样里写 {姓名}、{总分}、{名次}、{等次}、{板块.基础}、{扣分.基础}、{事由.基础} 的一行，照名次一人一行填；
{单位}、{考核期}、{截至}、{制表人} 整张表一次。格式、公式、合并的格子都不动。导出会记进审计。

例子：
  jifen export form 季度表.xlsx --db data/jifen.db --as jiedao --org 示例街道 --out 二季度.xlsx
`
}

// Run fills in a form.
func (k *formCommand) Run(c *console) error {
	if err := freshBook(k.Out); err != nil {
		return err
	}
	file, err := os.Open(k.Form)
	if err != nil {
		return unreadable(k.Form, err)
	}
	defer file.Close() //nolint:errcheck // read only
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		org, err := h.org(ctx, by, k.Org)
		if err != nil {
			return err
		}
		out, err := h.exports.Fill(ctx, by, filepath.Base(k.Form), file,
			standings.ListQuery{Org: org.ID, When: standings.When{Scheme: k.Scheme, Period: k.Period}})
		if err != nil {
			return err
		}
		err = writeNew(k.Out, func(f *os.File) error {
			_, err := f.Write(out.File)
			return err
		})
		if err == nil {
			_, err = fmt.Fprintf(c.out, "照 %s 填了 %d 人，写到 %s\n", k.Form, out.Rows, k.Out)
		}
		return err
	})
}
