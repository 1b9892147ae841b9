package web_test

import (
	"net/http"
	"testing"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/machine"
	"jifen/internal/domain"
	"jifen/internal/store"
	"jifen/internal/testkit"
	"jifen/internal/testkit/expect"
	"jifen/internal/web"
	"jifen/internal/web/ui"
)

// TestMonthsOfTheTrailAreAnnounced: which may be dropped and which were, to the auditors of the
// street and to who keeps the machine, and to no auditor of another street.
func TestMonthsOfTheTrailAreAnnounced(t *testing.T) {
	t.Parallel()
	kit := testkit.NewInDistrict(t)
	kit.AuditorOf(t, "local", &kit.Street)
	kit.AuditorOf(t, "beside", &kit.Neighbours.Street)
	record := func() {
		t.Helper()
		expect.NoError(t, "a line", kit.DB.Write(t.Context(), func(tx *store.Tx) error {
			return audit.Record(tx, kit.Clerk, audit.ChangedOrg, audit.What{Org: kit.Street.ID})
		}))
	}
	record()
	w := openWith(t, kit) // sessions go by another clock than the trail, or they would be over by January
	const due, dropped = "示例街道 2026-06。由", "示例街道 2026-06。留着月末的根和签名"
	readers := map[string]string{"local": ui.TrailPath, "auditor": ui.TrailPath, "admin": ui.HealthPath}
	for login, path := range readers {
		w.visit(t, login).opens(path).OK().Lacks(due).Lacks(dropped)
	}
	kit.Later(220 * 24 * time.Hour) // it is January
	record()
	expect.NoError(t, "passwords do not age", kit.Accounts.Set(t.Context(), kit.Security,
		map[domain.SettingName]int64{domain.SettingAgeing: 0}))
	for login, path := range readers {
		w.visit(t, login).opens(path).OK().Shows(due).Lacks(dropped)
	}
	w.visit(t, "beside").opens(ui.TrailPath).OK().Lacks("示例街道 2026-06")
	w.visit(t, "local").opens(ui.TrailPath + "?before=999999").OK().Lacks(due) // not on older pages
	_, err := machine.New(kit.DB, testkit.Zone()).DropMonth(t.Context(), kit.Auditor, kit.Security, kit.Street.ID,
		"2026-06",
		func(*domain.TrailMonth, time.Time) (string, error) { return "signed", nil })
	expect.NoError(t, "the month is dropped", err)
	for login, path := range readers {
		w.visit(t, login).opens(path).OK().Shows(dropped).Lacks(due)
	}
	w.visit(t, "beside").opens(ui.TrailPath).OK().Lacks("示例街道 2026-06")
}

// TestLinesThatAreLostAreCounted: more of them wait than may, so one is lost, which who keeps the
// machine is shown; what waited is written.
func TestLinesThatAreLostAreCounted(t *testing.T) {
	t.Parallel()
	var w *town
	w = openWith(t, testkit.New(t), func(o *web.Options) { o.Lost = func() int64 { return w.later.Lost() } })
	v := w.visit(t, "admin")
	v.opens(ui.HealthPath).OK().Shows("网站启动以后每一行都写成了")
	w.later.Flush(t.Context())
	for range 10_002 {
		w.later.Answered(w.Clerk, access.SeeMembers, http.MethodGet, http.StatusOK, "")
	}
	page := v.opens(ui.HealthPath).OK().Shows("网站启动以后有 2 行没有写成（名单、被拒绝的）", "看一个人的写不成就不给看")
	page.Lacks("每一行都写成了")
	w.later.Flush(t.Context())
	list, err := w.Trail(domain.AuditFilter{Account: w.Clerk.ID()}, audit.MaxLines)
	expect.NoError(t, "the trail", err)
	expect.Len(t, "the lines that were written", list, 10_000)
	expect.Equal(t, "those that were lost, the look at that page with them", w.later.Lost(), int64(3))
}
