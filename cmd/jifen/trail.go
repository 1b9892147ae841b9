package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/machine"
	"jifen/internal/backup"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/spreadsheet"
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

// trailExportCommand is jifen trail export.
type trailExportCommand struct {
	acting
	From   string `placeholder:"日期" help:"从哪天起；不写就从最早的"`
	To     string `placeholder:"日期" help:"到哪天为止，含这一天；不写就到现在"`
	Who    string `placeholder:"谁" help:"只要这个人做的：帐号，或姓名里的字"`
	About  string `placeholder:"编号" help:"只要关于这名党员的"`
	Action string `placeholder:"做了什么" help:"只要这一种，照网站“审计”一页里的写，例如 查看个人明细"`
	Result string `placeholder:"结果" help:"只要办成的、被拒绝的，或者因为一样被拒绝的，例如 没有权限"`
	Out    string `required:"" placeholder:"文件" help:"写到哪个 .xlsx 文件"`
}

// Help shows how it is used.
func (*trailExportCommand) Help() string {
	return `和网站上导出的是同一张表，最多 20000 行，新的在前；一个街道的审计员导出那个街道的。审计里记一行，写着导出多少行。

例子：
  jifen trail export --db data/jifen.db --as shenji --from 2026-01-01 --to 2026-01-31 --out 审计.xlsx
  jifen trail export --db data/jifen.db --as shenji --about P0007 --result 被拒绝的 --out 审计.xlsx
`
}

// Run writes a part of the trail as a spreadsheet.
func (k *trailExportCommand) Run(c *console) error {
	if err := freshBook(k.Out); err != nil {
		return err
	}
	result, err := k.result()
	if err != nil {
		return err
	}
	q := machine.TrailQuery{Who: strings.TrimSpace(k.Who), About: domain.MemberID(strings.TrimSpace(k.About)),
		Action: strings.TrimSpace(k.Action), Result: result}
	if q.Action != "" && !slices.Contains(audit.Actions(), q.Action) {
		return misused(fault.New(fault.Invalid, "审计里没有“%s”这一种", q.Action).
			WithHint("可写：%s", strings.Join(audit.Actions(), "、")))
	}
	for _, day := range []struct {
		flag, text string
		at         *calendar.Day
	}{{"--from", k.From, &q.From}, {"--to", k.To, &q.Until}} {
		if err := readDay(day.flag, day.text, day.at); err != nil {
			return err
		}
	}
	return k.as(c, func(ctx context.Context, h *house, by *access.Actor) error {
		table, err := machine.New(h.db, zone()).ExportTrail(ctx, by, q)
		if err != nil {
			return err
		}
		columns := make([]spreadsheet.Column, len(table.Columns))
		for i, heading := range table.Columns {
			columns[i] = spreadsheet.Column{Name: heading}
		}
		if err := writeBook(k.Out, table.Title, columns, table.Rows, table.Footer); err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "%s：%d 行，写到 %s\n", table.Title, len(table.Rows), k.Out)
		for _, line := range table.Footer {
			if err == nil {
				_, err = fmt.Fprintf(c.out, "  注意：%s\n", line)
			}
		}
		return err
	})
}

// result returns the code of the result that is asked for, "" for all.
func (k *trailExportCommand) result() (string, error) {
	var all []string
	for _, code := range machine.Results() {
		words := audit.ResultWords(code)
		if words == k.Result {
			return code, nil
		}
		all = append(all, words)
	}
	if k.Result == "" {
		return "", nil
	}
	return "", misused(fault.New(fault.Invalid, "没有“%s”这种结果", k.Result).WithHint("可写：%s", strings.Join(all, "、")))
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
