package web

import (
	"io/fs"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/web/ui"
)

// Routes is the table of the site's pages: what is asked, what it takes, who
// answers. Each file of handlers lists its own; a test names a list that is missing here.
func (s *Site) Routes(assets fs.FS) []server.Route {
	table := slices.Concat(
		[]route{{get, ui.AssetsPath + "*file", server.Anyone, Assets(assets)}},
		s.signInRoutes(), s.ownAccountRoutes(), s.ownRoutes(), s.memberRoutes(), s.branchRoutes(), s.activityRoutes(),
		s.entryRoutes(), s.claimRoutes(), s.rankingRoutes(), s.orgRoutes(), s.rulesRoutes(), s.accountRoutes(),
		s.slipRoutes(), s.dossierRoutes(), s.privacyRoutes(),
		s.machineRoutes(),
	)
	out := make([]server.Route, len(table))
	for i, r := range table {
		out[i] = server.Route{Method: r.method, Path: r.path, Permission: r.permission, Handler: s.page(r.h),
			Long: func(c *gin.Context) bool { return slices.Contains(longPaths(), r.path) || bind.Given(c, knownQuery) }}
	}
	return out
}

// longPaths lists the pages that take seconds.
func longPaths() []string {
	return []string{ui.RankingPath + "/export", ui.TrailPath + "/export", ui.DossierExportPath, ui.DraftsPath,
		ui.DraftsPath + "/:id", ui.SlipsPath}
}

const get, post = http.MethodGet, http.MethodPost

// route is one row of the table.
type route struct {
	method, path string
	permission   access.Permission
	h            handler
}
