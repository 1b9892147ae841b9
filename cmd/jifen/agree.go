package main

import (
	"context"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// waitingCommand is jifen user role waiting.
type waitingCommand struct{ acting }

// Help shows how it is used.
func (*waitingCommand) Help() string {
	return `管分、管帐号、看全部的角色，一个人提出，要另一个人同意才生效，` + agreersHelp + `
列出等着的：安全管理员看到全部，别的人看到自己能同意的。

例子：
  jifen user role waiting --db data/jifen.db --as jiedao
`
}

// agreersHelp names those who agree to a role that was proposed.
const agreersHelp = `30 天以内有效。
由另一位安全管理员或那个街道的街道党工委同意；两样人都没有的，由系统管理员同意。提出的人、得到角色的人自己不能同意。`

// Run lists the roles that wait.
func (k *waitingCommand) Run(c *console) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		list, err := h.signing().Proposals(ctx, actor)
		if err == nil && len(list) == 0 {
			_, err = fmt.Fprintln(c.out, "没有等着同意的角色")
		}
		for i := range list {
			p := &list[i]
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%s（帐号 %s）  %s  %s %s 提出  %s 前有效  由%s同意\n", p.Name, p.Login, roleOver(p), p.ByName,
				clock(p.At), clock(p.Until()), p.Agreers())
		}
		return err
	})
}

// roleOver names a role that was proposed, with its organisation.
func roleOver(p *accounts.Proposed) string {
	if p.Org.ID == "" {
		return p.Role.String()
	}
	return "“" + p.Org.Name + "”" + p.Group + "的" + p.Role.String()
}

// proposedRole names what commands take that answer a role that was proposed.
type proposedRole struct {
	acting
	Login string `required:"" placeholder:"帐号" help:"给哪个帐号的"`
	Role  string `placeholder:"角色" help:"给他的有几个在等的，写是哪个角色"`
}

// answer does something with the only role that waits for the account.
func (k *proposedRole) answer(
	c *console, done string, work func(ctx context.Context, s *accounts.Service, actor *access.Actor,
		id domain.ProposalID) (accounts.Proposed, error),
) error {
	return k.as(c, func(ctx context.Context, h *house, actor *access.Actor) error {
		list, err := h.signing().Proposals(ctx, actor)
		if err != nil {
			return err
		}
		var found []accounts.Proposed
		for i := range list {
			if strings.EqualFold(list[i].Login, strings.TrimSpace(k.Login)) &&
				(k.Role == "" || list[i].Role == domain.ParseRole(k.Role)) {
				found = append(found, list[i])
			}
		}
		switch len(found) {
		case 0:
			return fault.New(fault.NotFound, "没有等您同意的、给帐号“%s”的角色", strings.TrimSpace(k.Login)).
				WithHint("等着的用 jifen user role waiting 看")
		case 1:
		default:
			return fault.New(fault.Invalid, "给帐号“%s”的有 %d 个角色在等", strings.TrimSpace(k.Login), len(found)).
				WithHint("加 --role 写是哪一个；管几个组织的同一个角色，在网站上办")
		}
		p, err := work(ctx, h.signing(), actor, found[0].ID)
		if err != nil {
			return reported(err)
		}
		_, err = fmt.Fprintf(c.out, "%s（帐号 %s）%s%s\n", p.Name, p.Login, done, roleOver(&p))
		return err
	})
}

// agreeCommand is jifen user role agree.
type agreeCommand struct{ proposedRole }

// Help shows how it is used.
func (*agreeCommand) Help() string {
	return `同意别人提出的角色，同意了就生效，` + agreersHelp + `

例子：
  jifen user role agree --db data/jifen.db --as jiedao --login xinshuji
`
}

// Run agrees to a role.
func (k *agreeCommand) Run(c *console) error {
	return k.answer(c, "现在是", func(
		ctx context.Context, s *accounts.Service, actor *access.Actor, id domain.ProposalID,
	) (accounts.Proposed, error) {
		return s.Agree(ctx, actor, id)
	})
}

// refuseCommand is jifen user role refuse.
type refuseCommand struct {
	proposedRole
	Reason string `required:"" placeholder:"理由" help:"为什么不同意、为什么撤回"`
}

// Help shows how it is used.
func (*refuseCommand) Help() string {
	return `不同意别人提出的角色；自己提出的，就是撤回。理由写进记录。

例子：
  jifen user role refuse --db data/jifen.db --as jiedao --login xinshuji --reason 支部没有报过来
`
}

// Run refuses a role.
func (k *refuseCommand) Run(c *console) error {
	return k.answer(c, "这个角色不给了：", func(
		ctx context.Context, s *accounts.Service, actor *access.Actor, id domain.ProposalID,
	) (accounts.Proposed, error) {
		return s.Refuse(ctx, actor, id, k.Reason)
	})
}
