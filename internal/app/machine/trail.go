package machine

import (
	"context"
	"strconv"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/calendar"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// TrailQuery declares what of the trail is asked for; every part may be left out.
type TrailQuery struct {
	Before  int64            // the number of a line; those before it
	Who     string           // his login, or a part of his name
	Account domain.AccountID // who did it
	About   domain.MemberID  // the one member whom it concerns
	Action  string
	Result  string       // domain.AuditDone, domain.AuditRefused or the code of a refusal
	Place   string       // the address it came from
	From    calendar.Day // the first day
	Until   calendar.Day // the last day
}

// Results lists what may be asked of how it ended, in codes.
func Results() []string {
	return append([]string{domain.AuditDone, domain.AuditRefused}, audit.Refusals()...)
}

// filter returns what the store is asked for.
func (s *Service) filter(q *TrailQuery) domain.AuditFilter {
	f := domain.AuditFilter{Before: q.Before, Name: q.Who, Account: q.Account, Member: q.About, Action: q.Action,
		Result: q.Result, Address: q.Place}
	if q.From != 0 {
		f.From = s.midnight(q.From)
	}
	if q.Until != 0 {
		f.Until = s.midnight(q.Until + 1)
	}
	return f
}

// midnight returns the instant at which a day begins for the organisation.
func (s *Service) midnight(d calendar.Day) time.Time {
	y, m, dd := d.Civil()
	return time.Date(y, time.Month(m), dd, 0, 0, 0, 0, s.Zone)
}

// Trail is a part of the trail.
type Trail struct {
	Lines   []domain.AuditEvent
	Orgs    map[domain.OrgID]string // the names of the organisations in it
	Due     []Month                 // that may be dropped
	Dropped []Month                 // that were
}

// Trail returns at most n lines of the trail, newest first, for who may see it.
func (s *Service) Trail(ctx context.Context, actor *access.Actor, q TrailQuery, n int) (out Trail, err error) {
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		if out.Lines, err = audit.Lines(v, actor, s.filter(&q), n); err != nil {
			return err
		}
		if out.Due, out.Dropped, err = s.due(v, actor); err != nil {
			return err
		}
		orgs, err := v.Orgs(access.System("names of organisations are no secret"), "")
		out.Orgs = make(map[domain.OrgID]string, len(orgs))
		for _, o := range orgs {
			out.Orgs[o.ID] = o.Name
		}
		return err
	}, access.SeeTrail)
	return out, err
}

// TrailTable is a part of the trail as a file has it.
type TrailTable struct {
	Title   string
	Columns []string
	Rows    [][]string
	Footer  []string
}

// ExportTrail returns the newest lines of the trail for a file that is handed round, of which the
// trail gets a line that says how many they are.
func (s *Service) ExportTrail(ctx context.Context, actor *access.Actor, q TrailQuery) (out TrailTable, err error) {
	trail, err := s.Trail(ctx, actor, q, audit.MaxLines)
	if err != nil {
		return out, err
	}
	out = TrailTable{Title: "审计",
		Columns: []string{"编号", "时间", "谁", "职务", "从哪里", "做了什么", "结果", "组织", "党员", "说明", "地址"}}
	for i := range trail.Lines {
		l := s.Words(&trail.Lines[i], trail.Orgs)
		out.Rows = append(out.Rows, []string{strconv.FormatInt(l.ID, 10), l.At, l.Who, l.Role, l.From, l.Action, l.Result,
			l.Org, l.About, l.Detail, l.Route})
	}
	if len(out.Rows) == audit.MaxLines {
		out.Footer = []string{"只有最新的 " + strconv.Itoa(audit.MaxLines) + " 行：按日期分几次导出"}
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.ExportedTrail, audit.What{Detail: strconv.Itoa(len(out.Rows)) + " 行"})
	}, access.SeeTrail)
	return out, err
}

// TrailLine is a line of the trail in words.
type TrailLine struct {
	ID     int64
	At     string // in the organisation's zone
	Who    string
	Role   string // titles
	From   string // the address
	Action string
	Result string // how it was refused; "" = it was done
	Org    string
	About  string // the member, or how many they are
	Detail string
	Route  string
}

// Words returns a line of the trail in words, with the names of organisations.
func (s *Service) Words(t *domain.AuditEvent, orgs map[domain.OrgID]string) TrailLine {
	out := TrailLine{ID: t.ID, At: t.At, Who: t.Name, Role: titles(t.Role), From: t.Address, Action: t.Action,
		Result: audit.ResultWords(t.Result), Org: orgs[t.Org], About: string(t.Member), Detail: t.Explained, Route: t.Route}
	if at, err := time.Parse(time.RFC3339, t.At); err == nil {
		out.At = at.In(s.Zone).Format("2006-01-02 15:04")
	}
	if out.Who == "" {
		out.Who = "程序"
	}
	if t.Member == "" && t.Count > 0 {
		out.About = strconv.Itoa(t.Count) + " 人"
	}
	return out
}
