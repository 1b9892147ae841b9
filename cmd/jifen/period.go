package main

import (
	"context"
	"fmt"

	"jifen/internal/access"
	"jifen/internal/app/periods"
	"jifen/internal/calendar"
)

// period names what both commands about a period take.
type period struct {
	acting
	Org    string `required:"" placeholder:"组织" help:"哪个支部；写社区或街道就是它下面的全部支部"`
	Period string `required:"" placeholder:"考核期" help:"年写 2026，半年写 2026H1，季写 2026Q3，月写 2026-09"`
}

// lockCommand is jifen period lock.
type lockCommand struct {
	period
	Reason string `placeholder:"理由" help:"记进审计里的一句话"`
}

// Help shows how it is used.
func (*lockCommand) Help() string {
	return `锁定以后，这一期的事不能再记、不能再撤销。要补记，先用 jifen period open 重开。

例子：
  jifen period lock --db data/jifen.db --as jiedao --org 示例街道 --period 2026
`
}

// Run locks a period.
func (k *lockCommand) Run(c *console) error { return k.step(c, true, k.Reason) }

// openCommand is jifen period open.
type openCommand struct {
	period
	Reason string `required:"" placeholder:"理由" help:"为什么重开，记进审计"`
}

// Help shows how it is used.
func (*openCommand) Help() string {
	return `例子：
  jifen period open --db data/jifen.db --as jiedao --org 幸福街第一党支部 --period 2026 --reason 补记漏报的出勤
`
}

// Run opens a locked period again.
func (k *openCommand) Run(c *console) error { return k.step(c, false, k.Reason) }

func (k *period) step(c *console, lock bool, reason string) error {
	p, err := calendar.ParsePeriod(k.Period)
	if err != nil {
		return misused(err)
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		org, err := h.org(ctx, by, k.Org)
		if err != nil {
			return err
		}
		done, err := h.periods.Take(ctx, by, periods.Step{Below: org.ID, Period: p.String(), Lock: lock, Reason: reason})
		if err != nil {
			return err
		}
		did, was := "重开", "没有锁定"
		if lock {
			did, was = "锁定", "已经锁定"
		}
		words := fmt.Sprintf("%s了 %d 个支部的%s", did, done.Changed, p.Label())
		if done.Changed < done.Of {
			words += fmt.Sprintf("；另有 %d 个本来就%s", done.Of-done.Changed, was)
		}
		_, err = fmt.Fprintln(c.out, words)
		return err
	})
}
