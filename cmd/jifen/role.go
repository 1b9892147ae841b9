package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// roleOf names what both commands about a role take.
type roleOf struct {
	aboutAccount
	Role string `required:"" enum:"街道党工委,社区党委,支部书记,支部记录员,党小组长,党员,办法管理员,系统管理员,安全管理员,审计员" placeholder:"角色" help:"哪个角色"`
	Org  string `placeholder:"组织" help:"管哪个街道、社区或支部；支部记录员、党小组长、办法管理员和前三种角色要写，审计员只看一个街道的也写"`
}

// giveCommand is jifen user role add.
type giveCommand struct {
	roleOf
	Group string `placeholder:"党小组" help:"党小组长是哪个党小组的，照支部登记的写"`
	From  string `placeholder:"日期" help:"从哪天起；不写就是现在"`
	Until string `placeholder:"日期" help:"到哪天为止，含这一天；不写就到收回为止"`
}

// Help shows how it is used.
func (*giveCommand) Help() string {
	return `一个帐号可以有几个角色；系统管理员、安全管理员和审计员不能兼任别的角色。
角色有：街道党工委、社区党委、支部书记、支部记录员、党小组长、党员、办法管理员、系统管理员、安全管理员、审计员。
换支部书记，先收回原来的，再给新的：以前记的仍在原来那个人名下。
党员、系统管理员以外的，要另一个人同意才生效：jifen user role agree。收回不用。

例子：
  jifen user role end --db data/jifen.db --as anquan --login laoshuji --role 支部书记 --org 幸福街第一党支部
  jifen user role add --db data/jifen.db --as anquan --login xinshuji --role 支部书记 --org 幸福街第一党支部
  jifen user role add --db data/jifen.db --as anquan --login daili --role 支部书记 --org 幸福街第一党支部 \
    --from 2026-07-01 --until 2026-12-31
  jifen user role add --db data/jifen.db --as anquan --login P0012 --role 党小组长 --org 幸福街第一党支部 --group 第一小组
`
}

// Run gives a role.
func (k *giveCommand) Run(c *console) error {
	days := accounts.Role{Group: strings.TrimSpace(k.Group)}
	for _, day := range []struct {
		flag, text string
		at         *calendar.Day
	}{{"--from", k.From, &days.From}, {"--until", k.Until, &days.Until}} {
		if err := readDay(day.flag, day.text, day.at); err != nil {
			return err
		}
	}
	return k.assign(c, days, false)
}

// readDay reads the day of a flag; "" leaves it as it is.
func readDay(flag, text string, at *calendar.Day) error {
	if text == "" {
		return nil
	}
	on, err := calendar.Parse(text)
	if err != nil {
		return misused(fault.Wrap(err, fault.Invalid, "%s 的“%s”不是日期", flag, text).WithHint("写成 2026-07-01"))
	}
	*at = on
	return nil
}

// endCommand is jifen user role end.
type endCommand struct{ roleOf }

// Help shows how it is used.
func (*endCommand) Help() string {
	return `帐号还在，别的角色照旧；他以前记的仍在他名下。

例子：
  jifen user role end --db data/jifen.db --as anquan --login laoshuji --role 支部书记 --org 幸福街第一党支部
`
}

// Run ends a role.
func (k *endCommand) Run(c *console) error { return k.assign(c, accounts.Role{}, true) }

func (k *roleOf) assign(c *console, days accounts.Role, ended bool) error {
	role := domain.ParseRole(k.Role)
	if err := wantsOrg(role, k.Org); err != nil {
		return misused(err)
	}
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		org, err := h.nearbyOrg(ctx, actor, k.Org)
		if err != nil {
			return err
		}
		days.Role, days.Org = role, org.ID
		if err := h.signing().Assign(ctx, actor, a.ID, days, ended); err != nil {
			return err
		}
		named, words := role.String(), "现在是"
		if org.ID != "" {
			named = "“" + org.Name + "”" + days.Group + "的" + named
		}
		switch {
		case ended:
			words = "不再是"
		case accounts.Waits(actor, role):
			words = "提出了，等另一个人同意："
		}
		_, err = fmt.Fprintf(c.out, "%s（帐号 %s）%s%s\n", a.Name, a.Login, words, named)
		return err
	})
}
