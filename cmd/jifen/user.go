package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"jifen/internal/access"
	"jifen/internal/accounts"
	"jifen/internal/fault"
	"jifen/internal/party"
	"jifen/internal/store"
)

// addCommand is jifen user add.
type addCommand struct {
	database
	Login  string `required:"" placeholder:"帐号" help:"登录时写的"`
	Name   string `required:"" placeholder:"姓名" help:"是谁"`
	Role   string `required:"" enum:"街道党工委,社区党委,支部书记,党员,系统管理员,审计员" placeholder:"角色" help:"街道党工委、社区党委、支部书记、党员、系统管理员、审计员"`
	Org    string `placeholder:"组织" help:"管哪个街道、社区或支部；前三种角色要写"`
	Member string `placeholder:"编号" help:"本人的党员编号；角色是党员的要写，书记也是党员的一并写上"`
}

// Help shows how it is used.
func (*addCommand) Help() string {
	return `密码只印这一次，抄好交给本人。系统管理员和审计员不能兼任别的角色。

例子：
  jifen user add --db data/jifen.db --login jiedao --name 示例甲 --role 街道党工委 --org 示例街道
  jifen user add --db data/jifen.db --login shuji --name 示例乙 --role 支部书记 --org 幸福街第一党支部 --member P0007
`
}

// Run opens an account and prints its slip.
func (k *addCommand) Run(c *console) error {
	role := access.Role(k.Role)
	if err := wantsOrg(role, k.Org); err != nil {
		return misused(err)
	}
	if role == access.Member && k.Member == "" {
		return misused(fault.New(fault.Invalid, "角色是党员的，要写 --member").WithHint("写本人的党员编号，例如 --member P0007"))
	}
	if name := strings.TrimSpace(k.Name); name == "" || utf8.RuneCountInString(name) > 50 {
		return misused(fault.New(fault.Invalid, "姓名要写 1 到 50 个字"))
	}
	return k.with(func(ctx context.Context, h *house) error {
		signing := h.signing()
		password, hash, err := signing.NewPassword(ctx)
		if err != nil {
			return err
		}
		o := accounts.Opening{Login: strings.TrimSpace(k.Login), Name: strings.TrimSpace(k.Name), Member: party.MemberID(k.Member)}
		err = h.db.Write(ctx, func(tx *store.Tx) error {
			if o.Roles, err = k.roles(&tx.View, role); err != nil {
				return err
			}
			return accounts.OpenTx(tx, nil, o, hash)
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(c.out, slip(&o, password))
		return err
	})
}

// wantsOrg refuses a role over nothing, and one over something that is over
// nothing.
func wantsOrg(role access.Role, org string) error {
	wants := access.Wants(role)
	if wants == (org != "") {
		return nil
	}
	said := map[bool]string{true: "要", false: "不能"}[wants]
	return fault.New(fault.Invalid, "角色是%s的，%s写 --org", role, said).WithHint("街道党工委、社区党委、支部书记写管哪里，别的不写")
}

// roles settles what the new account may do: a secretary who is a member also
// sees his own score.
func (k *addCommand) roles(v *store.View, role access.Role) ([]accounts.Role, error) {
	r := accounts.Role{Role: role}
	if k.Org != "" {
		org, err := findOrg(v, k.Org)
		if err != nil {
			return nil, err
		}
		r.Org = org.ID
	}
	out := []accounts.Role{r}
	if k.Member == "" {
		return out, nil
	}
	if _, err := v.Member(atConsole(), party.MemberID(k.Member)); err != nil {
		if fault.CodeOf(err) == fault.NotFound {
			return nil, fault.Wrap(err, fault.NotFound, "没有编号是“%s”的党员", k.Member).WithHint("编号在网站的党员名单里")
		}
		return nil, err
	}
	if role != access.Member {
		out = append(out, accounts.Role{Role: access.Member})
	}
	return out, nil
}

// tokenCommand is jifen user token.
type tokenCommand struct {
	database
	Login string `required:"" placeholder:"帐号" help:"以哪个帐号的身份"`
	Name  string `required:"" placeholder:"用途" help:"给什么程序用，例如 考勤机"`
	Days  int    `default:"30" placeholder:"天数" help:"多少天以后失效，1 到 366"`
}

// Help shows how it is used.
func (*tokenCommand) Help() string {
	return `凭证代替密码给程序用，只印这一次。请求时写在标头里：Authorization: Bearer 凭证

例子：
  jifen user token --db data/jifen.db --login jiedao --name 考勤机
`
}

// Run makes a bearer token and prints it.
func (k *tokenCommand) Run(c *console) error {
	if k.Days < 1 || k.Days > 366 {
		return misused(fault.New(fault.Invalid, "天数不能是 %d", k.Days).WithHint("写 1 到 366 之间的数"))
	}
	if name := strings.TrimSpace(k.Name); name == "" || utf8.RuneCountInString(name) > 50 {
		return misused(fault.New(fault.Invalid, "用途要写 1 到 50 个字"))
	}
	return k.with(func(ctx context.Context, h *house) error {
		signing := h.signing()
		life := time.Duration(k.Days) * 24 * time.Hour
		token, err := signing.MakeToken(ctx, strings.TrimSpace(k.Login), strings.TrimSpace(k.Name), life)
		if fault.CodeOf(err) == fault.NotFound {
			return noAccount(err, k.Login)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(c.out, "凭证。别处没有，收好：\n  凭证  %s\n  帐号  %s\n  用途  %s\n  到期  %s\n", token, k.Login, k.Name, today().Add(life).Format("2006-01-02"))
		return err
	})
}
