package machine

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jifen/internal/access"
	"jifen/internal/app/audit"
	"jifen/internal/domain"
	"jifen/internal/store"
)

// maxLooks bounds how far back one sees who looked, in lines of the trail.
const maxLooks = 500

// Look tells a member that somebody looked at his data or changed it: on which day, in
// which office, what was done, how often. It names nobody.
type Look struct {
	On     string // the day
	Office string // titles of roles
	Action string
	Times  int
}

// Looks returns who looked at the actor's own data, the newest day first. That he asked is a
// line of the trail too, once a day.
func (s *Service) Looks(ctx context.Context, actor *access.Actor) (out []Look, err error) {
	asked := false
	err = s.Read(ctx, actor, func(v *store.Snapshot) error {
		lines, err := v.LooksAt(actor.Scope(access.SeeOwn), actor.Member, maxLooks)
		if err != nil {
			return err
		}
		out = s.grouped(lines)
		today := v.Now().In(s.Zone)
		y, m, d := today.Date()
		own, err := v.Traces(access.System("whether a member asked today who looked at him"), domain.AuditFilter{
			Account: actor.ID(), Action: string(audit.SawLooks), From: time.Date(y, m, d, 0, 0, 0, 0, s.Zone),
		}, 1)
		asked = len(own) > 0
		return err
	}, access.SeeOwn)
	if err != nil || asked {
		return out, err
	}
	err = s.Write(ctx, actor, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.SawLooks, audit.What{})
	}, access.SeeOwn)
	return out, err
}

// grouped counts lines that say the same of one day.
func (s *Service) grouped(lines []domain.AuditEvent) (out []Look) {
	for i := range lines {
		t := &lines[i]
		at, err := time.Parse(time.RFC3339, t.At)
		if err != nil {
			continue
		}
		look := Look{On: at.In(s.Zone).Format(time.DateOnly), Office: office(t.Role), Action: t.Action}
		same := func(l Look) bool { return l.On == look.On && l.Office == look.Office && l.Action == look.Action }
		n := slices.IndexFunc(out, same)
		if n < 0 {
			n, out = len(out), append(out, look)
		}
		out[n].Times++
	}
	return out
}

// office returns the titles of roles that are no member's.
func office(codes string) string {
	return cmp.Or(titles(codes, domain.RoleMember), "工作人员")
}

// titles returns the titles of the roles of a line but for some.
func titles(codes string, but ...domain.Role) string {
	var out []string
	for code := range strings.SplitSeq(codes, ",") {
		if r := domain.ParseRole(code); code != "" && !slices.Contains(but, r) {
			out = append(out, r.String())
		}
	}
	return strings.Join(out, "、")
}
