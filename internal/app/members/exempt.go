package members

import (
	"slices"
	"strings"

	"jifen/internal/access"
	"jifen/internal/domain"
	"jifen/internal/fault"
	"jifen/internal/ruleset"
	"jifen/internal/store"
)

// exempt returns the organs that have still to agree to an exemption, after the rules' 审批. Who
// records it answers for the steps at his level and below, each named in taken
// (本人申请 among them); those above are asked, in order. Who asks for himself
// has taken none: everybody is asked. Ending one takes no step and is for others.
func (s *Recorder) exempt(tx *store.Tx, actor *access.Actor, m *domain.Member, book *ruleset.RuleSet, code string,
	taken []string) (asked domain.Route, err error) {
	if err := free(tx, m); err != nil {
		return nil, err
	}
	own := actor.IsMember(m.ID)
	var approve []domain.Organ
	for i := range book.Exemptions {
		if e := &book.Exemptions[i]; e.Code == code {
			approve = e.Approve
		}
	}
	switch {
	case code == domain.NoExemption && own:
		return nil, fault.New(fault.Forbidden, "自己的豁免由别人来结束").WithHint("请支部办理")
	case code != domain.NoExemption:
		asked = actor.Chain(m.ID, m.Home.Path, nil, approve)
	}
	named, later := domain.NamesOf(approve), domain.NamesOf(asked)
	for _, step := range taken {
		switch {
		case own || slices.Contains(later, step):
			return nil, fault.New(fault.Invalid, "“%s”这一步不由您来写", step).WithHint("登记以后，由%s自己在待确认里办", step)
		case slices.Contains(named, step):
		case len(named) == 0:
			return nil, fault.New(fault.Invalid, "豁免“%s”没有“%s”这一步", code, step).WithHint("它不要走哪一步")
		default:
			return nil, fault.New(fault.Invalid, "豁免“%s”没有“%s”这一步", code, step).WithHint("要走的是：%s", strings.Join(named, "、"))
		}
	}
	var lacking []string
	for _, step := range named {
		if !own && !slices.Contains(later, step) && !slices.Contains(taken, step) {
			lacking = append(lacking, step)
		}
	}
	if len(lacking) > 0 {
		return nil, fault.New(fault.Invalid, "豁免“%s”还没有走完：%s", code, strings.Join(lacking, "、")).WithHint("办完一步写上一步，都办完了再登记")
	}
	return asked, nil
}

// free refuses a second exemption while one waits, which then is the latest.
func free(tx *store.Tx, m *domain.Member) error {
	waiting, err := tx.WaitingOf(access.System("whether an exemption waits"), m.ID)
	for i := range waiting {
		if q := &waiting[i]; q.Kind == domain.ExemptionRequest {
			return fault.New(fault.Conflict, "%s 已经有一份豁免“%s”在等人同意", m.Name, q.Subject).WithHint("等那一份办完，或者先撤回")
		}
	}
	return err
}
