package main

import (
	"fmt"

	"jifen/internal/access"
	"jifen/internal/api"
	"jifen/internal/server"
	"jifen/internal/web"
)

// routesCommand is jifen routes.
type routesCommand struct{}

// Help says what the columns are.
func (routesCommand) Help() string {
	return `一行一个地址：方法、地址、权限。没有登录的人只到得了权限是“不用登录”的地址。
`
}

// Run prints the route table.
func (routesCommand) Run(c *console) error {
	for _, r := range routes(web.New(web.Options{}), api.New(api.Options{})) {
		if _, err := fmt.Fprintf(c.out, "%-6s %-32s %s\n", r.Method, r.Path, permission(r.Permission)); err != nil {
			return err
		}
	}
	return nil
}

// permission names a permission in Chinese.
func permission(p access.Permission) string {
	switch p {
	case server.Anyone:
		return "不用登录"
	case access.SignedIn:
		return "登录"
	case access.SeeOwn:
		return "看自己的积分"
	case access.Claim:
		return "申报"
	case access.SeeMembers:
		return "看党员"
	case access.Record:
		return "记录"
	case access.Decide:
		return "审批"
	case access.SeeBranches:
		return "看全部支部"
	case access.Export:
		return "导出"
	case access.LockPeriods:
		return "锁定考核期"
	case access.Import:
		return "导入名册"
	case access.KeepMembers:
		return "登记党员情况"
	case access.MoveMembers:
		return "转接组织关系"
	case access.KeepOrgs:
		return "管组织"
	case access.EnactRules:
		return "启用办法"
	case access.SeeTrail:
		return "看审计"
	case access.KeepAccounts:
		return "管帐号"
	case access.KeepMachine:
		return "管机器"
	default:
		return string(p)
	}
}
