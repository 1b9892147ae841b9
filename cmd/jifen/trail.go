package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/machine"
	"jifen/internal/backup"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
)

// noStreet names the trail of no street: that of the machine and of accounts above streets.
const noStreet = "无"

// monthsCommand is jifen trail months.
type monthsCommand struct{ acting }

// Help shows how it is used.
func (*monthsCommand) Help() string {
	return `每个街道每月一行：有几行审计，可以清理没有。满六个月的可以清理，从最早的一个月清起，最后一个月总留着。只列长短，不列内容。

例子：
  jifen trail months --db data/jifen.db --as shenji
`
}

// Run lists the months of the trail.
func (k *monthsCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		list, err := machine.New(h.db, zone()).Months(ctx, actor)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
		for i := range list {
			m := &list[i]
			words := "留着"
			switch {
			case m.Dropped:
				words = "已经清理"
			case m.May:
				words = "可以清理"
			}
			if _, err := fmt.Fprintf(w, "%s\t%s\t%d 行\t%s\n", m.Month, cmp.Or(m.Name, noStreet), m.Lines, words); err != nil {
				return err
			}
		}
		return w.Flush()
	})
}

// dropCommand is jifen trail drop.
type dropCommand struct {
	acting
	Street  string `required:"" placeholder:"街道" help:"哪个街道的；不属于街道的写 无"`
	Month   string `required:"" placeholder:"月" help:"哪个月，例如 2026-01"`
	AgreeAs string `required:"" name:"agree-as" placeholder:"帐号" help:"谁同意：写安全管理员的帐号；--as 写审计员的"`

	AgreePasswordFile string `env:"JIFEN_AGREE_PASSWORD_FILE" placeholder:"文件" help:"写着同意的人的密码或凭证的文件；不写就在终端上问"`

	AgreeOffice string `placeholder:"职务" help:"同意的人有几个职务的，用哪一个"`
}

// Help shows how it is used.
func (*dropCommand) Help() string {
	return `审计满六个月（网络安全法第二十一条），可以按月清理：审计员提出（--as），安全管理员同意（--agree-as），各写各的密码，两个名字都留底。
从最早的一个月清起，最后一个月总留着。清理以后，那个月的每一行都没有了，找不回来；留下有几行、月末的根和签名，后面的照样接得上、查得出。

例子：
  jifen trail drop --db data/jifen.db --street 示例街道 --month 2026-01 --as shenji --agree-as anquan
  jifen trail drop --db data/jifen.db --street 无 --month 2026-01 --as shenji --agree-as anquan
`
}

// Run drops a month of the trail.
func (k *dropCommand) Run(c *console) error {
	if _, err := time.Parse("2006-01", k.Month); err != nil {
		return misused(fault.New(fault.Invalid, "“%s”不是一个月", k.Month).WithHint("写成 2026-01"))
	}
	if strings.TrimSpace(k.As) == strings.TrimSpace(k.AgreeAs) {
		return misused(fault.New(fault.Invalid, "提出和同意的是同一个帐号").WithHint("审计员提出，安全管理员同意"))
	}
	return k.in(store.Alone, c, func(ctx context.Context, h *house, asks *access.Actor) error {
		agrees, err := h.proved(ctx, c, actsAs{k.AgreeAs, k.AgreePasswordFile, k.AgreeOffice, "--agree-office"})
		if err != nil {
			return err
		}
		street, err := k.street(ctx, h, asks)
		if err != nil {
			return err
		}
		sign := func(m *domain.TrailMonth, at time.Time) (string, error) { return backup.SignMonth(k.DB, m, at) }
		m, err := machine.New(h.db, zone()).DropMonth(ctx, asks, agrees, street, k.Month, sign)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "清理了 %s 的审计：%s，%d 行；提出 %s，同意 %s\n  留着月末的根，签了名；以前的备份里还有这些行，到期删去\n",
			m.Month, cmp.Or(m.Name, noStreet), m.Lines, asks.Name, agrees.Name)
		return err
	})
}

// street returns the street that is named, "" for none.
func (k *dropCommand) street(ctx context.Context, h *house, asks *access.Actor) (domain.OrgID, error) {
	if k.Street == noStreet {
		return "", nil
	}
	org, err := h.org(ctx, asks, k.Street)
	if err == nil && org.Level != domain.Street {
		err = fault.New(fault.Invalid, "“%s”不是街道", org.Name).WithHint("审计按街道清理，写街道的名字")
	}
	return org.ID, err
}
