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
		s.slipRoutes(), s.proposalRoutes(), s.dossierRoutes(), s.privacyRoutes(), s.settingRoutes(),
		s.machineRoutes(), s.incomingRoutes(), s.exportRoutes(), s.rosterRoutes(),
	)
	out := make([]server.Route, len(table))
	for i, r := range table {
		out[i] = server.Route{Method: r.method, Path: r.path, Permission: r.permission,
			Handler: s.page(known(r.method+" "+r.path, r.h)),
			Long:    func(c *gin.Context) bool { return slices.Contains(longPaths(), r.path) || bind.Given(c, knownQuery) },
			Asks:    slices.Contains(askingRoutes(), r.method+" "+r.path),
			Aged:    slices.Contains(agedRoutes(), r.method+" "+r.path)}
	}
	return out
}

// longPaths lists the pages that take seconds.
func longPaths() []string {
	return []string{ui.RankingPath + "/export", ui.ExportsPath + "/file", ui.TrailPath + "/export", ui.DossierExportPath,
		ui.DraftsPath,
		ui.DraftsPath + "/:id", ui.SlipsPath, ui.RosterPath}
}

// askingRoutes lists what cannot be undone, gives rights, or carries names away: the
// password is asked for again.
func askingRoutes() []string {
	return []string{
		"POST " + ui.PeriodsPath,
		"POST " + ui.DraftsPath + "/:id",
		"GET " + ui.RankingPath + "/export", "GET " + ui.TrailPath + "/export", "GET " + ui.DossierExportPath,
		"GET " + ui.ExportsPath + "/file", "POST " + ui.ExportsPath + "/form",
		"POST " + ui.AccountsPath, "POST " + ui.AccountsPath + "/:id/roles", "POST " + ui.AccountsPath + "/:id/password",
		"POST " + ui.AccountsPath + "/:id/close", "POST " + ui.AccountsPath + "/:id/holder",
		"POST " + ui.ProposalsPath + "/:id",
		"POST " + ui.AccountsPath + "/:id/identity",
		"POST " + ui.SlipsPath, "POST /members/:id/slip",
		"POST /members/:id/erase", "POST /members/:id/texts",
		"POST " + ui.SettingsPath,
		"POST " + ui.ProofPath,
	}
}

// agedRoutes lists what answers whose password is to be changed first.
func agedRoutes() []string {
	return []string{"GET " + ui.OwnPasswordPath, "POST " + ui.OwnPasswordPath, "POST " + ui.SignOutPath}
}

const get, post = http.MethodGet, http.MethodPost

// route is one row of the table.
type route struct {
	method, path string
	permission   access.Permission
	h            handler
}
