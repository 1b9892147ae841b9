package web_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"jifen/internal/calendar"
	"jifen/internal/testkit"
	"jifen/internal/web"
)

// TestABackupThatFailsIsSeen: the machine's page says how the copies stand, and
// while there is no fresh one, so does every page of those who have to see to it.
func TestABackupThatFailsIsSeen(t *testing.T) {
	t.Parallel()
	var state atomic.Pointer[web.Backup]
	state.Store(&web.Backup{})
	w := openWith(t, testkit.New(t), func(o *web.Options) { o.Backups = func() web.Backup { return *state.Load() } })
	admin, clerk := w.visit(t, "admin"), w.visit(t, "clerk")
	others := []*visitor{w.visit(t, "secretary"), w.visit(t, "member"), w.visit(t, "auditor"), w.visit(t, "community"),
		w.visit(t, "")}
	today := calendar.FromTime(testkit.Now())
	two := func(d calendar.Day) time.Time {
		y, m, day := d.Civil()
		return time.Date(y, time.Month(m), day, 2, 0, 0, 0, testkit.Zone()).UTC()
	}
	for _, c := range []struct {
		name        string
		is          web.Backup
		words, hint string // of the check
		alarm       string // "" for none
	}{
		{"made here today", web.Backup{Day: today, At: two(today), Links: 4711}, "今天 02:00 做好了，查过 4711 环", "", ""},
		{"made today by another program", web.Backup{Day: today, At: two(today)}, "今天 02:00 做好了<", "", ""},
		{"moved about since", web.Backup{Day: today - 1, At: two(today)}, "昨天做好了", "", ""},
		{"made the day before yesterday", web.Backup{Day: today - 2, At: two(today - 2)}, "最近一次在 2026-05-30 02:00，58 小时以前",
			"看看放备份的盘连着没有", ""},
		{"made before the clock was set back", web.Backup{Day: today + 1, At: two(today + 1)}, "今天 02:00 做好了", "", ""},
		{"too old", web.Backup{Day: today - 3, At: two(today - 3), Links: 5}, "最近一份：3 天以前（2026-05-29）", "再重启网站",
			"最近一份是 3 天以前的"},
		{"none yet", web.Backup{}, "一份也没有", "过几分钟再看这一页", "一份也没有"},
		{"failed", web.Backup{Day: today - 1, At: two(today - 1), Failed: "磁盘满了", Hint: "腾出空间"}, "没有做成：磁盘满了；最近一份：昨天 02:00",
			"腾出空间；程序每过一小时再试一次", "没有做成"},
		{"failed from the first day", web.Backup{Failed: "程序出错"}, "没有做成：程序出错；一份也没有", "程序每过一小时再试一次", "没有做成"},
		{"made, and the old ones stay", web.Backup{Day: today, At: two(today), Failed: "旧的备份删不掉"},
			"没有做完：旧的备份删不掉；最近一份：今天 02:00", "再试", "没有做完"},
	} {
		state.Store(&c.is)
		_, health, _ := admin.get("/health")
		if !strings.Contains(health, c.words) || !strings.Contains(health, c.hint) ||
			strings.Contains(health, "一切正常") != (c.alarm == "" && c.hint == "") ||
			strings.Contains(health, "数据库备份") != (c.alarm != "") ||
			strings.Contains(health, "看原因和办法") {
			t.Errorf("%s: the machine's page says\n%s", c.name, health)
		}
		_, accounts, _ := admin.get("/accounts")
		_, missing, _ := admin.get("/accounts/999")
		_, branches, _ := clerk.get("/branches")
		_, ranking, _ := clerk.get("/ranking")
		for page, text := range map[string]string{"the administrator's": accounts, "the administrator's problem": missing,
			"the clerk's": branches, "the clerk's ranking": ranking} {
			forClerk := strings.Contains(page, "clerk")
			switch alarmed := strings.Contains(text, "数据库备份"); {
			case alarmed != (c.alarm != "") || alarmed && !strings.Contains(text, "数据库备份"+c.alarm+"。"):
				t.Errorf("%s: %s page says\n%s", c.name, page, text)
			case alarmed && strings.Contains(text, "请告诉系统管理员") != forClerk,
				strings.Contains(text, "看原因和办法") != (alarmed && !forClerk), forClerk && strings.Contains(text, c.is.Failed) &&
					c.is.Failed != "":
				t.Errorf("%s: %s page does not say what to do next:\n%s", c.name, page, text)
			}
		}
		for _, v := range others {
			v.opens("/rules").Lacks("数据库备份") // nobody is led to the sign-in
		}
		if status, _, _ := others[4].get("/readyz"); status != http.StatusOK {
			t.Errorf("%s: not ready, %d", c.name, status)
		}
	}
}

// TestWithoutBackupsOnlyTheMachinesPageSaysSo: a demo, or a cron job of which
// the server knows nothing.
func TestWithoutBackupsOnlyTheMachinesPageSaysSo(t *testing.T) {
	t.Parallel()
	w := open(t)
	admin := w.visit(t, "admin")
	admin.opens("/health").OK().Shows("没有设定时备份", "重启网站时加 --backups 文件夹，或用定时任务 jifen daily").Lacks("数据库备份")
	w.visit(t, "security").opens("/accounts").OK().Lacks("备份")
	w.visit(t, "clerk").opens("/branches").OK().Lacks("备份")
}

// TestTheMachinesPageSaysHowTheDaysWorkStands: done, not yet, or not, with what to do.
func TestTheMachinesPageSaysHowTheDaysWorkStands(t *testing.T) {
	t.Parallel()
	var state atomic.Pointer[web.DailyWork]
	daily := func() []web.DailyWork { return []web.DailyWork{*state.Load(), {Name: "别的"}} }
	w := openWith(t, testkit.New(t), func(o *web.Options) { o.Daily = daily })
	v := w.visit(t, "admin")
	for _, c := range []struct {
		work web.DailyWork
		want []string
	}{
		{web.DailyWork{}, []string{"今天的正要做"}},
		{web.DailyWork{At: testkit.Now(), Result: "写下了"}, []string{"2026-06-01 12:00 写下了"}},
		{
			web.DailyWork{Name: "根", At: testkit.Now().Add(-37 * time.Hour), DoneAt: testkit.Now().Add(-37 * time.Hour),
				Result: "x"},
			[]string{"最近一次在 2026-05-30 23:00，37 小时以前", "要处理"},
		},
		{
			web.DailyWork{Name: "全部核对", Every: 7, At: testkit.Now().AddDate(0, 0, -7), DoneAt: testkit.Now().AddDate(0, 0, -7),
				Result: "查了"},
			[]string{"2026-05-25 12:00 查了"},
		},
		{
			web.DailyWork{At: testkit.Now(), Failed: "写不了 x.roots：磁盘满了", Hint: "腾出空间"},
			[]string{"写不了 x.roots：磁盘满了", "腾出空间；程序每过一小时再试一次"},
		},
	} {
		c.work.Name = "根"
		state.Store(&c.work)
		v.shows("/health", append(c.want, "根", "别的")...)
	}
	if body := open(t).visit(t, "admin").shows("/health"); strings.Contains(body, ">根<") {
		t.Errorf("where none is done: %s", body)
	}
}

// Machine is the part of the matrix of machine.go.
func (matrix) Machine() string {
	return `
GET /healthz: everybody
GET /readyz: everybody
GET /trail: auditor
GET /trail/export: auditor
GET /health: admin
`
}
