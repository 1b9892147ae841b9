package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"jifen/internal/domain"
	"jifen/internal/scoring"
)

// pending is one open alert of one member.
type pending struct {
	member *domain.Membership
	alert  domain.Alert
}

// Alerts writes the alerts of a ranking that are still open, the most pressing
// first.
func Alerts(w io.Writer, r *Ranking) error {
	var b strings.Builder
	list := r.pending()
	if len(list) == 0 {
		_, err := io.WriteString(w, "没有还要过问的预警。\n")
		return err
	}
	branches := len(r.orgs(domain.Branch)) > 1
	counts := map[domain.AlertLevel]int{}
	g := grid{columns: []column{
		{title: "级别"}, {title: "编号"}, {title: "姓名"}, {title: "支部"}, {title: "预警"}, {title: "期间"},
		{title: "连续"}, {title: "建议"}, {title: "负责"}, {title: "限期"},
	}}
	for i := range list {
		a, m := &list[i].alert, list[i].member
		branch := ""
		if branches {
			branch = string(m.Home[domain.Branch])
		}
		counts[a.Level]++
		g.rows = append(g.rows, []string{
			string(a.Level), string(m.ID), m.Name, branch, a.Name, a.WindowLabel(), a.RunLabel(), a.Suggest, a.Owner,
			a.Due.String(),
		})
	}
	var parts []string
	for _, level := range slices.Backward(domain.AlertLevels()) {
		if counts[level] > 0 {
			parts = append(parts, fmt.Sprintf("%s %d 条", level, counts[level]))
		}
	}
	fmt.Fprintf(&b, "还要过问的预警：%s。程序只提建议，由负责人决定。\n\n", strings.Join(parts, "，"))
	g.write(&b, "")
	_, err := io.WriteString(w, b.String())
	return err
}

// pending returns the open alerts by level, then by who has to act first, then
// by member.
func (r *Ranking) pending() []pending {
	var out []pending
	for i := range r.Rows {
		for _, a := range scoring.OpenAlerts(r.Book, r.Rows[i].standing()) {
			out = append(out, pending{r.Rows[i].Member, a})
		}
	}
	slices.SortStableFunc(out, func(a, b pending) int {
		return cmp.Or(a.alert.Compare(&b.alert), cmp.Compare(a.member.ID, b.member.ID))
	})
	return out
}
