package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
)

// tokenCommand is jifen user token.
type tokenCommand struct {
	aboutAccount
	Name string `required:"" placeholder:"用途" help:"给什么程序用，例如 考勤机"`
	Days int    `default:"30" placeholder:"天数" help:"多少天以后失效，1 到 366"`

	InRole   string `name:"in-role" placeholder:"角色" help:"只用帐号的哪一个角色；不写就是帐号的全部角色"`
	ReadOnly bool   `name:"read-only" help:"只能看，不能写"`
}

// Help shows how it is used.
func (*tokenCommand) Help() string {
	return `凭证代替密码给程序用，只印这一次。请求时写在标头里：Authorization: Bearer 凭证

例子：
  jifen user token --db data/jifen.db --as anquan --login jiedao --name 考勤机
  jifen user token --db data/jifen.db --as anquan --login shuji --name 大屏 --in-role 支部书记 --read-only
`
}

// Run makes a bearer token and prints it.
func (k *tokenCommand) Run(c *console) error {
	if k.Days < 1 || k.Days > 366 {
		return misused(fault.New(fault.Invalid, "天数不能是 %d", k.Days).WithHint("写 1 到 366 之间的数"))
	}
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		scope := domain.TokenScope{Role: domain.ParseRole(k.InRole), ReadOnly: k.ReadOnly}
		life := time.Duration(k.Days) * 24 * time.Hour
		token, err := h.signing().MakeToken(ctx, actor, a.ID, k.Name, life, scope)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "凭证。别处没有，收好：\n  凭证  %s\n  帐号  %s\n  用途  %s\n  权限  %s\n  到期  %s\n",
			token, a.Login, strings.TrimSpace(k.Name), scope, today().Add(life).Format("2006-01-02"))
		return err
	})
}

// tokensCommand is jifen user tokens.
type tokensCommand struct{ aboutAccount }

// Help shows how it is used.
func (*tokensCommand) Help() string {
	return `一行一个：号码、用途、最后四位、能做什么、哪天发的、到期、最近一次用（准到一小时）、还能不能用。凭证本身不留底，列不出来。

例子：
  jifen user tokens --db data/jifen.db --as anquan --login jiedao
`
}

// Run lists the tokens of an account.
func (k *tokensCommand) Run(c *console) error {
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		detail, err := h.signing().Detail(ctx, actor, a.ID)
		if err != nil {
			return err
		}
		list, now := detail.Tokens, today()
		if len(list) == 0 {
			_, err = fmt.Fprintf(c.out, "帐号 %s 没有凭证\n", a.Login)
			return err
		}
		for i := range list {
			t := &list[i]
			_, err = fmt.Fprintf(c.out, "%d  %s  …%s  %s  发于 %s  到期 %s  %s  %s\n",
				t.ID, t.Name, t.Tail, t.Scope, clock(t.Made), clock(t.Expires), lastUse(t), tokenState(t, now))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// clock writes an instant in the organisation's zone.
func clock(at time.Time) string { return at.In(zone()).Format("2006-01-02 15:04") }

// lastUse returns in words when a token was last used.
func lastUse(t *domain.Token) string {
	if t.Used.IsZero() {
		return "没有用过"
	}
	return "最近用于 " + clock(t.Used)
}

// tokenState returns the state of a token in words.
func tokenState(t *domain.Token, now time.Time) string {
	switch {
	case !t.Revoked.IsZero():
		return clock(t.Revoked) + " 作废"
	case !t.Lives(now):
		return "已过期"
	default:
		return "可用"
	}
}

// revokeTokenCommand is jifen user revoke-token.
type revokeTokenCommand struct {
	aboutAccount
	ID int64 `required:"" name:"id" placeholder:"号码" help:"哪一个；号码用 jifen user tokens 看"`
}

// Help shows how it is used.
func (*revokeTokenCommand) Help() string {
	return `作废的凭证不能恢复，要用就另发一个。

例子：
  jifen user revoke-token --db data/jifen.db --as anquan --login jiedao --id 3
`
}

// Run revokes a token.
func (k *revokeTokenCommand) Run(c *console) error {
	return k.do(c, func(ctx context.Context, h *house, actor *access.Actor, a domain.Account) error {
		if err := h.signing().RevokeToken(ctx, actor, a.ID, domain.TokenID(k.ID)); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.out, "帐号 %s 的凭证 %d 作废了\n", a.Login, k.ID)
		return err
	})
}
