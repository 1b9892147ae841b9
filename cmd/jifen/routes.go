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

// Help shows the columns.
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

// permission returns the title of a permission.
func permission(p access.Permission) string {
	if p == server.Anyone {
		return "不用登录"
	}
	return p.Title()
}
