package ledger

import (
	"jifen/internal/app/requests"
	"jifen/internal/domain"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// attendanceKind is the row of lines of attendance that wait.
func (s *Service) attendanceKind() requests.Kind {
	return requests.Kind{
		Code: domain.AttendanceRequest, Title: "出勤", Keeps: "记错了，在那次活动上更正",
		Knows: kindKnown, Details: attendanceDetails,
		Accept: func(tx *store.Tx, q *domain.Request, _ bool) error {
			return s.stillOpen(tx, &q.Member, q.On, kindKnown(q.Subject))
		},
	}
}

// kindKnown returns which rule files know a kind of activity.
func kindKnown(kind string) func(*ruleset.RuleSet) bool {
	return func(b *ruleset.RuleSet) bool { return b.Kind(kind) }
}

func attendanceDetails(v *store.Snapshot, q *domain.Request) (requests.Details, error) {
	a, line, err := v.AttendanceOf(q.ID)
	out := requests.Details{
		Label: q.Subject + "：" + string(line.Status), Note: a.Title, Activity: a.ID, Status: line.Status, MadeUpOn: line.MadeUpOn,
	}
	if line.MadeUpOn != 0 {
		out.Remarks = []requests.Word{{Name: "补课在", Text: line.MadeUpOn.String()}}
	}
	return out, err
}
