package web

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/app/machine"
	"jifen/internal/app/periods"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/problem"
	"jifen/internal/server"
	"jifen/internal/server/bind"
	"jifen/internal/spreadsheet"
	"jifen/internal/web/ui"
)

// machineRoutes lists the pages and forms of the program and its trail.
func (s *Site) machineRoutes() []route {
	return []route{
		{get, "/healthz", server.Anyone, s.Alive},
		{get, "/readyz", server.Anyone, s.Ready},
		{get, ui.TrailPath, access.SeeTrail, s.Trail},
		{get, ui.TrailPath + "/export", access.SeeTrail, s.TrailExport},
		{get, ui.HealthPath, access.ManageMachine, s.Health},
	}
}

// periodForm declares which branches' period is locked or opened again.
type periodForm struct {
	Do       string         `form:"do" binding:"button=lock open"`
	Period   string         `form:"period" binding:"period"`
	Branches []domain.OrgID `form:"branch" binding:"dive,org"`
	Reason   string         `form:"reason" binding:"required_if=Do open,runes=500" label:"重开的理由" hint:"例如：补记漏报的出勤"`
}

// Periods locks or reopens the period of the branches that were ticked.
func (s *Site) Periods(c *gin.Context) error {
	ctx, actor := c.Request.Context(), s.Session.Actor(c)
	var in periodForm
	var done periods.Done
	err := bind.Form(c, &in)
	if err == nil {
		step := periods.Step{Period: in.Period, Lock: in.Do == "lock", Reason: in.Reason, Branches: in.Branches}
		done, err = s.Locks.Take(ctx, actor, step)
	}
	if fault.Correctable(err) && fault.From(err).Fields["period"] == "" {
		return s.branches(c, &branchesQuery{asked: asked{Period: in.Period}}, &in, err)
	}
	if err != nil {
		return err
	}
	words := "重开了 "
	if in.Do == "lock" {
		words = "锁定了 "
	}
	s.Session.Put(ctx, "notice", words+strconv.Itoa(done.Changed)+" 个支部")
	return see(c, ui.BranchesPath+"?period="+in.Period)
}

// trailQuery declares what of the trail is asked for.
type trailQuery struct {
	Who    string          `form:"who" binding:"runes=100" label:"谁"`
	About  domain.MemberID `form:"about" binding:"runes=100" label:"党员编号"`
	Action string          `form:"action" binding:"runes=100" label:"做了什么"`
	From   string          `form:"from" binding:"omitempty,day"`
	Until  string          `form:"until" binding:"omitempty,day"`
	Place  string          `form:"place" binding:"runes=100" label:"从哪里"`
	Before string          `form:"before" binding:"omitempty,whole=0~9223372036854775807" hint:"从页面上的链接再点一次"`

	Result string `form:"result" binding:"omitempty,oneof=done refused forbidden not_found too_many unauthenticated"`
}

// trailAsked reads what of the trail is asked for.
func trailAsked(c *gin.Context) (q trailQuery, asked machine.TrailQuery, err error) {
	if err := bind.Query(c, &q); err != nil {
		return q, asked, err
	}
	return q, machine.TrailQuery{Before: bind.Whole(q.Before), Who: q.Who, About: q.About, Action: q.Action,
		Result: q.Result, Place: q.Place, From: bind.Day(q.From), Until: bind.Day(q.Until)}, nil
}

// Trail shows who did and read what.
func (s *Site) Trail(c *gin.Context) error {
	q, asked, err := trailAsked(c)
	if err != nil {
		return err
	}
	const shown = 100
	trail, err := s.Machine.Trail(c.Request.Context(), s.Session.Actor(c), asked, shown)
	if err != nil {
		return err
	}
	v := ui.Trail{
		Frame: s.frame(c, nil), Who: q.Who, About: string(q.About), Action: q.Action, Place: q.Place, From: q.From,
		Until:   q.Until,
		Actions: ui.Options(audit.Actions(), q.Action), Export: ui.TrailPath + "/export?" + carried(c).Encode(),
		Result: resultOptions(q.Result),
	}
	for i := range trail.Lines {
		v.Rows = append(v.Rows, ui.Trace(s.Machine.Words(&trail.Lines[i], trail.Orgs)))
	}
	if n := len(trail.Lines); n == shown {
		older := carried(c)
		older.Set("before", strconv.FormatInt(trail.Lines[n-1].ID, 10))
		v.Older = ui.TrailPath + "?" + older.Encode()
	}
	if asked.Before == 0 {
		v.Due, v.Dropped = monthWords(trail.Due), monthWords(trail.Dropped)
	} else {
		v.Newest = ui.TrailPath
	}
	s.render(c, http.StatusOK, v)
	return nil
}

// monthWords returns months of the trail in words, "" for none.
func monthWords(due []machine.Month) string {
	var parts []string
	for i := 0; i < len(due); {
		last := i
		for last+1 < len(due) && due[last+1].Street == due[i].Street {
			last++
		}
		months := due[i].Month
		if last > i {
			months += " 至 " + due[last].Month
		}
		parts = append(parts, cmp.Or(due[i].Name, "不属于街道的")+" "+months)
		i = last + 1
	}
	return strings.Join(parts, "；")
}

// resultOptions returns what may be asked of how it ended.
func resultOptions(chosen string) (out []ui.Option) {
	for _, code := range machine.Results() {
		words := audit.ResultWords(code)
		if code != domain.AuditDone && code != domain.AuditRefused {
			words = "被拒绝的：" + words
		}
		out = append(out, ui.Option{Value: code, Words: words, Chosen: code == chosen})
	}
	return out
}

// TrailExport writes a part of the trail as a spreadsheet.
func (s *Site) TrailExport(c *gin.Context) error {
	_, asked, err := trailAsked(c)
	if err != nil {
		return err
	}
	table, err := s.Machine.ExportTrail(c.Request.Context(), s.Session.Actor(c), asked)
	if err != nil {
		return err
	}
	columns := make([]spreadsheet.Column, len(table.Columns))
	for i, name := range table.Columns {
		columns[i].Name = name
	}
	return writeWorkbook(c, table.Title, columns, table.Rows, table.Footer)
}

// Health is for who keeps the machine running.
func (s *Site) Health(c *gin.Context) error {
	health, err := s.Machine.Health(c.Request.Context(), s.Session.Actor(c))
	if err != nil {
		return err
	}
	check := ui.HealthCheck{Name: "写入", OK: true, Words: "正常"}
	if health.Writing != nil {
		check = ui.HealthCheck{Name: "写入", Words: "已停止", Hint: health.Writing.Error()}
	}
	frame := s.frame(c, nil)
	frame.Alarm.Path = "" // this is where it leads
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	checks := append(append([]ui.HealthCheck{check}, replicaChecks(&health)...), s.backupCheck())
	checks = append(checks, s.dailyChecks()...)
	if n := s.Standings.Counts().Damaged; n > 0 {
		checks = append(checks, ui.HealthCheck{Name: "得分的校验码",
			Words: "网站启动以后有 " + strconv.FormatInt(n, 10) + " 次看到存着的得分不是程序存的，看到的都已按记录重新算",
			Hint:  "有人改过数据库文件，或者磁盘坏了：留一份原样，停下网站，用 jifen verify 查"})
	}
	if s.Lost != nil {
		checks = append(checks, lostCheck(s.Lost()))
	}
	s.render(c, http.StatusOK, ui.Health{
		Frame: frame, Version: s.Version, Since: s.Since.In(s.Zone).Format("2006-01-02 15:04"), Checks: checks,
		Streets: health.Streets, Posted: s.posted(), Due: monthWords(health.Due),
		Dropped: monthWords(health.Dropped),
		Facts: []ui.FieldText{{Name: "党员", Value: strconv.Itoa(health.Members) + " 人"},
			{Name: "内存", Value: strconv.FormatUint(mem.Sys>>20, 10) + " MB"}},
	})
	return nil
}

// lostCheck returns how many lines of the trail could not be written.
func lostCheck(n int64) ui.HealthCheck {
	if n == 0 {
		return ui.HealthCheck{Name: "审计", OK: true, Words: "网站启动以后每一行都写成了"}
	}
	return ui.HealthCheck{Name: "审计", Words: "网站启动以后有 " + strconv.FormatInt(n, 10) + " 行没有写成（名单、被拒绝的）",
		Hint: "看这一页“写入”、磁盘有没有满；看一个人的写不成就不给看，不在里面"}
}

// replicaChecks returns the state of the replica that is read from, if there is one.
func replicaChecks(h *machine.Health) []ui.HealthCheck {
	r := &h.Replica
	switch {
	case r.Name == "":
		return nil
	case r.Why != nil:
		return []ui.HealthCheck{{Name: "只读副本", Words: "没有用，由主库回答", Hint: fault.From(r.Why).Message}}
	}
	words := fmt.Sprintf("正常，落后 %.1f 秒", r.Lag.Seconds())
	return []ui.HealthCheck{{Name: "只读副本", OK: true, Words: words}}
}

// aliveLimit bounds how long the database is waited for by who asks only whether the
// program runs.
const aliveLimit = time.Second

// Alive answers machines that ask whether the program runs; it does, whatever the
// database says, which is told beside it: a program that is started again is no help.
func (s *Site) Alive(c *gin.Context) error {
	ctx, cancel := context.WithTimeout(c.Request.Context(), aliveLimit)
	defer cancel()
	notes, err := s.Machine.Ready(ctx)
	if err != nil {
		notes = []string{fault.From(err).Error()}
	}
	c.String(http.StatusOK, "ok\n%s", noted(append(notes, s.neglected()...)))
	return nil
}

// Ready answers machines that ask whether the program can write and read, and says in a
// line why not. Nobody signs in for it, so it costs one row.
func (s *Site) Ready(c *gin.Context) error {
	notes, err := s.Machine.Ready(c.Request.Context())
	if err != nil {
		f := fault.From(err)
		problem.Log(s.Log, c, f)
		problem.RetryAfter(c, f)
		c.String(problem.Status(f.Code), "%s\n", f.Error())
		return nil
	}
	c.String(http.StatusOK, "ok\n%s", noted(append(notes, s.neglected()...)))
	return nil
}

// noted writes what somebody must see to, a line each.
func noted(notes []string) string {
	var b strings.Builder
	for _, note := range notes {
		b.WriteString("注意：" + note + "\n")
	}
	return b.String()
}

// forever is the time for which browsers may keep a file whose name holds its hash.
const forever = 365 * 24 * time.Hour

// Assets serves the style and the script.
func Assets(files fs.FS) func(c *gin.Context) error {
	types := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
		".txt": "text/plain; charset=utf-8"}
	return func(c *gin.Context) error {
		name := strings.TrimPrefix(path.Clean(c.Param("file")), "/")
		kind, ok := types[path.Ext(name)]
		body, err := fs.ReadFile(files, name)
		if !ok || err != nil {
			return fault.New(fault.NotFound, "没有这个文件")
		}
		c.Header("Cache-Control", "public, max-age="+strconv.Itoa(int(forever.Seconds()))+", immutable")
		c.Data(http.StatusOK, kind, body)
		return nil
	}
}
