package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// addCommand is jifen user add.
type addCommand struct {
	recovering
	Login  string `required:"" placeholder:"帐号" help:"登录时写的"`
	Name   string `required:"" placeholder:"姓名" help:"是谁"`
	Role   string `required:"" enum:"街道党工委,社区党委,支部书记,支部记录员,党小组长,党员,办法管理员,系统管理员,安全管理员,审计员" placeholder:"角色" help:"哪个角色"`
	Org    string `placeholder:"组织" help:"管哪个街道、社区或支部；支部记录员、党小组长、办法管理员和前三种角色要写，审计员只看一个街道的也写"`
	Group  string `placeholder:"党小组" help:"党小组长是哪个党小组的，照支部登记的写"`
	Member string `placeholder:"编号" help:"本人的党员编号；角色是党员的要写，名册上的党员担任管积分的角色也要写"`
	None   bool   `name:"no-member" help:"管积分的角色，本人不是名册上的党员"`
}

// Help shows how it is used.
func (*addCommand) Help() string {
	return `激活码只印这一次，抄好交给本人：他打开网站的“启用帐号”，凭它自己定密码，30 天内有效。系统管理员、安全管理员和审计员不能兼任别的角色。
角色有：街道党工委、社区党委、支部书记、支部记录员、党小组长、党员、办法管理员、系统管理员、安全管理员、审计员。

例子：
  jifen user add --db data/jifen.db --as anquan --login jiedao --name 示例甲 --role 街道党工委 --org 示例街道 --no-member
  jifen user add --db data/jifen.db --as anquan --login shuji --name 示例乙 --role 支部书记 --org 幸福街第一党支部 --member P0007
  jifen user add --db data/jifen.db --as anquan --login shenji2 --name 示例丙 --role 审计员 --org 示例街道
`
}

// Run opens an account and prints its slip.
func (k *addCommand) Run(c *console) error {
	r := accounts.Role{Role: domain.ParseRole(k.Role), Group: strings.TrimSpace(k.Group)}
	if err := wantsOrg(r.Role, k.Org); err != nil {
		return misused(err)
	}
	if r.Role == domain.RoleMember && k.Member == "" {
		return misused(fault.New(fault.Invalid, "角色是党员的，要写 --member").WithHint("写本人的党员编号，例如 --member P0007"))
	}
	return k.as(c, "", func(ctx context.Context, h *house, actor *access.Actor) error {
		org, err := h.nearbyOrg(ctx, actor, k.Org)
		if err != nil {
			return err
		}
		r.Org = org.ID
		o := accounts.OpeningFor(k.Login, k.Name, domain.MemberID(k.Member), r)
		o.None = k.None
		a, code, err := h.signing().Open(ctx, actor, o)
		if err != nil {
			return reported(err)
		}
		o.Login, o.Name = a.Login, a.Name
		if _, err = io.WriteString(c.out, activationSlip(&o, code)); err == nil && accounts.Waits(actor, r.Role) {
			_, err = fmt.Fprintf(c.out, "%s要另一个人同意才生效：jifen user role agree --login %s\n", r.Role, a.Login)
		}
		return err
	})
}

// reported puts the faults of several options into one sentence, because a terminal has
// no inputs beside which they could stand.
func reported(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) < 2 {
		return err
	}
	lines := slices.Sorted(maps.Values(f.Fields))
	return fault.Wrap(err, f.Code, "%s：%s", f.Message, strings.Join(lines, "；"))
}

// wantsOrg refuses a role over nothing, and one over something that is over
// nothing.
func wantsOrg(role domain.Role, org string) error {
	_, may := role.Level()
	said := "不能"
	switch {
	case role.OverOrg() && org == "":
		said = "要"
	case org == "" || may:
		return nil
	}
	return fault.New(fault.Invalid, "角色是%s的，%s写 --org", role, said).
		WithHint("街道党工委、社区党委、支部书记、支部记录员、党小组长、办法管理员写管哪里，审计员只看一个街道的写街道，别的不写")
}
