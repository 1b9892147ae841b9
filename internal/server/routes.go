package server

import (
	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/fault"
)

// Route is one row of the table: what is asked, what it takes, who answers.
type Route struct {
	Method     string
	Path       string
	Permission access.Permission
	Handler    gin.HandlerFunc
	API        bool // answers programs: bearer tokens, problem+json
	// Long reports of a request that it takes seconds, as an export or a rehearsal does: an
	// account asks for one at a time. Nil reports it of none.
	Long func(*gin.Context) bool
	// Asks reports that the password is asked for again, where it was not written within ten
	// minutes. Programs are not asked: a token is no browser left open, it is scoped, ends by
	// its day and is revoked where one's account is.
	Asks bool
	// Aged reports that the route answers whose password is to be changed first.
	Aged bool
}

// Anyone is the permission of routes that need nobody signed in. It is written
// out, because a route without a permission does not start.
const Anyone access.Permission = "anyone"

// checkRoutes refuses a table with a row that lacks something, or two rows for
// one request.
func checkRoutes(routes []Route) error {
	seen := map[string]bool{}
	for _, r := range routes {
		key := r.Method + " " + r.Path
		switch {
		case r.Permission == "":
			return fault.New(fault.Internal, "路由 %s 没有写权限", key)
		case r.Handler == nil:
			return fault.New(fault.Internal, "路由 %s 没有人处理", key)
		case seen[key]:
			return fault.New(fault.Internal, "路由 %s 写了两次", key)
		}
		seen[key] = true
	}
	return nil
}
