package activities

import (
	"jifen/internal/access"
	"jifen/internal/app/recording"
	"jifen/internal/app/requests"
	"jifen/internal/app/standings"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// Kind returns the row of lines of attendance that wait for somebody to agree.
func Kind(s *standings.Service) requests.Kind {
	return requests.Kind{
		Code: domain.AttendanceRequest, Title: "出勤", Keeps: "记错了，在那次活动上更正",
		Knows: kindKnown, Details: details,
		Accept: func(tx *store.Tx, _ *access.Actor, q *domain.Request, _ bool) error {
			x, err := recording.Reckon(s, &tx.Snapshot, &q.Member, q.On, kindKnown(q.Subject))
			if err != nil {
				return err
			}
			return recording.CheckOpen(s, &tx.Snapshot, x, q.Member.Home, q.On)
		},
	}
}

// kindKnown returns which rule files know a kind of activity.
func kindKnown(kind string) recording.Knows {
	return func(b *ruleset.RuleSet) bool { return b.Kind(kind) }
}

func details(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
	a, line, err := v.AttendanceOf(q.ID)
	out := requests.Details{
		Label: q.Subject + "：" + string(line.Status), Note: a.Title, Activity: a.ID, Status: line.Status,
		MadeUpOn: line.MadeUpOn,
	}
	if line.MadeUpOn != 0 {
		out.Remarks = []requests.Word{{Name: "补课在", Text: line.MadeUpOn.String()}}
	}
	return out, err
}
