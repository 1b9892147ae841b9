package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/orgs"
	"jifen/internal/app/rules"
	"jifen/internal/backup"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
	shipped "jifen/rules"
)

// initCommand is jifen init.
type initCommand struct {
	database
	District string `placeholder:"区" help:"几个街道合用一个数据库的，写它们上面的区；不写，最上一级就是街道"`
	Street   string `required:"" placeholder:"街道" help:"街道党工委管的街道，写全名"`
	Rules    string `placeholder:"规则文件" help:"启用哪一份办法；不写就用程序带的示例"`
}

// sample is the rule file that is enacted where none is given.
const sample = "weizhou.yaml"

// Help shows what comes of it.
func (*initCommand) Help() string {
	return `真正启用时第一个用的命令：建一个空的数据库，设好街道，启用办法，开系统管理员、安全管理员各一个帐号，印出激活条：
激活码只印这一次，本人 30 天内在网站的“启用帐号”里凭它定密码。过期了的，用 jifen user reset 重发。
` + keyHelp + `

例子：
  jifen init --db data/jifen.db --street 示例街道
  jifen init --db data/jifen.db --street 示例街道 --rules 办法.yaml

几个街道合用一个数据库，各管各的，互相看不见。办法启用在区，各街道都按它，直到自己启用一份；别的街道以后再加：
  jifen init --db data/jifen.db --district 示例区 --street 甲街道
  jifen org add --db data/jifen.db --as guanli --parent 示例区 --name 乙街道
`
}

// Run makes the database.
func (k *initCommand) Run(c *console) error {
	tree, err := k.tree()
	if err != nil {
		return misused(err)
	}
	name, source := sample, []byte(nil)
	if k.Rules == "" {
		source, err = shipped.Files.ReadFile(sample)
	} else {
		name = k.Rules
		source, err = soundRules(c, k.Rules)
	}
	if err != nil {
		return err
	}
	ctx := context.Background()
	var slips string
	err = makeDatabase(ctx, k.DB, func(h *house) error {
		keepers := firstAccounts()
		signing := h.signing()
		return h.db.Exclusive(store.InAllStreets(ctx, "there are none yet"), func(tx *store.Tx) error {
			top, above := domain.OrgID(""), domain.OrgID("")
			for i := range tree {
				tree[i].Parent = above
				org, err := tx.InsertOrg(tree[i])
				if err != nil {
					return err
				}
				top, above = cmp.Or(top, org.ID), org.ID
			}
			if err := rules.Enact(tx, access.Program("设库"), top, name, source); err != nil {
				return err
			}
			slips = ""
			for i := range keepers {
				_, code, err := signing.OpenWithSlip(tx, access.Program("设库"), keepers[i])
				if err != nil {
					return err
				}
				slips += activationSlip(&keepers[i], code)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return k.tell(c, tree, ruleset.Load(name, source).Book, slips)
}

// firstAccounts returns the two accounts of a new database: who keeps the machine, and
// who opens accounts for all others.
func firstAccounts() []accounts.Opening {
	keeper := func(login string, role domain.Role) accounts.Opening {
		return accounts.Opening{Login: login, Name: role.String(), Roles: []accounts.Role{{Role: role}}}
	}
	return []accounts.Opening{keeper("guanli", domain.RoleAdministrator), keeper("anquan", domain.RoleSecurity)}
}

// tree returns what stands in the new database: the street, below the district where
// there is one.
func (k *initCommand) tree() (out []domain.Org, err error) {
	if k.District != "" {
		out = append(out, domain.Org{Level: domain.District, Name: k.District})
	}
	out = append(out, domain.Org{Level: domain.Street, Name: k.Street})
	for i := range out {
		if out[i].Name, err = orgs.ParseName(out[i].Name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tell prints what was made and the next steps.
func (k *initCommand) tell(c *console, tree []domain.Org, book *ruleset.RuleSet, slip string) error {
	enacted := k.Rules
	if enacted == "" {
		enacted = "程序带的示例（分值是编的，只供试用；改成本地的文件后用 jifen rules enact 启用）"
	}
	enacted += "\n已启用，自 " + book.From.String() + " 起"
	if book.From > calendar.FromTime(today()) {
		enacted += "；在那以前没有分，名册、帐号和网站都可以先办起来"
	}
	street := "街道是“" + tree[len(tree)-1].Name + "”"
	if len(tree) > 1 {
		street = "区是“" + tree[0].Name + "”，第一个" + street
	}
	_, err := fmt.Fprintf(c.out, `建好了 %s，%s。
办法：%s
密钥：%s，和数据库分开备份

%s
接着：
  1  打开网站：jifen serve --db %s
  2  两位管理员在网站的“启用帐号”里，用激活码定密码
  3  安全管理员在“帐号”里开街道党工委的帐号，系统管理员在“职务待同意”里同意
  4  街道党工委登录，照“从头办起”导入名册、开支部书记的帐号，记第一次活动
`, store.Shown(k.DB), street, enacted, backup.KeyPath(k.DB), slip, shellWord(store.Shown(k.DB)))
	return err
}

// activationSlip returns the text that is handed over to who is to choose his password.
func activationSlip(o *accounts.Opening, code string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "激活条。激活码别处没有，抄好交给本人，30 天内在网站的“启用帐号”里凭它定密码：\n  帐号  %s\n  激活码  %s\n  姓名  %s\n",
		o.Login, code, o.Name)
	for _, r := range o.Roles {
		fmt.Fprintf(&b, "  角色  %s\n", r.Role)
	}
	return b.String()
}
