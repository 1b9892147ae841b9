package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/app/accounts"
	"jifen/internal/app/members"
	"jifen/internal/calendar"
	"jifen/internal/demo"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/store"
	shipped "jifen/rules"
)

// fillDatabase makes a new database with an invented street and an account for each role.
func (d *demoCommand) fillDatabase(c *console) error {
	now := calendar.FromTime(today())
	year, _, _ := now.Civil()
	street, err := demo.New(demo.Options{Members: d.Members, Seed: d.Seed, Year: year})
	if err != nil {
		return misused(err)
	}
	ctx := context.Background()
	err = makeDatabase(ctx, d.DB, func(h *house) error {
		slips, err := d.fill(ctx, h, street, now)
		if err != nil {
			return err
		}
		if err := os.WriteFile(d.accountsFile(), []byte(slips), 0o600); err != nil {
			return unwritable(d.accountsFile(), err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "造好了一条街道 %d 年到今天的演示数据，党员 %d 人。人和事都是编的。\n  %s\n各个角色的帐号和密码在 %s，别处没有。\n\n"+
		"接着可以打开网站：\n  jifen serve --db %s\n",
		year, len(street.Members), store.Shown(d.DB), d.accountsFile(), shellWord(store.Shown(d.DB)))
	return err
}

// accountsFile returns the path of the passwords, readable by who made the demo only.
func (d *demoCommand) accountsFile() string {
	return filepath.Join(filepath.Dir(store.FileName(d.DB)), "demo-accounts.txt")
}

func (d *demoCommand) fill(
	ctx context.Context, h *house, street *demo.Street, now calendar.Day,
) (slips string, err error) {
	source, err := shipped.Files.ReadFile("weizhou.yaml")
	if err != nil {
		return "", err
	}
	filled, err := street.Fill(ctx, demo.House{DB: h.db, Ledger: h.ledger, Activities: h.activities, Entries: h.entries,
		Rules: source, Initials: members.Initials}, now)
	if err != nil {
		return "", err
	}
	signing := h.signing()
	var b strings.Builder
	b.WriteString("演示用的帐号。真正启用时不要用演示数据库。\n\n")
	for _, a := range openings(street, filled) {
		password, hash, err := signing.NewPassword(ctx)
		if err != nil {
			return "", err
		}
		if err := h.db.Write(store.OfNoStreet(ctx), func(tx *store.Tx) error {
			_, err := accounts.OpenTx(tx, access.Program("演示"), a.Opening, hash)
			return err
		}); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%-8s %s  %s：%s\n", a.Login, password, a.Roles[0].Role, a.who)
	}
	return b.String(), h.claim(ctx, now)
}

// opening is one account of the demo.
type opening struct {
	accounts.Opening
	who string
}

// openings returns the accounts: one for each role, and a second clerk of the
// street, because a rule file is put in force by two.
func openings(street *demo.Street, filled *demo.Filled) []opening {
	secretary := &street.Members[0]
	for i := range street.Members {
		m := &street.Members[i]
		if m.Home[domain.Branch] == street.Members[0].Home[domain.Branch] &&
			slices.ContainsFunc(m.Facts, func(f domain.Fact) bool {
				return f.Attribute == "职务" && f.Value.Text == "支部书记"
			}) {
			secretary = m
		}
	}
	member, recorder, leader := &street.Members[0], &street.Members[0], &street.Members[0]
	for i := range street.Members {
		m := &street.Members[i]
		exempt := slices.ContainsFunc(m.Facts, func(f domain.Fact) bool { return f.Attribute == "豁免" && f.Value.Text != "无" })
		if m.Home == secretary.Home && m.ID != secretary.ID && m.Left == 0 && m.Joined == 0 && !exempt {
			if member, recorder = m, member; m.Group != "" {
				leader = m
			}
		}
	}
	branch, community := filled.Orgs[secretary.Home[domain.Branch]], filled.Orgs[secretary.Home[domain.Community]]
	open := func(login, name, who string, member domain.MemberID, roles ...accounts.Role) opening {
		none := member == "" && access.OverPoints(roles[0].Role)
		return opening{accounts.Opening{Login: login, Name: name, Member: member, None: none, Roles: roles}, who}
	}
	out := []opening{
		open("jiedao", "街道干事", filled.Street.Name, "", accounts.Role{Role: domain.RoleStreet, Org: filled.Street.ID}),
		open("fuhe", "街道复核", filled.Street.Name, "", accounts.Role{Role: domain.RoleStreet, Org: filled.Street.ID}),
		open("shequ", "社区干事", community.Name, "", accounts.Role{Role: domain.RoleCommunity, Org: community.ID}),
		open("shuji", secretary.Name, branch.Name, secretary.ID, accounts.Role{Role: domain.RoleSecretary, Org: branch.ID},
			accounts.Role{Role: domain.RoleMember}),
		open("dangyuan", member.Name, branch.Name, member.ID, accounts.Role{Role: domain.RoleMember}),
		open("jilu", recorder.Name, branch.Name, recorder.ID, accounts.Role{Role: domain.RoleRecorder, Org: branch.ID},
			accounts.Role{Role: domain.RoleMember}),
		open("banfa", "办法干事", filled.Street.Name, "", accounts.Role{Role: domain.RoleRules, Org: filled.Street.ID}),
		open("guanli", "系统管理员", "只管机器", "", accounts.Role{Role: domain.RoleAdministrator}),
		open("anquan", "安全管理员", "只管帐号", "", accounts.Role{Role: domain.RoleSecurity}),
		open("shenji", "审计员", "只看，不改", "", accounts.Role{Role: domain.RoleAuditor}),
	}
	if group := string(leader.Group); group != "" { // a small street has none
		out = append(out, open("zuzhang", leader.Name, branch.Name+" "+group, "",
			accounts.Role{Role: domain.RoleLeader, Org: branch.ID, Group: group}))
	}
	return out
}

// check refuses a command that says where to write twice, or not at all.
func (d *demoCommand) check() error {
	if (d.Out == "") == (d.DB == "") {
		return misused(fault.New(fault.Invalid, "要写明造在哪里，写一处").WithHint("写 --out 文件夹（三张表）或 --db 文件（数据库）"))
	}
	return nil
}
